import type { conversationListQuery } from "@causeway/contract/endpoints/conversations"
import type { Static } from "typebox"
import type { Tx } from "../database/database.ts"
import type { Principal } from "../http/callers.ts"
import { invalid } from "../http/errors.ts"
import { pagedList, readLimit } from "../http/lists.ts"
import { readQ, wordsOf } from "../http/q.ts"
import { opensFor } from "../inboxes/store.ts"
import { viewerFor } from "../messages/resource.ts"
import { memberOf } from "../teammates/roles.ts"
import { reachableBy } from "./reach.ts"
import { type ConversationRow, findConversations, formatListPlace, type ListPlace, parseListPlace } from "./read.ts"
import { conversationResources } from "./resource.ts"

/** Whose conversations a list has: all of the company, or those of one inbox, tag, link, contact, or assigned teammate, by its number. */
export type ConversationFilter =
  | { of: "company" }
  | { of: "inbox" | "tag" | "link" | "contact" | "assignee"; id: number }

/** The part of a request that a list of conversations reads. */
export interface ConversationListCall {
  principal: Principal
  origin: string
  query: Static<typeof conversationListQuery>
  request: { url: string }
}

/**
 * One page of conversations in the vendor's form, those of `filter` that the caller may see, newest activity first unless `sort_order` is asc, with the
 * statuses that `q` names (all of them when it names none). The caller has made sure that whatever the filter names is theirs.
 * Throws 400 for a `q`, `sort_by` or `page_token` that makes no sense. Source: Core API conversationQuery, sortByConversations.
 */
export async function conversationList(
  deps: { db: Tx },
  call: ConversationListCall,
  filter: ConversationFilter,
): Promise<Record<string, unknown>> {
  const { query, principal } = call
  const { companyId } = memberOf(principal)
  const limit = readLimit(query.limit)
  if (query.sort_by !== undefined && query.sort_by !== "date") throw invalid("query.sort_by", "must be date")
  const after = query.page_token ? parseListPlace(query.page_token) : null
  if (query.page_token && after === null) throw invalid("query.page_token", "is not a page of this list")
  const order = query.sort_order ?? "desc"
  const found = await walkConversations(
    deps.db,
    { companyId, viewer: opensFor(principal), statuses: readStatuses(query), order, after, limit: limit + 1 },
    {
      name: `conversations.walk_${filter.of}_${order}`,
      sql: filters[filter.of],
      values: ["id" in filter ? filter.id : null],
    },
  )
  return await conversationPage(deps.db, call, found, limit)
}

/** The page of a list whose rows are `ids`, one more than are shown where there is another page. */
export async function conversationPage(
  tx: Tx,
  call: ConversationListCall,
  ids: readonly number[],
  limit: number,
): Promise<Record<string, unknown>> {
  const found = new Map(
    (await findConversations(tx, memberOf(call.principal).companyId, ids)).map((row) => [row.id, row]),
  )
  const rows = ids.flatMap((id) => found.get(id) ?? [])
  const resources = await conversationResources(tx, rows.slice(0, limit), viewerFor(call.principal, call.origin))
  return pagedList<ConversationRow>(call, rows, {
    limit,
    placeOf: formatListPlace,
    resource: (row) => resources[rows.indexOf(row)],
  })
}

/** What each of the vendor's words stands for in our rows. `deleted` is what older clients say for trashed; spam is in the trash too. */
const branches = {
  assigned: "status = 'open' and assignee_id is not null",
  unassigned: "status = 'open' and assignee_id is null",
  archived: "status = 'archived'",
  trashed: "status = 'deleted'",
  spam: "status = 'spam'",
} as const
type Branch = keyof typeof branches

const branchesOf: Record<string, readonly Branch[]> = {
  assigned: ["assigned"],
  unassigned: ["unassigned"],
  open: ["assigned", "unassigned"],
  archived: ["archived"],
  trashed: ["trashed", "spam"],
  deleted: ["trashed", "spam"],
  spam: ["spam"],
}

function readStatuses(query: object): Branch[] {
  const q = readQ(query)
  if (q.status_categories !== undefined || q.status_ids !== undefined)
    throw invalid("query.q", "filters by statuses: ticketing is off here")
  const words = wordsOf(q.statuses, "query.q.statuses")
  if (words === null || words.length === 0) return Object.keys(branches) as Branch[]
  return words.flatMap((word) => {
    if (!Object.hasOwn(branchesOf, word))
      throw invalid("query.q.statuses", "must be of: assigned, unassigned, archived, trashed")
    return branchesOf[word] as Branch[]
  })
}

/** `$7` is the filter's number. */
const filters: Record<ConversationFilter["of"], string> = {
  company: "$7::bigint is null",
  inbox: "inbox_id = $7",
  assignee: "assignee_id = $7",
  contact: "contact_id = $7",
  tag: "id in (select conversation_id from conversation_tag where company_id = $1 and tag_id = $7)",
  link: "id in (select conversation_id from conversation_link where company_id = $1 and link_id = $7)",
}

/** What a walk looks for, over `conversation`; its values begin at `$7`. Unnamed where the text is made from a request. */
export interface Sought {
  name?: string
  sql: string
  values: unknown[]
}

export interface Walk {
  companyId: number
  viewer: number | null
  /** Null: all. */
  statuses: readonly Branch[] | null
  order: "asc" | "desc"
  after: ListPlace | null
  limit: number
}

/**
 * Ids of a page. Each status walks its own stretch of conversation_list (an inbox: conversation_inbox, a teammate: conversation_assignee) in order and
 * stops at the page's end; the stretches are merged. Few conversations of a contact, tag or link are found by theirs instead.
 */
export async function walkConversations(tx: Tx, page: Walk, sought: Sought): Promise<number[]> {
  const { order } = page
  const stretch = (name: Branch) => `(
      select id, activity_at from conversation where company_id = $1 and merged_into is null and ${branches[name]} and '${name}' = any($2::text[])
        and (activity_at, id) ${order === "asc" ? ">" : "<"} ($3::timestamptz, $4::bigint) and (${sought.sql}) and ${reachableBy("$5")}
      order by activity_at ${order}, id ${order} limit $6)`
  const rows = await tx.query<{ id: number }>({
    ...(sought.name !== undefined && { name: sought.name }),
    text: `select id from (${(Object.keys(branches) as Branch[]).map(stretch).join(" union all ")}) page order by activity_at ${order}, id ${order} limit $6`,
    values: [
      page.companyId,
      page.statuses ?? Object.keys(branches),
      page.after?.activityAt ?? (order === "asc" ? "-infinity" : "infinity"),
      page.after?.id ?? 0,
      page.viewer,
      page.limit,
      ...sought.values,
    ],
  })
  return rows.map((row) => row.id)
}
