/** A conversation's timeline as the inbox reads it; ours. Times are seconds since 1970 with fractions. */
import Type, { type Static } from "typebox"
import { nullable } from "./shapes.ts"

/** The vendor's event types that say something about a conversation besides its messages and comments, and a channel that goes offline or comes back. */
export const activityTypes = [
  "assign",
  "unassign",
  "archive",
  "reopen",
  "trash",
  "restore",
  "reminder",
  "snooze",
  "move",
  "tag",
  "untag",
  "conversations_merged",
  "link_added",
  "link_removed",
  "custom_field_updated",
  "channel_status",
] as const
export type ActivityType = (typeof activityTypes)[number]

const Named = Type.Object({
  id: nullable(Type.String()),
  name: nullable(Type.String({ description: "null: it is gone" })),
})

/** One thing that was done, or that happened. It never changes; what it names is named as it is called now. */
export const ActivityView = Type.Object({
  id: Type.String({ description: "evt_…" }),
  type: Type.Unsafe<ActivityType>(Type.Union(activityTypes.map((type) => Type.Literal(type)))),
  position: Type.Integer({ description: "place in the company's feed; decides among equal times" }),
  at: Type.Number(),
  conversation_id: nullable(Type.String({ description: "null: of a channel, and so of all its conversations" })),
  channel_id: nullable(Type.String()),
  actor: Type.Object({
    kind: Type.Union([
      Type.Literal("teammate"),
      Type.Literal("rule"),
      Type.Literal("integration"),
      Type.Literal("system"),
    ]),
    id: nullable(Type.String()),
    name: nullable(Type.String()),
  }),
  subject: nullable(
    Type.Object(Named.properties, { description: "the teammate, tag, inbox, link, field or channel it is about" }),
  ),
  cause: nullable(
    Type.Union([Type.Literal("reply_failed"), Type.Literal("message"), Type.Literal("call")], {
      description: "of reopen: why, when nobody asked for it",
    }),
  ),
  message_id: nullable(Type.String({ description: "the reply that failed" })),
  until: nullable(Type.Number({ description: "of snooze" })),
  count: nullable(Type.Integer({ description: "of conversations_merged: how many came in" })),
  status: nullable(Type.Union([Type.Literal("ok"), Type.Literal("offline")], { description: "of channel_status" })),
  reason: nullable(Type.String({ description: "of channel_status: the words it was taken offline with" })),
  version: Type.Integer(),
})
export type ActivityView = Static<typeof ActivityView>
