/** The inbox's own search; what the vendor's finds is in endpoints/conversations.ts. */
import Type, { type Static } from "typebox"
import { endpoint } from "../endpoint.ts"
import { ConversationRow } from "../inbox.ts"
import { referenceCharsMax, searchCharsMax } from "../limits.ts"
import { nullable } from "../shapes.ts"

/** Of each kind in one answer. */
export const searchPageMax = 20

/** What it says around the words, cut into what was looked for and what was not. */
const Excerpt = Type.Array(Type.Object({ text: Type.String(), is_hit: Type.Boolean() }))

const Hit = Type.Object({
  conversation: ConversationRow,
  kind: Type.Union([Type.Literal("message"), Type.Literal("comment"), Type.Literal("call")]),
  id: Type.String({ description: "msg_… or com_…" }),
  author: Type.String(),
  at: Type.Number(),
  excerpt: Excerpt,
})
export type SearchHit = Static<typeof Hit>

export const searchStates = [
  "open",
  "unassigned",
  "assigned",
  "archived",
  "snoozed",
  "trashed",
  "failed",
  "unread",
  "waiting",
] as const

/** GET /causeway/search: newest first, at most twenty of each kind. */
export const SearchResults = Type.Object({
  messages: Type.Array(Hit, { description: "messages, and what teammates wrote among themselves" }),
  conversations: Type.Array(ConversationRow, {
    description: "those with a subject that has the words, or all that fit when there are no words",
  }),
  contacts: Type.Array(
    Type.Object({
      id: Type.String(),
      name: nullable(Type.String()),
      handles: Type.Array(Type.String()),
      conversation_id: nullable(Type.String({ description: "the newest one that is open to you" })),
    }),
  ),
  calls: Type.Array(Hit),
  is_partial: Type.Boolean({ description: "whether looking into everything would have taken too long" }),
})
export type SearchResults = Static<typeof SearchResults>

const Reference = Type.Optional(Type.String({ maxLength: referenceCharsMax }))

export const searchInbox = endpoint({
  method: "GET",
  path: "/causeway/search",
  summary: "Messages, comments, conversations, contacts and calls that have the words, in the conversations that fit.",
  callers: ["session"],
  scope: null,
  query: Type.Object({
    q: Type.Optional(Type.String({ maxLength: searchCharsMax, description: "words; the last one may be a beginning" })),
    channel_id: Reference,
    inbox_id: Reference,
    tag_id: Reference,
    assignee_id: Reference,
    from: Type.Optional(Type.String({ maxLength: referenceCharsMax, description: "the handle of whoever wrote it" })),
    is: Type.Optional(Type.String({ maxLength: 20, description: searchStates.join(", ") })),
    before: Type.Optional(Type.String({ maxLength: 20, description: "seconds" })),
    after: Type.Optional(Type.String({ maxLength: 20, description: "seconds" })),
  }),
  responses: { 200: SearchResults },
})
