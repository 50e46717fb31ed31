import type { Tx } from "../database/database.ts"
import type { UploadedFile } from "../http/multipart.ts"
import type { Ids } from "../ids.ts"
import type { Body } from "./html.ts"

export type ReplyState = "held" | "queued" | "sending" | "waiting" | "sent" | "failed" | "unknown" | "undone"

/** The template that a reply was made from, as its partner is told in the webhook's metadata. */
export interface SentTemplate {
  external_id: string
  name: string
  variables: { uid: string; type: string; name: string; value: string }[]
}

export interface NewMessage {
  companyId: number
  id: number
  conversationId: number
  channelId: number
  /** From the conversation's counter, under its lock. */
  number: number
  uid: string
  /** The vendor's Message.type; custom unless said otherwise. */
  type?: string
  direction: "inbound" | "outbound"
  origin: "partner" | "teammate" | "api" | "auto_reply"
  authorId: number | null
  senderName: string | null
  subject: string
  body: Body
  recipients: { role: string; handle: string; name: string | null }[]
  externalId: string | null
  externalConversationId: string | null
  replyTo: { externalId: string } | { id: number } | null
  headers: object
  createdAt: Date
  files: UploadedFile[]
  /** Set on what we send ourselves. */
  reply: { state: ReplyState; dueAt: Date | null; clientKey: string | null } | null
  template?: SentTemplate | null
}

/** How the Idempotency-Key of a teammate's browser is kept: one caller's key says nothing about another's. */
export const sessionKey = (teammateId: number, key: string): string => `tea_${teammateId}:${key}`

/** Writes messages and their attachments, one statement per table. What is wrong with them is thrown before anything leaves, and not as a rejection. */
export function insertMessages(tx: Tx, ids: Ids, messages: readonly NewMessage[]): Promise<unknown> {
  const inserted = tx.query({
    name: "messages.insert",
    text: `insert into message (company_id, id, conversation_id, channel_id, number, uid, type, direction, origin, author_id, sender_name, subject, body, body_source,
             text, blurb, recipients, external_id, external_conversation_id, reply_to_id, headers, created_at, client_key, state, state_at, due_at, template)
           select new.company_id, new.id, new.conversation_id, new.channel_id, new.number, new.uid, new.type, new.direction, new.origin, new.author_id, new.sender_name,
             new.subject, new.body, new.body_source, new.text, new.blurb, new.recipients, new.external_id, new.external_conversation_id,
             coalesce(new.reply_to_id, (select known.message_id from external_message_id known where known.company_id = new.company_id
               and known.channel_id = new.channel_id and known.external_id = new.reply_to_external_id collate "C")),
             new.headers, new.created_at, new.client_key, new.state, case when new.state is not null then now() end, new.due_at, new.template
           from json_to_recordset($1::json) as new(company_id bigint, id bigint, conversation_id bigint, channel_id bigint, number int, uid text, type text, direction text,
             origin text, author_id bigint, sender_name text, subject text, body text, body_source text, text text, blurb text, recipients jsonb,
             external_id text, external_conversation_id text, reply_to_id bigint, reply_to_external_id text, headers jsonb, created_at timestamptz,
             client_key text, state text, due_at timestamptz, template jsonb)`,
    values: [JSON.stringify(messages.map(rowOf))],
  })
  return Promise.all([inserted, insertAttachments(tx, ids, messages)])
}

function rowOf(message: NewMessage): Record<string, unknown> {
  const { replyTo, reply } = message
  return {
    company_id: message.companyId,
    id: message.id,
    conversation_id: message.conversationId,
    channel_id: message.channelId,
    number: message.number,
    uid: message.uid,
    type: message.type ?? "custom",
    direction: message.direction,
    origin: message.origin,
    author_id: message.authorId,
    sender_name: message.senderName,
    subject: message.subject,
    body: message.body.body,
    body_source: message.body.source,
    text: message.body.text,
    blurb: message.body.blurb,
    recipients: message.recipients,
    external_id: message.externalId,
    external_conversation_id: message.externalConversationId,
    reply_to_id: replyTo !== null && "id" in replyTo ? replyTo.id : null,
    reply_to_external_id: replyTo !== null && "externalId" in replyTo ? replyTo.externalId : null,
    headers: message.headers,
    created_at: message.createdAt,
    client_key: reply?.clientKey ?? null,
    state: reply?.state ?? null,
    due_at: reply?.dueAt ?? null,
    template: message.template ?? null,
  }
}

/** What files belong to; `id` is the message's, `firstPosition` their place after those that it has already. */
type Filed = Pick<NewMessage, "companyId" | "id" | "files"> & { firstPosition?: number }

/** Writes the rows of files that are stored already. Resolves to their ids, in order. Throws as `insertMessages` does. */
export function insertAttachments(tx: Tx, ids: Ids, messages: readonly Filed[]): Promise<number[]> {
  const rows = messages.flatMap((message) =>
    message.files.map((file, i) => ({
      company_id: message.companyId,
      id: ids.take(),
      message_id: message.id,
      position: (message.firstPosition ?? 0) + i,
      filename: file.filename,
      content_type: file.contentType,
      size: file.size,
      sha256: `\\x${file.sha256.toString("hex")}`,
    })),
  )
  if (rows.length === 0) return Promise.resolve([])
  const inserted = tx.query({
    name: "attachments.insert",
    text: `insert into attachment (company_id, id, message_id, position, filename, content_type, size, sha256)
           select company_id, id, message_id, position, filename, content_type, size, sha256::bytea
           from json_to_recordset($1::json) as new(company_id bigint, id bigint, message_id bigint, position int, filename text, content_type text, size bigint, sha256 text)`,
    values: [JSON.stringify(rows)],
  })
  return inserted.then(() => rows.map((row) => row.id))
}
