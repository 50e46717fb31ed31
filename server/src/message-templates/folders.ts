import { formatId, parseId } from "@causeway/contract/ids"
import type { MessageTemplateFolder } from "@causeway/contract/resources/message-template"
import type { Tx } from "../database/database.ts"
import { notFound } from "../http/errors.ts"
import { seconds } from "../messages/resource.ts"
import { type OwnerColumns, ownerLink, visibleTo } from "../teams/owner.ts"
import { pageClause, pageValues, placeColumn, type TimePage } from "./place.ts"
import { filterOf, type PlaceFilter, removeTemplates } from "./store.ts"

export interface FolderRow extends OwnerColumns {
  id: number
  name: string
  parent_id: number | null
  has_folders: boolean
  has_templates: boolean
  created_at: Date
  updated_at: Date
}

const columns = `id, name, parent_id, owner_kind, owner_id, created_at, updated_at,
  exists (select from message_template_folder child where child.company_id = folder.company_id and child.parent_id = folder.id) as has_folders,
  exists (select from message_template child where child.company_id = folder.company_id and child.folder_id = folder.id) as has_templates`

/** By `rsf_…`; null when the company has none, or it is another teammate's own. `viewer`: see `viewerOf`. */
export async function findFolder(
  tx: Tx,
  companyId: number,
  viewer: number | null,
  reference: string,
): Promise<FolderRow | null> {
  const id = parseId("rsf", reference)
  if (id === null) return null
  const rows = await tx.query<FolderRow>({
    name: "template_folders.find",
    text: `select ${columns} from message_template_folder folder where company_id = $1 and id = $2 and ${visibleTo("$3")}`,
    values: [companyId, id, viewer],
  })
  return rows[0] ?? null
}

/** The same; 404 instead of null. */
export async function getFolder(
  tx: Tx,
  companyId: number,
  viewer: number | null,
  reference: string,
): Promise<FolderRow> {
  const folder = await findFolder(tx, companyId, viewer, reference)
  if (folder === null) throw notFound("message template folder", reference)
  return folder
}

/** One row more than the page. */
export function listFolders(
  tx: Tx,
  companyId: number,
  viewer: number | null,
  filter: PlaceFilter,
  page: TimePage,
): Promise<(FolderRow & { place: number })[]> {
  const { kind, condition, values } = filterOf(filter, "parent_id")
  return tx.query({
    name: `template_folders.list_${kind}_${page.column}_${page.order}`,
    text: `select ${columns}, ${placeColumn(page.column)} from message_template_folder folder where company_id = $1 and ${visibleTo("$2")}
             and ${condition} ${pageClause(page)}`,
    values: [companyId, viewer, ...pageValues(page), ...values],
  })
}

export async function insertFolder(
  tx: Tx,
  companyId: number,
  folder: OwnerColumns & { id: number; name: string; parent_id: number | null },
): Promise<void> {
  await tx.query({
    text: "insert into message_template_folder (company_id, id, name, parent_id, owner_kind, owner_id) values ($1, $2, $3, $4, $5, $6)",
    values: [companyId, folder.id, folder.name, folder.parent_id, folder.owner_kind, folder.owner_id],
  })
}

export async function saveFolder(
  tx: Tx,
  companyId: number,
  folder: { id: number; name: string; parent_id: number | null },
): Promise<void> {
  await tx.query({
    text: "update message_template_folder set name = $3, parent_id = $4, updated_at = now() where company_id = $1 and id = $2",
    values: [companyId, folder.id, folder.name, folder.parent_id],
  })
}

/** A folder and those it lies in, from the inside out. Climbs by the primary key; ends in a circle too, should there ever be one. */
export async function folderChain(tx: Tx, companyId: number, id: number): Promise<number[]> {
  const rows = await tx.query<{ id: number }>({
    name: "template_folders.chain",
    text: `with recursive chain (id) as (
             select $2::bigint union
             select folder.parent_id from message_template_folder folder join chain on folder.id = chain.id
             where folder.company_id = $1 and folder.parent_id is not null)
           select id from chain`,
    values: [companyId, id],
  })
  return rows.map((row) => row.id)
}

/** How many levels lie inside a folder, itself included. Walks message_template_folder_parent. */
export async function folderHeight(tx: Tx, companyId: number, id: number): Promise<number> {
  const rows = await tx.query<{ height: number }>({
    name: "template_folders.height",
    text: `with recursive inside (id, level) as (
             select $2::bigint, 1 union all
             select folder.id, inside.level + 1 from message_template_folder folder join inside on folder.parent_id = inside.id
             where folder.company_id = $1)
           select max(level) as height from inside`,
    values: [companyId, id],
  })
  return rows[0]?.height ?? 1
}

/** A folder with every folder and template in it, however deep. */
export async function removeFolder(tx: Tx, companyId: number, id: number): Promise<void> {
  const folders = await tx.query<{ id: number }>({
    text: `with recursive inside (id) as (
             select $2::bigint union
             select folder.id from message_template_folder folder join inside on folder.parent_id = inside.id where folder.company_id = $1)
           select id from inside`,
    values: [companyId, id],
  })
  const values = [companyId, folders.map((folder) => folder.id)]
  const templates = await tx.query<{ id: number }>({
    text: "select id from message_template where company_id = $1 and folder_id = any($2::bigint[])",
    values,
  })
  await removeTemplates(
    tx,
    companyId,
    templates.map((template) => template.id),
  )
  await tx.query({
    text: "delete from message_template_folder where company_id = $1 and id = any($2::bigint[])",
    values,
  })
}

/** The vendor's MessageTemplateFolder. */
export function folderResource(folder: FolderRow, origin: string): MessageTemplateFolder {
  const id = formatId("rsf", folder.id)
  const self = `${origin}/message_template_folders/${id}`
  return {
    _links: {
      self,
      related: {
        owner: ownerLink(folder, origin),
        parent_folder:
          folder.parent_id === null ? null : `${origin}/message_template_folders/${formatId("rsf", folder.parent_id)}`,
        child_folders: folder.has_folders ? `${self}/message_template_folders` : null,
        child_answers: folder.has_templates ? `${self}/message_templates` : null,
      },
    },
    id,
    name: folder.name,
    created_at: seconds(folder.created_at),
    updated_at: seconds(folder.updated_at),
  }
}
