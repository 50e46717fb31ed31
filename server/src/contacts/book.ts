import { type ContactBook, type ContactEntry, countedMax } from "@causeway/contract/endpoints/contact-book"
import { formatId } from "@causeway/contract/ids"
import type { ContactHandle } from "@causeway/contract/resources/contact"
import { reachableBy } from "../conversations/reach.ts"
import type { Tx } from "../database/database.ts"
import { invalid } from "../http/errors.ts"
import { seconds } from "../messages/resource.ts"
import { type Selection, whereOf } from "./selection.ts"

export interface BookPage {
  sort: "name" | "updated"
  limit: number
  after: Place | null
}

/** Where a page ends. By name: whether there is none, the name as it is sorted; by change: microseconds since 1970, as the database has them. */
type Place = { isUnnamed: boolean; name: string; id: number } | { microseconds: number; id: number }

interface Row {
  id: number
  name: string | null
  handles: ContactHandle[]
  handle_count: number
  lists: { id: number; name: string }[]
  is_private: boolean
  conversation_count: number
  last_activity_at: Date | null
  updated_at: Date
  sorted_name: string
  microseconds: number
}

const handlesShown = 5
/** As contact_name has it. */
const sortedName = "coalesce(lower(left(name, 200)), '')"

/**
 * A page of the contacts that were selected. `opens` is the teammate whose inboxes decide which conversations are counted; null: all. Walks contact_name
 * or contact_updated; the rest is read for the rows of the page alone.
 */
export async function readBook(
  tx: Tx,
  selection: Selection,
  opens: number | null,
  page: BookPage,
): Promise<ContactBook> {
  const where = whereOf(selection)
  const total = page.after === null ? await countSelected(tx, selection) : null
  if (page.after !== null)
    if ("microseconds" in page.after)
      where.add("(updated_at, id) < (timestamptz 'epoch' + $1::float8 * interval '1 microsecond', $2::bigint)", [
        page.after.microseconds,
        page.after.id,
      ])
    else
      where.add(`(name is null, ${sortedName}, id) > ($1::boolean, $2::text, $3::bigint)`, [
        page.after.isUnnamed,
        page.after.name,
        page.after.id,
      ])
  const order = page.sort === "name" ? `(name is null), ${sortedName}, id` : "updated_at desc, id desc"
  const [viewer, opener, limit] = [1, 2, 3].map((n) => `$${where.values.length + n}`) as [string, string, string]
  const rows = await tx.query<Row>({
    text: `with page as (
             select company_id, id, name, owner_kind, updated_at, ${sortedName} as sorted_name from contact where ${where.sql} order by ${order} limit ${limit})
           select page.id, page.name, page.owner_kind = 'teammate' as is_private, page.updated_at, sorted_name,
             (extract(epoch from page.updated_at) * 1000000)::bigint as microseconds,
             (select coalesce(json_agg(json_build_object('source', source, 'handle', handle) order by created_at, source, handle) filter (where place <= ${handlesShown}), '[]') from (
                select known.*, row_number() over (order by created_at, source, handle) as place from (
                  select source, handle, created_at from contact_handle where company_id = page.company_id and contact_id = page.id
                  union all select source, handle, created_at from private_handle where company_id = page.company_id and contact_id = page.id) known) placed) as handles,
             (select count(*)::int from contact_handle where company_id = page.company_id and contact_id = page.id)
               + (select count(*)::int from private_handle where company_id = page.company_id and contact_id = page.id) as handle_count,
             (select coalesce(json_agg(json_build_object('id', list.id, 'name', list.name) order by lower(list.name), list.id), '[]')
              from contact_list_member member join contact_list list on list.company_id = member.company_id and list.id = member.list_id
              where member.company_id = page.company_id and member.contact_id = page.id
                and (list.owner_kind <> 'teammate' or ${viewer}::bigint is null or list.owner_id = ${viewer})) as lists,
             known.conversation_count, known.last_activity_at
           from page cross join lateral (
             select count(*)::int as conversation_count, max(activity_at) as last_activity_at from (
               select activity_at from conversation where conversation.company_id = page.company_id and contact_id = page.id and merged_into is null
                 and ${reachableBy(opener)} limit ${countedMax}) counted) known
           order by ${order.replaceAll(sortedName, "sorted_name")}`,
    values: [...where.values, selection.viewer, opens, page.limit + 1],
  })
  const shown = rows.slice(0, page.limit)
  return {
    contacts: shown.map(entryOf),
    next: rows.length > page.limit ? tokenOf(page.sort, shown.at(-1)) : null,
    total,
  }
}

async function countSelected(tx: Tx, selection: Selection): Promise<number> {
  const where = whereOf(selection)
  const rows = await tx.query<{ total: number }>({
    text: `select count(*)::int as total from (select from contact where ${where.sql} limit ${countedMax}) counted`,
    values: where.values,
  })
  return rows[0]?.total ?? 0
}

const entryOf = (row: Row): ContactEntry => ({
  id: formatId("crd", row.id),
  name: row.name,
  handles: row.handles,
  handle_count: row.handle_count,
  lists: row.lists.map(({ id, name }) => ({ id: formatId("grp", id), name })),
  is_private: row.is_private,
  conversation_count: row.conversation_count,
  last_activity_at: row.last_activity_at === null ? null : seconds(row.last_activity_at),
  updated_at: seconds(row.updated_at),
})

function tokenOf(sort: BookPage["sort"], row: Row | undefined): string | null {
  if (row === undefined) return null
  const place = sort === "name" ? [row.name === null, row.sorted_name, row.id] : [row.microseconds, row.id]
  return Buffer.from(JSON.stringify(place)).toString("base64url")
}

/** Throws 400 for what this list never gave out. */
export function readPlace(sort: BookPage["sort"], token: string | undefined): Place | null {
  if (token === undefined || token === "") return null
  const place = parsed(Buffer.from(token, "base64url").toString())
  const isNumber = (value: unknown): value is number => typeof value === "number" && Number.isSafeInteger(value)
  if (sort === "updated" && place.length === 2) {
    const [microseconds, id] = place
    if (isNumber(microseconds) && isNumber(id)) return { microseconds, id }
  }
  if (sort === "name" && place.length === 3) {
    const [isUnnamed, name, id] = place
    if (typeof isUnnamed === "boolean" && typeof name === "string" && !name.includes("\0") && isNumber(id))
      return { isUnnamed, name, id }
  }
  throw invalid("query.page_token", "is not a page of this list")
}

function parsed(text: string): unknown[] {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value : []
  } catch {
    return []
  }
}
