import type { Tx } from "../database/database.ts"
import type { Lease } from "./claim.ts"
import type { DeliveryDeps } from "./engine.ts"
import type { DeliveryType } from "./outbox.ts"
import { lockConversations, takePlace } from "./places.ts"
import { settle, type SettleDeps } from "./settle.ts"

const heldPerLook = 100

interface HeldRow {
  company_id: number
  id: number
  channel_id: number
  conversation_id: number
  message_id: number
  type: DeliveryType
  offline: boolean
}

/** Replies whose undo window has ended take their place in their conversation's sequence. Walks delivery_held. */
export async function releaseHeld({ db, clock, hooks, ids }: DeliveryDeps): Promise<void> {
  const now = clock.now()
  const due = await db.query<HeldRow>({
    name: "held.due",
    text: `select delivery.company_id, delivery.id, delivery.channel_id, delivery.conversation_id, delivery.message_id, delivery.type, channel.status = 'offline' as offline
           from delivery join channel on channel.company_id = delivery.company_id and channel.id = delivery.channel_id
           where delivery.state = 'held' and delivery.due_at <= $1 order by delivery.due_at, delivery.id limit $2`,
    values: [now, heldPerLook],
  })
  for (const row of due) {
    await ids.reserve(20)
    await db.tx((tx) => release(tx, row, now, hooks))
    hooks.committed([row.company_id])
  }
}

async function release(tx: Tx, row: HeldRow, now: Date, hooks: DeliveryDeps["hooks"]): Promise<void> {
  const { company_id: companyId, conversation_id: conversationId, id } = row
  await lockConversations(tx, companyId, [conversationId])
  const still = await tx.query({ name: "held.still", text: "select 1 from delivery where company_id = $1 and id = $2 and state = 'held' for update", values: [companyId, id] })
  if (still.length === 0) return // taken back, hurried, or released by another process
  const placed = row.offline ? ({ state: "waiting", dueAt: null, waitingReason: "channel_offline" } as const) : ({ state: "queued", dueAt: now } as const)
  await takePlace(tx, { companyId, conversationId, id, keepsPlace: false, ...placed })
  const delivery = { companyId, id, channelId: row.channel_id, conversationId, messageId: row.message_id, type: row.type }
  await hooks.onState(tx, { delivery, state: placed.state, dueAt: null })
}

/**
 * What a dead worker left started on a lane that we have just leased: a send may have arrived, so it is unknown; news is told again.
 */
export async function takeOver({ db, clock, ids, hooks }: DeliveryDeps, settleDeps: SettleDeps, lease: Lease): Promise<void> {
  const rows = await db.query<HeldRow & { sequence: "send" | "notice" | "control"; attempts: number; first_started_at: Date; lease_token: number }>({
    name: "lanes.left_started",
    text: `select company_id, id, channel_id, conversation_id, message_id, type, sequence, attempts, first_started_at, lease_token from delivery
           where company_id = $1 and channel_id = $2 and state = 'sending' and lease_token <> $3`,
    values: [lease.companyId, lease.channelId, lease.token],
  })
  for (const row of rows) {
    await ids.reserve(20)
    const delivery = {
      companyId: row.company_id,
      id: row.id,
      channelId: row.channel_id,
      conversationId: row.conversation_id,
      messageId: row.message_id,
      sequence: row.sequence,
      type: row.type,
      attempt: row.attempts,
      firstStartedAt: row.first_started_at,
    }
    const reason = "Causeway stopped while this was being sent"
    const step =
      row.sequence === "send"
        ? ({ state: "unknown", code: "interrupted", reason, warnings: [] } as const)
        : ({ state: "retry", at: clock.now(), reason, warnings: [] } as const)
    await settle(settleDeps, delivery, row.lease_token, { ...step, warnings: [] }, null)
    hooks.committed([row.company_id])
  }
}
