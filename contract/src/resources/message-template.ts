/** Texts that teammates keep to answer with, and their folders. Source: Core API MessageTemplateResponse, MessageTemplateFolderResponse. */
import Type, { type Static } from "typebox"
import { nullable, seconds } from "../shapes.ts"
import { Attachment } from "./message.ts"

export const MessageTemplate = Type.Object(
  {
    _links: Type.Object({
      self: Type.String(),
      related: Type.Object({
        owner: nullable(Type.String({ description: "its team or teammate; null: the company" })),
        parent_folder: nullable(Type.String()),
      }),
    }),
    id: Type.String({ description: "rsp_…" }),
    name: Type.String(),
    subject: nullable(Type.String()),
    body: Type.String({ description: "HTML, sanitised" }),
    attachments: Type.Array(Attachment),
    is_available_for_all_inboxes: Type.Boolean(),
    inbox_ids: nullable(Type.Array(Type.String())),
  },
  { title: "MessageTemplate" },
)
export type MessageTemplate = Static<typeof MessageTemplate>

export const MessageTemplateFolder = Type.Object(
  {
    _links: Type.Object({
      self: Type.String(),
      related: Type.Object({
        owner: nullable(Type.String()),
        parent_folder: nullable(Type.String()),
        child_folders: nullable(Type.String({ description: "null: it has none" })),
        child_answers: nullable(Type.String({ description: "null: no template is in it" })),
      }),
    }),
    id: Type.String({ description: "rsf_…" }),
    name: Type.String(),
    created_at: seconds,
    updated_at: seconds,
  },
  { title: "MessageTemplateFolder" },
)
export type MessageTemplateFolder = Static<typeof MessageTemplateFolder>
