import { parseId } from "@causeway/contract/ids"
import { type ConversationViewName, conversationViews, type ListSort, listSorts } from "@causeway/contract/inbox"
import type { Tx } from "../database/database.ts"
import { invalid } from "../http/errors.ts"
import { type ConversationRow, findConversations } from "./read.ts"

/** Each view's condition; `$2` is the teammate who looks. */
const conditions: Record<ConversationViewName, string> = {
  open: "status = 'open'",
  unassigned: "status = 'open' and assignee_id is null",
  mine: "status = 'open' and assignee_id = $2",
  failed: "failed_count > 0",
  drafts: "id in (select conversation_id from draft where draft.company_id = $1 and draft.author_id = $2)",
  snoozed:
    "status = 'archived' and id in (select conversation_id from conversation_reminder where company_id = $1 and teammate_id = $2)",
  archived: "status = 'archived'",
  trash: "status in ('deleted', 'spam')",
}

/** Whose list it is, and whether they see only what is open to them (`viewer`, see `opensFor`). */
export interface ListOwner {
  companyId: number
  teammateId: number
  viewer: number | null
}

/** Which conversations a list of the inbox has. Null: any. */
export interface ListFilter {
  view: ConversationViewName
  inboxId: number | null
  channelId: number | null
  tagId: number | null
  assigneeId: number | null
}

/** Throws 400 for a view or a sort that is none, and for ids of another kind; what they name may be missing, and then nothing is found. */
export function readListQuery(query: {
  view?: string | undefined
  sort?: string | undefined
  inbox_id?: string | undefined
  channel_id?: string | undefined
  tag_id?: string | undefined
  assignee_id?: string | undefined
}): ListFilter & { sort: ListSort } {
  const view = oneOf(conversationViews, query.view ?? "open", "query.view")
  const sort = oneOf(listSorts, query.sort ?? "newest", "query.sort")
  if (sort === "waiting" && (view === "archived" || view === "trash"))
    throw invalid("query.sort", "cannot be waiting here: nobody waits in the archive or the trash")
  const idOf = (prefix: Parameters<typeof parseId>[0], text: string | undefined, name: string): number | null => {
    if (text === undefined) return null
    const id = parseId(prefix, text)
    if (id === null) throw invalid(`query.${name}`, `is not the id of ${name.replace("_id", "")}`)
    return id
  }
  return {
    view,
    sort,
    inboxId: idOf("inb", query.inbox_id, "inbox_id"),
    channelId: idOf("cha", query.channel_id, "channel_id"),
    tagId: idOf("tag", query.tag_id, "tag_id"),
    assigneeId: idOf("tea", query.assignee_id, "assignee_id"),
  }
}

function oneOf<Name extends string>(names: readonly Name[], text: string, field: string): Name {
  const name = names.find((candidate) => candidate === text)
  if (name === undefined) throw invalid(field, `must be one of: ${names.join(", ")}`)
  return name
}

/** Where a list goes on: a row's sort time, null where it does not wait, and its number. */
export interface RowPlace {
  at: Date | null
  id: number
}

/** `time_cnv_…`; see the endpoint. Throws 400. */
export function readRowPlace(text: string, field: string): RowPlace {
  const match = /^(n|-?\d{1,15})_(cnv_[0-9a-z]{1,20})$/.exec(text)
  const id = match === null ? null : parseId("cnv", match[2] as string)
  if (match === null || id === null) throw invalid(field, "is not a place in this list")
  return { at: match[1] === "n" ? null : new Date(Number(match[1])), id }
}

interface Sorting {
  /** The sort key; conversation_list and conversation_waiting carry it. */
  key: string
  order: "asc" | "desc"
}

const sortings: Record<ListSort, Sorting> = {
  newest: { key: "activity_at", order: "desc" },
  oldest: { key: "activity_at", order: "asc" },
  waiting: { key: "coalesce(waiting_since, 'infinity'::timestamptz)", order: "asc" },
}

/** Which part of a list is asked for. */
export type Stretch =
  | { from: "top"; limit: number }
  | { from: "below" | "above"; place: RowPlace; limit: number }
  /** `total`: how many the list has. */
  | { from: "offset"; offset: number; total: number; limit: number }

/** `$1` the company, `$2` the teammate, `$3` the viewer, then the filters. What is in no inbox is between teammates: followers see it. */
export function listCondition(owner: ListOwner, filter: ListFilter): { sql: string; values: unknown[] } {
  const values: unknown[] = [owner.companyId, owner.teammateId, owner.viewer]
  const pieces = [
    "company_id = $1 and merged_into is null and $2::bigint is not null",
    conditions[filter.view],
    `($3::bigint is null
      or inbox_id = any(array(select inbox.id from inbox where inbox.company_id = $1 and (inbox.is_public or exists (
           select from inbox_teammate access where access.company_id = $1 and access.inbox_id = inbox.id and access.teammate_id = $3))))
      or inbox_id is null and exists (select from conversation_follower follower
           where follower.company_id = $1 and follower.conversation_id = conversation.id and follower.teammate_id = $3))`,
  ]
  const only = (sql: (parameter: string) => string, value: number | null): void => {
    if (value === null) return
    values.push(value)
    pieces.push(sql(`$${values.length}`))
  }
  only((id) => `inbox_id = ${id}`, filter.inboxId)
  only((id) => `channel_id = ${id}`, filter.channelId)
  only((id) => `assignee_id = ${id}`, filter.assigneeId)
  only(
    (id) => `id in (select conversation_id from conversation_tag where company_id = $1 and tag_id = ${id})`,
    filter.tagId,
  )
  return { sql: pieces.join(" and "), values }
}

/**
 * A stretch of a list in its order, and whether the list goes on. A leap walks the index alone, from whichever end is nearer: over half a million
 * conversations in some ten milliseconds.
 */
export async function listStretch(
  tx: Tx,
  owner: ListOwner,
  filter: ListFilter & { sort: ListSort },
  stretch: Stretch,
): Promise<{ rows: ConversationRow[]; more: boolean }> {
  const { key, order } = sortings[filter.sort]
  const { sql, values } = listCondition(owner, filter)
  const rest = stretch.from === "offset" ? Math.max(0, stretch.total - stretch.offset) : 0
  const isFromEnd = stretch.from === "offset" && rest < stretch.offset
  const isBackwards = isFromEnd || stretch.from === "above"
  const direction = isBackwards === (order === "asc") ? "desc" : "asc"
  const limit = isFromEnd ? Math.min(stretch.limit, rest) : stretch.limit
  const pieces = [sql]
  if ("place" in stretch) {
    values.push(stretch.place.at ?? "infinity", stretch.place.id)
    const past = direction === "asc" ? ">" : "<"
    pieces.push(`(${key}, id) ${past} ($${values.length - 1}::timestamptz, $${values.length}::bigint)`)
  }
  const skipped = stretch.from === "offset" ? (isFromEnd ? rest - limit : stretch.offset) : 0
  const found = await tx.query<{ id: number }>({
    text: `select id from conversation where ${pieces.join(" and ")} order by ${key} ${direction}, id ${direction}
           offset ${skipped} limit ${isFromEnd ? limit : limit + 1}`,
    values,
  })
  const ids = found.slice(0, limit).map((row) => row.id)
  if (isBackwards) ids.reverse()
  const byId = new Map((await findConversations(tx, owner.companyId, ids)).map((row) => [row.id, row]))
  return {
    rows: ids.flatMap((id) => byId.get(id) ?? []),
    more: isFromEnd ? rest > limit : found.length > limit,
  }
}

/** The numbers of the first conversations of a list, in its order. */
export async function listIdsOf(
  tx: Tx,
  owner: ListOwner,
  filter: ListFilter & { sort: ListSort },
  limit: number,
): Promise<number[]> {
  const { key, order } = sortings[filter.sort]
  const { sql, values } = listCondition(owner, filter)
  const rows = await tx.query<{ id: number }>({
    text: `select id from conversation where ${sql} order by ${key} ${order}, id ${order} limit ${limit}`,
    values,
  })
  return rows.map((row) => row.id)
}
