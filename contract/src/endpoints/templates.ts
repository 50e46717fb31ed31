/** Message templates of a channel's provider. Source: the vendor's Channel API document; /causeway/… is ours. */
import Type, { type Static } from "typebox"
import { endpoint } from "../endpoint.ts"
import { externalIdCharsMax, nameCharsMax } from "../limits.ts"
import { TemplateStatus, TemplateView, VariableMapping } from "../resources/template.ts"

const values = {
  name: Type.String({ minLength: 1, maxLength: nameCharsMax }),
  blurb: Type.String({ maxLength: 2000, description: "the beginning of its text" }),
  is_disabled: Type.Boolean({ description: "whether the provider has switched it off" }),
  status_name: TemplateStatus,
  variable_mappings: Type.Array(VariableMapping, { maxItems: 100 }),
  template_preview: Type.String({ maxLength: 200_000, description: "HTML" }),
}

/** A whole template, as PUT takes it. */
export const ChannelTemplate = Type.Object({
  external_id: Type.String({ minLength: 1, maxLength: externalIdCharsMax }),
  ...values,
})
export type ChannelTemplate = Static<typeof ChannelTemplate>

/** What PATCH takes: any part but the external id. */
export const ChannelTemplateChange = Type.Partial(Type.Object(values))
export type ChannelTemplateChange = Static<typeof ChannelTemplateChange>

/** A number, as the vendor's schema types it (its example is a string). */
const TemplateKept = Type.Object({ template_id: Type.Integer() })

const callers = ["channel", "token"] as const
const scope = "message_templates:write"
const ChannelParams = Type.Object({ channel_id: Type.String({ description: "cha_… or alt:address:…" }) })

export const putTemplate = endpoint({
  method: "PUT",
  path: "/channels/:channel_id/application_message_templates",
  summary: "Keeps a template of the channel's provider, in place of the one with the same external_id.",
  callers,
  scope,
  params: ChannelParams,
  body: ChannelTemplate,
  responses: { 200: TemplateKept },
})

export const changeTemplate = endpoint({
  method: "PATCH",
  path: "/channels/:channel_id/application_message_templates/:external_id",
  summary: "Changes parts of a template.",
  callers,
  scope,
  params: Type.Object({ channel_id: Type.String(), external_id: Type.String() }),
  body: ChannelTemplateChange,
  responses: { 200: TemplateKept },
})

export const listChannelTemplates = endpoint({
  method: "GET",
  path: "/causeway/channels/:channel_id/templates",
  summary: "The templates of a channel by name, with what each needs before it can be sent.",
  callers: ["token", "session"],
  scope: "message_templates:read",
  params: ChannelParams,
  responses: { 200: Type.Object({ templates: Type.Array(TemplateView) }) },
})
