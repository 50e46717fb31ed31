/** Something that happened to a conversation. Source: Core API EventResponse. */
import Type, { type Static } from "typebox"
import { unlistedEventTypes, vendorEventTypes } from "../event-types.ts"
import { seconds } from "../shapes.ts"
import { Comment } from "./comment.ts"
import { Conversation } from "./conversation.ts"
import { CustomField } from "./custom-field.ts"
import { Inbox } from "./inbox.ts"
import { Link } from "./link.ts"
import { Message } from "./message.ts"
import { Rule } from "./rule.ts"
import { Tag } from "./tag.ts"
import { Teammate } from "./teammate.ts"

const words = <T extends string>(list: readonly T[]) =>
  Type.Unsafe<T>(Type.Union(list.map((word) => Type.Literal(word))))

export const eventSources = [
  "api",
  "oauth_client",
  "rule",
  "teammate",
  "imap",
  "gmail",
  "reminder",
  "inboxes",
  "recipient",
] as const
export const eventTargets = [
  "teammate",
  "inboxes",
  "message",
  "comment",
  "tag",
  "deleted_conversation_ids",
  "link",
  "custom_field",
] as const

export const Event = Type.Object(
  {
    _links: Type.Object({ self: Type.String() }),
    id: Type.String({ description: "evt_…" }),
    type: words([...vendorEventTypes, ...unlistedEventTypes]),
    emitted_at: seconds,
    source: Type.Object({
      _meta: Type.Object({ type: words(eventSources) }),
      data: Type.Optional(Type.Union([Rule, Teammate, Type.Array(Inbox)])),
    }),
    target: Type.Optional(
      Type.Object({
        _meta: Type.Object({ type: words(eventTargets) }),
        data: Type.Optional(
          Type.Union([
            Teammate,
            Inbox,
            Message,
            Comment,
            Tag,
            Link,
            CustomField,
            Type.Array(Type.String({ description: "cnv_… that were merged away" })),
          ]),
        ),
      }),
    ),
    conversation: Conversation,
  },
  { title: "Event" },
)
export type Event = Static<typeof Event>
