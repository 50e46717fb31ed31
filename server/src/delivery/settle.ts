import type { Database, Tx } from "../database/database.ts"
import type { Tried } from "./attempt.ts"
import { attemptRow } from "./attempt.ts"
import type { ClaimedDelivery, DeliveryChange } from "./engine.ts"
import type { NextStep } from "./next-step.ts"
import { lockConversations, readyHeads } from "./places.ts"

/** A failing notice holds later ones of its conversation up for this long, then it steps aside. Schedule clock. */
const noticeBlocksMs = 60_000

export interface SettleDeps {
  db: Database
  now(): Date
  onState(tx: Tx, change: DeliveryChange): Promise<void>
}

/** What a settled delivery's row says. */
type Row = { state: "sent" | "failed" | "unknown" | "waiting"; dueAt: Date | null; code: string | null; reason: string | null; stepsAside: boolean }

/**
 * Records what came of a try, in one transaction: the delivery, the attempt, whoever is next in the sequence, and the message. A result whose lease is
 * no longer the delivery's writes nothing and answers false: somebody else has taken over.
 */
export async function settle(deps: SettleDeps, delivery: ClaimedDelivery, token: number, step: NextStep, tried: Tried | null): Promise<boolean> {
  const row = rowOf(step, delivery, deps.now())
  return await deps.db.tx(async (tx) => {
    if (delivery.conversationId !== null) await lockConversations(tx, delivery.companyId, [delivery.conversationId])
    if (!(await writeDelivery(tx, delivery, token, row))) return false
    await writeAttempt(tx, delivery, step, tried)
    await moveSequenceOn(tx, delivery, row)
    if (delivery.sequence === "send") await deps.onState(tx, changeOf(delivery, step))
    return true
  })
}

function rowOf(step: NextStep, delivery: ClaimedDelivery, now: Date): Row {
  switch (step.state) {
    case "sent":
      return { state: "sent", dueAt: null, code: null, reason: null, stepsAside: false }
    case "retry": {
      const blocksUntil = delivery.firstStartedAt.getTime() + noticeBlocksMs
      return { state: "waiting", dueAt: step.at, code: null, reason: step.reason, stepsAside: delivery.sequence === "notice" && step.at.getTime() > Math.max(blocksUntil, now.getTime()) }
    }
    default:
      return { state: step.state, dueAt: null, code: step.code, reason: step.reason, stepsAside: false }
  }
}

async function writeDelivery(tx: Tx, delivery: ClaimedDelivery, token: number, row: Row): Promise<boolean> {
  const rows = await tx.query({
    name: "settle.delivery",
    text: `update delivery set state = $4, due_at = coalesce($5::timestamptz, due_at), error_code = $6, error_reason = $7, waiting_reason = case when $4 = 'waiting' then $7 end,
             stepped_aside = stepped_aside or $8, finished_at = case when $4 <> 'waiting' then now() end
           where company_id = $1 and id = $2 and state = 'sending' and lease_token = $3 returning id`,
    values: [delivery.companyId, delivery.id, token, row.state, row.dueAt, row.code, row.reason, row.stepsAside],
  })
  return rows.length > 0
}

async function writeAttempt(tx: Tx, delivery: ClaimedDelivery, step: NextStep, tried: Tried | null): Promise<void> {
  const row = tried === null ? { outcome: "not_tried" } : attemptRow(tried)
  await tx.query({
    name: "settle.attempt",
    text: `update attempt set finished_at = clock_timestamp(), decision = $4, warnings = $5::text[],
             (request_method, request_url, request_headers, request_body, response_status, response_headers, response_body, timing, outcome) = (
               select request_method, request_url, request_headers, request_body, response_status, response_headers, response_body, timing, outcome
               from json_to_record($6::json) as kept(request_method text, request_url text, request_headers jsonb, request_body text, response_status int,
                 response_headers jsonb, response_body text, timing jsonb, outcome text))
           where company_id = $1 and delivery_id = $2 and number = $3`,
    values: [delivery.companyId, delivery.id, delivery.attempt, decisionOf(step), step.warnings, JSON.stringify(row)],
  })
}

const decisionOf = (step: NextStep): string =>
  step.state === "retry" ? `retry at ${step.at.toISOString()}: ${step.reason}` : step.state === "sent" ? "sent" : `${step.state}: ${step.code}`

/** Done or stepped aside: the next of the sequence may go. Still waiting: the lane learns when to look again. */
async function moveSequenceOn(tx: Tx, delivery: ClaimedDelivery, row: Row): Promise<void> {
  const leavesRoom = row.state !== "waiting" || row.stepsAside
  if (leavesRoom && delivery.conversationId !== null && delivery.sequence !== "control") {
    await readyHeads(tx, delivery.companyId, [delivery.conversationId], delivery.sequence)
  }
  if (row.dueAt !== null) {
    await tx.query({
      name: "settle.lane",
      text: "update lane set due_at = least(due_at, $3) where company_id = $1 and channel_id = $2",
      values: [delivery.companyId, delivery.channelId, row.dueAt],
    })
  }
}

function changeOf(delivery: ClaimedDelivery, step: NextStep): DeliveryChange {
  const base = { delivery, warnings: step.warnings }
  switch (step.state) {
    case "sent":
      return { ...base, state: "sent", ...(step.externalId !== undefined && { externalId: step.externalId }), ...(step.externalConversationId !== undefined && { externalConversationId: step.externalConversationId }) }
    case "retry":
      return { ...base, state: "waiting", reason: step.reason, dueAt: step.at }
    default:
      return { ...base, state: step.state, code: step.code, reason: step.reason }
  }
}

/** A late answer settles what was unknown, if nobody has acted on it meanwhile. */
export async function settleLate(deps: SettleDeps, delivery: ClaimedDelivery, step: NextStep, tried: Tried): Promise<void> {
  const row = rowOf(step, delivery, deps.now())
  await deps.db.tx(async (tx) => {
    if (delivery.conversationId !== null) await lockConversations(tx, delivery.companyId, [delivery.conversationId])
    const rows = await tx.query({
      name: "settle.late",
      text: `update delivery set state = $3, error_code = $4, error_reason = $5 where company_id = $1 and id = $2 and state = 'unknown' and attempts = $6
               and not exists (select from delivery later where later.company_id = $1 and later.message_id = delivery.message_id and later.id > delivery.id) returning id`,
      values: [delivery.companyId, delivery.id, row.state, row.code, row.reason, delivery.attempt],
    })
    if (rows.length === 0) return
    await writeAttempt(tx, delivery, step, tried)
    await deps.onState(tx, changeOf(delivery, step))
  })
}
