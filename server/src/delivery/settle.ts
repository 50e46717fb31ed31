import type { Database, Tx } from "../database/database.ts"
import type { AttemptRow } from "./attempt.ts"
import type { ClaimedDelivery, DeliveryChange, DeliveryHooks } from "./engine.ts"
import { type Lane, offlineChannel, wakeLane } from "./lanes.ts"
import type { Step } from "./next-step.ts"
import { lockConversationOf, readyHeads } from "./places.ts"

/** How an attempt ended, and what was decided. `row` null: the attempt never began, and leaves no trace. */
export interface Settlement {
  lane: Lane
  delivery: ClaimedDelivery
  step: Step
  row: AttemptRow | null
}

/** A failing notice holds the ones after it up for at most this long, on the schedule clock. */
const blocksForMs = 60_000

/**
 * Writes the result of an attempt in one transaction: delivery, attempt, who comes next, and, for sends, what the reply's message shows. False, and
 * nothing written, when the lease it ran under is stale: somebody else has settled it.
 */
export async function settleAttempt(
  db: Database,
  hooks: Pick<DeliveryHooks, "onState">,
  settlement: Settlement,
): Promise<boolean> {
  return await db.tx(
    async (tx) => {
      const { step, row } = settlement
      const delivery = { ...settlement.delivery, conversationId: await lockConversationOf(tx, settlement.delivery) }
      const written = await writeDelivery(tx, settlement)
      if (written === null) return false
      if (row === null) await forgetAttempt(tx, delivery)
      else await writeAttempt(tx, delivery, row)
      if (step.state === "retry" && !written.parked) await wakeLane(tx, delivery.companyId, delivery.channelId, step.at)
      if (step.state !== "retry" || written.steppedAside) await unblock(tx, delivery)
      if (delivery.sequence === "send")
        await hooks.onState(tx, changeOf(delivery, step, written.parked), { ends: true })
      return true
    },
    { byKeys: true },
  )
}

interface Written {
  steppedAside: boolean
  /** Its channel went offline meanwhile: it waits until somebody acts. */
  parked: boolean
}

async function writeDelivery(tx: Tx, { lane, delivery, step, row }: Settlement): Promise<Written | null> {
  const retry = step.state === "retry"
  const keepsPlace = retry && step.keepsPlace === true
  const blockedMs = retry ? step.at.getTime() - delivery.firstStartedAt.getTime() : 0
  const stepsAside = delivery.sequence === "notice" && blockedMs > blocksForMs && !keepsPlace
  const rows = await tx.query<{ stepped_aside: boolean; parked: boolean }>({
    name: "settle.delivery",
    text: `update delivery set state = $6, due_at = case when not $7 then due_at when sequence = 'send' and exists (${offlineChannel("delivery")}) then 'infinity' else $8::timestamptz end,
             waiting_reason = case when $7 then $10 end, error_code = $9, error_reason = case when not $7 then $10 end, stepped_aside = stepped_aside or $11,
             finished_at = case when not $7 then clock_timestamp() end, attempts = attempts - case when $12 then 1 else 0 end,
             first_started_at = case when not $13 then first_started_at end
           where company_id = $1 and id = $2 and state = 'sending' and attempts = $3 and lease_token = $4
             and exists (select from lane where lane.company_id = $1 and lane.channel_id = $5 and lane.lease_token = $4)
           returning stepped_aside, state = 'waiting' and due_at = 'infinity' as parked`,
    values: [
      delivery.companyId,
      delivery.id,
      delivery.attempt,
      lane.token,
      lane.channelId,
      retry ? "waiting" : step.state,
      retry,
      retry ? step.at : null,
      "code" in step ? step.code : null,
      "reason" in step ? step.reason : null,
      stepsAside,
      row === null,
      // As if it had never been claimed: what follows from the time since its first try follows from a try.
      keepsPlace && delivery.attempt === 1,
    ],
  })
  return rows[0] ? { steppedAside: rows[0].stepped_aside, parked: rows[0].parked } : null
}

/** The columns of an `AttemptRow`, as PostgreSQL reads them out of its JSON. */
export const attemptColumns = `finished_at timestamptz, request_method text, request_url text, request_headers jsonb, request_body text,
             response_status int, response_headers jsonb, response_body text, timing jsonb, outcome text, decision text, warnings text[]`

/** What was on its way while somebody was erased may name them, and is not written down afterwards; nor for some seconds more, as in the log of calls. */
const wasErased =
  "exists (select from erasure where erasure.company_id = attempt.company_id and erasure.erased_at > attempt.started_at - interval '10 s')"
const unlessErased = (column: string): string => `${column} = case when ${wasErased} then null else new.${column} end`

/** What of an attempt is written when it has ended; `new` has the columns above. */
export const attemptValues = `finished_at = coalesce(new.finished_at, clock_timestamp()), request_method = new.request_method, request_url = new.request_url,
             request_headers = new.request_headers, response_status = new.response_status,
             ${["request_body", "response_headers", "response_body"].map(unlessErased).join(", ")}, timing = new.timing, outcome = new.outcome,
             decision = new.decision, warnings = coalesce(new.warnings, '{}')`

/** Columns of `attempt` by name. */
export async function writeAttempt(
  tx: Tx,
  delivery: Pick<ClaimedDelivery, "companyId" | "id" | "attempt">,
  row: AttemptRow,
): Promise<void> {
  await tx.query({
    name: "settle.attempt",
    text: `update attempt set ${attemptValues} from json_to_record($4::json) as new (${attemptColumns})
           where company_id = $1 and delivery_id = $2 and number = $3`,
    values: [delivery.companyId, delivery.id, delivery.attempt, JSON.stringify(row)],
  })
}

const forgetAttempt = (tx: Tx, delivery: ClaimedDelivery) =>
  tx.query({
    name: "settle.forget_attempt",
    text: "delete from attempt where company_id = $1 and delivery_id = $2 and number = $3",
    values: [delivery.companyId, delivery.id, delivery.attempt],
  })

async function unblock(tx: Tx, delivery: ClaimedDelivery): Promise<void> {
  if (delivery.conversationId === null || delivery.sequence === "control") return
  await readyHeads(tx, delivery.companyId, [delivery.conversationId], delivery.sequence)
}

/** What a reply shows of how its attempt ended. `parked`: it waits until somebody acts. */
export function changeOf(delivery: ClaimedDelivery, step: Step, parked: boolean): DeliveryChange {
  if (step.state === "retry") return { delivery, state: "waiting", dueAt: parked ? null : step.at, reason: step.reason }
  return { delivery, ...step }
}

/**
 * The answer to a send that came after we had given it up: unknown becomes sent or failed. A person's Retry that has not left yet is cancelled when the
 * first one turns out to have arrived. False when the delivery is no longer what that attempt left behind.
 */
export async function settleLate(db: Database, hooks: DeliveryHooks, settlement: Settlement): Promise<boolean> {
  return await db.tx(async (tx) => {
    const { lane, step, row } = settlement
    if (step.state === "retry") return false
    const delivery = { ...settlement.delivery, conversationId: await lockConversationOf(tx, settlement.delivery) }
    if (delivery.conversationId === null) return false
    const rows = await tx.query({
      name: "settle.late",
      text: `update delivery set state = $5, error_code = $6, error_reason = $7, finished_at = clock_timestamp()
             where company_id = $1 and id = $2 and state = 'unknown' and attempts = $3 and lease_token = $4 returning id`,
      values: [
        delivery.companyId,
        delivery.id,
        delivery.attempt,
        lane.token,
        step.state,
        "code" in step ? step.code : null,
        "reason" in step ? step.reason : null,
      ],
    })
    if (rows.length === 0) return false
    if (row !== null) await writeAttempt(tx, delivery, row)
    if (step.state === "sent") await cancelRepeats(tx, delivery)
    if (!(await hasRepeat(tx, delivery))) await hooks.onState(tx, changeOf(delivery, step, false))
    return true
  })
}

type SendOfMessage = DeliveryChange["delivery"]

async function cancelRepeats(tx: Tx, delivery: SendOfMessage): Promise<void> {
  await tx.query({
    name: "settle.cancel_repeats",
    text: `update delivery set state = 'cancelled', finished_at = clock_timestamp()
           where company_id = $1 and message_id = $2 and id > $3 and sequence = 'send' and state in ('queued', 'waiting')`,
    values: [delivery.companyId, delivery.messageId, delivery.id],
  })
  if (delivery.conversationId !== null) await readyHeads(tx, delivery.companyId, [delivery.conversationId], "send")
}

/** The message shows its newest delivery: an older one's late news stays in the log. */
async function hasRepeat(tx: Tx, delivery: SendOfMessage): Promise<boolean> {
  const rows = await tx.query({
    name: "settle.has_repeat",
    text: "select from delivery where company_id = $1 and message_id = $2 and id > $3 and sequence = 'send' and state <> 'cancelled' limit 1",
    values: [delivery.companyId, delivery.messageId, delivery.id],
  })
  return rows.length > 0
}

/**
 * The partner imported, as a message it has sent, a reply whose fate we did not know: it arrived. Unknown becomes sent, a Retry that has not left yet is
 * cancelled, and the id it was imported under, which is ours, is not kept as the partner's. Nothing happens in any other state.
 */
export async function settleImported(
  db: Database,
  hooks: Pick<DeliveryHooks, "onState">,
  message: { companyId: number; messageId: number; conversationId: number },
): Promise<void> {
  const { companyId, messageId } = message
  await db.tx(async (tx) => {
    const conversationId = await lockConversationOf(tx, message)
    const rows = await tx.query<{ id: number; channel_id: number; type: ClaimedDelivery["type"] }>({
      name: "settle.imported",
      text: `update delivery set state = 'sent', error_code = null, error_reason = null, finished_at = clock_timestamp()
             where company_id = $1 and id = (select id from delivery where company_id = $1 and message_id = $2 and sequence = 'send' and state = 'unknown'
               order by id desc limit 1)
             returning id, channel_id, type`,
      values: [companyId, messageId],
    })
    const row = rows[0]
    if (row === undefined) return
    const delivery = { companyId, id: row.id, channelId: row.channel_id, conversationId, messageId, type: row.type }
    await cancelRepeats(tx, delivery)
    if (!(await hasRepeat(tx, delivery))) await hooks.onState(tx, { delivery, state: "sent" })
  })
}
