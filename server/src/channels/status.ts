import type { Tx } from "../database/database.ts"
import { parkSends, releaseSends } from "../delivery/outbox.ts"
import { appendEvents } from "../live/feed.ts"

/** Younger replies go out by themselves when the channel is back; older ones wait for a person, who may have answered another way meanwhile. */
const releasedWithinMs = 10 * 60_000

export interface StatusChange {
  companyId: number
  channelId: number
  status: "ok" | "offline"
  /** Why it is offline, in words for the teammates; dropped when it comes back. */
  reason: string | null
  /** Of the event that tells the browsers. */
  eventId: number
  /** How many waiting replies are moved with the change itself; the delivery moves the others. Default: see parking.ts. */
  portion?: number
}

/**
 * Takes a channel offline or back. Offline, its sends wait (notices and inbound go on); back, the young ones are released. Appends to the feed, so this
 * comes last in its transaction. Afterwards forget the cached channel and wake the delivery. False when nothing changed.
 */
export async function setChannelStatus(tx: Tx, change: StatusChange): Promise<boolean> {
  const { companyId, channelId, status, eventId, portion } = change
  const reason = status === "offline" ? change.reason : null
  const rows = await tx.query({
    name: "channels.set_status",
    text: `update channel set status = $3, status_reason = $4, status_at = now()
           where company_id = $1 and id = $2 and deleted_at is null and (status, status_reason) is distinct from ($3, $4) returning id`,
    values: [companyId, channelId, status, reason],
  })
  if (rows.length === 0) return false
  if (status === "offline") await parkSends(tx, companyId, channelId, portion)
  else
    await releaseSends(tx, companyId, channelId, {
      youngerThanMs: releasedWithinMs,
      ...(portion !== undefined && { portion }),
    })
  const target = { status, reason }
  await appendEvents(tx, companyId, [{ id: eventId, type: "channel_status", isPublic: false, channelId, target }])
  return true
}
