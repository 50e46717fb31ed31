import type { CommentChange } from "@causeway/contract/endpoints/comments"
import type { ConversationRow } from "../conversations/read.ts"
import type { Tx } from "../database/database.ts"
import type { Member } from "../http/callers.ts"
import { forbidden, HttpError } from "../http/errors.ts"
import type { UploadedFile } from "../http/multipart.ts"
import { appendEvents, type FeedEvent } from "../live/feed.ts"
import { markdownToHtml } from "../messages/markdown.ts"
import { insertAttachments } from "../messages/store.ts"
import type { Services } from "../services.ts"
import { botOf, credentialOf, sourceOf } from "./author.ts"
import { findMentioned } from "./mentions.ts"
import { type CommentRow, findComment, follow, insertComment, saveComment } from "./store.ts"

type Deps = Pick<Services, "db" | "ids" | "committed">

interface Draft {
  /** Null: whoever calls. */
  authorId: number | null
  body: string
  isPinned: boolean
  replyToId: number | null
  files: UploadedFile[]
}

/** Keeps a comment with its files, lets its author and everybody it names follow the conversation, and tells `comment` and `mention`. Returns its id. */
export async function addComment(
  deps: Deps,
  member: Member,
  conversation: ConversationRow,
  draft: Draft,
): Promise<number> {
  const { companyId } = member
  const comment = await prepareComment(deps, member, draft)
  await deps.db.tx(async (tx) => {
    await touch(tx, companyId, conversation.id, comment.text)
    await appendEvents(tx, companyId, await comment.keep(tx, conversation.id))
  })
  deps.committed([companyId])
  return comment.id
}

/** A comment that is ready to be kept. */
export interface PreparedComment {
  id: number
  text: string
  /** Keeps it in the caller's transaction, which holds the conversation. Returns the events that tell of it. */
  keep(tx: Tx, conversationId: number): Promise<FeedEvent[]>
}

/** The same for whoever keeps a comment together with something else: what is slow, or can be refused, is done here. */
export async function prepareComment(deps: Deps, member: Member, draft: Draft): Promise<PreparedComment> {
  const { companyId } = member
  const authorId = member.kind === "session" ? member.teammateId : draft.authorId
  const bot = member.kind === "session" || authorId !== null ? null : await botOf(deps.db, member)
  await deps.ids.reserve(3 + draft.files.length)
  const id = deps.ids.take()
  const { body: html, text } = markdownToHtml(draft.body)
  async function keep(tx: Tx, conversationId: number): Promise<FeedEvent[]> {
    const mentions = await findMentioned(tx, companyId, draft.body)
    await insertComment(tx, {
      companyId,
      id,
      conversationId,
      authorId,
      bot,
      createdBy: credentialOf(member),
      body: draft.body,
      html,
      text,
      mentions,
      replyToId: draft.replyToId,
      isPinned: draft.isPinned,
    })
    await insertAttachments(tx, deps.ids, [{ companyId, id, files: draft.files }])
    await follow(tx, companyId, conversationId, [...(authorId === null ? [] : [authorId]), ...mentions])
    const shared = { conversationId, source: sourceOf(member, authorId) }
    return [
      { ...shared, id: deps.ids.take(), type: "comment", target: { type: "comment", comment_id: id } },
      ...mentionEvents(deps, shared, id, mentions),
    ]
  }
  return { id, text, keep }
}

/** One for everybody who is named by this change: the vendor's event has the comment for a target, and who is named is read from there. */
const mentionEvents = (deps: Deps, shared: object, commentId: number, teammateIds: readonly number[]): FeedEvent[] =>
  teammateIds.length === 0
    ? []
    : [
        {
          ...shared,
          id: deps.ids.take(),
          type: "mention",
          target: { type: "comment", comment_id: commentId, teammate_ids: teammateIds },
        },
      ]

/**
 * Changes a comment. Its text belongs to whoever wrote it: 403 for anybody else, an admin included (Core API, UpdateComment.body). What is as asked
 * already makes no event; who is named for the first time is told.
 */
export async function changeComment(
  deps: Deps,
  member: Member,
  conversation: ConversationRow,
  commentId: number,
  change: CommentChange,
): Promise<CommentRow> {
  const { companyId } = member
  await deps.ids.reserve(2)
  const changed = await deps.db.tx(async (tx) => {
    await touch(tx, companyId, conversation.id, null)
    const before = await findComment(tx, companyId, commentId)
    if (before === null) throw new HttpError(409, "The comment was deleted meanwhile")
    const isOwn =
      credentialOf(member) === before.created_by ||
      (member.kind === "session" && member.teammateId === before.author?.id)
    if (change.body !== undefined && !isOwn)
      throw forbidden("The text of a comment can only be changed with the credential that wrote it")
    if (!isOwn && member.kind === "session" && member.role === "observer")
      throw forbidden("An observer pins no comments but their own")
    const isPinned = change.is_pinned ?? before.is_pinned
    const isRewritten = change.body !== undefined && change.body !== before.body
    if (!isRewritten && isPinned === before.is_pinned) return before
    const named = await rewrite(tx, companyId, before, isRewritten ? (change.body as string) : null, isPinned)
    await follow(tx, companyId, conversation.id, named)
    const shared = { conversationId: conversation.id, source: sourceOf(member, before.author?.id ?? null) }
    await appendEvents(tx, companyId, [
      {
        ...shared,
        id: deps.ids.take(),
        type: "comment_changed",
        isPublic: false,
        target: { type: "comment", comment_id: commentId },
      },
      ...mentionEvents(deps, shared, commentId, named),
    ])
    return (await findComment(tx, companyId, commentId)) as CommentRow
  })
  deps.committed([companyId])
  return changed
}

/** Returns the teammates who are named now and were not before. */
async function rewrite(
  tx: Tx,
  companyId: number,
  before: CommentRow,
  source: string | null,
  isPinned: boolean,
): Promise<number[]> {
  if (source === null) {
    await saveComment(tx, companyId, before.id, { text: null, isPinned })
    return []
  }
  const mentions = await findMentioned(tx, companyId, source)
  const { body: html, text } = markdownToHtml(source)
  await saveComment(tx, companyId, before.id, { text: { body: source, html, text, mentions }, isPinned })
  return mentions.filter((id) => !before.mentions.includes(id))
}

/**
 * Locks the conversation, so that it is not merged away meanwhile, and lets browsers know that theirs is old. A new comment (`text`) brings it up in the
 * list, where a discussion shows it.
 */
async function touch(tx: Tx, companyId: number, conversationId: number, text: string | null): Promise<void> {
  const rows = await tx.query({
    name: "comments.touch",
    text: `update conversation set version = version + 1, updated_at = now(),
             activity_at = case when $3::text is null then activity_at else greatest(activity_at, date_trunc('milliseconds', now())) end,
             preview = case when type = 'conversation' or $3 is null then preview else left($3, 200) end
           where company_id = $1 and id = $2 and merged_into is null returning id`,
    values: [companyId, conversationId, text],
  })
  if (rows.length === 0) throw new HttpError(409, "The conversation was merged or deleted meanwhile: ask for it again")
}
