import type { Database } from "../database/database.ts"
import type { DeliveryChange, DeliveryHooks } from "./engine.ts"
import { offlineChannel } from "./lanes.ts"
import { lockConversations, takePlace } from "./places.ts"

interface HeldRow {
  company_id: number
  id: number
  channel_id: number
  conversation_id: number
  message_id: number | null
  type: DeliveryChange["delivery"]["type"]
}

/** Sends whose undo window ended at `now` (schedule clock), oldest first. Walks delivery_held. */
export const listDueHeld = (db: Database, now: Date, max: number) =>
  db.query<HeldRow>({
    name: "held.list_due",
    text: `select company_id, id, channel_id, conversation_id, message_id, type from delivery where state = 'held' and due_at <= $1 order by due_at, id limit $2`,
    values: [now, max],
  })

/** The send takes its place at the end of its conversation's sequence; on an offline channel it waits there. Nothing happens when it was undone. */
export async function releaseHeld(db: Database, hooks: DeliveryHooks, held: HeldRow, now: Date): Promise<void> {
  const {
    company_id: companyId,
    id,
    channel_id: channelId,
    conversation_id: conversationId,
    message_id: messageId,
    type,
  } = held
  await db.tx(async (tx) => {
    await lockConversations(tx, companyId, [conversationId])
    const rows = await tx.query<{ offline: boolean }>({
      name: "held.recheck",
      text: `select exists (${offlineChannel("delivery")}) as offline from delivery where company_id = $1 and id = $2 and state = 'held'`,
      values: [companyId, id],
    })
    if (rows[0] === undefined) return
    const placed = { companyId, conversationId, id, keepsPlace: false }
    const delivery = { companyId, id, channelId, conversationId, messageId, type }
    if (rows[0].offline) {
      await takePlace(tx, { ...placed, state: "waiting", dueAt: null, waitingReason: "channel_offline" })
      await hooks.onState(tx, { delivery, state: "waiting", dueAt: null })
    } else {
      await takePlace(tx, { ...placed, state: "queued", dueAt: now })
      await hooks.onState(tx, { delivery, state: "queued" })
    }
  })
}
