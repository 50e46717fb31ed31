/** Conversations. Source: the vendor's Core API document; /causeway/… is ours, for the inbox. */
import Type, { type Static } from "typebox"
import { endpoint } from "../endpoint.ts"
import {
  ConversationDetail,
  ConversationList,
  conversationViews,
  listSorts,
  MessagePage,
  TimelinePage,
} from "../inbox.ts"
import { BulkChange, BulkResult, bulkConversationsMax, ListedIds } from "../inbox-bulk.ts"
import {
  commentCharsMax,
  followersMax,
  mergedConversationsMax,
  referenceCharsMax,
  searchCharsMax,
  subjectCharsMax,
  tagsPerConversationMax,
  taskDescriptionCharsMax,
} from "../limits.ts"
import { Conversation } from "../resources/conversation.ts"
import { Message } from "../resources/message.ts"
import { anyObject, listOf, nullable, pageQuery, sortQuery } from "../shapes.ts"

const ConversationParams = Type.Object({ conversation_id: Type.String({ description: "cnv_…" }) })

/** The query of every list of conversations. Source: Core API parameters conversationQuery, sortByConversations. */
export const conversationListQuery = Type.Object({
  q: Type.Optional(
    Type.String({
      maxLength: 4000,
      description: 'as JSON {"statuses":["assigned","unassigned","archived","trashed"]}, or q[statuses][]=archived',
    }),
  ),
  ...pageQuery,
  ...sortQuery,
})

export const listConversations = endpoint({
  method: "GET",
  path: "/conversations",
  summary: "Every conversation, newest activity first.",
  callers: ["token", "session"],
  scope: "conversations:read",
  query: conversationListQuery,
  responses: { 200: listOf(Conversation) },
})

export const getConversation = endpoint({
  method: "GET",
  path: "/conversations/:conversation_id",
  summary: "One conversation.",
  callers: ["channel", "token", "session"],
  scope: "conversations:read",
  params: ConversationParams,
  responses: { 200: Conversation },
})

export const listConversationMessages = endpoint({
  method: "GET",
  path: "/conversations/:conversation_id/messages",
  summary: "Its messages, newest first.",
  callers: ["channel", "token", "session"],
  scope: "messages:read",
  params: ConversationParams,
  query: Type.Object({ ...pageQuery, ...sortQuery }),
  responses: { 200: listOf(Message) },
})

export const searchConversations = endpoint({
  method: "GET",
  path: "/conversations/search/:query",
  summary: "Conversations whose messages hold all the words, and to which every filter applies; newest activity first.",
  callers: ["token", "session"],
  scope: "conversations:read",
  params: Type.Object({
    query: Type.String({
      minLength: 1,
      maxLength: searchCharsMax,
      description: 'words, "phrases" and filters such as tag:tag_123 is:open after:1700000000',
    }),
  }),
  query: Type.Object(pageQuery),
  responses: {
    200: Type.Object({
      ...listOf(Conversation).properties,
      _total: Type.Integer({ description: "how many there are in all, counted up to 10,000" }),
    }),
  },
})

const Assignee = nullable(Type.String({ maxLength: referenceCharsMax, description: "null: nobody" }))
const TaskText = Type.String({ maxLength: taskDescriptionCharsMax })
const DueAt = Type.Number({ description: "seconds; ahead, and within 50 years" })

export const NewConversation = Type.Object({
  type: Type.Union([Type.Literal("discussion"), Type.Literal("task")]),
  subject: Type.String({ minLength: 1, maxLength: subjectCharsMax }),
  inbox_id: Type.Optional(Type.String({ description: "either this or teammate_ids" })),
  teammate_ids: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: referenceCharsMax }), { minItems: 1, maxItems: followersMax }),
  ),
  comment: Type.Optional(
    Type.Object(
      {
        author_id: Type.Optional(Type.String({ maxLength: referenceCharsMax })),
        body: Type.String({ minLength: 1, maxLength: commentCharsMax }),
      },
      { description: "what it begins with; a discussion needs it" },
    ),
  ),
  description: Type.Optional(TaskText),
  due_at: Type.Optional(DueAt),
  custom_fields: Type.Optional(anyObject),
})
export type NewConversation = Static<typeof NewConversation>

export const createConversation = endpoint({
  method: "POST",
  path: "/conversations",
  summary: "Begins a discussion or a task among teammates: of an inbox, or between those named.",
  callers: ["token", "session"],
  scope: "conversations:write",
  body: NewConversation,
  multipart: true,
  fileField: "comment",
  responses: { 201: Conversation },
})

export const ConversationChange = Type.Object({
  assignee_id: Type.Optional(Assignee),
  inbox_id: Type.Optional(Type.String()),
  status: Type.Optional(
    Type.Unsafe<"archived" | "open" | "deleted" | "spam">(
      Type.Union(["archived", "open", "deleted", "spam"].map((status) => Type.Literal(status))),
    ),
  ),
  status_id: Type.Optional(Type.String({ description: "of a ticket: ticketing is off here" })),
  tag_ids: Type.Optional(
    Type.Array(Type.String(), { maxItems: tagsPerConversationMax, description: "all it has afterwards" }),
  ),
  description: Type.Optional(nullable(TaskText)),
  due_at: Type.Optional(nullable(DueAt)),
  custom_fields: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: "all it has afterwards" })),
})
export type ConversationChange = Static<typeof ConversationChange>

export const updateConversation = endpoint({
  method: "PATCH",
  path: "/conversations/:conversation_id",
  summary: "Changes status, assignee, inbox, tags, custom fields, or what a task says.",
  callers: ["channel", "token", "session"],
  scope: "conversations:write",
  params: ConversationParams,
  body: ConversationChange,
  responses: { 204: null },
})

export const deleteConversation = endpoint({
  method: "DELETE",
  path: "/conversations/:conversation_id",
  summary: "Deletes a conversation that is in the trash for good, with all its messages.",
  callers: ["channel", "token", "session"],
  scope: "conversations:delete",
  params: ConversationParams,
  responses: { 204: null },
})

export const updateAssignee = endpoint({
  method: "PUT",
  path: "/conversations/:conversation_id/assignee",
  summary: "Assigns a conversation to a teammate, or to nobody.",
  callers: ["channel", "token", "session"],
  scope: "conversations:write",
  params: ConversationParams,
  body: Type.Object({ assignee_id: Assignee }),
  responses: { 204: null },
})

export const mergeConversations = endpoint({
  method: "POST",
  path: "/causeway/conversations/:conversation_id/merge",
  summary:
    "Puts other conversations into this one: their messages, comments, threads and waiting work go on in it, and their ids lead to it.",
  callers: ["token", "session"],
  scope: "conversations:write",
  params: ConversationParams,
  body: Type.Object({
    conversation_ids: Type.Array(Type.String(), { minItems: 1, maxItems: mergedConversationsMax }),
  }),
  responses: { 204: null },
})

const Place = Type.String({
  maxLength: 60,
  description: "a row as time_id: the milliseconds that the list is sorted by (n: does not wait), and its cnv_…",
})

/** What a list of the inbox is of, and in which order. */
export const listQuery = Type.Object({
  view: Type.Optional(Type.String({ maxLength: 20, description: conversationViews.join(", ") })),
  inbox_id: Type.Optional(Type.String({ maxLength: referenceCharsMax })),
  channel_id: Type.Optional(Type.String({ maxLength: referenceCharsMax })),
  tag_id: Type.Optional(Type.String({ maxLength: referenceCharsMax })),
  assignee_id: Type.Optional(Type.String({ maxLength: referenceCharsMax })),
  sort: Type.Optional(Type.String({ maxLength: 20, description: listSorts.join(", ") })),
})

export const listConversationRows = endpoint({
  method: "GET",
  path: "/causeway/conversations",
  summary: "A stretch of one list of the inbox.",
  callers: ["session"],
  scope: null,
  query: Type.Object({
    ...listQuery.properties,
    below: Type.Optional(Place),
    above: Type.Optional(Place),
    offset: Type.Optional(Type.String({ maxLength: 12, description: "how many rows to leap over" })),
    limit: Type.Optional(Type.String()),
  }),
  responses: { 200: ConversationList },
})

export const listIds = endpoint({
  method: "GET",
  path: "/causeway/conversations/ids",
  summary: "Which conversations a list of the inbox has, to choose all of them.",
  callers: ["session"],
  scope: null,
  query: listQuery,
  responses: { 200: ListedIds },
})

export const changeConversations = endpoint({
  method: "POST",
  path: "/causeway/conversations/bulk",
  summary: "Changes many conversations at once, and names those that stayed as they were.",
  callers: ["session"],
  scope: null,
  body: Type.Object({
    conversation_ids: Type.Array(Type.String({ minLength: 1, maxLength: referenceCharsMax }), {
      minItems: 1,
      maxItems: bulkConversationsMax,
    }),
    change: BulkChange,
  }),
  responses: { 200: BulkResult },
})

export const readConversation = endpoint({
  method: "PUT",
  path: "/causeway/conversations/:conversation_id/read",
  summary: "Says how far you have read a conversation; 0 makes it unread.",
  callers: ["session"],
  scope: null,
  params: ConversationParams,
  body: Type.Object({ number: Type.Integer({ minimum: 0, maximum: 2_147_483_647 }) }),
  responses: { 204: null },
})

export const openConversation = endpoint({
  method: "GET",
  path: "/causeway/conversations/:conversation_id",
  summary: "A conversation with its newest messages and its channel.",
  callers: ["session"],
  scope: null,
  params: ConversationParams,
  responses: { 200: ConversationDetail },
})

export const listOlderMessages = endpoint({
  method: "GET",
  path: "/causeway/conversations/:conversation_id/messages",
  summary: "Messages before a given one, oldest first.",
  callers: ["session"],
  scope: null,
  params: ConversationParams,
  query: Type.Object({ before: Type.Optional(Type.String()), limit: Type.Optional(Type.String()) }),
  responses: { 200: MessagePage },
})

export const readTimeline = endpoint({
  method: "GET",
  path: "/causeway/conversations/:conversation_id/timeline",
  summary:
    "A conversation with a page of everything in it, newest first: messages, calls, comments, and what was done.",
  callers: ["session"],
  scope: null,
  params: ConversationParams,
  query: Type.Object({ before: Type.Optional(Type.String()), limit: Type.Optional(Type.String()) }),
  responses: { 200: TimelinePage },
})

export const live = endpoint({
  method: "GET",
  path: "/causeway/live",
  summary: "What changes, as server-sent events: hello, change, resync. Resume with Last-Event-ID or ?after=.",
  callers: ["session"],
  scope: null,
  query: Type.Object({ after: Type.Optional(Type.String({ maxLength: 100 })) }),
  responses: { 200: null },
})
