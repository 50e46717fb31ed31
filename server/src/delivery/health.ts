import { retryAfterMs } from "./answer.ts"
import { jittered } from "./jitter.ts"
import type { Outcome } from "./outcome.ts"

/**
 * How the partner behind a lane is coping, learnt from the exchanges with it. It decides two things, both for everything in the lane and never for one
 * message: how many deliveries may be in flight (the cap), and whether any may leave at all (the pause; a circuit breaker).
 *
 *   closed ──5 failures in a row──▶ paused ──the pause ends──▶ probing: one delivery leaves
 *     ▲                                ▲                          │            │
 *     └────────── it gets through ─────┼──────────────────────────┘            │
 *                                      └── it does not: the next pause is longer
 *
 * A failure is an exchange that says something about the server: no connection, no TLS, no answer, a broken one, and 5xx where it was asked nothing
 * about a message (notices). What a partner says about one message is an answer, whatever its status: it proves that the server works.
 * Sends and notices are judged apart, as a server may hang on the one and be quick with the other; a server that cannot be reached fails for both, and
 * one that can be reached again has come back for both.
 *
 * This file only decides. workers.ts keeps the value while it holds the lane, claim.ts writes it into the lane's row.
 */
export interface Health {
  /** Deliveries in flight, at most. */
  cap: number
  /** Quick answers since the cap last changed. */
  quick: number
  /** Attempts that started before this one was given out do not halve the cap again: their trouble is known. Not kept in the row. */
  epoch: number
  send: Condition
  notice: Condition
}

/** `control` deliveries count as notices: they may be repeated too. */
export type Kind = "send" | "notice"

export interface Condition {
  /** In a row. */
  failures: number
  /** Of the last of them. */
  trouble: Trouble | null
  pause: Pause | null
}

/** `unreachable`: nothing could be written. `failing`: it was written and came to nothing. */
type Trouble = "unreachable" | "failing"

export interface Pause {
  /** `asked`: the partner named the time itself (Retry-After); everything may leave when it is over. */
  why: Trouble | "asked"
  /** Schedule clock, as is `until`. */
  since: Date
  /** When one delivery may try again. */
  until: Date
  /** Which pause in a row this is, from 1. */
  count: number
  /** Of what went wrong, as in a failed delivery. */
  code: string
  /** Said to people. */
  reason: string
}

/** What became of one exchange of the lane. */
export interface Result {
  kind: Kind
  outcome: Outcome
  tookMs: number
  /** `Health.epoch` when it started. */
  epoch: number
}

export const capFirst = 2
export const capMax = 16
/** An answer within this makes room for more; a slower one takes room away, so that slow channels do not use up the process. */
const quickMs = 1_000
/** Failures in a row that open the breaker. */
export const pausesAfter = 5
/** The pauses of a lane, one after the other; the last one repeats. */
export const pauseMs = [5, 10, 20, 40, 80, 160, 300].map((seconds) => seconds * 1000)
/** A lane does not wait longer for a partner's Retry-After; the delivery that was told to wait may. */
export const askedPauseMaxMs = 60_000
/** Whatever seems to last longer, jitter included, was begun by a clock that has been set back since. */
const pauseMaxMs = 2 * Math.max(...pauseMs)

const well: Condition = { failures: 0, trouble: null, pause: null }

export const healthy = (cap: number): Health => ({ cap, quick: 0, epoch: 0, send: well, notice: well })

/** `random`: 0 ≤ random() < 1, for jitter. */
export function afterResult(health: Health, result: Result, now: Date, random: () => number): Health {
  const { kind, outcome } = result
  const other: Kind = kind === "send" ? "notice" : "send"
  const next = withCap(health, result)
  const asked = askedMs(outcome)
  if (asked !== null) return { ...next, [kind]: { ...well, pause: askedPause(health[kind], asked, now) } }
  const trouble = troubleOf(result)
  if (trouble === "none")
    return { ...next, [kind]: well, [other]: health[other].trouble === "unreachable" ? well : health[other] }
  if (trouble === "unsaid") return next
  const share = random() // both kinds are let in at the same moment
  const worse = (condition: Condition) => worsened(condition, trouble, outcome, now, () => share)
  const worst: Health = {
    ...next,
    [kind]: worse(health[kind]),
    [other]: trouble === "unreachable" ? worse(health[other]) : health[other],
  }
  // Whoever comes back is met gently, however quick it was before.
  return pausesDiffer(health, worst) ? { ...worst, cap: Math.min(worst.cap, capFirst) } : worst
}

/** `unsaid`: says nothing about the server, in either way. */
function troubleOf({ kind, outcome }: Result): Trouble | "none" | "unsaid" {
  if (outcome.kind === "answered") {
    if (outcome.status === 429) return "unsaid"
    if (outcome.status < 500) return "none"
    return kind === "notice" ? "failing" : "unsaid"
  }
  // Refused by ourselves, or given up by ourselves: the partner has no part in it.
  if (outcome.code === "invalid_url" || outcome.code === "address_blocked" || outcome.code === "aborted")
    return "unsaid"
  return outcome.written ? "failing" : "unreachable"
}

function worsened(
  condition: Condition,
  trouble: Trouble,
  outcome: Outcome,
  now: Date,
  random: () => number,
): Condition {
  const failures = condition.failures + 1
  const { pause } = condition
  // What left before the pause began may come back during it: that is no probe.
  const isStraggler = pause !== null && lasts(pause, now)
  const opens = pause === null || pause.why === "asked" ? failures >= pausesAfter : !isStraggler
  if (!opens) return { failures, trouble, pause }
  const count = pause === null || pause.why === "asked" ? 1 : pause.count + 1
  const waitMs = pauseMs[Math.min(count, pauseMs.length) - 1] as number
  const until = new Date(now.getTime() + jittered(waitMs, random))
  return { failures, trouble, pause: { why: trouble, since: pause?.since ?? now, until, count, ...said(outcome) } }
}

const said = (outcome: Outcome): { code: string; reason: string } =>
  outcome.kind === "fault"
    ? { code: outcome.code, reason: outcome.reason }
    : { code: "internal_error", reason: `the channel's server answered ${outcome.status}` }

/** How long a partner wants to be left alone; null when it does not say. */
function askedMs(outcome: Outcome): number | null {
  if (outcome.kind === "fault" || (outcome.status !== 429 && outcome.status !== 503)) return null
  const waitMs = retryAfterMs(outcome)
  return waitMs === null || waitMs === 0 ? null : Math.min(waitMs, askedPauseMaxMs)
}

function askedPause({ pause }: Condition, waitMs: number, now: Date): Pause {
  const until = new Date(now.getTime() + waitMs)
  return {
    why: "asked",
    since: pause?.since ?? now,
    // Several may have been told to wait at once: the last one to be let in counts.
    until: pause?.why === "asked" && lasts(pause, now) && pause.until > until ? pause.until : until,
    count: 1,
    code: "too_many_requests",
    reason: "the channel's server asked us to wait",
  }
}

/** Additive increase, multiplicative decrease (as in TCP, RFC 5681): one more after a capful of quick answers, half after trouble. */
function withCap(health: Health, { outcome, tookMs, epoch }: Result): Health {
  const load = loadOf(outcome, tookMs)
  if (load === "over" && epoch === health.epoch)
    return { ...health, cap: Math.max(1, health.cap >> 1), quick: 0, epoch: epoch + 1 }
  if (load === "slow" && health.cap > capFirst) return { ...health, cap: health.cap - 1, quick: 0 }
  if (load !== "quick") return { ...health }
  return health.quick + 1 < health.cap
    ? { ...health, quick: health.quick + 1 }
    : { ...health, cap: Math.min(capMax, health.cap + 1), quick: 0 }
}

function loadOf(outcome: Outcome, tookMs: number): "quick" | "slow" | "over" | "unsaid" {
  if (outcome.kind === "answered") {
    if (outcome.status === 429 || outcome.status >= 500) return "over"
    return tookMs <= quickMs ? "quick" : "slow"
  }
  const { code } = outcome
  return code === "timeout" || code === "connect_timeout" || code === "connection_reset" ? "over" : "unsaid"
}

const lasts = ({ until }: Pause, now: Date): boolean => now < until && until.getTime() - now.getTime() <= pauseMaxMs

/** Whether deliveries of a kind may leave at `now` (schedule clock): all, one to see whether the partner is back, or none. */
export function gateOf({ pause }: Condition, now: Date): "open" | "probe" | "closed" {
  if (pause === null) return "open"
  if (lasts(pause, now)) return "closed"
  return pause.why === "asked" ? "open" : "probe"
}

/** Whether people who watch the lane would see another pause. */
export const pausesDiffer = (one: Health, other: Health): boolean =>
  one.send.pause?.until !== other.send.pause?.until || one.notice.pause?.until !== other.notice.pause?.until

/** What the lane's row keeps, as JSON; dates in ISO 8601. Read by SQL in channels/views.ts and messages/read.ts too. */
export const healthRow = ({ send, notice }: Health): object => ({ send, notice })

/** Reads the row back. A row of a version that knew less, or nothing, is a healthy lane. */
export function readHealth(cap: number, row: { send?: Condition; notice?: Condition }): Health {
  return { ...healthy(cap), send: readCondition(row.send), notice: readCondition(row.notice) }
}

const readCondition = (kept: Condition | undefined): Condition =>
  kept === undefined
    ? well
    : {
        ...kept,
        pause:
          kept.pause === null
            ? null
            : { ...kept.pause, since: new Date(kept.pause.since), until: new Date(kept.pause.until) },
      }
