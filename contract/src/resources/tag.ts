/** A label on conversations. Source: Core API TagResponse. */
import Type, { type Static } from "typebox"
import { nullable, seconds } from "../shapes.ts"

/** Source: Core API CreateTag.highlight. */
export const highlights = ["grey", "pink", "red", "orange", "yellow", "green", "light-blue", "blue", "purple"] as const

export const Tag = Type.Object(
  {
    _links: Type.Object({
      self: Type.String(),
      related: Type.Object({
        conversations: Type.String(),
        owner: nullable(Type.String({ description: "null: the company" })),
        parent_tag: nullable(Type.String()),
        children: nullable(Type.String({ description: "null: it has none" })),
      }),
    }),
    id: Type.String({ description: "tag_…" }),
    name: Type.String(),
    description: nullable(Type.String()),
    highlight: nullable(Type.String({ description: "a colour's name" })),
    is_private: Type.Boolean({ description: "one teammate's own" }),
    is_visible_in_conversation_lists: Type.Boolean(),
    created_at: seconds,
    updated_at: seconds,
  },
  { title: "Tag" },
)
export type Tag = Static<typeof Tag>
