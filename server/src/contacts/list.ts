import type { listContacts as listContactsEndpoint } from "@causeway/contract/endpoints/contacts"
import type { Tx } from "../database/database.ts"
import type { Principal } from "../http/callers.ts"
import { invalid } from "../http/errors.ts"
import { pagedList, readLimit } from "../http/lists.ts"
import { readQ } from "../http/q.ts"
import type { Answer, Call } from "../http/route.ts"
import type { Services } from "../services.ts"
import { memberOf } from "../teammates/roles.ts"
import { type Owner, viewerOf, visibleTo } from "../teams/owner.ts"
import { type ContactRow, contactColumns, contactResource } from "./store.ts"

/** What a list is of: everybody, one owner's contacts, or those on a list. */
export type ContactFilter = { owner: Owner } | { listId: number } | null

interface Page {
  limit: number
  sort: "created_at" | "updated_at"
  order: "asc" | "desc"
  updatedAfter: Date | null
  updatedBefore: Date | null
  after: Place | null
}

/** Where a page ends: the sorted time in microseconds since 1970, as the database has it, and the id. */
interface Place {
  microseconds: number
  id: number
}

type Listed = ContactRow & { microseconds: number }

/** What the query of a list of contacts may hold; the lists of a contact list take only limit and page_token. */
type Query = Partial<Call<typeof listContactsEndpoint>["query"]>

/** A page of contacts in the vendor's form. */
export async function answerContacts(
  { db }: Pick<Services, "db">,
  call: { principal: Principal; query: Query; origin: string; request: { url: string } },
  filter: ContactFilter,
): Promise<Answer> {
  const { principal, query, origin } = call
  const page = readPage(query)
  const rows = await listContacts(db, memberOf(principal).companyId, viewerOf(principal), filter, page)
  const body = pagedList(call, rows, {
    limit: page.limit,
    placeOf: (row) => `${row.microseconds}_${row.id}`,
    resource: (row) => contactResource(row, origin),
  })
  return { status: 200, body }
}

/** Newest first unless said. Source: Core API parameters sortByCards, sortOrder and cardQuery. */
function readPage(query: Query): Page {
  const sort = query.sort_by ?? "created_at"
  if (sort !== "created_at" && sort !== "updated_at") throw invalid("query.sort_by", "must be created_at or updated_at")
  const q = readQ(query)
  return {
    limit: readLimit(query.limit),
    sort,
    order: query.sort_order ?? "desc",
    updatedAfter: readTime(q.updated_after, "query.q.updated_after"),
    updatedBefore: readTime(q.updated_before, "query.q.updated_before"),
    after: readPlace(query.page_token),
  }
}

/** Seconds since 1970 with up to three decimals; a number, or in brackets its digits. */
function readTime(value: unknown, field: string): Date | null {
  if (value === undefined || value === null) return null
  const isNumeral = typeof value === "number" || (typeof value === "string" && /^\d{1,12}(\.\d{1,9})?$/.test(value))
  const seconds = Number(value)
  if (!isNumeral || seconds < 0 || seconds >= 1e12) throw invalid(field, "must be a time in seconds since 1970")
  return new Date(Math.min(Math.round(seconds * 1000), latest))
}

/** The last moment that both sides can write: 9999-12-31. */
const latest = 253_402_300_799_999

function readPlace(token: string | undefined): Place | null {
  if (!token) return null
  const match = /^(\d{1,16})_([1-9]\d{0,15})$/.exec(token)
  const place = match && { microseconds: Number(match[1]), id: Number(match[2]) }
  if (place === null || !Number.isSafeInteger(place.microseconds) || !Number.isSafeInteger(place.id))
    throw invalid("query.page_token", "is not a page of this list")
  return place
}

/** One row more than the page, which tells that there is another. Walks contact_created or contact_updated; contact_owner; contact_list_member. */
function listContacts(
  tx: Tx,
  companyId: number,
  viewer: number | null,
  filter: ContactFilter,
  page: Page,
): Promise<Listed[]> {
  const values: unknown[] = [companyId, viewer, page.limit + 1]
  const conditions = ["company_id = $1", visibleTo("$2")]
  let name = `contacts.list_${page.sort}_${page.order}`
  const add = (label: string, given: unknown[], condition: (...parameters: string[]) => string) => {
    name += `_${label}`
    const first = values.push(...given) - given.length + 1
    conditions.push(condition(...given.map((_, i) => `$${first + i}`)))
  }
  if (filter !== null && "owner" in filter)
    add(
      "owner",
      [filter.owner.kind, filter.owner.id],
      (kind, id) => `owner_kind = ${kind} and owner_id is not distinct from ${id}::bigint`,
    )
  if (filter !== null && "listId" in filter)
    add(
      "member",
      [filter.listId],
      (list) =>
        `exists (select from contact_list_member member where member.company_id = $1 and member.list_id = ${list} and member.contact_id = contact.id)`,
    )
  if (page.updatedAfter) add("after", [page.updatedAfter], (time) => `updated_at > ${time}`)
  if (page.updatedBefore) add("before", [page.updatedBefore], (time) => `updated_at < ${time}`)
  if (page.after)
    add(
      "page",
      [page.after.microseconds, page.after.id],
      (time, id) =>
        `(${page.sort}, id) ${page.order === "asc" ? ">" : "<"} (timestamptz 'epoch' + ${time}::float8 * interval '1 microsecond', ${id}::bigint)`,
    )
  return tx.query<Listed>({
    name,
    text: `select ${contactColumns}, (extract(epoch from ${page.sort}) * 1000000)::bigint as microseconds from contact
           where ${conditions.join(" and ")} order by ${page.sort} ${page.order}, id ${page.order} limit $3`,
    values,
  })
}
