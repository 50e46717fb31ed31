import { formatId, parseId } from "@causeway/contract/ids"
import type { Tag } from "@causeway/contract/resources/tag"
import type { Tx } from "../database/database.ts"
import { notFound } from "../http/errors.ts"
import { seconds } from "../messages/resource.ts"
import { type OwnerColumns, ownerLink, visibleTo } from "../teams/owner.ts"

export interface TagRow extends OwnerColumns {
  id: number
  name: string
  description: string | null
  highlight: string | null
  is_private: boolean
  is_visible_in_conversation_lists: boolean
  parent_id: number | null
  has_children: boolean
  created_at: Date
  updated_at: Date
}

const columns = `id, name, description, highlight, is_private, is_visible_in_conversation_lists, parent_id, owner_kind, owner_id,
  exists (select from tag child where child.company_id = tag.company_id and child.parent_id = tag.id) as has_children, created_at, updated_at`

/** By `tag_…`; null when the company has none, or it is another teammate's own. `viewer`: see `viewerOf`. */
export async function findTag(
  tx: Tx,
  companyId: number,
  viewer: number | null,
  reference: string,
): Promise<TagRow | null> {
  const id = parseId("tag", reference)
  if (id === null) return null
  const rows = await tx.query<TagRow>({
    name: "tags.find",
    text: `select ${columns} from tag where company_id = $1 and id = $2 and ${visibleTo("$3")}`,
    values: [companyId, id, viewer],
  })
  return rows[0] ?? null
}

/** The same; 404 instead of null. */
export async function getTag(tx: Tx, companyId: number, viewer: number | null, reference: string): Promise<TagRow> {
  const tag = await findTag(tx, companyId, viewer, reference)
  if (tag === null) throw notFound("tag", reference)
  return tag
}

/** Tags by their ids, for whatever carries them. By the primary key. */
export const findTags = (tx: Tx, companyId: number, ids: readonly number[]): Promise<TagRow[]> =>
  tx.query<TagRow>({
    name: "tags.find_all",
    text: `select ${columns} from tag where company_id = $1 and id = any($2::bigint[]) order by id`,
    values: [companyId, ids],
  })

export interface TagPage {
  limit: number
  after: number | null
  order: "asc" | "desc"
}

/** What a list is of: everything, one owner's, or what is under a tag. */
export type TagFilter = { owner: OwnerColumns } | { parentId: number } | null

/** By id; one row more than the page, which tells that there is another. Walks the primary key, tag_owner or tag_parent. */
export async function listTags(
  tx: Tx,
  companyId: number,
  viewer: number | null,
  filter: TagFilter,
  page: TagPage,
): Promise<TagRow[]> {
  const kind = filter === null ? "all" : "owner" in filter ? "owner" : "parent"
  const condition = {
    all: "$5::text is null and $6::bigint is null",
    owner: "owner_kind = $5 and owner_id is not distinct from $6::bigint",
    parent: "$5::text is null and parent_id = $6",
  }[kind]
  const [owner, id] =
    filter === null
      ? [null, null]
      : "owner" in filter
        ? [filter.owner.owner_kind, filter.owner.owner_id]
        : [null, filter.parentId]
  return tx.query<TagRow>({
    name: `tags.list_${kind}_${page.order}`,
    text: `select ${columns} from tag where company_id = $1 and ${visibleTo("$2")} and ${condition}
             and ($4::bigint is null or id ${page.order === "asc" ? ">" : "<"} $4) order by id ${page.order} limit $3`,
    values: [companyId, viewer, page.limit + 1, page.after, owner, id],
  })
}

export async function insertTag(
  tx: Tx,
  companyId: number,
  tag: Omit<TagRow, "has_children" | "created_at" | "updated_at">,
): Promise<TagRow> {
  const rows = await tx.query<TagRow>({
    name: "tags.insert",
    text: `insert into tag (company_id, id, name, description, highlight, is_private, is_visible_in_conversation_lists, parent_id, owner_kind, owner_id)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) returning ${columns}`,
    values: [
      companyId,
      tag.id,
      tag.name,
      tag.description,
      tag.highlight,
      tag.is_private,
      tag.is_visible_in_conversation_lists,
      tag.parent_id,
      tag.owner_kind,
      tag.owner_id,
    ],
  })
  return rows[0] as TagRow
}

export async function saveTag(tx: Tx, companyId: number, tag: TagRow): Promise<void> {
  await tx.query({
    name: "tags.save",
    text: `update tag set name = $3, description = $4, highlight = $5, is_visible_in_conversation_lists = $6, parent_id = $7, updated_at = now()
           where company_id = $1 and id = $2`,
    values: [
      companyId,
      tag.id,
      tag.name,
      tag.description,
      tag.highlight,
      tag.is_visible_in_conversation_lists,
      tag.parent_id,
    ],
  })
}

/** Whether `id` is `ancestorId` or somewhere under it. Climbs by the primary key, once per level. */
export async function isWithin(tx: Tx, companyId: number, id: number, ancestorId: number): Promise<boolean> {
  const rows = await tx.query({
    name: "tags.within",
    text: `with recursive chain (id) as (
             select $2::bigint union select tag.parent_id from tag join chain on tag.id = chain.id where tag.company_id = $1 and tag.parent_id is not null)
           select from chain where id = $3`,
    values: [companyId, id, ancestorId],
  })
  return rows.length > 0
}

/** The vendor's Tag. */
export function tagResource(tag: TagRow, origin: string): Tag {
  const id = formatId("tag", tag.id)
  const self = `${origin}/tags/${id}`
  return {
    _links: {
      self,
      related: {
        conversations: `${self}/conversations`,
        owner: ownerLink(tag, origin),
        parent_tag: tag.parent_id === null ? null : `${origin}/tags/${formatId("tag", tag.parent_id)}`,
        children: tag.has_children ? `${self}/children` : null,
      },
    },
    id,
    name: tag.name,
    description: tag.description,
    highlight: tag.highlight,
    is_private: tag.is_private,
    is_visible_in_conversation_lists: tag.is_visible_in_conversation_lists,
    created_at: seconds(tag.created_at),
    updated_at: seconds(tag.updated_at),
  }
}
