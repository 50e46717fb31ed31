/** One connection of an app to an inbox. Source: Core API ChannelResponse; webhook_url is a custom channel's only. */
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
      webhook_url: Type.Optional(nullable(Type.String())),
    }),
    is_private: Type.Boolean(),
    is_valid: Type.Boolean({ description: "whether it is online" }),
  },
  { title: "Channel" },
)
export type Channel = Static<typeof Channel>
