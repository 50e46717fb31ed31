/** Where conversations are. Source: Core API InboxResponse. */
import Type, { type Static } from "typebox"
import { anyObject, nullable } from "../shapes.ts"

export const Inbox = Type.Object(
  {
    _links: Type.Object({
      self: Type.String(),
      related: Type.Object({
        teammates: Type.String(),
        conversations: Type.String(),
        channels: Type.String(),
        owner: nullable(Type.String({ description: "its team, or the teammate whose own it is" })),
      }),
    }),
    id: Type.String({ description: "inb_…" }),
    name: Type.String(),
    is_private: Type.Boolean({ description: "one teammate's own" }),
    is_public: Type.Boolean({ description: "open to everybody without being named" }),
    custom_fields: anyObject,
  },
  { title: "Inbox" },
)
export type Inbox = Static<typeof Inbox>
