import { pageDefault, pageMax } from "@causeway/contract/limits"
import { invalid } from "./errors.ts"

/** Where a list is asked for: what its links are built from. */
interface ListRequest {
  origin: string
  request: { url: string }
}

/** A list in the vendor's form. Its documents leave `_pagination` out on the short lists; live clients read it unguarded, so it is always there. */
export const wholeList = (
  request: { url: string },
  origin: string,
  results: readonly unknown[],
): Record<string, unknown> => ({
  _pagination: { next: null },
  _links: { self: `${origin}${request.url}` },
  _results: results,
})

/** The `limit` of a request. Out-of-range limits are clamped, as the vendor does, not refused. */
export function readLimit(text: string | undefined, limits = { default: pageDefault, max: pageMax }): number {
  const limit = Number(text ?? limits.default)
  return Number.isInteger(limit) && limit > 0 ? Math.min(limit, limits.max) : limits.default
}

/**
 * One page in the vendor's form, from rows fetched with `limit + 1`: the extra row only tells that there is more. `next` repeats the request's
 * query with the place of the last row shown as `page_token`.
 */
export function pagedList<Row>(
  call: ListRequest,
  rows: readonly Row[],
  page: { limit: number; placeOf(row: Row): string; resource(row: Row): unknown },
): Record<string, unknown> {
  const shown = rows.slice(0, page.limit)
  const url = new URL(call.request.url, call.origin)
  const self = url.toString()
  if (rows.length > page.limit) url.searchParams.set("page_token", page.placeOf(shown.at(-1) as Row))
  return {
    _pagination: { next: rows.length > page.limit ? url.toString() : null },
    _links: { self },
    _results: shown.map(page.resource),
  }
}

/** A place that is one id: lists ordered by id. Throws 400 for a token that this list never gave out. */
export function readIdPlace(token: string | undefined): number | null {
  if (!token) return null
  const id = /^[1-9]\d{0,15}$/.test(token) ? Number(token) : Number.NaN
  if (!Number.isSafeInteger(id)) throw invalid("query.page_token", "is not a page of this list")
  return id
}

/** The order of a list that sorts by id alone, oldest first unless said. */
export function readIdOrder(query: { sort_by?: string; sort_order?: "asc" | "desc" }): "asc" | "desc" {
  if (query.sort_by !== undefined && query.sort_by !== "id") throw invalid("query.sort_by", "must be id")
  return query.sort_order ?? "asc"
}
