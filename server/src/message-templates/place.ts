import { invalid } from "../http/errors.ts"
import { readLimit } from "../http/lists.ts"

/** Where a list that is ordered by a time goes on: after the row of this time and id. */
export interface TimePlace {
  /** microseconds since 1970: what PostgreSQL keeps, and a Date would round */
  micros: number
  id: number
}

export interface TimeOrder {
  column: "created_at" | "updated_at"
  order: "asc" | "desc"
}

export interface TimePage extends TimeOrder {
  limit: number
  after: TimePlace | null
}

export const formatTimePlace = (row: { place: number; id: number }): string => `${row.place}_${row.id}`

/** Throws 400 for a token that no list of ours gave out. */
function readTimePlace(token: string | undefined): TimePlace | null {
  if (!token) return null
  const match = /^(\d{1,16})_([1-9]\d{0,15})$/.exec(token)
  const place = { micros: Number(match?.[1]), id: Number(match?.[2]) }
  if (!Number.isSafeInteger(place.micros) || !Number.isSafeInteger(place.id))
    throw invalid("query.page_token", "is not a page of this list")
  return place
}

interface Query {
  limit?: string
  page_token?: string
  sort_by?: string
  sort_order?: "asc" | "desc"
}

/** The page that a query asks for. `sort_order`, the order in which the vendor's people arranged theirs, is the order of making here. */
export function readTimePage(query: Query, columns: readonly string[]): TimePage {
  if (query.sort_by !== undefined && !columns.includes(query.sort_by))
    throw invalid("query.sort_by", `must be one of: ${columns.join(", ")}`)
  return {
    limit: readLimit(query.limit),
    after: readTimePlace(query.page_token),
    column: query.sort_by === "updated_at" ? "updated_at" : "created_at",
    order: query.sort_order ?? "asc",
  }
}

/** The place of a row, to be selected; and the end of a statement whose limit is $3, time $4 and id $5. */
export const placeColumn = (column: TimeOrder["column"]): string =>
  `(extract(epoch from ${column}) * 1000000)::bigint as place`

export const pageClause = ({ column, order }: TimeOrder): string =>
  `and ($4::bigint is null or (${column}, id) ${order === "asc" ? ">" : "<"} ('epoch'::timestamptz + $4 * interval '1 microsecond', $5::bigint))
   order by ${column} ${order}, id ${order} limit $3`

export const pageValues = (page: TimePage): [number, number | null, number | null] => [
  page.limit + 1,
  page.after?.micros ?? null,
  page.after?.id ?? null,
]
