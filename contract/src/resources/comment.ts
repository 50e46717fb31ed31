/** What teammates say to each other about a conversation. Source: Core API CommentResponse. */
import Type, { type Static } from "typebox"
import { nullable, seconds } from "../shapes.ts"
import { Attachment } from "./message.ts"
import { Teammate } from "./teammate.ts"

export const Comment = Type.Object(
  {
    _links: Type.Object({
      self: Type.String(),
      related: Type.Object({
        conversation: Type.String(),
        mentions: Type.String(),
        comment_replied_to: nullable(Type.String()),
      }),
    }),
    id: Type.String({ description: "com_…" }),
    author: Teammate,
    body: Type.String({ description: "markdown, as it was written" }),
    posted_at: seconds,
    attachments: Type.Array(Attachment),
    is_pinned: Type.Boolean(),
  },
  { title: "Comment" },
)
export type Comment = Static<typeof Comment>
