import { formatId, parseId } from "@causeway/contract/ids"
import type { Link } from "@causeway/contract/resources/link"
import type { Tx } from "../database/database.ts"
import { notFound } from "../http/errors.ts"

export interface LinkRow {
  id: number
  name: string
  type: string
  external_url: string
  custom_fields: Record<string, unknown>
}

const columns = "id, name, type, external_url, custom_fields"

/** By `top_…`; null when the company has none. */
export async function findLink(tx: Tx, companyId: number, reference: string): Promise<LinkRow | null> {
  const id = parseId("top", reference)
  return id === null ? null : ((await findLinks(tx, companyId, [id]))[0] ?? null)
}

/** The same; 404 instead of null. */
export async function getLink(tx: Tx, companyId: number, reference: string): Promise<LinkRow> {
  const link = await findLink(tx, companyId, reference)
  if (link === null) throw notFound("link", reference)
  return link
}

/** Links by their ids, for whatever carries them. By the primary key. */
export const findLinks = (tx: Tx, companyId: number, ids: readonly number[]): Promise<LinkRow[]> =>
  tx.query<LinkRow>({
    name: "links.find",
    text: `select ${columns} from link where company_id = $1 and id = any($2::bigint[]) order by id`,
    values: [companyId, ids],
  })

export interface LinkPage {
  limit: number
  after: number | null
  order: "asc" | "desc"
  /** Null: of every type. */
  types: readonly string[] | null
}

/** By id; one row more than the page. Walks the primary key. */
export const listLinks = (tx: Tx, companyId: number, page: LinkPage): Promise<LinkRow[]> =>
  tx.query<LinkRow>({
    name: `links.list_${page.order}`,
    text: `select ${columns} from link where company_id = $1 and ($4::text[] is null or type = any($4))
             and ($3::bigint is null or id ${page.order === "asc" ? ">" : "<"} $3) order by id ${page.order} limit $2`,
    values: [companyId, page.limit + 1, page.after, page.types],
  })

/**
 * The link of a URL: the one it has already, else a new one with the given id and name (the URL itself unless given). Any number of callers at once get
 * the same one, by link_external_url.
 */
export async function linkFor(
  tx: Tx,
  companyId: number,
  link: { id: number; name?: string; url: string },
): Promise<LinkRow> {
  const rows = await tx.query<LinkRow>({
    name: "links.for",
    text: `insert into link (company_id, id, name, external_url) values ($1, $2, $3, $4)
           on conflict (company_id, md5(external_url)) do update set external_url = link.external_url returning ${columns}`,
    values: [companyId, link.id, link.name || link.url, link.url],
  })
  return rows[0] as LinkRow
}

export async function renameLink(tx: Tx, companyId: number, id: number, name: string): Promise<void> {
  await tx.query({
    name: "links.rename",
    text: "update link set name = $3, updated_at = now() where company_id = $1 and id = $2",
    values: [companyId, id, name],
  })
}

/** The vendor's Link. */
export function linkResource(link: LinkRow, origin: string): Link {
  const id = formatId("top", link.id)
  return {
    _links: { self: `${origin}/links/${id}` },
    id,
    name: link.name,
    type: link.type,
    external_url: link.external_url,
    custom_fields: link.custom_fields,
  }
}
