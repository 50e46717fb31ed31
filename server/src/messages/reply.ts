import { randomBytes } from "node:crypto"
import { formatId } from "@causeway/contract/ids"
import type { Channel } from "../channels/store.ts"
import { normaliseHandle } from "../contacts/handles.ts"
import { linkContacts, personKey } from "../contacts/link.ts"
import { insertConversations } from "../conversations/thread.ts"
import type { Database, Tx } from "../database/database.ts"
import { enqueue } from "../delivery/outbox.ts"
import { HttpError, MovedError, notFound } from "../http/errors.ts"
import type { UploadedFile } from "../http/multipart.ts"
import type { Ids } from "../ids.ts"
import { appendEvents, type FeedEvent } from "../live/feed.ts"
import { idsPerMessage } from "./batch.ts"
import type { Body } from "./html.ts"
import { refuseUnseen } from "./newcomers.ts"
import { insertMessages, type NewMessage, type ReplyState, type SentTemplate } from "./store.ts"

/** What a teammate or an API caller wants sent. `conversationId` null: it starts a new conversation. */
export interface Draft {
  companyId: number
  conversationId: number | null
  channel: Channel
  authorId: number | null
  origin: "teammate" | "api"
  senderName: string | null
  subject: string | null
  body: Body
  /** Handles to write to; null: whom the conversation is with. */
  to: string[] | null
  cc?: readonly string[]
  bcc?: readonly string[]
  /** The written draft that this sends, if any: see `takeDraft`. */
  draft?: WrittenDraft
  archive: boolean
  /** How long it can be taken back, in ms of the schedule clock. */
  undoMs: number
  /** The caller's Idempotency-Key: the same key gets the first answer. */
  clientKey: string | null
  files: UploadedFile[]
  /** What of the feed its sender has seen; null: they need not have seen anything. */
  seenPosition?: number | null
  /** As the partner is told of it; null: it was written by hand. */
  template?: SentTemplate | null
}

/** A draft as its sender read it. */
export interface WrittenDraft {
  id: number
  uid: string
  /** Null: whatever it says by now. */
  version: number | null
  isShared: boolean
  /** `conversationId` is there already only where the draft is shared. */
  startsConversation: boolean
}

export interface Sent {
  uid: string
  messageId: number
  repeated: boolean
}

interface ConversationRow {
  id: number
  status: string
  assignee_id: number | null
  contact_id: number | null
  subject: string
  recipient: { handle: string; name: string | null } | null
  last_number: number
  last_send: number
  last_inbound_id: number | null
  merged_into: number | null
}

export interface ReplyDeps {
  db: Database
  ids: Ids
  now(): Date
}

export const newUid = (): string => randomBytes(16).toString("hex")

/** Keeps the message and its delivery in one transaction: held while it can be taken back, waiting while its channel is offline, else queued. */
export async function reply(deps: ReplyDeps, draft: Draft): Promise<Sent> {
  await deps.ids.reserve(idsPerMessage)
  try {
    return await keep(deps, draft)
  } catch (error) {
    // Two copies that both start a conversation share no lock: the index on the key stops the second, which then finds the first's answer.
    if ((error as { constraint?: string }).constraint !== "message_client_key") throw error
    return await keep(deps, draft)
  }
}

async function keep(deps: ReplyDeps, draft: Draft): Promise<Sent> {
  return await deps.db.tx(
    async (tx) => {
      const repeated = await findByClientKey(tx, draft)
      if (repeated !== null) return repeated
      const conversation =
        draft.conversationId === null || draft.draft?.startsConversation
          ? await startConversation(tx, deps, draft)
          : await lockConversation(tx, draft.companyId, draft.conversationId)
      // Two copies of one request may both get here: the conversation's lock lets the second see what the first did.
      const raced = await findByClientKey(tx, draft)
      if (raced !== null) return raced
      if (draft.seenPosition != null && draft.authorId !== null)
        await refuseUnseen(tx, {
          companyId: draft.companyId,
          conversationId: conversation.id,
          position: draft.seenPosition,
          teammateId: draft.authorId,
        })
      return await write(tx, deps, draft, conversation)
    },
    { byKeys: true },
  )
}

async function findByClientKey(tx: Tx, draft: Draft): Promise<Sent | null> {
  if (draft.clientKey === null) return null
  const rows = await tx.query<{ id: number; uid: string }>({
    name: "messages.find_client_key",
    text: "select id, uid from message where company_id = $1 and client_key = $2",
    values: [draft.companyId, draft.clientKey],
  })
  return rows[0] ? { uid: rows[0].uid, messageId: rows[0].id, repeated: true } : null
}

/** Locks one and reads what a reply needs. Throws 404 when it is gone, 301 when it was merged away. */
export async function lockConversation(tx: Tx, companyId: number, id: number): Promise<ConversationRow> {
  const rows = await tx.query<ConversationRow>({
    name: "reply.lock",
    text: `select id, status, assignee_id, contact_id, subject, recipient, last_number, last_send, merged_into,
             (select message.id from message where message.company_id = conversation.company_id and message.conversation_id = conversation.id
                and message.direction = 'inbound' order by message.created_at desc, message.number desc limit 1) as last_inbound_id
           from conversation where company_id = $1 and id = $2 for no key update`,
    values: [companyId, id],
  })
  if (rows[0] === undefined) throw notFound("conversation", formatId("cnv", id))
  const { merged_into } = rows[0]
  if (merged_into !== null) throw new MovedError("conversation", formatId("cnv", id), formatId("cnv", merged_into))
  return rows[0]
}

async function startConversation(tx: Tx, deps: ReplyDeps, draft: Draft): Promise<ConversationRow> {
  const { channel } = draft
  if (draft.to === null) throw nobodyToWriteTo()
  const handle = normaliseHandle(channel.contactType, draft.to[0] ?? "")
  const person = { companyId: draft.companyId, source: channel.contactType, handle, name: null, email: null }
  const contactId = (await linkContacts(tx, deps.ids, [person])).get(personKey(person)) as number
  const conversationId = draft.conversationId ?? deps.ids.take()
  const seed = {
    companyId: draft.companyId,
    channelId: channel.id,
    inboxId: channel.inboxId,
    contactId,
    subject: draft.subject ?? "",
    recipient: { handle, name: null, role: "to" },
    activityAt: new Date(),
  }
  if (draft.draft?.isShared) await fillConversation(tx, conversationId, seed)
  else await insertConversations(tx, [{ conversationId, seed }])
  return await lockConversation(tx, draft.companyId, conversationId)
}

/** A shared draft has opened its conversation; whom it is with and over which channel is settled when it is sent. Until then nothing else has settled it. */
async function fillConversation(
  tx: Tx,
  id: number,
  seed: Parameters<typeof insertConversations>[1][0]["seed"],
): Promise<void> {
  await tx.query({
    name: "reply.fill_conversation",
    text: `update conversation set inbox_id = $3, channel_id = $4, contact_id = $5, subject = $6, recipient = $7
           where company_id = $1 and id = $2 and last_number = 0`,
    values: [seed.companyId, id, seed.inboxId, seed.channelId, seed.contactId, seed.subject, seed.recipient],
  })
}

/** The draft becomes the message: one sender gets it, in the version that they read. 409 for everybody else. Its files stay where they are. */
async function takeDraft(tx: Tx, draft: Draft): Promise<void> {
  if (draft.draft === undefined) return
  const taken = await tx.query({
    name: "reply.take_draft",
    text: "delete from draft where company_id = $1 and id = $2 and version = coalesce($3, version) and conversation_id = $4 returning id",
    values: [draft.companyId, draft.draft.id, draft.draft.version, draft.conversationId],
  })
  if (taken.length === 0) throw new HttpError(409, "The draft was changed, sent or deleted meanwhile: read it again")
}

async function write(tx: Tx, deps: ReplyDeps, draft: Draft, conversation: ConversationRow): Promise<Sent> {
  const { channel } = draft
  const offline = channel.status === "offline"
  const held = draft.undoMs > 0
  const dueAt = new Date(deps.now().getTime() + draft.undoMs)
  const state: ReplyState = held ? "held" : offline ? "waiting" : "queued"
  await takeDraft(tx, draft)
  const messageId = draft.draft?.id ?? deps.ids.take()
  const uid = draft.draft?.uid ?? newUid()
  const message: NewMessage = {
    companyId: draft.companyId,
    id: messageId,
    conversationId: conversation.id,
    channelId: channel.id,
    number: conversation.last_number + 1,
    uid,
    direction: "outbound",
    origin: draft.origin,
    authorId: draft.authorId,
    senderName: draft.senderName,
    subject: draft.subject ?? "",
    body: draft.body,
    recipients: [{ role: "from", handle: channel.address, name: null }, ...addressees(draft, conversation)],
    externalId: null,
    externalConversationId: null,
    replyTo: conversation.last_inbound_id === null ? null : { id: conversation.last_inbound_id },
    headers: {},
    createdAt: new Date(),
    files: draft.files,
    reply: { state, dueAt: held ? dueAt : null, clientKey: draft.clientKey },
    template: draft.template ?? null,
  }
  const assigns =
    draft.authorId !== null && channel.autoAssign && conversation.assignee_id === null && draft.origin === "teammate"
  const base = {
    companyId: draft.companyId,
    id: deps.ids.take(),
    channelId: channel.id,
    conversationId: conversation.id,
    messageId,
  }
  const place = held
    ? { state: "held" as const, number: null }
    : { state: "queued" as const, number: conversation.last_send + 1 }
  const events = eventsOf(deps, draft, conversation, messageId, assigns)
  // As in a batch of messages: together, and the feed's last.
  await Promise.all([
    insertMessages(tx, deps.ids, [message]),
    updateConversation(tx, draft, conversation, { messageId, assigns, takesPlace: !held }),
    enqueue(tx, [{ ...base, ...place, sequence: "send", type: "message", dueAt, channelOffline: offline }]),
    appendEvents(tx, draft.companyId, events, { ends: true }),
  ])
  return { uid, messageId, repeated: false }
}

interface Addressee {
  role: string
  handle: string
  name: string | null
}

function addressees(draft: Draft, { recipient }: ConversationRow): Addressee[] {
  const named = (role: string, handles: readonly string[] = []): Addressee[] =>
    handles.map((handle) => ({ role, handle: normaliseHandle(draft.channel.contactType, handle), name: null }))
  if (draft.to === null && recipient === null) throw nobodyToWriteTo()
  const to = draft.to === null && recipient !== null ? [{ ...recipient, role: "to" }] : named("to", draft.to ?? [])
  return [...to, ...named("cc", draft.cc), ...named("bcc", draft.bcc)]
}

const nobodyToWriteTo = (): HttpError =>
  new HttpError(400, "Body did not satisfy requirements: body.to is required, the conversation has nobody to reply to")

function updateConversation(
  tx: Tx,
  draft: Draft,
  conversation: ConversationRow,
  change: { messageId: number; assigns: boolean; takesPlace: boolean },
): Promise<unknown> {
  return tx.query({
    name: "reply.touch",
    text: `update conversation set last_number = last_number + 1, last_send = last_send + $4, last_message_id = $3, preview = $5, preview_direction = 'outbound',
             assignee_id = case when $6 then $7 else assignee_id end, status = case when $8 then 'archived' else status end, waiting_since = null,
             activity_at = greatest(activity_at, date_trunc('milliseconds', now())), updated_at = now(), version = version + 1
           where company_id = $1 and id = $2`,
    values: [
      draft.companyId,
      conversation.id,
      change.messageId,
      change.takesPlace ? 1 : 0,
      draft.body.blurb,
      change.assigns,
      draft.authorId,
      draft.archive,
    ],
  })
}

function eventsOf(
  deps: ReplyDeps,
  draft: Draft,
  conversation: ConversationRow,
  messageId: number,
  assigns: boolean,
): FeedEvent[] {
  const source = draft.authorId === null ? { type: "api" } : { type: "teammate", teammate_id: draft.authorId }
  const conversationId = conversation.id
  const events: FeedEvent[] = [
    { id: deps.ids.take(), type: "reply_kept", isPublic: false, conversationId, messageId, source },
  ]
  if (assigns)
    events.push({
      id: deps.ids.take(),
      type: "assign",
      conversationId,
      source,
      target: { type: "teammate", teammate_id: draft.authorId },
    })
  if (draft.archive && conversation.status !== "archived")
    events.push({ id: deps.ids.take(), type: "archive", conversationId, source })
  if (draft.draft?.isShared) {
    const target = { type: "draft", draft_id: draft.draft.id }
    events.push({ id: deps.ids.take(), type: "draft_deleted", isPublic: false, conversationId, source, target })
  }
  return events
}
