import { formatId, parseId } from "@causeway/contract/ids"
import type { LiveChange } from "@causeway/contract/inbox"
import { type ActivityView, activityTypes } from "@causeway/contract/inbox-timeline"
import { findChannelViews } from "../channels/views.ts"
import { commentView, findComments } from "../comments/store.ts"
import { findConversations } from "../conversations/read.ts"
import { conversationView, findRowParts } from "../conversations/row.ts"
import type { Database } from "../database/database.ts"
import { draftView, findDrafts } from "../drafts/store.ts"
import { findMessages } from "../messages/read.ts"
import { findActivities } from "../timeline/activities.ts"
import { messageViews } from "../timeline/messages.ts"
import { formatCursor } from "./feed.ts"

/** A row of the feed, as far as browsers are told of it. */
export interface FeedRow {
  position: number
  type: string
  conversation_id: number | null
  message_id: number | null
  target: {
    channel_id?: string
    comment_id?: number
    draft_id?: number
    merged_into?: string
    reader_id?: number
  } | null
}

/** One row told, and the conversation that it is of: where that is closed to somebody, so is the change. */
export interface Described {
  position: number
  conversationId: number | null
  /** As one teammate hears it; null: it is none of theirs. */
  changeFor(teammateId: number): LiveChange | null
}

/** What the browsers of `teammateIds` hear of `rows`: the present state of what they are about, one statement a kind. */
export async function describeChanges(
  db: Database,
  epoch: string,
  companyId: number,
  rows: readonly FeedRow[],
  teammateIds: readonly number[],
): Promise<Described[]> {
  const commentIds = unique(rows.map((row) => row.target?.comment_id ?? null))
  const draftIds = unique(rows.map((row) => row.target?.draft_id ?? null))
  const [conversations, messages, channels, comments, drafts, activities] = await Promise.all([
    findConversations(db, companyId, unique(rows.map((row) => row.conversation_id))),
    findMessages(db, companyId, unique(rows.map((row) => row.message_id))).then((found) =>
      messageViews(db, companyId, found),
    ),
    findChannelViews(
      db,
      companyId,
      unique(rows.map((row) => (row.target?.channel_id ? parseId("cha", row.target.channel_id) : null))),
    ),
    commentIds.length === 0 ? [] : findComments(db, companyId, commentIds),
    draftIds.length === 0 ? [] : findDrafts(db, companyId, draftIds),
    findActivities(
      db,
      companyId,
      rows.filter(({ type }) => isActivity.has(type)).map(({ position }) => position),
    ),
  ])
  // What was merged away is in no list any more, whatever happened to it before.
  const living = conversations.filter((row) => row.merged_into === null)
  const conversationById = new Map(living.map((row) => [row.id, row]))
  const livingIds = living.map((row) => row.id)
  const partsById = await findRowParts(db, companyId, livingIds, teammateIds)
  const messageById = new Map(messages.map((view) => [view.id, view]))
  const channelById = new Map(channels.map((view) => [view.id, view]))
  const commentById = new Map(comments.map((row) => [row.id, commentView(row)]))
  // What was shared and is private by now is its author's alone.
  const draftById = new Map(drafts.filter(({ mode }) => mode === "shared").map((row) => [row.id, draftView(row)]))
  const changeOf = (row: FeedRow): Omit<LiveChange, "conversation"> => ({
    cursor: formatCursor(epoch, row.position),
    type: row.type,
    message: (row.message_id !== null && messageById.get(formatId("msg", row.message_id))) || null,
    channel: channelById.get(row.target?.channel_id ?? "") ?? null,
    ...(row.type === "conversation_deleted" &&
      row.conversation_id !== null && {
        gone: { id: formatId("cnv", row.conversation_id), merged_into: row.target?.merged_into ?? null },
      }),
    ...(activities.has(row.position) && { activity: activities.get(row.position) as ActivityView }),
    ...(row.target?.comment_id !== undefined && { comment: commentById.get(row.target.comment_id) ?? null }),
    ...(row.target?.draft_id !== undefined && {
      draft: draftById.get(row.target.draft_id) ?? null,
      draft_id: formatId("msg", row.target.draft_id),
    }),
  })
  return rows.map((row) => {
    const change = changeOf(row)
    const conversation = conversationById.get(row.conversation_id ?? -1)
    return {
      position: row.position,
      conversationId: row.conversation_id,
      changeFor(teammateId) {
        if (row.target?.reader_id !== undefined && row.target.reader_id !== teammateId) return null
        const view = conversation && conversationView(conversation, partsById.get(conversation.id), teammateId)
        return { ...change, conversation: view ?? null }
      },
    }
  })
}

const isActivity: ReadonlySet<string> = new Set(activityTypes)
const unique = (ids: readonly (number | null)[]): number[] => [...new Set(ids.filter((id) => id !== null))]
