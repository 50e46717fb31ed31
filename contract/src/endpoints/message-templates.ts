/** Message templates (canned responses) and their folders. Source: the vendor's Core API document. */
import Type, { type Static } from "typebox"
import { endpoint } from "../endpoint.ts"
import { idsPerRequestMax, nameCharsMax, subjectCharsMax, templateBodyCharsMax } from "../limits.ts"
import { MessageTemplate, MessageTemplateFolder } from "../resources/message-template.ts"
import { listOf, nullable, pageQuery, sortQuery } from "../shapes.ts"

const callers = ["token", "session"] as const
const read = "message_templates:read"
const write = "message_templates:write"
const TemplateParams = Type.Object({ message_template_id: Type.String() })
const FolderParams = Type.Object({ message_template_folder_id: Type.String() })
const TeamParams = Type.Object({ team_id: Type.String() })
const TeammateParams = Type.Object({ teammate_id: Type.String({ description: "tea_… or alt:email:…" }) })
const ListQuery = Type.Object({ ...pageQuery, ...sortQuery })
const Reference = Type.String({ minLength: 1, maxLength: 100 })
const Name = Type.String({ minLength: 1, maxLength: nameCharsMax })

const texts = {
  name: Name,
  subject: Type.Optional(nullable(Type.String({ maxLength: subjectCharsMax }))),
  body: Type.String({ minLength: 1, maxLength: templateBodyCharsMax, description: "HTML" }),
}
const folder = { folder_id: Type.Optional(nullable(Reference)) }
const inboxes = {
  inbox_ids: Type.Optional(
    nullable(
      Type.Array(Reference, { minItems: 1, maxItems: idsPerRequestMax, description: "null or left out: every inbox" }),
    ),
  ),
}
/** In JSON only the empty list, which takes all files away; files come as multipart/form-data. */
const attachments = {
  attachments: Type.Optional(
    Type.Array(Type.Unknown(), { maxItems: 0, description: "files, as multipart/form-data; [] removes them" }),
  ),
}

export const NewSharedTemplate = Type.Object({ ...texts, ...folder, ...inboxes, ...attachments })
export const NewPrivateTemplate = Type.Object({ ...texts, ...folder, ...attachments })
export const NewChildTemplate = Type.Object({ ...texts, ...inboxes, ...attachments })
export type NewTemplate = Static<typeof NewSharedTemplate>

export const TemplateChange = Type.Partial(NewSharedTemplate)
export type TemplateChange = Static<typeof TemplateChange>

export const NewFolder = Type.Object({ name: Name, parent_folder_id: Type.Optional(nullable(Reference)) })
export const NewChildFolder = Type.Object({ name: Name })
export const FolderChange = Type.Partial(NewFolder)
export type FolderChange = Static<typeof FolderChange>

const listTemplatesAt = <P extends string>(path: P, summary: string) => ({
  method: "GET" as const,
  path,
  summary,
  callers,
  scope: read,
  query: ListQuery,
  responses: { 200: listOf(MessageTemplate) },
})
const createTemplateAt = <P extends string>(path: P, summary: string) => ({
  method: "POST" as const,
  path,
  summary,
  callers,
  scope: write,
  multipart: true,
  responses: { 201: MessageTemplate },
})

export const listTemplates = endpoint(listTemplatesAt("/message_templates", "Every message template."))
export const listTeamTemplates = endpoint({
  ...listTemplatesAt("/teams/:team_id/message_templates", "A team's message templates."),
  params: TeamParams,
})
export const listTeammateTemplates = endpoint({
  ...listTemplatesAt("/teammates/:teammate_id/message_templates", "A teammate's own message templates."),
  params: TeammateParams,
})
export const listFolderTemplates = endpoint({
  ...listTemplatesAt(
    "/message_template_folders/:message_template_folder_id/message_templates",
    "The message templates in a folder.",
  ),
  params: FolderParams,
})

export const createTemplate = endpoint({
  ...createTemplateAt("/message_templates", "Makes a message template of the oldest team."),
  body: NewSharedTemplate,
})
export const createTeamTemplate = endpoint({
  ...createTemplateAt("/teams/:team_id/message_templates", "Makes a message template of a team."),
  params: TeamParams,
  body: NewSharedTemplate,
})
export const createTeammateTemplate = endpoint({
  ...createTemplateAt("/teammates/:teammate_id/message_templates", "Makes a message template of a teammate's own."),
  params: TeammateParams,
  body: NewPrivateTemplate,
})
export const createFolderTemplate = endpoint({
  ...createTemplateAt(
    "/message_template_folders/:message_template_folder_id/message_templates",
    "Makes a message template in a folder, with the folder's owner.",
  ),
  params: FolderParams,
  body: NewChildTemplate,
})

export const getTemplate = endpoint({
  method: "GET",
  path: "/message_templates/:message_template_id",
  summary: "One message template.",
  callers,
  scope: read,
  params: TemplateParams,
  responses: { 200: MessageTemplate },
})

export const updateTemplate = endpoint({
  method: "PATCH",
  path: "/message_templates/:message_template_id",
  summary: "Changes a message template; files replace the ones it has.",
  callers,
  scope: write,
  multipart: true,
  params: TemplateParams,
  body: TemplateChange,
  responses: { 200: MessageTemplate },
})

export const deleteTemplate = endpoint({
  method: "DELETE",
  path: "/message_templates/:message_template_id",
  summary: "Deletes a message template.",
  callers,
  scope: "message_templates:delete",
  params: TemplateParams,
  responses: { 204: null },
})

export const downloadTemplateAttachment = endpoint({
  method: "GET",
  path: "/message_templates/:message_template_id/download/:template_attachment_id",
  summary: "A file of a message template.",
  callers,
  scope: "attachments:read",
  params: Type.Object({ message_template_id: Type.String(), template_attachment_id: Type.String() }),
  responses: { 200: null },
})

const listFoldersAt = <P extends string>(path: P, summary: string) => ({
  method: "GET" as const,
  path,
  summary,
  callers,
  scope: read,
  query: ListQuery,
  responses: { 200: listOf(MessageTemplateFolder) },
})
const createFolderAt = <P extends string>(path: P, summary: string) => ({
  method: "POST" as const,
  path,
  summary,
  callers,
  scope: write,
  body: NewFolder,
  responses: { 201: MessageTemplateFolder },
})

export const listFolders = endpoint(listFoldersAt("/message_template_folders", "Every folder of message templates."))
export const listTeamFolders = endpoint({
  ...listFoldersAt("/teams/:team_id/message_template_folders", "A team's folders."),
  params: TeamParams,
})
export const listTeammateFolders = endpoint({
  ...listFoldersAt("/teammates/:teammate_id/message_template_folders", "A teammate's own folders."),
  params: TeammateParams,
})
export const listChildFolders = endpoint({
  ...listFoldersAt(
    "/message_template_folders/:message_template_folder_id/message_template_folders",
    "The folders right inside a folder.",
  ),
  params: FolderParams,
})

export const createFolder = endpoint(createFolderAt("/message_template_folders", "Makes a folder of the oldest team."))
export const createTeamFolder = endpoint({
  ...createFolderAt("/teams/:team_id/message_template_folders", "Makes a folder of a team."),
  params: TeamParams,
})
export const createTeammateFolder = endpoint({
  ...createFolderAt("/teammates/:teammate_id/message_template_folders", "Makes a folder of a teammate's own."),
  params: TeammateParams,
})
export const createChildFolder = endpoint({
  ...createFolderAt(
    "/message_template_folders/:message_template_folder_id/message_template_folders",
    "Makes a folder inside another, with the same owner.",
  ),
  params: FolderParams,
  body: NewChildFolder,
})

export const getFolder = endpoint({
  method: "GET",
  path: "/message_template_folders/:message_template_folder_id",
  summary: "One folder.",
  callers,
  scope: read,
  params: FolderParams,
  responses: { 200: MessageTemplateFolder },
})

export const updateFolder = endpoint({
  method: "PATCH",
  path: "/message_template_folders/:message_template_folder_id",
  summary: "Renames a folder, or moves it; left out, parent_folder_id stays as it is, and null is the top.",
  callers,
  scope: write,
  params: FolderParams,
  body: FolderChange,
  responses: { 200: MessageTemplateFolder },
})

export const deleteFolder = endpoint({
  method: "DELETE",
  path: "/message_template_folders/:message_template_folder_id",
  summary: "Deletes a folder with everything in it.",
  callers,
  scope: "message_templates:delete",
  params: FolderParams,
  responses: {
    202: Type.Object({ status: Type.Literal("accepted"), message_template_folder_id: Type.String() }),
  },
})
