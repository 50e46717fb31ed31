import { createHash } from "node:crypto"
import {
  type answerFaults,
  type Faults,
  type inboundFaults,
  answerFaults as known,
} from "@causeway/contract/endpoints/simulator"

export type AnswerFault = (typeof answerFaults)[number]
export type InboundFault = (typeof inboundFaults)[number]

export const noFaults: Faults = {
  answer: null,
  reason: null,
  answer_after_seconds: 0,
  inbound: null,
  later_failure: null,
  remaining: null,
  seed: null,
  rate: 0.3,
}

/** What a seed may bring: nothing that takes the channel offline, makes a lane pause, or waits. */
const seededAnswers: readonly AnswerFault[] = [
  "bad_request",
  "forbidden",
  "not_found",
  "request_timeout",
  "too_many_requests",
  "internal_error",
  "unavailable",
  "without_ids",
  "cut",
  "drop",
]
const seededInbound: readonly InboundFault[] = ["duplicate", "reorder", "cut", "drop"]

/** A number from 0 up to 1 that follows from the seed and the words alone: the order in which things happen elsewhere does not matter. */
export function chance(seed: number, ...words: readonly (string | number)[]): number {
  const digest = createHash("sha256")
    .update(JSON.stringify([seed, ...words]))
    .digest()
  return digest.readUInt32BE(0) / 2 ** 32
}

export const pick = <T>(values: readonly T[], share: number): T => values[Math.floor(share * values.length)] as T

/** What a send is answered with. */
export interface AnswerPlan {
  fault: AnswerFault | null
  reason: string
  delayMs: number
  laterFailure: string | null
}

const saidNo = "the provider said no"

/**
 * What happens to the `n`-th send of a thread. A text that begins with `!fail`, `!slow`, `!status`, `!drop` or `!cut` says it itself; then a seed; then
 * what is set.
 */
export function planAnswer(faults: Faults, thread: string, n: number, text: string): AnswerPlan {
  const set: AnswerPlan = {
    fault: faults.answer,
    reason: faults.reason ?? saidNo,
    delayMs: faults.answer_after_seconds * 1000,
    laterFailure: faults.later_failure,
  }
  const magic = readMagic(text)
  if (magic !== null) return { ...set, fault: null, delayMs: 0, laterFailure: null, ...magic }
  if (faults.seed === null) return set
  const { seed, rate } = faults
  const isHit = chance(seed, "answer", thread, n) < rate
  return { ...set, fault: isHit ? pick(seededAnswers, chance(seed, "which answer", thread, n)) : null }
}

/** What happens to the `n`-th message that a customer writes in a thread. */
export function planInbound(faults: Faults, thread: string, n: number): InboundFault | null {
  if (faults.seed === null) return faults.inbound
  const { seed, rate } = faults
  return chance(seed, "inbound", thread, n) < rate
    ? pick(seededInbound, chance(seed, "which inbound", thread, n))
    : null
}

function readMagic(text: string): Partial<AnswerPlan> | null {
  const [, verb, rest = ""] = /^\s*!(fail|slow|status|drop|cut)\b\s*(.*)$/s.exec(text) ?? []
  if (verb === "slow") return { delayMs: Math.min(40, Number(rest.split(/\s/)[0]) || 0) * 1000 }
  if (verb === "drop" || verb === "cut") return { fault: verb }
  const [first = "", ...others] = rest.trim().split(/\s+/)
  const reason = others.join(" ") || saidNo
  if (verb === "status") return { laterFailure: reason }
  if (verb === "fail") return { fault: known.find((fault) => fault === first) ?? "bad_request", reason }
  return null
}
