/** What became of a message after it was sent. Source: the vendor's Channel API document; `failed` is the only status there is. */
import Type, { type Static } from "typebox"
import { endpoint } from "../endpoint.ts"

export const MessageStatusChange = Type.Object({
  status: Type.Literal("failed"),
  reason: Type.Optional(
    Type.Union([Type.String({ maxLength: 2000 }), Type.Null()], { description: "shown to the teammates" }),
  ),
})
export type MessageStatusChange = Static<typeof MessageStatusChange>

export const updateMessageStatus = endpoint({
  method: "PUT",
  path: "/channels/:channel_id/conversations/:conv_ext_id/messages/:message_ext_id/status",
  summary: "Says that an outbound message failed after all; its conversation is opened again.",
  callers: ["channel", "token"],
  scope: "messages:write",
  params: Type.Object({
    channel_id: Type.String({ description: "cha_… or alt:address:…" }),
    conv_ext_id: Type.String({ description: "external_conversation_id, percent-encoded" }),
    message_ext_id: Type.String({ description: "external_id, percent-encoded" }),
  }),
  body: MessageStatusChange,
  responses: { 204: null },
})
