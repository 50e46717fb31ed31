/** Message and its parts as the API and the webhooks show them. Source: Core API MessageResponse, and recorded webhook payloads (is_draft). */
import Type, { type Static } from "typebox"
import { nullable, seconds } from "../shapes.ts"
import { Signature } from "./signature.ts"
import { Teammate } from "./teammate.ts"

export const Recipient = Type.Object(
  {
    _links: Type.Object({ related: Type.Object({ contact: nullable(Type.String()) }) }),
    name: nullable(Type.String()),
    handle: Type.String(),
    role: Type.Union(["from", "to", "cc", "bcc", "reply-to"].map((role) => Type.Literal(role))),
  },
  { title: "Recipient" },
)

export const Attachment = Type.Object(
  {
    id: Type.String({ description: "fil_…" }),
    filename: Type.String(),
    url: Type.String({ description: "fetched with the credentials of the caller" }),
    content_type: Type.String(),
    size: Type.Integer({ description: "bytes" }),
    metadata: Type.Object({ is_inline: Type.Boolean(), cid: Type.Optional(Type.String()) }),
  },
  { title: "Attachment" },
)

const links = {
  self: Type.String(),
  related: Type.Object({
    conversation: Type.String(),
    message_replied_to: Type.Optional(Type.String()),
    message_seen: Type.String(),
  }),
}

export const Message = Type.Object(
  {
    _links: Type.Object(links),
    id: Type.String({ description: "msg_…" }),
    message_uid: Type.String({ description: "32 characters" }),
    type: Type.String({ description: "custom, call …" }),
    is_inbound: Type.Boolean(),
    is_draft: Type.Boolean({ description: "true until the partner has taken it" }),
    draft_mode: nullable(Type.Union([Type.Literal("shared"), Type.Literal("private")])),
    error_type: nullable(Type.String({ description: "set on a reply that failed or whose fate is unknown" })),
    version: nullable(Type.String()),
    created_at: seconds,
    subject: nullable(Type.String()),
    blurb: Type.String(),
    author: nullable(Teammate),
    recipients: Type.Array(Recipient),
    body: Type.String({ description: "HTML, sanitised" }),
    text: Type.String(),
    attachments: Type.Array(Attachment),
    signature: nullable(Signature),
    metadata: Type.Object({
      external_id: Type.Optional(Type.String({ description: "for a channel's own token only" })),
      thread_ref: Type.Optional(Type.String()),
      headers: Type.Record(Type.String(), Type.Unknown()),
    }),
  },
  { title: "Message" },
)
export type Message = Static<typeof Message>
