/**
 * What became of one exchange with a partner. It is a value and never thrown: a partner's failure, silence included, is kept as an attempt and shown
 * to people, so each one carries a sentence.
 */

/** The part of an exchange that was under way when it ended. */
export type Phase = "name" | "connect" | "tls" | "request" | "headers" | "body" | "done"

/** Milliseconds spent up to the end of each phase, from the start of the exchange. A phase that was not reached is missing. */
export interface Timing {
  dns?: number
  connect?: number
  tls?: number
  sent?: number
  firstByte?: number
  total: number
}

/** Stable codes of what can go wrong before there is an HTTP status. */
export type FaultCode =
  | "invalid_url"
  | "name_not_found"
  | "name_failed"
  | "address_blocked"
  | "connection_refused"
  | "unreachable"
  | "connect_timeout"
  | "tls_failed"
  | "tls_expired"
  | "tls_self_signed"
  | "tls_wrong_name"
  | "connection_reset"
  | "timeout"
  | "bad_answer"
  | "aborted"
  /** This process has no file or port left for a connection; the partner has no part in it. */
  | "exhausted"
  /** This process stood still between dialling and writing, for so long that it must not write any more. */
  | "interrupted"

/** No complete HTTP status came. */
export interface Fault {
  kind: "fault"
  code: FaultCode
  /** Said to people: "hooks.acme.test refused the connection on port 443". */
  reason: string
  /** Whether a byte of the request may have left us: from then on the partner may have acted on it. */
  written: boolean
  phase: Phase
}

/** An HTTP status came, and as much of the body as we read. */
export interface Answer {
  kind: "answered"
  status: number
  /** Lower-case names; repeated headers joined with a comma. */
  headers: Record<string, string>
  body: string
  /** Why the body is not whole: longer than `responseBytesMax`, broken off by the partner, or not finished in time. */
  cut: "size" | "broken" | "time" | null
}

export type Outcome = Fault | Answer

/** One request, ready to leave. */
export interface OutgoingRequest {
  url: string
  method: string
  headers: Record<string, string>
  /** Sent byte for byte, as UTF-8. */
  body: string
}

/** An outcome and how long it took to get there. */
export interface Report {
  outcome: Outcome
  timing: Timing
  /** The address that was dialled; null when none was. */
  address: string | null
}

/** Most of a response that is read; ours. Far above any answer in the protocol, and one partner cannot fill our memory. */
export const responseBytesMax = 64 * 1024
/** How much of it an attempt keeps; ours. */
export const keptBytesMax = 8 * 1024
