/** Comments. Source: the vendor's Core API document; /causeway/… is ours, for the inbox. */
import Type, { type Static } from "typebox"
import { endpoint } from "../endpoint.ts"
import { CommentList } from "../inbox.ts"
import { commentCharsMax } from "../limits.ts"
import { Comment } from "../resources/comment.ts"
import { Teammate } from "../resources/teammate.ts"
import { listOf, nullable } from "../shapes.ts"

const callers = ["token", "session"] as const
const ConversationParams = Type.Object({ conversation_id: Type.String() })
const CommentParams = Type.Object({ comment_id: Type.String() })

const Body = Type.String({
  minLength: 1,
  maxLength: commentCharsMax,
  description: "markdown; @username tells that teammate",
})

export const NewComment = Type.Object({
  author_id: Type.Optional(
    nullable(Type.String({ maxLength: 400, description: "tea_… or alt:email:…; the caller's own bot unless said" })),
  ),
  body: Body,
  is_pinned: Type.Optional(Type.Boolean()),
  attachments: Type.Optional(Type.Unknown()),
})
export type NewComment = Static<typeof NewComment>

export const CommentChange = Type.Object({
  body: Type.Optional(Body),
  is_pinned: Type.Optional(Type.Boolean()),
})
export type CommentChange = Static<typeof CommentChange>

export const listComments = endpoint({
  method: "GET",
  path: "/conversations/:conversation_id/comments",
  summary: "The comments of a conversation, newest first.",
  callers: ["channel", ...callers],
  scope: "comments:read",
  params: ConversationParams,
  responses: { 200: listOf(Comment) },
})

export const createComment = endpoint({
  method: "POST",
  path: "/conversations/:conversation_id/comments",
  summary: "Adds a comment. Teammates whom it names with @username, and its author, follow the conversation.",
  callers: ["channel", ...callers],
  scope: "comments:write",
  params: ConversationParams,
  body: NewComment,
  multipart: true,
  responses: { 201: Comment },
})

export const getComment = endpoint({
  method: "GET",
  path: "/comments/:comment_id",
  summary: "One comment.",
  callers,
  scope: "comments:read",
  params: CommentParams,
  responses: { 200: Comment },
})

export const updateComment = endpoint({
  method: "PATCH",
  path: "/comments/:comment_id",
  summary: "Changes the text of the caller's own comment, or pins one.",
  callers,
  scope: "comments:write",
  params: CommentParams,
  body: CommentChange,
  responses: { 200: Comment },
})

export const replyToComment = endpoint({
  method: "POST",
  path: "/comments/:comment_id/replies",
  summary: "Adds a comment that answers another one.",
  callers,
  scope: "comments:write",
  params: CommentParams,
  body: NewComment,
  multipart: true,
  responses: { 201: Comment },
})

export const listCommentMentions = endpoint({
  method: "GET",
  path: "/comments/:comment_id/mentions",
  summary: "The teammates whom a comment names, in its order.",
  callers,
  scope: "teammates:read",
  params: CommentParams,
  responses: { 200: listOf(Teammate) },
})

export const downloadCommentAttachment = endpoint({
  method: "GET",
  path: "/comments/:comment_id/download/:comment_attachment_id",
  summary: "A file of a comment.",
  callers,
  scope: "attachments:read",
  params: Type.Object({ comment_id: Type.String(), comment_attachment_id: Type.String() }),
  responses: { 200: null },
})

export const listCommentViews = endpoint({
  method: "GET",
  path: "/causeway/conversations/:conversation_id/comments",
  summary: "The comments of a conversation, oldest first, ready to show.",
  callers: ["session"],
  scope: null,
  params: ConversationParams,
  responses: { 200: CommentList },
})
