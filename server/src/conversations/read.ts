import { formatId } from "@causeway/contract/ids"
import type { ConversationViewName, ConversationRow as View } from "@causeway/contract/inbox"
import type { Tx } from "../database/database.ts"
import type { AuthorRow } from "../messages/read.ts"
import { authorResource, seconds, type Viewer } from "../messages/resource.ts"

/** A conversation with the names that its two shapes need. */
export interface ConversationRow {
  company_id: number
  id: number
  inbox_id: number
  channel_id: number
  channel_name: string
  contact_id: number | null
  contact_name: string | null
  subject: string
  status: "open" | "archived" | "deleted" | "spam"
  assignee: AuthorRow | null
  recipient: { handle: string; name: string | null; role: string } | null
  preview: string
  preview_direction: "inbound" | "outbound"
  failed_count: number
  last_message_id: number | null
  last_number: number
  waiting_since: Date | null
  activity_at: Date
  created_at: Date
  updated_at: Date
  version: number
  merged_into: number | null
}

const select = `
  select conversation.company_id, conversation.id, conversation.inbox_id, conversation.channel_id, channel.name as channel_name, conversation.contact_id,
    contact.name as contact_name, conversation.subject, conversation.status, conversation.recipient, conversation.preview, conversation.preview_direction,
    conversation.failed_count, conversation.last_message_id, conversation.last_number, conversation.waiting_since, conversation.activity_at,
    conversation.created_at, conversation.updated_at, conversation.version, conversation.merged_into,
    case when assignee.id is not null then json_build_object('id', assignee.id, 'email', assignee.email, 'username', assignee.username,
      'first_name', assignee.first_name, 'last_name', assignee.last_name, 'role', assignee.role, 'is_available', assignee.is_available,
      'is_blocked', assignee.is_blocked) end as assignee
  from conversation
  join channel on channel.company_id = conversation.company_id and channel.id = conversation.channel_id
  left join contact on contact.company_id = conversation.company_id and contact.id = conversation.contact_id
  left join teammate assignee on assignee.company_id = conversation.company_id and assignee.id = conversation.assignee_id`

export const findConversations = (tx: Tx, companyId: number, ids: readonly number[]): Promise<ConversationRow[]> =>
  tx.query<ConversationRow>({
    name: "conversations.find",
    text: `${select} where conversation.company_id = $1 and conversation.id = any($2::bigint[])`,
    values: [companyId, ids],
  })

export async function findConversation(tx: Tx, companyId: number, id: number): Promise<ConversationRow | null> {
  return (await findConversations(tx, companyId, [id]))[0] ?? null
}

/** Each view's condition; `$2` is the teammate who looks. All walk conversation_list but the failed one, which has an index of its own. */
const conditions: Record<ConversationViewName, string> = {
  open: "conversation.status = 'open'",
  mine: "conversation.status = 'open' and conversation.assignee_id = $2",
  unassigned: "conversation.status = 'open' and conversation.assignee_id is null",
  failed: "conversation.failed_count > 0",
  archived: "conversation.status = 'archived'",
}

export const isViewName = (name: string): name is ConversationViewName => Object.hasOwn(conditions, name)

export interface ListPlace {
  activityAt: Date
  id: number
}

export const listConversations = (
  tx: Tx,
  list: { companyId: number; teammateId: number; view: ConversationViewName; limit: number; before: ListPlace | null },
): Promise<ConversationRow[]> =>
  tx.query<ConversationRow>({
    name: `conversations.list_${list.view}${list.before ? "_before" : ""}`,
    text: `${select} where conversation.company_id = $1 and conversation.merged_into is null and $2::bigint is not null and ${conditions[list.view]}
             ${list.before ? "and (conversation.activity_at, conversation.id) < ($4::timestamptz, $5::bigint)" : ""}
           order by conversation.activity_at desc, conversation.id desc limit $3`,
    values: [
      list.companyId,
      list.teammateId,
      list.limit,
      ...(list.before ? [list.before.activityAt, list.before.id] : []),
    ],
  })

export async function countViews(
  tx: Tx,
  companyId: number,
  teammateId: number,
): Promise<Record<ConversationViewName, number>> {
  const counts = Object.entries(conditions).map(
    ([view, condition]) => `(select count(*) from conversation where conversation.company_id = $1
    and conversation.merged_into is null and $2::bigint is not null and ${condition})::int as ${view}`,
  )
  const rows = await tx.query<Record<ConversationViewName, number>>({
    name: "conversations.count",
    text: `select ${counts.join(", ")}`,
    values: [companyId, teammateId],
  })
  return rows[0] as Record<ConversationViewName, number>
}

export const formatListPlace = (row: ConversationRow): string => `${row.activity_at.getTime()}_${row.id}`

export function parseListPlace(text: string): ListPlace | null {
  const match = /^(-?\d{1,15})_(\d{1,16})$/.exec(text)
  return match ? { activityAt: new Date(Number(match[1])), id: Number(match[2]) } : null
}

/** The vendor's words for a status (Conversation.status): an open conversation is assigned or not. */
const statusOf = (row: ConversationRow): View["status"] =>
  row.status === "open" ? (row.assignee ? "assigned" : "unassigned") : row.status

export function conversationView(row: ConversationRow): View {
  const assigneeName = row.assignee
    ? `${row.assignee.first_name} ${row.assignee.last_name}`.trim() || row.assignee.email
    : ""
  return {
    id: formatId("cnv", row.id),
    subject: row.subject,
    status: statusOf(row),
    assignee: row.assignee ? { id: formatId("tea", row.assignee.id), name: assigneeName } : null,
    contact: {
      id: row.contact_id === null ? null : formatId("crd", row.contact_id),
      name: row.contact_name,
      handle: row.recipient?.handle ?? "",
    },
    channel_id: formatId("cha", row.channel_id),
    channel_name: row.channel_name,
    inbox_id: formatId("inb", row.inbox_id),
    preview: row.preview,
    preview_direction: row.preview_direction,
    failed_count: row.failed_count,
    waiting_since: row.waiting_since ? seconds(row.waiting_since) : null,
    activity_at: seconds(row.activity_at),
    last_number: row.last_number,
    version: row.version,
  }
}

/** The vendor's Conversation. `externalIds` is given for a channel's token only. Source: Core API ConversationResponse. */
export function conversationResource(
  row: ConversationRow,
  viewer: Viewer,
  externalIds: readonly string[] | null,
): Record<string, unknown> {
  const self = `${viewer.origin}/conversations/${formatId("cnv", row.id)}`
  return {
    _links: {
      self,
      related: {
        events: `${self}/events`,
        followers: `${self}/followers`,
        messages: `${self}/messages`,
        comments: `${self}/comments`,
        inboxes: `${self}/inboxes`,
        ...(row.last_message_id !== null && {
          last_message: `${viewer.origin}/messages/${formatId("msg", row.last_message_id)}?referer=conversation`,
        }),
      },
    },
    id: formatId("cnv", row.id),
    type: "conversation",
    subject: row.subject,
    status: row.status === "spam" ? "deleted" : statusOf(row),
    ticket_ids: [],
    assignee: row.assignee ? authorResource(row.assignee, viewer.origin) : null,
    recipient: row.recipient && {
      _links: {
        related: {
          contact: row.contact_id === null ? null : `${viewer.origin}/contacts/${formatId("crd", row.contact_id)}`,
        },
      },
      name: row.recipient.name,
      handle: row.recipient.handle,
      role: row.recipient.role,
    },
    tags: [],
    links: [],
    custom_fields: {},
    created_at: seconds(row.created_at),
    updated_at: seconds(row.updated_at),
    waiting_since: row.waiting_since ? seconds(row.waiting_since) : undefined,
    is_private: false,
    scheduled_reminders: [],
    metadata: externalIds === null ? {} : { external_conversation_ids: externalIds },
  }
}
