import { type PartnerWords, readAnswer, retryAfterMs, strictly } from "./answer.ts"
import { jittered } from "./jitter.ts"
import type { Answer, Fault, Outcome } from "./outcome.ts"

/**
 * The life of a reply, as its delivery tells it:
 *
 *   held ──undo──▶ (undone)
 *     │ the window ends
 *     ▼
 *   queued ──▶ sending ──▶ sent      the partner took it (2xx without one of the seven error types)
 *     ▲           │   └──▶ failed    the partner said no, or it never left us: code and reason
 *     │           │   └──▶ unknown   a byte had left us and no answer came: it may have arrived
 *     └─ waiting ◀┘                  nothing had left us (name, connection, TLS), or 429 with a short Retry-After
 *
 * A send whose first byte was written is never repeated by the machine: partners do not have to recognise a repeat, and a customer would read the
 * message twice. The one exception is an explicit "not now" (429), which is an answer. `unknown` is left by an answer that comes late, by the partner
 * importing the message, or by a person's Retry, which is a new delivery. `failed` is only left by Retry.
 *
 * Notices and goodbyes (`message_imported`, `delete`) may be repeated, so they are, on a schedule that ends after ten attempts and about sixteen hours.
 *
 * This file only decides. carry.ts acts, settle.ts writes; a simulator can run the same decisions.
 */
export type Step =
  | { state: "sent"; externalId?: string; externalConversationId?: string; warnings?: string[] }
  /** `authentication`: the partner refused our credentials, and the channel goes offline with this reason. */
  | { state: "failed"; code: string; reason: string; authentication?: boolean; warnings?: string[] }
  | { state: "unknown"; code: string; reason: string }
  /** `at` is on the schedule clock. `keepsPlace`: nothing was tried, for want of something of ours that all others want too; those behind it wait with it. */
  | { state: "retry"; at: Date; reason: string; warnings?: string[]; keepsPlace?: boolean }

export interface Situation {
  sequence: "send" | "notice" | "control"
  /** How the attempt that just ended went. */
  exchange: Outcome
  /** Attempts started, that one included. */
  attempts: number
  /** Schedule clock. */
  firstStartedAt: Date
  /** Schedule clock. */
  now: Date
  /** The app wants the vendor's rule: `type: "success"` and both ids, or the send has failed. */
  strict: boolean
  /** Whether an answer to a send has to bring ids; default true. A custom channel's has not. */
  expectsIds?: boolean
  /** 0 ≤ random() < 1, for jitter. */
  random(): number
}

/** Waits before the second to the fourth try of a send that did not leave us. */
export const sendRetryMs = [1_000, 5_000, 15_000]
/** A send is not tried again later than this after its first try. */
export const sendRetryWindowMs = 60_000
/** Waits before each try of what may be repeated; the first is at once. */
export const noticeRetryMs = [0, 5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800].map((seconds) => seconds * 1000)
/** A longer Retry-After means failed for a send: nobody waits that long in front of a conversation. */
const sendRetryAfterMaxMs = 60_000
const noticeRetryAfterMaxMs = 3_600_000

export function nextStep(situation: Situation): Step {
  return situation.sequence === "send" ? nextOfSend(situation) : nextOfNotice(situation)
}

function nextOfSend(situation: Situation): Step {
  const { exchange, strict } = situation
  if (exchange.kind === "fault") return exchange.written ? unknownAfter(exchange) : sendNotLeft(situation, exchange)
  const said = readAnswer(exchange, situation.expectsIds)
  if (said.errorType === null && exchange.status === 429) return slowDown(situation, exchange, said)
  return judge(exchange, said, strict)
}

/** What a complete answer to a send means, 429 aside. */
function judge(answer: Answer, said: PartnerWords, strict: boolean): Step {
  if (said.errorType !== null) return refused(said.errorType, said.reason)
  if (answer.status === 401) return refused("authentication_required", said.reason)
  if (answer.status < 200 || answer.status > 299) return refused(codeOf(answer.status), said.reason)
  if (strict && said.strictProblem !== null) return refused("invalid_answer", said.strictProblem)
  return {
    state: "sent",
    ...(said.externalId !== null && { externalId: said.externalId }),
    ...(said.externalConversationId !== null && { externalConversationId: said.externalConversationId }),
    warnings: said.warnings,
  }
}

const refused = (code: string, reason: string): Step => ({
  state: "failed",
  code,
  reason,
  ...(code === "authentication_required" && { authentication: true }),
})

const unknownAfter = (fault: Fault): Step => ({
  state: "unknown",
  code: "no_answer",
  reason: `${fault.reason}: the message may have arrived`,
})

function sendNotLeft({ attempts, firstStartedAt, now }: Situation, fault: Fault): Step {
  const waitMs = sendRetryMs[attempts - 1]
  const at = new Date(now.getTime() + (waitMs ?? 0))
  const isLast = waitMs === undefined || at.getTime() - firstStartedAt.getTime() > sendRetryWindowMs
  if (isLast || isHopeless(fault) || isAboutCertificate(fault))
    return { state: "failed", code: fault.code, reason: fault.reason }
  return { state: "retry", at, reason: fault.reason }
}

/** Ours to refuse, and the same every time. */
const isHopeless = (fault: Fault): boolean => fault.code === "invalid_url" || fault.code === "address_blocked"

/** A certificate is not renewed within a minute; a notice, tried for hours, may live to see it. */
const isAboutCertificate = (fault: Fault): boolean =>
  fault.code === "tls_expired" || fault.code === "tls_self_signed" || fault.code === "tls_wrong_name"

function slowDown({ attempts, now }: Situation, answer: Answer, said: PartnerWords): Step {
  const afterMs = retryAfterMs(answer)
  if (attempts > 1 || afterMs === null || afterMs > sendRetryAfterMaxMs)
    return refused("too_many_requests", said.reason)
  const warnings = [strictly("429 with Retry-After was taken for a request to wait")]
  return { state: "retry", at: new Date(now.getTime() + afterMs), reason: said.reason, warnings }
}

function nextOfNotice(situation: Situation): Step {
  const { sequence, exchange } = situation
  if (exchange.kind === "fault") {
    const failed: Step = { state: "failed", code: exchange.code, reason: exchange.reason }
    return isHopeless(exchange) ? failed : (laterNotice(situation, exchange.reason) ?? failed)
  }
  const { status } = exchange
  if (status >= 200 && status <= 299) return { state: "sent", warnings: [] }
  const { reason } = readAnswer(exchange)
  const failed: Step = { state: "failed", code: codeOf(status), reason }
  if (status < 400 || status > 499 || status === 408 || status === 425 || status === 429)
    return laterNotice(situation, reason, retryAfterMs(exchange)) ?? failed
  // Handling `delete` is optional for a partner (Channel API): one that does not know it has been told all the same.
  return sequence === "control" ? { state: "sent", warnings: [reason] } : failed
}

/** Null when all tries are used up. */
function laterNotice({ attempts, now, random }: Situation, reason: string, afterMs: number | null = null): Step | null {
  const waitMs = noticeRetryMs[attempts]
  if (waitMs === undefined) return null
  const askedMs = Math.min(afterMs ?? 0, noticeRetryAfterMaxMs)
  return { state: "retry", at: new Date(now.getTime() + Math.max(jittered(waitMs, random), askedMs)), reason }
}

/**
 * What an answer to a send means that came after the send was given up as unknown: only words that settle it count, a success or one of the seven
 * error types (401 is one). Anything else, a gateway's 504 for one, says nothing about the message. Null: it stays unknown.
 */
export function lateStep(exchange: Outcome, strict: boolean, expectsIds = true): Step | null {
  if (exchange.kind === "fault") return null
  const said = readAnswer(exchange, expectsIds)
  const isSuccess = exchange.status >= 200 && exchange.status <= 299
  if (!isSuccess && said.errorType === null && exchange.status !== 401) return null
  const step = judge(exchange, said, strict)
  return step.state === "sent" ? { ...step, warnings: [strictly("the answer came after 7 s"), ...said.warnings] } : step
}

const codes: Record<number, string> = {
  403: "forbidden",
  404: "not_found",
  408: "request_timeout",
  410: "not_found",
  429: "too_many_requests",
}

/** The seven codes of the protocol, and one of ours for what it does not foresee. */
function codeOf(status: number): string {
  if (status < 400) return "redirected"
  return codes[status] ?? (status > 499 ? "internal_error" : "bad_request")
}
