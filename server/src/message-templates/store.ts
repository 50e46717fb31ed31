import { formatId, parseId } from "@causeway/contract/ids"
import type { MessageTemplate } from "@causeway/contract/resources/message-template"
import type { Tx } from "../database/database.ts"
import { notFound } from "../http/errors.ts"
import type { UploadedFile } from "../http/multipart.ts"
import { type OwnerColumns, ownerLink, visibleTo } from "../teams/owner.ts"
import { pageClause, pageValues, placeColumn, type TimePage } from "./place.ts"

interface FileRow {
  id: number
  filename: string
  content_type: string
  size: number
}

export interface TemplateRow extends OwnerColumns {
  id: number
  name: string
  subject: string | null
  body: string
  folder_id: number | null
  inbox_ids: number[] | null
  attachments: FileRow[]
}

const columns = `id, name, subject, body, folder_id, inbox_ids, owner_kind, owner_id,
  (select coalesce(json_agg(json_build_object('id', file.id, 'filename', file.filename, 'content_type', file.content_type, 'size', file.size)
     order by file.position), '[]') from message_template_attachment file
   where file.company_id = message_template.company_id and file.template_id = message_template.id) as attachments`

/** By `rsp_…`; 404 when the company has none, or it is another teammate's own. `viewer`: see `viewerOf`. */
export async function getTemplate(
  tx: Tx,
  companyId: number,
  viewer: number | null,
  reference: string,
): Promise<TemplateRow> {
  const id = parseId("rsp", reference)
  const rows =
    id === null
      ? []
      : await tx.query<TemplateRow>({
          name: "message_templates.find",
          text: `select ${columns} from message_template where company_id = $1 and id = $2 and ${visibleTo("$3")}`,
          values: [companyId, id, viewer],
        })
  if (rows[0] === undefined) throw notFound("message template", reference)
  return rows[0]
}

/** What a list is of: everything, one owner's, or what is in a folder. */
export type PlaceFilter = { owner: OwnerColumns } | { folderId: number } | null

/** The condition of a filter, whose values are $6 and $7. Walks the index by owner or by folder; everything is the primary key's. */
export function filterOf(filter: PlaceFilter, folderColumn: "folder_id" | "parent_id") {
  if (filter === null)
    return { kind: "all", condition: "$6::text is null and $7::bigint is null", values: [null, null] }
  if ("owner" in filter)
    return {
      kind: "owner",
      condition: "owner_kind = $6 and owner_id is not distinct from $7::bigint",
      values: [filter.owner.owner_kind, filter.owner.owner_id],
    }
  return {
    kind: "folder",
    condition: `$6::text is null and ${folderColumn} = $7`,
    values: [null, filter.folderId],
  }
}

/** One row more than the page, which tells that there is another. A company's templates are few enough to be sorted by time. */
export function listTemplates(
  tx: Tx,
  companyId: number,
  viewer: number | null,
  filter: PlaceFilter,
  page: TimePage,
): Promise<(TemplateRow & { place: number })[]> {
  const { kind, condition, values } = filterOf(filter, "folder_id")
  return tx.query({
    name: `message_templates.list_${kind}_${page.column}_${page.order}`,
    text: `select ${columns}, ${placeColumn(page.column)} from message_template where company_id = $1 and ${visibleTo("$2")} and ${condition}
           ${pageClause(page)}`,
    values: [companyId, viewer, ...pageValues(page), ...values],
  })
}

type Values = Omit<TemplateRow, "attachments">

export async function insertTemplate(tx: Tx, companyId: number, template: Values): Promise<void> {
  await tx.query({
    name: "message_templates.insert",
    text: `insert into message_template (company_id, id, name, subject, body, folder_id, inbox_ids, owner_kind, owner_id)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    values: [
      companyId,
      template.id,
      template.name,
      template.subject,
      template.body,
      template.folder_id,
      template.inbox_ids,
      template.owner_kind,
      template.owner_id,
    ],
  })
}

export async function saveTemplate(tx: Tx, companyId: number, template: Values): Promise<void> {
  await tx.query({
    name: "message_templates.save",
    text: `update message_template set name = $3, subject = $4, body = $5, folder_id = $6, inbox_ids = $7, updated_at = now()
           where company_id = $1 and id = $2`,
    values: [
      companyId,
      template.id,
      template.name,
      template.subject,
      template.body,
      template.folder_id,
      template.inbox_ids,
    ],
  })
}

export async function removeTemplates(tx: Tx, companyId: number, ids: readonly number[]): Promise<void> {
  await replaceFiles(tx, companyId, ids, [])
  await tx.query({
    text: "delete from message_template where company_id = $1 and id = any($2::bigint[])",
    values: [companyId, ids],
  })
}

/** The files of a template, in the order given, instead of what it had. Walks message_template_attachment_template. */
export async function replaceFiles(
  tx: Tx,
  companyId: number,
  templateIds: readonly number[],
  files: readonly (UploadedFile & { id: number })[],
): Promise<void> {
  await tx.query({
    text: "delete from message_template_attachment where company_id = $1 and template_id = any($2::bigint[])",
    values: [companyId, templateIds],
  })
  for (const [position, file] of files.entries())
    await tx.query({
      name: "message_templates.attach",
      text: `insert into message_template_attachment (company_id, id, template_id, position, filename, content_type, size, sha256)
             values ($1, $2, $3, $4, $5, $6, $7, $8)`,
      values: [companyId, file.id, templateIds[0], position, file.filename, file.contentType, file.size, file.sha256],
    })
}

/** A file of a template by `fil_…`; null when it has none. By the primary key. */
export async function findTemplateFile(
  tx: Tx,
  companyId: number,
  templateId: number,
  reference: string,
): Promise<(FileRow & { sha256: Buffer }) | null> {
  const id = parseId("fil", reference)
  if (id === null) return null
  const rows = await tx.query<FileRow & { sha256: Buffer }>({
    name: "message_templates.file",
    text: `select id, filename, content_type, size, sha256 from message_template_attachment
           where company_id = $1 and id = $2 and template_id = $3`,
    values: [companyId, id, templateId],
  })
  return rows[0] ?? null
}

/** The vendor's MessageTemplate. */
export function templateResource(template: TemplateRow, origin: string): MessageTemplate {
  const id = formatId("rsp", template.id)
  const self = `${origin}/message_templates/${id}`
  return {
    _links: {
      self,
      related: {
        owner: ownerLink(template, origin),
        parent_folder:
          template.folder_id === null
            ? null
            : `${origin}/message_template_folders/${formatId("rsf", template.folder_id)}`,
      },
    },
    id,
    name: template.name,
    subject: template.subject,
    body: template.body,
    attachments: template.attachments.map((file) => ({
      id: formatId("fil", file.id),
      filename: file.filename,
      url: `${self}/download/${formatId("fil", file.id)}`,
      content_type: file.content_type,
      size: file.size,
      metadata: { is_inline: false },
    })),
    is_available_for_all_inboxes: template.inbox_ids === null,
    inbox_ids: template.inbox_ids?.map((inboxId) => formatId("inb", inboxId)) ?? null,
  }
}
