import { formatId } from "@causeway/contract/ids"
import type { ConversationViewName, ConversationRow as View } from "@causeway/contract/inbox"
import type { Tx } from "../database/database.ts"
import { seconds } from "../messages/resource.ts"
import { reachableBy } from "./reach.ts"
import { type ConversationRow, type ListPlace, selectConversations } from "./read.ts"
import { statusOf } from "./resource.ts"

/** Each view's condition; `$2` is the teammate who looks. All walk conversation_list but the failed one, which has an index of its own. */
const conditions: Record<ConversationViewName, string> = {
  open: "conversation.status = 'open'",
  mine: "conversation.status = 'open' and conversation.assignee_id = $2",
  unassigned: "conversation.status = 'open' and conversation.assignee_id is null",
  failed: "conversation.failed_count > 0",
  archived: "conversation.status = 'archived'",
}

export const isViewName = (name: string): name is ConversationViewName => Object.hasOwn(conditions, name)

/** Whose list it is, and whether they see only what is open to them (`viewer`, see `opensFor`). */
export interface ListOwner {
  companyId: number
  teammateId: number
  viewer: number | null
}

export const listConversations = (
  tx: Tx,
  list: ListOwner & { view: ConversationViewName; limit: number; before: ListPlace | null },
): Promise<ConversationRow[]> =>
  tx.query<ConversationRow>({
    name: `conversations.list_${list.view}${list.before ? "_before" : ""}`,
    text: `${selectConversations} where conversation.company_id = $1 and conversation.merged_into is null and $2::bigint is not null and ${conditions[list.view]}
             and ${reachableBy("$4")}
             ${list.before ? "and (conversation.activity_at, conversation.id) < ($5::timestamptz, $6::bigint)" : ""}
           order by conversation.activity_at desc, conversation.id desc limit $3`,
    values: [
      list.companyId,
      list.teammateId,
      list.limit,
      list.viewer,
      ...(list.before ? [list.before.activityAt, list.before.id] : []),
    ],
  })

export async function countViews(tx: Tx, owner: ListOwner): Promise<Record<ConversationViewName, number>> {
  const counts = Object.entries(conditions).map(
    ([view, condition]) => `(select count(*) from conversation where conversation.company_id = $1
    and conversation.merged_into is null and $2::bigint is not null and ${condition} and ${reachableBy("$3")})::int as ${view}`,
  )
  const rows = await tx.query<Record<ConversationViewName, number>>({
    name: "conversations.count",
    text: `select ${counts.join(", ")}`,
    values: [owner.companyId, owner.teammateId, owner.viewer],
  })
  return rows[0] as Record<ConversationViewName, number>
}

/** The inbox's own shape. */
export function conversationView(row: ConversationRow): View {
  const assigneeName = row.assignee
    ? `${row.assignee.first_name} ${row.assignee.last_name}`.trim() || row.assignee.email
    : ""
  return {
    id: formatId("cnv", row.id),
    type: row.type,
    subject: row.subject,
    status: statusOf(row),
    assignee: row.assignee ? { id: formatId("tea", row.assignee.id), name: assigneeName } : null,
    contact: {
      id: row.contact_id === null ? null : formatId("crd", row.contact_id),
      name: row.contact_name,
      handle: row.recipient?.handle ?? "",
    },
    channel_id: row.channel_id === null ? null : formatId("cha", row.channel_id),
    channel_name: row.channel_name ?? "",
    inbox_id: row.inbox_id === null ? null : formatId("inb", row.inbox_id),
    preview: row.preview,
    preview_direction: row.preview_direction,
    failed_count: row.failed_count,
    waiting_since: row.waiting_since ? seconds(row.waiting_since) : null,
    activity_at: seconds(row.activity_at),
    last_number: row.last_number,
    version: row.version,
  }
}
