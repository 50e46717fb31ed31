/** The vendor's Rule: what it does is said in sentences only. Source: Core API RuleResponse. */
import Type, { type Static } from "typebox"
import { nullable } from "../shapes.ts"

export const Rule = Type.Object({
  _links: Type.Object({
    self: Type.String(),
    related: Type.Object({ owner: nullable(Type.String()) }),
  }),
  id: Type.String(),
  name: Type.String(),
  actions: Type.Array(Type.String({ description: 'e.g. "Tag with VIP"' })),
  is_private: Type.Boolean(),
})
export type Rule = Static<typeof Rule>
