/** One connection of an app to an inbox. Source: Core API ChannelResponse; the last four settings are a custom channel's only. */
import Type, { type Static } from "typebox"
import { nullable } from "../shapes.ts"

export const Channel = Type.Object(
  {
    _links: Type.Object({
      self: Type.String(),
      related: Type.Object({ inbox: nullable(Type.String()), owner: nullable(Type.String()) }),
    }),
    id: Type.String({ description: "cha_…" }),
    name: Type.String(),
    address: Type.String(),
    type: Type.String({ description: "custom" }),
    send_as: Type.String(),
    settings: Type.Object({
      undo_send_time: Type.Integer({ description: "seconds" }),
      all_teammates_can_reply: Type.Boolean(),
      auto_assign: Type.Boolean({ description: "who replies first gets the conversation" }),
      webhook_url: Type.Optional(nullable(Type.String({ description: "the outgoing URL" }))),
      contact_type: Type.Optional(Type.String({ description: "what its handles are: custom, email or phone" })),
      reply_mode: Type.Optional(Type.String({ description: "same_channel, or unsupported: nobody can reply" })),
      compose_mode: Type.Optional(
        Type.String({ description: "normal, or unsupported: nobody can begin a conversation" }),
      ),
    }),
    is_private: Type.Boolean(),
    is_valid: Type.Boolean({ description: "whether it is online" }),
  },
  { title: "Channel" },
)
export type Channel = Static<typeof Channel>
