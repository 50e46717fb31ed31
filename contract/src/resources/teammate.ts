/** A person of the company, or the bot that acted in one's place. Source: Core API TeammateResponse. */
import Type, { type Static } from "typebox"
import { anyObject, nullable } from "../shapes.ts"

export const Teammate = Type.Object(
  {
    _links: Type.Object({
      self: Type.String(),
      related: Type.Object({
        inboxes: nullable(Type.String()),
        conversations: nullable(Type.String()),
        botSource: nullable(Type.String()),
      }),
    }),
    id: Type.String({ description: "tea_…" }),
    email: Type.String(),
    username: Type.String(),
    first_name: nullable(Type.String()),
    last_name: nullable(Type.String()),
    is_admin: Type.Boolean(),
    is_available: Type.Boolean(),
    is_blocked: Type.Boolean(),
    type: Type.Union(
      ["user", "visitor", "rule", "macro", "api", "application", "integration", "csat", "ai"].map((type) =>
        Type.Literal(type),
      ),
    ),
    custom_fields: anyObject,
  },
  { title: "Teammate" },
)
export type Teammate = Static<typeof Teammate>
