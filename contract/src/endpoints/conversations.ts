/** Conversations. Source: the vendor's Core API document; /causeway/… is ours, for the inbox. */
import Type from "typebox"
import { endpoint } from "../endpoint.ts"
import { ConversationDetail, ConversationList, MessagePage } from "../inbox.ts"
import { Conversation } from "../resources/conversation.ts"
import { Message } from "../resources/message.ts"
import { listOf, nullable, pageQuery, sortQuery } from "../shapes.ts"

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

export const updateConversation = endpoint({
  method: "PATCH",
  path: "/conversations/:conversation_id",
  summary: "Changes status or assignee.",
  callers: ["channel", "token", "session"],
  scope: "conversations:write",
  params: ConversationParams,
  body: Type.Object({
    status: Type.Optional(
      Type.Union([Type.Literal("archived"), Type.Literal("open"), Type.Literal("deleted"), Type.Literal("spam")]),
    ),
    assignee_id: Type.Optional(nullable(Type.String({ maxLength: 400 }))),
  }),
  responses: { 204: null },
})

export const listConversationRows = endpoint({
  method: "GET",
  path: "/causeway/conversations",
  summary: "One view of the inbox, newest activity first.",
  callers: ["session"],
  scope: null,
  query: Type.Object({
    view: Type.Optional(Type.String()),
    before: Type.Optional(Type.String({ maxLength: 100 })),
    limit: Type.Optional(Type.String()),
  }),
  responses: { 200: ConversationList },
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

export const live = endpoint({
  method: "GET",
  path: "/causeway/live",
  summary: "What changes, as server-sent events: hello, change, resync. Resume with Last-Event-ID or ?after=.",
  callers: ["session"],
  scope: null,
  query: Type.Object({ after: Type.Optional(Type.String({ maxLength: 100 })) }),
  responses: { 200: null },
})
