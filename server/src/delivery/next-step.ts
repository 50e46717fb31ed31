import type { Exchange } from "./dialer.ts"

/**
 * What follows from one try.
 *
 * A reply is `held` while it can be taken back, then `queued`, then `sending` from the moment its try is claimed. From there:
 * an answer with a 2xx status and no error type → **sent**; any of the seven error types, or another status → **failed** with the partner's reason;
 * silence for 7 s, or a connection that broke after the first byte was written → **unknown**: it may have arrived, so the machine never repeats it.
 * Only where no byte was written (name, connection, TLS) is it tried again by itself, `waiting` in between: three tries within 60 s, then failed.
 * A 429 that names a wait of up to 60 s gets one more try. What is `unknown` is settled by a late answer, by an import of our own id, or by a person.
 *
 * Notices, deletions and other news repeat without harm: any 2xx is **sent**; they are retried for about 16 hours; a 4xx that will not change is final.
 */
export type NextStep =
  | { state: "sent"; externalId?: string; externalConversationId?: string; warnings: string[] }
  | { state: "failed"; code: string; reason: string; authentication: boolean; warnings: string[] }
  | { state: "unknown"; code: string; reason: string; warnings: string[] }
  | { state: "retry"; at: Date; reason: string; warnings: string[] }

export interface Situation {
  sequence: "send" | "notice" | "control"
  exchange: Exchange
  /** Tries so far, this one included. */
  attempts: number
  /** Schedule clock. */
  firstStartedAt: Date
  now: Date
  strict: boolean
  /** 0 ≤ random < 1, for jitter. */
  random: number
}

export const errorTypes = ["bad_request", "authentication_required", "forbidden", "not_found", "request_timeout", "too_many_requests", "internal_error"] as const

const sendAttemptsMax = 3
const sendPatienceMs = 60_000
/** Between the tries of a send that never left. */
const sendDelaysMs = [2_000, 8_000]
const second = 1_000
const minute = 60 * second
const hour = 60 * minute
/** After the n-th failed try of a notice. About 16 hours in all. */
const noticeDelaysMs = [5 * second, 30 * second, 2 * minute, 10 * minute, 30 * minute, hour, 2 * hour, 4 * hour, 8 * hour]
const retryAfterMaxSeconds = 60
const externalIdCharsMax = 1000

export function nextStep(situation: Situation): NextStep {
  return situation.sequence === "send" ? afterSend(situation) : afterNotice(situation)
}

function afterSend(situation: Situation): NextStep {
  const { exchange } = situation
  if (exchange.kind === "not_sent") return afterNotSent(situation, exchange)
  if (exchange.kind === "no_answer") return { state: "unknown", code: "request_timeout", reason: exchange.reason, warnings: [] }
  const answer = readAnswer(exchange)
  const status = exchange.status
  if (answer.type !== null) return refused(answer.type, answer.message ?? sentences[answer.type] ?? answer.type)
  if (status === 429) return afterTooMany(situation, exchange)
  if (status >= 200 && status < 300) return situation.strict ? strictly(answer) : leniently(answer, exchange.isCut)
  const code = codeOf(status)
  return refused(code, `The channel answered with status ${status}${status >= 300 && status < 400 ? ": redirects are not followed" : ""}`)
}

const refused = (code: string, reason: string): NextStep => ({ state: "failed", code, reason, authentication: code === "authentication_required", warnings: [] })

/** Certificates, refused addresses and bad URLs do not get better by waiting. */
const finalCauses = new Set(["bad_url", "blocked"])

function afterNotSent({ attempts, firstStartedAt, now, random }: Situation, exchange: Extract<Exchange, { kind: "not_sent" }>): NextStep {
  const final = refused(`not_sent_${exchange.cause}`, exchange.reason)
  if (finalCauses.has(exchange.cause) || attempts >= sendAttemptsMax) return final
  const at = now.getTime() + jittered(sendDelaysMs[attempts - 1] ?? 0, random)
  return at - firstStartedAt.getTime() > sendPatienceMs ? final : { state: "retry", at: new Date(at), reason: exchange.reason, warnings: [] }
}

function afterTooMany({ attempts, now }: Situation, exchange: Extract<Exchange, { kind: "answered" }>): NextStep {
  const seconds = retryAfterSeconds(exchange.headers["retry-after"], Date.now())
  if (attempts === 1 && seconds !== null && seconds <= retryAfterMaxSeconds) {
    return { state: "retry", at: new Date(now.getTime() + seconds * second), reason: "The channel is limiting how fast we send", warnings: [] }
  }
  return refused("too_many_requests", "The channel is limiting how fast we send")
}

/** Whole seconds or a date (RFC 9110); null when it is neither. */
export function retryAfterSeconds(header: string | undefined, nowMs: number): number | null {
  if (header === undefined) return null
  if (/^\d{1,10}$/.test(header.trim())) return Number(header)
  const at = Date.parse(header)
  return Number.isNaN(at) ? null : Math.max(0, Math.ceil((at - nowMs) / second))
}

interface Answer {
  type: (typeof errorTypes)[number] | null
  isSuccess: boolean
  message: string | null
  externalId: unknown
  externalConversationId: unknown
  isJson: boolean
}

/** Read on every status: the partner's JSON decides before the status does. */
function readAnswer(exchange: Extract<Exchange, { kind: "answered" }>): Answer {
  const value = parse(exchange.body)
  const type = errorTypes.find((known) => known === value?.type) ?? null
  return {
    type,
    isSuccess: value?.type === "success",
    message: typeof value?.message === "string" && value.message.trim() !== "" ? value.message.slice(0, 2000) : null,
    externalId: value?.external_id,
    externalConversationId: value?.external_conversation_id,
    isJson: value !== null,
  }
}

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

const idOf = (value: unknown): string | null => (typeof value === "string" && value !== "" && value.length <= externalIdCharsMax ? value.toWellFormed().replaceAll("\u0000", "") : null)

function leniently(answer: Answer, isCut: boolean): NextStep {
  const externalId = idOf(answer.externalId)
  const externalConversationId = idOf(answer.externalConversationId)
  const warnings = [
    ...(isCut ? ["the answer was longer than 64 KiB or ended early"] : []),
    ...(answer.isJson ? [] : ["the answer is no JSON object: the vendor would have failed this message"]),
    ...(answer.isJson && !answer.isSuccess ? ['the answer lacks type "success": the vendor would have failed this message'] : []),
    ...(externalId === null ? ["external_id is missing or no string: the vendor would have failed this message"] : []),
    ...(externalConversationId === null ? ["external_conversation_id is missing or no string: the vendor would have failed this message"] : []),
  ]
  return { state: "sent", ...(externalId !== null && { externalId }), ...(externalConversationId !== null && { externalConversationId }), warnings }
}

function strictly(answer: Answer): NextStep {
  const externalId = idOf(answer.externalId)
  const externalConversationId = idOf(answer.externalConversationId)
  if (answer.isSuccess && externalId !== null && externalConversationId !== null) return { state: "sent", externalId, externalConversationId, warnings: [] }
  return refused("invalid_answer", `The channel answered, but not as agreed: ${answer.isSuccess ? "external_id or external_conversation_id is missing" : 'type "success" is missing'}`)
}

function codeOf(status: number): string {
  if (status === 401) return "authentication_required"
  if (status === 403) return "forbidden"
  if (status === 404 || status === 410) return "not_found"
  if (status === 408) return "request_timeout"
  if (status === 429) return "too_many_requests"
  return status >= 500 ? "internal_error" : "bad_request"
}

const sentences: Record<string, string> = {
  bad_request: "The channel rejected this message",
  authentication_required: "The channel is signed out",
  forbidden: "Not allowed to send here",
  not_found: "The channel does not know this recipient",
  request_timeout: "The channel's own service did not answer",
  too_many_requests: "The channel is limiting how fast we send",
  internal_error: "The channel had an error",
}

function afterNotice(situation: Situation): NextStep {
  const { exchange } = situation
  if (exchange.kind === "answered") {
    const { status } = exchange
    if (status >= 200 && status < 300) return { state: "sent", warnings: [] }
    const isFinal = status >= 400 && status < 500 && status !== 408 && status !== 425 && status !== 429
    if (isFinal) return refused(codeOf(status), `The channel answered with status ${status}`)
    return again(situation, `The channel answered with status ${status}`)
  }
  if (exchange.kind === "not_sent" && finalCauses.has(exchange.cause)) return refused(`not_sent_${exchange.cause}`, exchange.reason)
  return again(situation, exchange.reason)
}

function again({ attempts, now, random, exchange }: Situation, reason: string): NextStep {
  const delayMs = noticeDelaysMs[attempts - 1]
  if (delayMs === undefined) return refused("gave_up", `${reason}; tried ${attempts} times`)
  const asked = exchange.kind === "answered" ? retryAfterSeconds(exchange.headers["retry-after"], Date.now()) : null
  const waitMs = Math.max(jittered(delayMs, random), Math.min(asked ?? 0, 24 * 3600) * second)
  return { state: "retry", at: new Date(now.getTime() + waitMs), reason, warnings: [] }
}

/** ±20 %, so that what failed together does not come back together. */
const jittered = (ms: number, random: number): number => Math.round(ms * (0.8 + 0.4 * random))

/** What a late answer makes of an unknown send; null: nothing. */
export function lateStep(exchange: Exchange, strict: boolean): NextStep | null {
  if (exchange.kind !== "answered") return null
  const epoch = new Date(0)
  const step = afterSend({ sequence: "send", exchange, attempts: Number.POSITIVE_INFINITY, firstStartedAt: epoch, now: epoch, strict, random: 0 })
  return step.state === "sent" || step.state === "failed" ? step : null
}
