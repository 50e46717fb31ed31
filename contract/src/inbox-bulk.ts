/** Many conversations changed at once; ours, for the inbox. */
import Type, { type Static } from "typebox"
import { referenceCharsMax } from "./limits.ts"
import { nullable } from "./shapes.ts"

/** In one request; who chose more asks several times, and sees how far it has come. */
export const bulkConversationsMax = 200
const bulkTagsMax = 20

const TagIds = Type.Array(Type.String({ maxLength: referenceCharsMax }), { maxItems: bulkTagsMax })

/** What is to become of each; what is left out stays. */
export const BulkChange = Type.Object({
  status: Type.Optional(
    Type.Unsafe<"open" | "archived" | "deleted" | "spam">(
      Type.Union(["open", "archived", "deleted", "spam"].map((status) => Type.Literal(status))),
    ),
  ),
  assignee_id: Type.Optional(nullable(Type.String({ maxLength: referenceCharsMax }))),
  add_tag_ids: Type.Optional(TagIds),
  remove_tag_ids: Type.Optional(TagIds),
  snooze_until: Type.Optional(
    nullable(Type.Number({ description: "seconds, for the one who asks: archived until then; null: no longer" })),
  ),
})
export type BulkChange = Static<typeof BulkChange>

/** Why one of them stayed as it was. */
export const bulkRefusals = ["not_found", "merged", "closed_to_assignee"] as const
export type BulkRefusal = (typeof bulkRefusals)[number]

/** POST /causeway/conversations/bulk */
export const BulkResult = Type.Object({
  changed: Type.Array(
    Type.Object({ id: Type.String(), before: BulkChange }, { description: "`before`: the change that takes it back" }),
  ),
  refused: Type.Array(
    Type.Object({
      id: Type.String(),
      reason: Type.Unsafe<BulkRefusal>(Type.Union(bulkRefusals.map((reason) => Type.Literal(reason)))),
    }),
  ),
})
export type BulkResult = Static<typeof BulkResult>

/** GET /causeway/conversations/ids: which conversations a list has, in its order; for choosing all of them. */
export const ListedIds = Type.Object({
  ids: Type.Array(Type.String()),
  more: Type.Boolean({ description: "whether the list has more than can be chosen at once" }),
})
export type ListedIds = Static<typeof ListedIds>
