import type { Tx } from "../database/database.ts"
import type { ReplyState, SentTemplate } from "./store.ts"

export interface AttachmentRow {
  id: number
  filename: string
  content_type: string
  size: number
  is_inline: boolean
  cid: string | null
}

export interface AuthorRow {
  id: number
  email: string
  username: string
  first_name: string
  last_name: string
  role: string
  is_available: boolean
  is_blocked: boolean
}

/** A message with everything that its two shapes (the vendor's and the inbox's) are made of. */
export interface MessageRow {
  company_id: number
  id: number
  conversation_id: number
  channel_id: number
  number: number
  uid: string
  /** The vendor's Message.type: custom, call … */
  type: string
  direction: "inbound" | "outbound"
  origin: "partner" | "teammate" | "api" | "auto_reply"
  sender_name: string | null
  subject: string
  body: string
  text: string
  blurb: string
  recipients: { role: string; handle: string; name: string | null }[]
  external_id: string | null
  external_conversation_id: string | null
  headers: Record<string, unknown>
  created_at: Date
  state: ReplyState | null
  state_at: Date | null
  due_at: Date | null
  template: SentTemplate | null
  error_code: string | null
  error_reason: string | null
  /** Of its channel, while it is queued: what delivery/health.ts keeps in the lane. */
  pause: { until: string; code: string; reason: string } | null
  /** When the channel first told that somebody saw it. */
  seen_at: Date | null
  client_key: string | null
  version: number
  author: AuthorRow | null
  reply_to_id: number | null
  reply_to_external_id: string | null
  reply_to_blurb: string | null
  attachments: AttachmentRow[]
  /** Contact ids by handle, of the recipients that have one. */
  contacts: Record<string, number> | null
}

const select = `
  select message.company_id, message.id, message.conversation_id, message.channel_id, message.number, message.uid, message.type, message.direction, message.origin,
    message.sender_name, message.subject, message.body, message.text, message.blurb, message.recipients, message.external_id,
    message.external_conversation_id, message.headers, message.created_at, message.state, message.state_at, message.due_at, message.template, message.error_code,
    message.error_reason, case when message.state = 'queued' then (select nullif(lane.health #> '{send,pause}', 'null') from lane
      where lane.company_id = message.company_id and lane.channel_id = message.channel_id) end as pause,
    case when message.direction = 'outbound' then (select first_seen_at from message_seen
      where message_seen.company_id = message.company_id and message_seen.message_id = message.id) end as seen_at, message.client_key, message.version,
    message.reply_to_id, parent.external_id as reply_to_external_id, parent.blurb as reply_to_blurb,
    case when author.id is not null then json_build_object('id', author.id, 'email', author.email, 'username', author.username,
      'first_name', author.first_name, 'last_name', author.last_name, 'role', author.role, 'is_available', author.is_available,
      'is_blocked', author.is_blocked) end as author,
    coalesce((select json_agg(json_build_object('id', file.id, 'filename', file.filename, 'content_type', file.content_type, 'size', file.size,
      'is_inline', file.is_inline, 'cid', file.cid) order by file.position)
      from attachment file where file.company_id = message.company_id and file.message_id = message.id), '[]') as attachments,
    (select json_object_agg(known.handle, known.contact_id) from contact_handle known
      where known.company_id = message.company_id and (known.source = channel.contact_type or channel.kind = 'import')
        and known.handle in (select recipient ->> 'handle' from jsonb_array_elements(message.recipients) recipient)) as contacts
  from message
  join channel on channel.company_id = message.company_id and channel.id = message.channel_id
  left join message parent on parent.company_id = message.company_id and parent.id = message.reply_to_id
  left join teammate author on author.company_id = message.company_id and author.id = message.author_id`

/** By the primary key. Missing ones are simply not there; order is not kept. */
export const findMessages = (tx: Tx, companyId: number, ids: readonly number[]): Promise<MessageRow[]> =>
  tx.query<MessageRow>({
    name: "messages.find",
    text: `${select} where message.company_id = $1 and message.id = any($2::bigint[]) and message.deleted_at is null`,
    values: [companyId, ids],
  })

export async function findMessage(tx: Tx, companyId: number, id: number): Promise<MessageRow | null> {
  return (await findMessages(tx, companyId, [id]))[0] ?? null
}

/** Walks message_uid. */
export async function findMessageByUid(tx: Tx, companyId: number, uid: string): Promise<MessageRow | null> {
  const rows = await tx.query<MessageRow>({
    name: "messages.find_uid",
    text: `${select} where message.company_id = $1 and message.uid = $2 collate "C" and message.deleted_at is null`,
    values: [companyId, uid],
  })
  return rows[0] ?? null
}

/** Where a page of a conversation goes on: the shown time and number of its last message. */
export interface PagePlace {
  createdAt: Date
  number: number
}

/**
 * By shown time, newest first unless `order` is asc, walking message_conversation from `place` on; undone replies are gone for good. With `channelId` only
 * what went over that channel.
 */
export const listMessages = (
  tx: Tx,
  companyId: number,
  conversationId: number,
  limit: number,
  place: PagePlace | null,
  { order, channelId }: { order: "asc" | "desc"; channelId: number | null } = { order: "desc", channelId: null },
): Promise<MessageRow[]> =>
  tx.query<MessageRow>({
    name: `messages.page_${order}${place ? "_from" : ""}`,
    text: `${select} where message.company_id = $1 and message.conversation_id = $2 and message.state is distinct from 'undone'
             and ($4::bigint is null or message.channel_id = $4)
             ${place ? `and (message.created_at, message.number) ${order === "asc" ? ">" : "<"} ($5::timestamptz, $6::int)` : ""}
           order by message.created_at ${order}, message.number ${order} limit $3`,
    values: [companyId, conversationId, limit, channelId, ...(place ? [place.createdAt, place.number] : [])],
  })

export const formatPlace = (row: Pick<MessageRow, "created_at" | "number">): string =>
  `${row.created_at.getTime()}_${row.number}`

export function parsePlace(text: string): PagePlace | null {
  const match = /^(-?\d{1,15})_(\d{1,9})$/.exec(text)
  return match ? { createdAt: new Date(Number(match[1])), number: Number(match[2]) } : null
}
