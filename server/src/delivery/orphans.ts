import type { Database, Tx } from "../database/database.ts"
import type { DeliveryHooks } from "./engine.ts"
import { holdLane, type Lane, wakeLane } from "./lanes.ts"
import { lockConversationOf, readyHeads } from "./places.ts"

interface OrphanRow {
  id: number
  channel_id: number
  conversation_id: number | null
  message_id: number | null
  sequence: "send" | "notice" | "control"
  type: "message" | "message_autoreply" | "message_imported" | "delete"
  attempts: number
  lease_token: number
}

const reason = "Causeway stopped before an answer came: the message may have arrived"

/**
 * Attempts that a former holder of this lane started and never settled. A send may have arrived, so it becomes unknown and is not repeated; a notice or
 * a goodbye is tried again, as repeating it does no harm. Walks delivery_sending.
 */
export async function settleOrphans(db: Database, hooks: DeliveryHooks, lane: Lane, now: Date): Promise<number> {
  const orphans = await db.query<OrphanRow>({
    name: "orphans.list",
    text: `select id, channel_id, conversation_id, message_id, sequence, type, attempts, lease_token from delivery
           where company_id = $1 and channel_id = $2 and state = 'sending' and lease_token < $3 order by id`,
    values: [lane.companyId, lane.channelId, lane.token],
  })
  for (const orphan of orphans) await db.tx((tx) => settleOrphan(tx, hooks, lane, orphan, now))
  return orphans.length
}

async function settleOrphan(tx: Tx, hooks: DeliveryHooks, lane: Lane, orphan: OrphanRow, now: Date): Promise<void> {
  const { companyId } = lane
  const isSend = orphan.sequence === "send"
  const conversationId = await lockConversationOf(tx, { companyId, conversationId: orphan.conversation_id })
  const rows = await tx.query({
    name: "orphans.settle",
    text: `with settled as (
             update delivery set state = case when $5 then 'unknown' else 'waiting' end, due_at = case when $5 then due_at else $6::timestamptz end,
               error_code = case when $5 then 'no_answer' end, error_reason = case when $5 then $7 end, waiting_reason = case when not $5 then $7 end,
               finished_at = case when $5 then clock_timestamp() end
             where company_id = $1 and id = $2 and state = 'sending' and attempts = $3 and lease_token = $4 returning id, attempts
           ), noted as (
             update attempt set finished_at = clock_timestamp(), outcome = 'interrupted', decision = case when $5 then 'unknown' else 'retry' end
             from settled where attempt.company_id = $1 and attempt.delivery_id = settled.id and attempt.number = settled.attempts
           )
           select id from settled`,
    values: [companyId, orphan.id, orphan.attempts, orphan.lease_token, isSend, now, reason],
  })
  if (rows.length === 0) return
  if (isSend && conversationId !== null) await readyHeads(tx, companyId, [conversationId], "send")
  if (!isSend) await wakeLane(tx, companyId, lane.channelId, now)
  await holdLane(tx, lane)
  if (!isSend) return
  const delivery = {
    companyId,
    id: orphan.id,
    channelId: lane.channelId,
    conversationId,
    messageId: orphan.message_id,
    type: orphan.type,
  }
  await hooks.onState(tx, { delivery, state: "unknown", code: "no_answer", reason })
}
