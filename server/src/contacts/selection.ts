import { getContactList } from "../contact-lists/store.ts"
import type { Tx } from "../database/database.ts"
import { Where } from "../search/query.ts"
import { visibleTo } from "../teams/owner.ts"

/** Which contacts somebody looks at or takes along: those they see, on a list, that have the words. */
export interface Selection {
  companyId: number
  /** See `viewerOf`. */
  viewer: number | null
  listId: number | null
  q: string
}

/** So many contacts with the words are looked at, by name and by handle each. */
const foundMax = 2_000
const wordsMax = 12

/** Throws 404 for a list that the viewer does not see. */
export async function readSelection(
  tx: Tx,
  companyId: number,
  viewer: number | null,
  given: { q?: string | undefined; list_id?: string | undefined },
): Promise<Selection> {
  const list = given.list_id === undefined ? null : await getContactList(tx, companyId, viewer, given.list_id)
  return { companyId, viewer, listId: list?.id ?? null, q: given.q?.trim() ?? "" }
}

/**
 * The condition on `contact`. Words are looked for in contact_words, and as beginnings of handles in contact_handle_begins; a query with LIKE must not
 * be prepared under a name, or its plan cannot use that index.
 */
export function whereOf({ companyId, viewer, listId, q }: Selection): Where {
  const where = new Where().add("contact.company_id = $1", [companyId]).add(visibleTo("$1"), [viewer])
  if (listId !== null)
    where.add(
      "exists (select from contact_list_member member where member.company_id = contact.company_id and member.list_id = $1 and member.contact_id = contact.id)",
      [listId],
    )
  if (q === "") return where
  const begins = beginningsOf(q)
  const like = begins.map((_, i) => `handle like $${i + 4}`).join(" or ")
  return where.add(
    `contact.id in (
       (select id from contact named where named.company_id = $1 and to_tsvector('simple', coalesce(named.name, '')) @@ to_tsquery('simple', $2) limit ${foundMax})
       union (select contact_id from contact_handle where company_id = $1 and (${like}) limit ${foundMax})
       union (select contact_id from private_handle where company_id = $1 and ($3::bigint is null or teammate_id = $3) and (${like}) limit ${foundMax}))`,
    [companyId, wordsOf(q), viewer, ...begins],
  )
}

/** Every word, the last one as a beginning; what has no letter or digit finds no name. */
function wordsOf(q: string): string {
  const words = [...q.matchAll(/[\p{L}\p{M}\p{N}]+/gu)].map(([word]) => word).slice(0, wordsMax)
  return words.length === 0 ? "" : `${words.join(" & ")}:*`
}

/** How a handle may begin that is typed so: an address in small letters, a number with or without its plus and spaces. */
function beginningsOf(q: string): string[] {
  const forms = new Set([q, q.toLowerCase()])
  if (/^[+\d][\d\s().-]{2,}$/.test(q)) {
    const digits = q.replace(/\D/g, "").replace(/^00/, "")
    forms.add(digits).add(`+${digits}`)
    // A number without a country code is read as one of the United States, as it is when it comes in.
    if (!/^(\+|00)/.test(q)) forms.add(`+1${digits}`)
  }
  return [...forms].map((form) => `${form.replace(/[\\%_]/g, "\\$&")}%`)
}
