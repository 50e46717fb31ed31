import { randomBytes } from "node:crypto"
import { formatId } from "@causeway/contract/ids"
import type { Channel } from "../channels/store.ts"
import { normaliseHandle } from "../contacts/handles.ts"
import { linkContacts, personKey } from "../contacts/link.ts"
import { insertConversations } from "../conversations/thread.ts"
import type { Database, Tx } from "../database/database.ts"
import { HttpError, MovedError, notFound } from "../http/errors.ts"
import type { UploadedFile } from "../http/multipart.ts"
import type { Ids } from "../ids.ts"
import { idsPerMessage } from "./batch.ts"
import type { Body } from "./html.ts"
import { findByClientKeys, nobodyToWriteTo, settledBefore, writeReplies } from "./reply-write.ts"
import type { SentTemplate } from "./store.ts"

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

/** What a reply needs to know of its conversation, which is locked. */
export interface ReplyTarget {
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

/** Of a row of conversation. */
export const replyTargetColumns = `id, status, assignee_id, contact_id, subject, recipient, last_number, last_send, merged_into,
  (select message.id from message where message.company_id = conversation.company_id and message.conversation_id = conversation.id
     and message.direction = 'inbound' order by message.created_at desc, message.number desc limit 1) as last_inbound_id`

export interface ReplyDeps {
  db: Database
  ids: Ids
  now(): Date
}

export const newUid = (): string => randomBytes(16).toString("hex")

/** Keeps a reply, and what follows from it, in a transaction of its own. Throws 404, 301 and 409 as `Replier` says. */
export async function keepAlone(deps: ReplyDeps, draft: Draft): Promise<Sent> {
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
      const before = (await findByClientKeys(tx, [draft])).get(draft)
      if (before !== undefined) return before
      const target =
        draft.conversationId === null || draft.draft?.startsConversation
          ? await startConversation(tx, deps, draft)
          : await lockConversation(tx, draft.companyId, draft.conversationId)
      // Two copies of one request may both get here: the conversation's lock lets the second see what the first did.
      const settled = (await settledBefore(tx, [{ draft, conversationId: target.id }])).get(draft)
      const [outcome] = settled === undefined ? await writeReplies(tx, deps, [{ draft, target }]) : [settled]
      if (outcome instanceof HttpError) throw outcome
      return outcome as Sent
    },
    { byKeys: true },
  )
}

/** Locks one and reads what a reply needs. Throws 404 when it is gone, 301 when it was merged away. */
export async function lockConversation(tx: Tx, companyId: number, id: number): Promise<ReplyTarget> {
  const rows = await tx.query<ReplyTarget>({
    name: "reply.lock",
    text: `select ${replyTargetColumns} from conversation where company_id = $1 and id = $2 for no key update`,
    values: [companyId, id],
  })
  if (rows[0] === undefined) throw notFound("conversation", formatId("cnv", id))
  const { merged_into } = rows[0]
  if (merged_into !== null) throw new MovedError("conversation", formatId("cnv", id), formatId("cnv", merged_into))
  return rows[0]
}

async function startConversation(tx: Tx, deps: ReplyDeps, draft: Draft): Promise<ReplyTarget> {
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
