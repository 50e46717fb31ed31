import type { EventType } from "@causeway/contract/event-types"
import { formatId } from "@causeway/contract/ids"
import type { ConversationType } from "@causeway/contract/resources/conversation"
import { sourceOf as authorSource } from "../comments/author.ts"
import type { Tx } from "../database/database.ts"
import type { Member } from "../http/callers.ts"
import { MovedError, notFound } from "../http/errors.ts"
import { appendEvents, type FeedEvent } from "../live/feed.ts"
import type { Services } from "../services.ts"
import { requireWriter } from "../teammates/roles.ts"

export type ChangeDeps = Pick<Services, "db" | "ids" | "committed">

/** What a change may alter, as it stands under the lock. */
export interface LockedConversation {
  id: number
  type: ConversationType
  status: "open" | "archived" | "deleted" | "spam"
  inbox_id: number | null
  channel_id: number | null
  assignee_id: number | null
  custom_fields: Record<string, unknown>
  description: string | null
  due_at: Date | null
  last_number: number
  last_send: number
  last_notice: number
}

/** Locks one. Throws 404 when it is gone, 301 when it was merged away. */
export async function lockForChange(tx: Tx, companyId: number, id: number): Promise<LockedConversation> {
  const rows = await tx.query<LockedConversation & { merged_into: number | null }>({
    name: "conversations.lock_for_change",
    text: `select id, type, status, inbox_id, channel_id, assignee_id, custom_fields, description, due_at, last_number, last_send, last_notice, merged_into
           from conversation where company_id = $1 and id = $2 for no key update`,
    values: [companyId, id],
  })
  const row = rows[0]
  if (row === undefined) throw notFound("conversation", formatId("cnv", id))
  if (row.merged_into !== null)
    throw new MovedError("conversation", formatId("cnv", id), formatId("cnv", row.merged_into))
  return row
}

/** What the feed says about where a change came from. */
export const sourceOf = (member: Member): object =>
  authorSource(member, member.kind === "session" ? member.teammateId : null)

/** A change under way: `tell` notes what happened; without any, nothing did. */
export interface Change {
  tx: Tx
  before: LockedConversation
  tell(type: EventType, target?: object): void
}

/** The most events of one change: every tag and field of a conversation may be another afterwards. */
const eventsMax = 1000

/**
 * Runs `work` under the lock of a conversation, in one transaction. Where it told of anything, the conversation's version grows and the feed gets the
 * events as the last statement. Throws 403 for an observer.
 */
export async function changeLocked(
  deps: ChangeDeps,
  member: Member,
  id: number,
  work: (change: Change) => Promise<void>,
): Promise<void> {
  requireWriter(member)
  await deps.ids.reserve(eventsMax)
  await deps.db.tx(async (tx) => {
    const before = await lockForChange(tx, member.companyId, id)
    const events: FeedEvent[] = []
    const tell = (type: EventType, target?: object) =>
      void events.push({
        id: deps.ids.take(),
        type,
        conversationId: id,
        source: sourceOf(member),
        ...(target !== undefined && { target }),
      })
    await work({ tx, before, tell })
    if (events.length === 0) return
    await tx.query({
      name: "conversations.changed",
      text: "update conversation set version = version + 1, updated_at = now() where company_id = $1 and id = $2",
      values: [member.companyId, id],
    })
    await appendEvents(tx, member.companyId, events)
  })
  deps.committed([member.companyId])
}
