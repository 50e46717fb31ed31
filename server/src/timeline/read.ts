import type { TimelineItem } from "@causeway/contract/inbox"
import { commentView, listCommentsBefore } from "../comments/store.ts"
import type { Database } from "../database/database.ts"
import { listMessages } from "../messages/read.ts"
import { listActivities } from "./activities.ts"
import { messageViews } from "./messages.ts"
import { byPlace, formatPlace, type Place, places } from "./place.ts"

/** Above every number of a message. */
const numberMax = 2 ** 31 - 1

/** A page of a timeline, newest first, and where the next one begins. Each kind by its own index; what they find is put into one order here. */
export async function readTimeline(
  db: Database,
  companyId: number,
  conversation: { id: number; channelId: number | null },
  limit: number,
  before: Place | null,
): Promise<{ items: TimelineItem[]; older: string | null }> {
  const found = (
    await Promise.all([
      messagesBefore(db, companyId, conversation.id, limit + 1, before),
      commentsBefore(db, companyId, conversation.id, limit + 1, before),
      listActivities(db, companyId, conversation, limit + 1, before).then((rows) =>
        rows.map(({ place, view }) => ({ place, item: { kind: "activity" as const, activity: view } })),
      ),
    ])
  )
    .flat()
    .toSorted((a, b) => byPlace(a.place, b.place))
  const page: { place: Place; item: TimelineItem }[] = found.slice(0, limit)
  const last = page.at(-1)
  return {
    items: page.map(({ item }) => item),
    older: found.length > limit && last !== undefined ? formatPlace(last.place) : null,
  }
}

async function messagesBefore(
  db: Database,
  companyId: number,
  conversationId: number,
  limit: number,
  before: Place | null,
) {
  // Messages have whole milliseconds: what is not whole lies after all of its millisecond's messages.
  const ms = before === null ? 0 : Math.floor(before.at / 1000)
  const isExact = before?.rank === 0 && ms * 1000 === before.at
  const place = before && { createdAt: new Date(ms), number: isExact ? before.number : numberMax }
  const rows = await listMessages(db, companyId, conversationId, limit, place)
  const views = await messageViews(db, companyId, rows)
  return rows.map((row, i) => ({
    place: { at: row.created_at.getTime() * 1000, rank: 0 as const, number: row.number },
    item: { kind: "message" as const, message: views[i] as (typeof views)[number] },
  }))
}

async function commentsBefore(
  db: Database,
  companyId: number,
  conversationId: number,
  limit: number,
  before: Place | null,
) {
  const condition = before && {
    sql: places.before("comment.posted_at", 1, "comment.id", ["$4", "$5", "$6"]),
    values: places.values(before),
  }
  const rows = await listCommentsBefore(db, companyId, conversationId, limit, condition)
  return rows.map((row) => ({
    place: { at: row.at, rank: 1 as const, number: row.id },
    item: { kind: "comment" as const, comment: commentView(row) },
  }))
}
