import type { Outcome } from "../delivery/outcome.ts"

/**
 * What becomes of one event that was told to a webhook:
 *
 *   queued ──▶ sending ──▶ sent       any 2xx
 *     ▲           │   └──▶ failed     a refusal that will stay one, or the last of four tries
 *     └─ waiting ◀┘                   no answer within 5 s, 5xx, 408, 425, 429: again after 5 s, 30 s, 2 minutes
 *
 * A rule's webhook is told once: its receivers were never promised a repeat, so silence is `unknown` there.
 * Source: the vendor's guides to application webhooks (three retries) and rule webhooks (none).
 */
export type EventStep =
  | { state: "sent" }
  /** `gone`: the receiver wants nothing more. */
  | { state: "failed"; code: string; reason: string; gone?: boolean }
  | { state: "unknown"; code: string; reason: string }
  | { state: "waiting"; at: Date; reason: string }

/** How long a receiver may take to answer. Source: the vendor's guide to application webhooks. */
export const eventAnswerMs = 5_000
export const eventRetryMs = [5_000, 30_000, 120_000]
/** Of a wait, up and down. */
const jitterShare = 0.2

export function nextEventStep(situation: {
  kind: "application" | "rule"
  exchange: Outcome
  /** Attempts started, the one that just ended included. */
  attempts: number
  /** Schedule clock. */
  now: Date
  /** 0 ≤ random() < 1, for jitter. */
  random(): number
}): EventStep {
  const { kind, exchange, attempts, now, random } = situation
  if (exchange.kind === "answered" && exchange.status >= 200 && exchange.status <= 299) return { state: "sent" }
  const reason = exchange.kind === "fault" ? exchange.reason : `the receiver answered ${exchange.status}`
  const code = exchange.kind === "fault" ? exchange.code : `http_${exchange.status}`
  if (exchange.kind === "fault" && exchange.written && kind === "rule") return { state: "unknown", code, reason }
  const waitMs = eventRetryMs[attempts - 1]
  if (kind === "rule" || waitMs === undefined || isFinal(exchange))
    return { state: "failed", code, reason, ...(code === "http_410" && { gone: true }) }
  const jittered = waitMs * (1 + jitterShare * (2 * random() - 1))
  return { state: "waiting", at: new Date(now.getTime() + Math.round(jittered)), reason }
}

function isFinal(exchange: Outcome): boolean {
  if (exchange.kind === "fault") return exchange.code === "invalid_url" || exchange.code === "address_blocked"
  const { status } = exchange
  return status < 500 && status !== 408 && status !== 425 && status !== 429
}
