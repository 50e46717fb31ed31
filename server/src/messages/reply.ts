import { randomBytes } from "node:crypto"
import type { Channel } from "../channels/store.ts"
import { normaliseHandle } from "../contacts/handles.ts"
import { linkContacts, personKey } from "../contacts/link.ts"
import { insertConversations } from "../conversations/thread.ts"
import type { Database, Tx } from "../database/database.ts"
import { enqueue } from "../delivery/outbox.ts"
import { HttpError, notFound } from "../http/errors.ts"
import type { UploadedFile } from "../http/multipart.ts"
import type { Ids } from "../ids.ts"
import { appendEvents, type FeedEvent } from "../live/feed.ts"
import { idsPerMessage } from "./batch.ts"
import type { Body } from "./html.ts"
import { insertMessages, type ReplyState } from "./store.ts"

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
  archive: boolean
  /** How long it can be taken back, in ms of the schedule clock. */
  undoMs: number
  /** The caller's Idempotency-Key: the same key gets the first answer. */
  clientKey: string | null
  files: UploadedFile[]
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
  return await deps.db.tx(async (tx) => {
    const repeated = await findByClientKey(tx, draft)
    if (repeated !== null) return repeated
    const conversation =
      draft.conversationId === null
        ? await startConversation(tx, deps, draft)
        : await lockConversation(tx, draft.companyId, draft.conversationId)
    // Two copies of one request may both get here: the conversation's lock lets the second see what the first did.
    const raced = await findByClientKey(tx, draft)
    if (raced !== null) return raced
    return await write(tx, deps, draft, conversation)
  })
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

export async function lockConversation(tx: Tx, companyId: number, id: number): Promise<ConversationRow> {
  const rows = await tx.query<ConversationRow>({
    name: "reply.lock",
    text: `select id, status, assignee_id, contact_id, subject, recipient, last_number, last_send,
             (select message.id from message where message.company_id = conversation.company_id and message.conversation_id = conversation.id
                and message.direction = 'inbound' order by message.created_at desc, message.number desc limit 1) as last_inbound_id
           from conversation where company_id = $1 and id = $2 for no key update`,
    values: [companyId, id],
  })
  if (rows[0] === undefined) throw notFound("conversation", `cnv_${id.toString(36)}`)
  return rows[0]
}

async function startConversation(tx: Tx, deps: ReplyDeps, draft: Draft): Promise<ConversationRow> {
  const { channel } = draft
  const handle = normaliseHandle(channel.contactType, draft.to?.[0] ?? "")
  const person = { companyId: draft.companyId, source: channel.contactType, handle, name: null, email: null }
  const contactId = (await linkContacts(tx, deps.ids, [person])).get(personKey(person)) as number
  const conversationId = deps.ids.take()
  const seed = {
    companyId: draft.companyId,
    channelId: channel.id,
    inboxId: channel.inboxId,
    contactId,
    subject: draft.subject ?? "",
    recipient: { handle, name: null, role: "to" },
    activityAt: new Date(),
  }
  await insertConversations(tx, [{ conversationId, seed }])
  return await lockConversation(tx, draft.companyId, conversationId)
}

async function write(tx: Tx, deps: ReplyDeps, draft: Draft, conversation: ConversationRow): Promise<Sent> {
  const { channel } = draft
  const offline = channel.status === "offline"
  const held = draft.undoMs > 0
  const dueAt = new Date(deps.now().getTime() + draft.undoMs)
  const state: ReplyState = held ? "held" : offline ? "waiting" : "queued"
  const messageId = deps.ids.take()
  const uid = newUid()
  await insertMessages(tx, deps.ids, [
    {
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
    },
  ])
  const assigns =
    draft.authorId !== null && channel.autoAssign && conversation.assignee_id === null && draft.origin === "teammate"
  await updateConversation(tx, draft, conversation, { messageId, assigns, takesPlace: !held })
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
  await enqueue(tx, [{ ...base, ...place, sequence: "send", type: "message", dueAt, channelOffline: offline }])
  await appendEvents(tx, draft.companyId, eventsOf(deps, draft, conversation, messageId, assigns))
  return { uid, messageId, repeated: false }
}

function addressees(
  draft: Draft,
  conversation: ConversationRow,
): { role: string; handle: string; name: string | null }[] {
  const source = draft.channel.contactType
  if (draft.to !== null)
    return draft.to.map((handle) => ({ role: "to", handle: normaliseHandle(source, handle), name: null }))
  if (conversation.recipient === null)
    throw new HttpError(
      400,
      "Body did not satisfy requirements: body.to is required, the conversation has nobody to reply to",
    )
  return [{ role: "to", handle: conversation.recipient.handle, name: conversation.recipient.name }]
}

async function updateConversation(
  tx: Tx,
  draft: Draft,
  conversation: ConversationRow,
  change: { messageId: number; assigns: boolean; takesPlace: boolean },
): Promise<void> {
  await tx.query({
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
  return events
}
