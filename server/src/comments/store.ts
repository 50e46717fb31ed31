import { formatId } from "@causeway/contract/ids"
import type { CommentView } from "@causeway/contract/inbox"
import type { Comment } from "@causeway/contract/resources/comment"
import type { Tx } from "../database/database.ts"
import type { AttachmentRow, AuthorRow } from "../messages/read.ts"
import { attachmentResource, authorResource, seconds } from "../messages/resource.ts"
import { micros } from "../timeline/place.ts"
import { attachmentView, type Bot, botResource, personView } from "./author.ts"

export interface CommentRow {
  id: number
  conversation_id: number
  author: AuthorRow | null
  bot: Bot | null
  /** The credential that wrote it: see `credentialOf`. */
  created_by: string
  body: string
  html: string
  mentions: number[]
  /** Those of `mentions` whom the company still has, in the same order. */
  mentioned: AuthorRow[]
  reply_to_id: number | null
  is_pinned: boolean
  version: number
  posted_at: Date
  edited_at: Date | null
  attachments: AttachmentRow[]
}

const person = (
  alias: string,
) => `json_build_object('id', ${alias}.id, 'email', ${alias}.email, 'username', ${alias}.username,
  'first_name', ${alias}.first_name, 'last_name', ${alias}.last_name, 'role', ${alias}.role, 'is_available', ${alias}.is_available,
  'is_blocked', ${alias}.is_blocked)`

const select = `
  select comment.id, comment.conversation_id, comment.bot, comment.created_by, comment.body, comment.html, comment.mentions, comment.reply_to_id,
    comment.is_pinned, comment.version, comment.posted_at, comment.edited_at, case when author.id is not null then ${person("author")} end as author,
    coalesce((select json_agg(${person("mentioned")} order by named.place) from unnest(comment.mentions) with ordinality named(id, place)
      join teammate mentioned on mentioned.company_id = comment.company_id and mentioned.id = named.id), '[]') as mentioned,
    coalesce((select json_agg(json_build_object('id', file.id, 'filename', file.filename, 'content_type', file.content_type, 'size', file.size,
      'is_inline', file.is_inline, 'cid', file.cid) order by file.position)
      from attachment file where file.company_id = comment.company_id and file.message_id = comment.id), '[]') as attachments
  from comment
  left join teammate author on author.company_id = comment.company_id and author.id = comment.author_id`

/** By the primary key. Missing ones are simply not there; order is not kept. */
export const findComments = (tx: Tx, companyId: number, ids: readonly number[]): Promise<CommentRow[]> =>
  tx.query<CommentRow>({
    name: "comments.find",
    text: `${select} where comment.company_id = $1 and comment.id = any($2::bigint[])`,
    values: [companyId, ids],
  })

export async function findComment(tx: Tx, companyId: number, id: number): Promise<CommentRow | null> {
  return (await findComments(tx, companyId, [id]))[0] ?? null
}

/** Oldest first, walking comment_conversation. */
export const listComments = (tx: Tx, companyId: number, conversationId: number): Promise<CommentRow[]> =>
  tx.query<CommentRow>({
    name: "comments.list",
    text: `${select} where comment.company_id = $1 and comment.conversation_id = $2 order by comment.id`,
    values: [companyId, conversationId],
  })

/**
 * Newest first, with the time of each in microseconds, walking comment_conversation. `before`: a condition on where they stand, with its parameters from $4
 * on (timeline/place.ts).
 */
export const listCommentsBefore = (
  tx: Tx,
  companyId: number,
  conversationId: number,
  limit: number,
  before: { sql: string; values: number[] } | null,
): Promise<(CommentRow & { at: number })[]> =>
  tx.query<CommentRow & { at: number }>({
    name: `comments.page${before === null ? "" : "_before"}`,
    text: `select comment.*, ${micros("comment.posted_at")} as at from (${select} where comment.company_id = $1 and comment.conversation_id = $2
             ${before === null ? "" : `and ${before.sql}`} order by comment.posted_at desc, comment.id desc limit $3) comment
           order by comment.posted_at desc, comment.id desc`,
    values: [companyId, conversationId, limit, ...(before?.values ?? [])],
  })

export interface NewCommentRow {
  companyId: number
  id: number
  conversationId: number
  authorId: number | null
  bot: Bot | null
  createdBy: string
  body: string
  html: string
  text: string
  mentions: readonly number[]
  replyToId: number | null
  isPinned: boolean
}

export async function insertComment(tx: Tx, comment: NewCommentRow): Promise<void> {
  await tx.query({
    name: "comments.insert",
    text: `insert into comment (company_id, id, conversation_id, author_id, bot, created_by, body, html, text, mentions, reply_to_id, is_pinned)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    values: [
      comment.companyId,
      comment.id,
      comment.conversationId,
      comment.authorId,
      comment.bot,
      comment.createdBy,
      comment.body,
      comment.html,
      comment.text,
      comment.mentions,
      comment.replyToId,
      comment.isPinned,
    ],
  })
}

/** Pinning is no edit: it leaves `edited_at` as it was. */
export async function saveComment(
  tx: Tx,
  companyId: number,
  id: number,
  change: { text: Pick<NewCommentRow, "body" | "html" | "text" | "mentions"> | null; isPinned: boolean },
): Promise<void> {
  await tx.query({
    name: "comments.save",
    text: `update comment set is_pinned = $3, body = coalesce($4, body), html = coalesce($5, html), text = coalesce($6, text),
             mentions = coalesce($7::bigint[], mentions), edited_at = case when $4::text is null then edited_at else now() end, version = version + 1
           where company_id = $1 and id = $2`,
    values: [
      companyId,
      id,
      change.isPinned,
      change.text?.body ?? null,
      change.text?.html ?? null,
      change.text?.text ?? null,
      change.text?.mentions ?? null,
    ],
  })
}

/** Those who follow already stay. */
export async function follow(
  tx: Tx,
  companyId: number,
  conversationId: number,
  teammateIds: readonly number[],
): Promise<void> {
  if (teammateIds.length === 0) return
  await tx.query({
    name: "comments.follow",
    text: `insert into conversation_follower (company_id, conversation_id, teammate_id) select $1, $2, teammate_id
           from unnest($3::bigint[]) as wanted(teammate_id) order by teammate_id on conflict do nothing`,
    values: [companyId, conversationId, teammateIds],
  })
}

/** The vendor's Comment. */
export function commentResource(row: CommentRow, origin: string): Comment {
  const id = formatId("com", row.id)
  const self = `${origin}/comments/${id}`
  return {
    _links: {
      self,
      related: {
        conversation: `${origin}/conversations/${formatId("cnv", row.conversation_id)}`,
        mentions: `${self}/mentions`,
        comment_replied_to: row.reply_to_id === null ? null : `${origin}/comments/${formatId("com", row.reply_to_id)}`,
      },
    },
    id,
    author: (row.author ? authorResource(row.author, origin) : botResource(row.bot, origin)) as Comment["author"],
    body: row.body,
    posted_at: seconds(row.posted_at),
    attachments: row.attachments.map((file) => ({
      ...attachmentResource(file, row.id, origin),
      url: `${self}/download/${formatId("fil", file.id)}`,
    })) as Comment["attachments"],
    is_pinned: row.is_pinned,
  }
}

/** The inbox's own shape. */
export function commentView(row: CommentRow): CommentView {
  const id = formatId("com", row.id)
  return {
    id,
    conversation_id: formatId("cnv", row.conversation_id),
    author: row.author ? personView(row.author) : { id: null, name: row.bot?.name ?? "" },
    body: row.body,
    html: row.html,
    mentions: row.mentioned.map((mentioned) => ({ ...personView(mentioned), username: mentioned.username })),
    reply_to_id: row.reply_to_id === null ? null : formatId("com", row.reply_to_id),
    is_pinned: row.is_pinned,
    posted_at: seconds(row.posted_at),
    edited_at: row.edited_at && seconds(row.edited_at),
    attachments: row.attachments.map((file) => attachmentView(file, `/comments/${id}`)),
    version: row.version,
  }
}
