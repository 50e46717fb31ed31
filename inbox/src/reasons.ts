import { words } from "./words.ts"

/** What a person can do about a reply that did not arrive. */
export type Remedy = "edit" | "retry" | "reconnect" | "contact" | "delivery"

/** What a failed reply's code means to the person who wrote it. `remedies`: what helps, what helps most often first. */
export interface FailureWords {
  heading: string
  explanation: string
  remedies: readonly Remedy[]
  /** Whether the reason kept with it is the channel's own words; otherwise it is ours, about the connection. */
  isFromChannel: boolean
}

const fromChannel = { remedies: ["retry"], isFromChannel: true } as const
const fromUs = { remedies: ["retry", "delivery"], isFromChannel: false } as const

const said = words.reasons

/** The channels protocol's seven error types, and what the server itself finds out (server/src/delivery/next-step.ts, outcome.ts). */
const failures: Record<string, FailureWords> = {
  bad_request: { ...fromChannel, ...said.bad_request, remedies: ["edit", "retry"] },
  authentication_required: { ...fromChannel, ...said.authentication_required, remedies: ["reconnect", "retry"] },
  forbidden: { ...fromChannel, ...said.forbidden, remedies: ["edit", "retry"] },
  not_found: { ...fromChannel, ...said.not_found, remedies: ["contact", "retry"] },
  request_timeout: { ...fromChannel, ...said.request_timeout },
  too_many_requests: { ...fromChannel, ...said.too_many_requests },
  internal_error: { ...fromChannel, ...said.internal_error },
  delivery_failed: { ...fromChannel, ...said.delivery_failed, remedies: ["retry", "edit"] },
  no_answer: { ...fromUs, ...said.request_timeout },
  invalid_answer: { ...fromUs, ...said.invalid_answer, remedies: ["delivery", "retry"] },
  redirected: { ...fromUs, ...said.redirected, remedies: ["delivery", "retry"] },
}

/** Names, connections, TLS: the kept reason names host, port and cause. */
const unreachable: FailureWords = { ...fromUs, ...said.unreachable }

const unreachableCodes: ReadonlySet<string> = new Set([
  "invalid_url",
  "name_not_found",
  "name_failed",
  "address_blocked",
  "connection_refused",
  "unreachable",
  "connect_timeout",
  "tls_failed",
  "tls_expired",
  "tls_self_signed",
  "tls_wrong_name",
  "connection_reset",
  "timeout",
])

const unknownFailure: FailureWords = { ...fromUs, ...said.unknown }

export function failureWords(code: string): FailureWords {
  if (Object.hasOwn(failures, code)) return failures[code] as FailureWords
  return unreachableCodes.has(code) ? unreachable : unknownFailure
}
