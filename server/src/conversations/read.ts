import type { ConversationType } from "@causeway/contract/resources/conversation"
import type { Tx } from "../database/database.ts"
import type { AuthorRow } from "../messages/read.ts"

/** A conversation with the names that its shapes need. */
export interface ConversationRow {
  company_id: number
  id: number
  type: ConversationType
  /** Null: between named teammates, who are its followers. */
  inbox_id: number | null
  is_private: boolean
  /** Null: it has no messages, it is a discussion or a task. */
  channel_id: number | null
  channel_name: string | null
  contact_id: number | null
  contact_name: string | null
  subject: string
  description: string | null
  due_at: Date | null
  status: "open" | "archived" | "deleted" | "spam"
  assignee: AuthorRow | null
  recipient: { handle: string; name: string | null; role: string } | null
  custom_fields: Record<string, unknown>
  preview: string
  preview_direction: "inbound" | "outbound"
  failed_count: number
  last_message_id: number | null
  last_number: number
  last_inbound: number
  waiting_since: Date | null
  activity_at: Date
  created_at: Date
  updated_at: Date
  version: number
  merged_into: number | null
}

export const selectConversations = `
  select conversation.company_id, conversation.id, conversation.type, conversation.inbox_id, coalesce(inbox.is_private, true) as is_private,
    conversation.channel_id, channel.name as channel_name, conversation.contact_id, contact.name as contact_name, conversation.subject,
    conversation.description, conversation.due_at, conversation.status, conversation.recipient, conversation.custom_fields, conversation.preview,
    conversation.preview_direction, conversation.failed_count, conversation.last_message_id, conversation.last_number, conversation.last_inbound, conversation.waiting_since,
    conversation.activity_at, conversation.created_at, conversation.updated_at, conversation.version, conversation.merged_into,
    case when assignee.id is not null then json_build_object('id', assignee.id, 'email', assignee.email, 'username', assignee.username,
      'first_name', assignee.first_name, 'last_name', assignee.last_name, 'role', assignee.role, 'is_available', assignee.is_available,
      'is_blocked', assignee.is_blocked) end as assignee
  from conversation
  left join channel on channel.company_id = conversation.company_id and channel.id = conversation.channel_id
  left join inbox on inbox.company_id = conversation.company_id and inbox.id = conversation.inbox_id
  left join contact on contact.company_id = conversation.company_id and contact.id = conversation.contact_id
  left join teammate assignee on assignee.company_id = conversation.company_id and assignee.id = conversation.assignee_id`

/** By the primary key; the order is not kept. Those that were merged away are among them. */
export const findConversations = (tx: Tx, companyId: number, ids: readonly number[]): Promise<ConversationRow[]> =>
  tx.query<ConversationRow>({
    name: "conversations.find",
    text: `${selectConversations} where conversation.company_id = $1 and conversation.id = any($2::bigint[])`,
    values: [companyId, ids],
  })

/** One of them: a statement of its own, which is planned once and not for each list of ids. */
export async function findConversation(tx: Tx, companyId: number, id: number): Promise<ConversationRow | null> {
  const rows = await tx.query<ConversationRow>({
    name: "conversations.find_one",
    text: `${selectConversations} where conversation.company_id = $1 and conversation.id = $2`,
    values: [companyId, id],
  })
  return rows[0] ?? null
}

/** Where a list ordered by activity goes on: its last row. */
export interface ListPlace {
  activityAt: Date
  id: number
}

export const formatListPlace = (row: Pick<ConversationRow, "activity_at" | "id">): string =>
  `${row.activity_at.getTime()}_${row.id}`

export function parseListPlace(text: string): ListPlace | null {
  const match = /^(-?\d{1,15})_(\d{1,16})$/.exec(text)
  return match ? { activityAt: new Date(Number(match[1])), id: Number(match[2]) } : null
}
