import * as endpoints from "@causeway/contract/endpoints/message-templates"
import { formatId } from "@causeway/contract/ids"
import { fileHeaders } from "../attachments/download.ts"
import type { FileStore } from "../attachments/files.ts"
import { type ChangeDeps, changeCompany } from "../company/changes.ts"
import type { Tx } from "../database/database.ts"
import type { Principal } from "../http/callers.ts"
import { invalid, notFound } from "../http/errors.ts"
import { pagedList } from "../http/lists.ts"
import type { UploadedFile } from "../http/multipart.ts"
import { type Answer, type Call, type Route, route } from "../http/route.ts"
import { findInboxIds } from "../inboxes/store.ts"
import { readBody } from "../messages/html.ts"
import { memberOf } from "../teammates/roles.ts"
import { getTeammate } from "../teammates/store.ts"
import { type Owner, type OwnerColumns, ownerOf, requireOwner, viewerOf } from "../teams/owner.ts"
import { defaultOwner, getTeam, holdOwner, lockCompany } from "../teams/store.ts"
import { folderRoutes } from "./folder-routes.ts"
import { findFolder, getFolder } from "./folders.ts"
import { formatTimePlace, readTimePage } from "./place.ts"
import * as store from "./store.ts"

export interface MessageTemplateDeps extends ChangeDeps {
  files: FileStore
}

export const messageTemplateRoutes = (deps: MessageTemplateDeps): Route[] => [
  ...listRoutes(deps),
  ...createRoutes(deps),
  ...oneRoutes(deps),
  ...folderRoutes(deps),
]

const listRoutes = (deps: MessageTemplateDeps): Route[] => [
  route(endpoints.listTemplates, (call) => answerTemplates(deps, call, null)),

  route(endpoints.listTeamTemplates, async (call) => {
    const { id } = await getTeam(deps.db, memberOf(call.principal).companyId, call.params.team_id)
    return answerTemplates(deps, call, { owner: { owner_kind: "team", owner_id: id } })
  }),

  route(endpoints.listTeammateTemplates, async (call) => {
    const { id } = await getTeammate(deps.db, memberOf(call.principal).companyId, call.params.teammate_id)
    return answerTemplates(deps, call, { owner: { owner_kind: "teammate", owner_id: id } })
  }),

  route(endpoints.listFolderTemplates, async (call) => {
    const { principal, params } = call
    const { companyId } = memberOf(principal)
    const folder = await getFolder(deps.db, companyId, viewerOf(principal), params.message_template_folder_id)
    return answerTemplates(deps, call, { folderId: folder.id })
  }),
]

const createRoutes = (deps: MessageTemplateDeps): Route[] => [
  route(endpoints.createTemplate, async (call) => {
    const owner = await defaultOwner(deps.db, memberOf(call.principal).companyId)
    return create(deps, call, owner, call.body)
  }),

  route(endpoints.createTeamTemplate, async (call) => {
    const { id } = await getTeam(deps.db, memberOf(call.principal).companyId, call.params.team_id)
    return create(deps, call, { kind: "team", id }, call.body)
  }),

  route(endpoints.createTeammateTemplate, async (call) => {
    const { id } = await getTeammate(deps.db, memberOf(call.principal).companyId, call.params.teammate_id)
    const { name, subject, body, folder_id } = call.body
    return create(deps, call, { kind: "teammate", id }, { name, subject, body, folder_id })
  }),

  route(endpoints.createFolderTemplate, async (call) => {
    const { principal, params } = call
    const { companyId } = memberOf(principal)
    const folder = await getFolder(deps.db, companyId, viewerOf(principal), params.message_template_folder_id)
    const { name, subject, body, inbox_ids } = call.body
    const folder_id = formatId("rsf", folder.id)
    return create(deps, call, ownerOf(folder), { name, subject, body, inbox_ids, folder_id })
  }),
]

const oneRoutes = (deps: MessageTemplateDeps): Route[] => [
  route(endpoints.getTemplate, async ({ params, principal, origin }) => {
    const { companyId } = memberOf(principal)
    const template = await store.getTemplate(deps.db, companyId, viewerOf(principal), params.message_template_id)
    return { status: 200, body: store.templateResource(template, origin) }
  }),

  route(endpoints.updateTemplate, async (call) => {
    const template = await change(deps, call)
    return { status: 200, body: store.templateResource(template, call.origin) }
  }),

  route(endpoints.deleteTemplate, async ({ params, principal }) => {
    const { companyId } = memberOf(principal)
    await changeCompany(deps, companyId, "message_template_changed", async (tx) => {
      const template = await store.getTemplate(tx, companyId, viewerOf(principal), params.message_template_id)
      requireOwner(principal, ownerOf(template))
      await store.removeTemplates(tx, companyId, [template.id])
      return { id: formatId("rsp", template.id) }
    })
    return { status: 204 }
  }),

  route(endpoints.downloadTemplateAttachment, async ({ params, principal }) => {
    const { companyId } = memberOf(principal)
    const template = await store.getTemplate(deps.db, companyId, viewerOf(principal), params.message_template_id)
    const row = await store.findTemplateFile(deps.db, companyId, template.id, params.template_attachment_id)
    const file = row === null ? null : await deps.files.open(row.sha256)
    if (row === null || file === null) throw notFound("attachment", params.template_attachment_id)
    return {
      status: 200,
      stream: file.stream(),
      headers: { ...(await fileHeaders(row, file)), "content-length": String(file.size) },
    }
  }),
]

async function answerTemplates(
  { db }: MessageTemplateDeps,
  call: Call<typeof endpoints.listTemplates>,
  filter: store.PlaceFilter,
): Promise<Answer> {
  const { principal, query, origin } = call
  const page = readTimePage(query, ["created_at", "updated_at", "sort_order"])
  const rows = await store.listTemplates(db, memberOf(principal).companyId, viewerOf(principal), filter, page)
  const body = pagedList(call, rows, {
    limit: page.limit,
    placeOf: (template) => formatTimePlace(template),
    resource: (template) => store.templateResource(template, origin),
  })
  return { status: 200, body }
}

type NewTemplate = { [K in keyof endpoints.NewTemplate]: endpoints.NewTemplate[K] | undefined } & {
  name: string
  body: string
}

async function create(
  deps: MessageTemplateDeps,
  { principal, files, origin }: { principal: Principal; files: UploadedFile[]; origin: string },
  owner: Owner,
  given: NewTemplate,
): Promise<Answer> {
  requireOwner(principal, owner)
  const { companyId } = memberOf(principal)
  const columns: OwnerColumns = { owner_kind: owner.kind, owner_id: owner.id }
  const body = readBody(given.body, { format: "html" }).body
  await deps.ids.reserve(1 + files.length)
  const id = deps.ids.take()
  const named = files.map((file) => ({ ...file, id: deps.ids.take() }))
  const { template } = await changeCompany(deps, companyId, "message_template_changed", async (tx) => {
    await lockCompany(tx, companyId)
    await holdOwner(tx, companyId, owner)
    await store.insertTemplate(tx, companyId, {
      id,
      name: given.name,
      subject: given.subject ?? null,
      body,
      folder_id: given.folder_id ? await folderFor(tx, principal, given.folder_id, columns) : null,
      inbox_ids: await inboxesFor(tx, companyId, given.inbox_ids),
      ...columns,
    })
    await store.replaceFiles(tx, companyId, [id], named)
    return { id: formatId("rsp", id), template: await store.getTemplate(tx, companyId, null, formatId("rsp", id)) }
  })
  return { status: 201, body: store.templateResource(template, origin) }
}

/** What is not named stays; files or an empty list replace the files. Source: Core API UpdateMessageTemplate. */
async function change(
  deps: MessageTemplateDeps,
  { params, body, files, principal }: Call<typeof endpoints.updateTemplate>,
): Promise<store.TemplateRow> {
  const { companyId } = memberOf(principal)
  const html = body.body === undefined ? null : readBody(body.body, { format: "html" }).body
  await deps.ids.reserve(files.length)
  const named = files.map((file) => ({ ...file, id: deps.ids.take() }))
  const { template } = await changeCompany(deps, companyId, "message_template_changed", async (tx) => {
    await lockCompany(tx, companyId)
    const before = await store.getTemplate(tx, companyId, viewerOf(principal), params.message_template_id)
    requireOwner(principal, ownerOf(before))
    const folderOf = async (reference: string | null | undefined): Promise<number | null> => {
      if (reference === undefined) return before.folder_id
      return reference === null ? null : folderFor(tx, principal, reference, before)
    }
    await store.saveTemplate(tx, companyId, {
      ...before,
      name: body.name ?? before.name,
      subject: body.subject === undefined ? before.subject : body.subject,
      body: html ?? before.body,
      folder_id: await folderOf(body.folder_id),
      inbox_ids: body.inbox_ids === undefined ? before.inbox_ids : await inboxesFor(tx, companyId, body.inbox_ids),
    })
    if (files.length > 0 || body.attachments !== undefined) await store.replaceFiles(tx, companyId, [before.id], named)
    const id = formatId("rsp", before.id)
    return { id, template: await store.getTemplate(tx, companyId, null, id) }
  })
  return template
}

async function folderFor(tx: Tx, principal: Principal, reference: string, owner: OwnerColumns): Promise<number> {
  const folder = await findFolder(tx, memberOf(principal).companyId, viewerOf(principal), reference)
  if (folder === null) throw invalid("body.folder_id", "names no folder")
  if (folder.owner_kind !== owner.owner_kind || folder.owner_id !== owner.owner_id)
    throw invalid("body.folder_id", "names a folder of another owner")
  return folder.id
}

async function inboxesFor(
  tx: Tx,
  companyId: number,
  references: readonly string[] | null | undefined,
): Promise<number[] | null> {
  return references ? findInboxIds(tx, companyId, references, "body.inbox_ids") : null
}
