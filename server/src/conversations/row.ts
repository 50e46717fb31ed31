import { formatId } from "@causeway/contract/ids"
import type { ConversationRow as View } from "@causeway/contract/inbox"
import type { Tx } from "../database/database.ts"
import { seconds } from "../messages/resource.ts"
import type { ConversationRow } from "./read.ts"
import { statusOf } from "./resource.ts"

interface NamedRow {
  id: number
  first_name: string
  last_name: string
  email: string
}

/** What a row shows beside the conversation itself, of every teammate; what one of them sees of it is picked by `conversationView`. */
export interface RowParts {
  id: number
  is_call: boolean
  tags: { id: number; name: string; highlight: string | null; owner_id: number | null }[]
  drafts: { mode: "private" | "shared"; author: NamedRow | null }[]
  reminders: { teammate_id: number; until: number }[]
  /** By teammate. */
  reads: Map<number, number>
}

/** By primary keys and draft_conversation. `teammateIds`: who will look. */
export async function findRowParts(
  tx: Tx,
  companyId: number,
  ids: readonly number[],
  teammateIds: readonly number[],
): Promise<Map<number, RowParts>> {
  if (ids.length === 0) return new Map()
  const [parts, reads] = await Promise.all([
    tx.query<Omit<RowParts, "reads">>({
      name: "conversations.row_parts",
      text: `select conversation.id,
               coalesce((select message.type = 'call' from message
                 where message.company_id = $1 and message.id = conversation.last_message_id), false) as is_call,
               coalesce((select json_agg(json_build_object('id', tag.id, 'name', tag.name, 'highlight', tag.highlight,
                   'owner_id', case when tag.owner_kind = 'teammate' then tag.owner_id end) order by tag.name, tag.id)
                 from conversation_tag carried join tag on tag.company_id = $1 and tag.id = carried.tag_id
                 where carried.company_id = $1 and carried.conversation_id = conversation.id), '[]') as tags,
               coalesce((select json_agg(json_build_object('mode', draft.mode, 'author', case when author.id is not null then json_build_object(
                   'id', author.id, 'first_name', author.first_name, 'last_name', author.last_name, 'email', author.email) end) order by draft.id)
                 from draft left join teammate author on author.company_id = $1 and author.id = draft.author_id
                 where draft.company_id = $1 and draft.conversation_id = conversation.id), '[]') as drafts,
               coalesce((select json_agg(json_build_object('teammate_id', reminder.teammate_id, 'until', extract(epoch from reminder.scheduled_at)))
                 from conversation_reminder reminder
                 where reminder.company_id = $1 and reminder.conversation_id = conversation.id), '[]') as reminders
             from conversation where conversation.company_id = $1 and conversation.id = any($2::bigint[])`,
      values: [companyId, ids],
    }),
    tx.query<{ conversation_id: number; teammate_id: number; number: number }>({
      name: "conversations.reads",
      text: `select conversation_id, teammate_id, number from conversation_read
             where company_id = $1 and conversation_id = any($2::bigint[]) and teammate_id = any($3::bigint[])`,
      values: [companyId, ids, teammateIds],
    }),
  ])
  const found = new Map(parts.map((row) => [row.id, { ...row, reads: new Map<number, number>() }]))
  for (const { conversation_id, teammate_id, number } of reads)
    found.get(conversation_id)?.reads.set(teammate_id, number)
  return found
}

/** The inbox's own shape, as one teammate sees it. */
export function conversationView(row: ConversationRow, parts: RowParts | undefined, teammateId: number): View {
  const { tags = [], drafts = [], reminders = [] } = parts ?? {}
  return {
    id: formatId("cnv", row.id),
    type: row.type,
    subject: row.subject,
    status: statusOf(row),
    assignee: row.assignee ? personOf(row.assignee) : null,
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
    last_inbound: row.last_inbound,
    read_number: parts?.reads.get(teammateId) ?? 0,
    is_call: parts?.is_call ?? false,
    tags: tags
      .filter(({ owner_id }) => owner_id === null || owner_id === teammateId)
      .map(({ id, name, highlight }) => ({ id: formatId("tag", id), name, highlight })),
    drafts_by: drafts.flatMap(({ mode, author }) =>
      author !== null && (mode === "shared" || author.id === teammateId) ? [personOf(author)] : [],
    ),
    snoozed: reminders.map(({ teammate_id, until }) => ({ teammate_id: formatId("tea", teammate_id), until })),
    version: row.version,
  }
}

const personOf = ({ id, first_name, last_name, email }: NamedRow): { id: string; name: string } => ({
  id: formatId("tea", id),
  name: `${first_name} ${last_name}`.trim() || email,
})

/** Rows of conversations as one teammate sees them, in their order. */
export async function conversationViews(
  tx: Tx,
  companyId: number,
  rows: readonly ConversationRow[],
  teammateId: number,
): Promise<View[]> {
  const ids = rows.map((row) => row.id)
  const parts = await findRowParts(tx, companyId, ids, [teammateId])
  return rows.map((row) => conversationView(row, parts.get(row.id), teammateId))
}
