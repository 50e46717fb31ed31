import type { ContactType } from "@causeway/contract/endpoints/apps"
import type { Tx } from "../database/database.ts"

/** What a rule may ask about an inbound message, and what a reply to it needs. */
export interface Facts {
  companyId: number
  messageId: number
  conversationId: number
  channelId: number
  channelName: string
  /** The "from" handle of what we send. */
  channelAddress: string
  channelStatus: "ok" | "offline"
  /** Null: a custom channel without an app. */
  appUid: string | null
  /** Whether replies can leave through the channel at all. */
  takesReplies: boolean
  contactType: ContactType
  isSpam: boolean
  inboxId: number
  inboxName: string
  contactId: number | null
  sender: { handle: string; name: string | null }
  subject: string
  text: string
  blurb: string
  headers: Record<string, unknown>
  /** No message stands before it in its conversation. */
  isFirst: boolean
  /** The time it shows; a partner that brings in history says an earlier one. */
  createdAt: Date
  acceptedAt: Date
}

interface Row {
  id: number
  conversation_id: number
  channel_id: number
  channel_name: string
  channel_address: string
  channel_status: "ok" | "offline"
  app_uid: string | null
  takes_replies: boolean
  contact_type: ContactType
  is_spam: boolean
  inbox_id: number
  inbox_name: string
  contact_id: number | null
  sender: { handle: string; name: string | null } | null
  subject: string
  text: string
  blurb: string
  headers: Record<string, unknown>
  number: number
  created_at: Date
  accepted_at: Date
}

const select = `
  select message.id, message.conversation_id, message.channel_id, channel.name as channel_name, channel.address as channel_address,
    channel.status as channel_status, channel.app_uid,
    channel.deleted_at is null and channel.reply_mode <> 'unsupported' and (app.uid is null or 'reply' = any(app.features)) as takes_replies,
    channel.contact_type, conversation.status = 'spam' as is_spam, conversation.inbox_id, coalesce(inbox.name, '') as inbox_name, known.contact_id, sender.value as sender,
    message.subject, message.text, message.blurb, message.headers, message.number, message.created_at, message.accepted_at
  from message
  join channel on channel.company_id = message.company_id and channel.id = message.channel_id
  join conversation on conversation.company_id = message.company_id and conversation.id = message.conversation_id
  left join app on app.uid = channel.app_uid
  left join inbox on inbox.company_id = conversation.company_id and inbox.id = conversation.inbox_id
  left join lateral (select value from jsonb_array_elements(message.recipients) where value ->> 'role' = 'from' limit 1) sender on true
  left join contact_handle known on known.company_id = message.company_id and known.source = channel.contact_type
    and known.handle = sender.value ->> 'handle' collate "C"`

/** Of inbound messages; what is missing, or was sent by us, is simply not there. By the primary key. */
export async function readFacts(tx: Tx, companyId: number, messageIds: readonly number[]): Promise<Map<number, Facts>> {
  if (messageIds.length === 0) return new Map()
  const rows = await tx.query<Row>({
    name: "rules.facts",
    text: `${select} where message.company_id = $1 and message.id = any($2::bigint[]) and message.direction = 'inbound' and message.origin = 'partner'`,
    values: [companyId, messageIds],
  })
  return new Map(rows.map((row) => [row.id, factsOf(companyId, row)]))
}

/** The newest inbound messages that rules are asked about, newest first, from the company's feed. Walks the primary key of event backwards. */
export async function readNewestFacts(tx: Tx, companyId: number, count: number): Promise<Facts[]> {
  const events = await tx.query<{ message_id: number }>({
    name: "rules.newest_inbound",
    text: `select message_id from event where company_id = $1 and type = 'inbound' and message_id is not null
             and not coalesce(target ? 'skips_rules', false) order by position desc limit $2`,
    values: [companyId, count],
  })
  const facts = await readFacts(
    tx,
    companyId,
    events.map((event) => event.message_id),
  )
  return events.flatMap((event) => facts.get(event.message_id) ?? [])
}

const factsOf = (companyId: number, row: Row): Facts => ({
  companyId,
  messageId: row.id,
  conversationId: row.conversation_id,
  channelId: row.channel_id,
  channelName: row.channel_name,
  channelAddress: row.channel_address,
  channelStatus: row.channel_status,
  appUid: row.app_uid,
  takesReplies: row.takes_replies,
  contactType: row.contact_type,
  isSpam: row.is_spam,
  inboxId: row.inbox_id,
  inboxName: row.inbox_name,
  contactId: row.contact_id,
  sender: { handle: row.sender?.handle ?? "", name: row.sender?.name ?? null },
  subject: row.subject,
  text: row.text,
  blurb: row.blurb,
  headers: row.headers,
  isFirst: row.number === 1,
  createdAt: row.created_at,
  acceptedAt: row.accepted_at,
})
