/** A conversation: messages with people outside, or talk among teammates (discussion, task). Source: Core API ConversationResponse. */
import Type, { type Static } from "typebox"
import { anyObject, nullable, seconds } from "../shapes.ts"
import { Link } from "./link.ts"
import { Recipient } from "./message.ts"
import { Tag } from "./tag.ts"
import { Teammate } from "./teammate.ts"

/** A snooze that has not ended. Source: Core API Reminder. */
export const Reminder = Type.Object(
  {
    _links: Type.Object({ related: Type.Object({ owner: Type.String({ description: "the teammate" }) }) }),
    created_at: seconds,
    scheduled_at: seconds,
    updated_at: seconds,
  },
  { title: "Reminder" },
)
export type Reminder = Static<typeof Reminder>

export const conversationTypes = ["conversation", "discussion", "task"] as const
export type ConversationType = (typeof conversationTypes)[number]

export const Conversation = Type.Object(
  {
    _links: Type.Object({
      self: Type.String(),
      related: Type.Object({
        events: Type.String(),
        followers: Type.String(),
        messages: Type.String(),
        comments: Type.String(),
        inboxes: Type.String(),
        last_message: Type.Optional(Type.String()),
      }),
    }),
    id: Type.String({ description: "cnv_…" }),
    type: Type.Unsafe<ConversationType>(Type.Union(conversationTypes.map((type) => Type.Literal(type)))),
    subject: Type.String(),
    status: Type.Unsafe<"archived" | "unassigned" | "deleted" | "assigned">(
      Type.Union(["archived", "unassigned", "deleted", "assigned"].map((status) => Type.Literal(status))),
    ),
    ticket_ids: Type.Array(Type.String()),
    assignee: nullable(Teammate),
    recipient: nullable(Recipient),
    tags: Type.Array(Tag),
    links: Type.Array(Link),
    custom_fields: anyObject,
    created_at: seconds,
    updated_at: seconds,
    waiting_since: Type.Optional(Type.Number({ description: "seconds; the oldest message that nobody has answered" })),
    is_private: Type.Boolean({ description: "in a teammate's own inbox, or between named teammates" }),
    scheduled_reminders: Type.Array(Reminder, { description: "archived with any of these: snoozed" }),
    description: Type.Optional(nullable(Type.String({ description: "of a task" }))),
    due_at: Type.Optional(nullable(Type.Number({ description: "of a task; seconds" }))),
    metadata: Type.Object({
      external_conversation_ids: Type.Optional(
        Type.Array(Type.String(), { description: "for a channel's own token only" }),
      ),
    }),
  },
  { title: "Conversation" },
)
export type Conversation = Static<typeof Conversation>
