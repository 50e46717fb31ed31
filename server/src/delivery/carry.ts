import { pause, type WallClock } from "../clock.ts"
import { blockPoint, failPoint } from "../failpoint.ts"
import { OutageError } from "../http/errors.ts"
import { attemptSeconds } from "../metrics/meters.ts"
import { inSpan } from "../metrics/trace.ts"
import { secretsIn, without } from "../secrets/redact.ts"
import { type AttemptResult, type AttemptRow, attemptRow, tryOnce } from "./attempt.ts"
import type { Compose } from "./compose-together.ts"
import type { ClaimedDelivery, DeliveryDeps, Outgoing } from "./engine.ts"
import { seeded } from "./jitter.ts"
import { type Lane, type Lease, laneKey } from "./lanes.ts"
import { lateStep, nextStep, type Step } from "./next-step.ts"
import type { Fault, Outcome } from "./outcome.ts"
import { type Settlement, settleLate } from "./settle.ts"
import type { Turn } from "./turns.ts"

/** What works on lanes has, besides what deliveries are made of. */
export interface LaneDeps extends DeliveryDeps {
  wall: WallClock
  /** Runs work on the database when it is its turn, by lanes: deliveries use a few connections, however many are in flight. */
  turn: Turn
  /** Writes how an attempt ended; see `settleAttempt`. */
  settle(settlement: Settlement): Promise<boolean>
}

export interface CarryDeps extends LaneDeps {
  compose: Compose
}

/** More than the most that one change of a reply takes. */
const idsPerChange = 16
/** A webhook that was not dialled, by our own trouble, is tried again after this, on the schedule clock. */
const composeAgainMs = 5_000
/** What is left of a lease, at least, when something is dialled: mostly enough to connect and write. And when its first byte is written. */
const leaseLeftMs = { dial: 2_000, write: 500 }
const writeAgainMs = { first: 100, most: 2_000 }

export interface CarryOptions {
  /** Aborted: this worker ends. */
  signal: AbortSignal
  /** Hears of the exchange before the result is written: what comes next in the lane depends on it. */
  learnt(outcome: Outcome, tookMs: number): void
  isLeased: Lease
}

/**
 * Takes a claimed delivery to its partner and writes down how it went. Never throws: whatever happens ends in a settlement or in the
 * log.
 */
export async function carry(
  deps: CarryDeps,
  lane: Lane,
  delivery: ClaimedDelivery,
  { signal, learnt, isLeased }: CarryOptions,
): Promise<void> {
  blockPoint("delivery.claimed")
  const outgoing = await compose(deps, lane, delivery)
  if ("step" in outgoing) return await settle(deps, lane, delivery, outgoing.step, outgoing.row, signal)
  // After a long standstill somebody else may have taken this attempt for lost and sent what comes after it: then it must not leave any more.
  if (!isLeased(leaseLeftMs.dial))
    return await settle(deps, lane, delivery, inItsPlace(deps, interrupted), null, signal)
  const mayWrite = () => isLeased(leaseLeftMs.write)
  const result = await inSpan("delivery.attempt", spanOf(delivery), () => leave(deps, delivery, outgoing, mayWrite))
  if (result === null) return await settle(deps, lane, delivery, listenerAway(deps), null, signal)
  if (result.exchange.kind === "answered") failPoint("delivery.answered")
  if (isOurs(result.exchange))
    return await settle(deps, lane, delivery, inItsPlace(deps, result.exchange.reason), null, signal)
  const said = nextStep({
    sequence: delivery.sequence,
    exchange: result.exchange,
    attempts: delivery.attempt,
    firstStartedAt: delivery.firstStartedAt,
    now: deps.clock.now(),
    strict: outgoing.strict,
    expectsIds: outgoing.expectsIds ?? true,
    random: seeded(delivery.id, delivery.attempt),
  })
  const step = discreet(said, outgoing)
  learnt(result.exchange, result.report.timing.total)
  report(deps, delivery, result, step)
  if (step.state === "failed" && step.authentication) await takeOffline(deps, delivery, step.reason)
  await settle(deps, lane, delivery, step, rowOf(result, step, outgoing), signal)
  if (step.state === "unknown" && delivery.sequence === "send") listenOn(deps, lane, delivery, result, outgoing)
}

/** Over HTTP, or through whoever listens to the app. Null: the listener is away, and nothing has left us. */
function leave(
  deps: CarryDeps,
  delivery: ClaimedDelivery,
  outgoing: Outgoing,
  mayWrite: () => boolean,
): Promise<AttemptResult | null> {
  const attempt = { ...outgoing, keepAlive: delivery.sequence !== "send", mayWrite }
  const { listenerId } = outgoing
  if (!listenerId || deps.relay === undefined) return tryOnce(deps.dialer, attempt, deps.wall)
  const about = { deliveryId: delivery.id, type: delivery.type }
  return deps.relay.carry({ companyId: delivery.companyId, listenerId }, attempt, about)
}

/** Due at once: the next try waits for the listener in its turn. It counts as no attempt. */
const listenerAway = ({ clock }: CarryDeps): Step => ({
  state: "retry",
  at: clock.now(),
  reason: "the app's listener is away; it is kept until it comes back",
})

async function compose(
  deps: CarryDeps,
  lane: Lane,
  delivery: ClaimedDelivery,
): Promise<Outgoing | { step: Step; row: AttemptRow | null }> {
  try {
    await deps.hooks.prepare?.(delivery)
    const outgoing = await deps.compose(lane, delivery)
    if (!("gone" in outgoing)) return outgoing
    return { step: { state: "failed", code: "not_found", reason: outgoing.gone }, row: notDialled }
  } catch (error) {
    deps.log.error({ err: error, delivery_id: delivery.id }, "delivery.not_composed")
    return { step: again(deps, "Causeway could not read the message"), row: null }
  }
}

/** Our own trouble: nothing was dialled, and it counts as no attempt. */
const again = ({ clock }: CarryDeps, reason: string) => ({
  state: "retry" as const,
  at: new Date(clock.now().getTime() + composeAgainMs),
  reason,
})

/** The same where nothing is wrong with the webhook: however long ago it was claimed, by whatever clock, none of its conversation passes it. */
const inItsPlace = (deps: CarryDeps, reason: string): Step => ({ ...again(deps, reason), keepsPlace: true })

const interrupted = "Causeway was interrupted"

/** Nothing was written, and no partner is to be blamed, paused or given up for it. */
const isOurs = (exchange: Outcome): exchange is Fault =>
  exchange.kind === "fault" && (exchange.code === "exhausted" || exchange.code === "interrupted")

/** A partner's reason may repeat the credential it was sent. */
const discreet = <S extends Step | null>(step: S, { authorization }: Outgoing): S =>
  step !== null && "reason" in step ? { ...step, reason: without(secretsIn(authorization), step.reason) } : step

const notDialled: AttemptRow = { outcome: "not_dialled", decision: "failed" }

function rowOf(result: AttemptResult, step: Step, { listenerId }: Outgoing): AttemptRow {
  const warnings = [
    ...(listenerId ? [throughListener] : []),
    ...("warnings" in step && step.warnings ? step.warnings : []),
  ]
  return { ...attemptRow(result), decision: step.state, ...(warnings.length > 0 && { warnings }) }
}

/** Of the log only: the reply's own warnings are about what the partner said. */
const throughListener = "a listener carried it instead of the address"

const spanOf = ({ type, id, channelId, attempt }: ClaimedDelivery) => ({
  type,
  delivery_id: id,
  channel_id: channelId,
  attempt,
})

function report(deps: CarryDeps, delivery: ClaimedDelivery, result: AttemptResult, step: Step): void {
  const { exchange } = result
  const outcome = exchange.kind === "answered" ? "answered" : exchange.code
  attemptSeconds.observe({ type: delivery.type, outcome, decision: step.state }, result.report.timing.total / 1000)
  deps.log.info(
    {
      company_id: delivery.companyId,
      delivery_id: delivery.id,
      channel_id: delivery.channelId,
      type: delivery.type,
      attempt: delivery.attempt,
      outcome,
      status: exchange.kind === "answered" ? exchange.status : undefined,
      decision: step.state,
      retry_at: step.state === "retry" ? step.at : undefined,
    },
    "delivery.attempted",
  )
}

/** First: what waits behind this send must not be refused in the same way. */
async function takeOffline(deps: CarryDeps, delivery: ClaimedDelivery, reason: string): Promise<void> {
  try {
    await deps.ids.reserve(idsPerChange)
    await deps.turn(
      () => deps.db.tx((tx) => deps.hooks.onAuthenticationFailed(tx, delivery.companyId, delivery.channelId, reason)),
      laneKey(delivery),
    )
  } catch (error) {
    // The reply is failed all the same; the next refusal takes the channel offline.
    deps.log.error({ err: error, channel_id: delivery.channelId }, "delivery.channel_not_taken_offline")
  }
}

/**
 * The result is known and nowhere else: it is written again and again until it holds, or until this worker is told to end (`signal`), when the next one
 * finds an attempt without a result.
 */
async function settle(
  deps: CarryDeps,
  lane: Lane,
  delivery: ClaimedDelivery,
  step: Step,
  row: AttemptRow | null,
  signal: AbortSignal,
): Promise<void> {
  let kept = row
  for (let waitMs = writeAgainMs.first; !signal.aborted; waitMs = Math.min(waitMs * 2, writeAgainMs.most)) {
    try {
      await deps.ids.reserve(idsPerChange)
      const settlement = { lane, delivery, step, row: kept }
      const written = await deps.settle(settlement)
      if (written) return
      // Whoever leased the lane meanwhile took this send for lost and called it unknown: what we know of it settles it, as a late answer does.
      const isKnown = delivery.sequence === "send" && (step.state === "sent" || step.state === "failed")
      const late = isKnown && (await deps.turn(() => settleLate(deps.db, deps.hooks, settlement), laneKey(lane)))
      deps.log.warn({ delivery_id: delivery.id, decision: step.state, written: late }, "delivery.stale_result")
      return
    } catch (error) {
      deps.log.error({ err: error, delivery_id: delivery.id }, "delivery.not_settled")
      // Recording an attempt never fails the delivery: what the database refuses to keep of it is left out.
      if (kept !== null && !(error instanceof OutageError)) kept = { outcome: kept.outcome, decision: kept.decision }
      await pause(deps.wall, waitMs, signal)
    }
  }
}

/** The response may still be read for a while: a late success settles an unknown send as sent, a late error type as failed. */
function listenOn(
  deps: CarryDeps,
  lane: Lane,
  delivery: ClaimedDelivery,
  result: AttemptResult,
  outgoing: Outgoing,
): void {
  result.late
    ?.then(async (late) => {
      const step =
        late === null ? null : discreet(lateStep(late.exchange, outgoing.strict, outgoing.expectsIds), outgoing)
      if (late === null || step === null) return
      if (step.state === "failed" && step.authentication) await takeOffline(deps, delivery, step.reason)
      await deps.ids.reserve(idsPerChange)
      const settlement = { lane, delivery, step, row: rowOf(late, step, outgoing) }
      const written = await deps.turn(() => settleLate(deps.db, deps.hooks, settlement), laneKey(lane))
      deps.log.info({ delivery_id: delivery.id, decision: step.state, written }, "delivery.answered_late")
    })
    .catch((error: unknown) => deps.log.error({ err: error, delivery_id: delivery.id }, "delivery.late_answer_lost"))
}
