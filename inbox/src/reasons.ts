/** What a failed reply's code means to the person who wrote it. `first` is what helps most often. */
export interface FailureWords {
  heading: string
  explanation: string
  first: "retry" | "edit"
  /** Whether the reason kept with it is the channel's own words; otherwise it is ours, about the connection. */
  isFromChannel: boolean
}

const fromChannel = { first: "retry", isFromChannel: true } as const
const fromUs = { first: "retry", isFromChannel: false } as const

/** The channels protocol's seven error types, and what the server itself finds out (server/src/delivery/next-step.ts, outcome.ts). */
const failures: Record<string, FailureWords> = {
  bad_request: {
    ...fromChannel,
    heading: "The channel rejected this message",
    explanation: "Usually its length, its format or the type of an attachment.",
    first: "edit",
  },
  authentication_required: {
    ...fromChannel,
    heading: "This channel is signed out",
    explanation: "Nothing goes out until an admin connects it again.",
  },
  forbidden: {
    ...fromChannel,
    heading: "Not allowed to send here",
    explanation: "For example, the time to reply is over, or the customer opted out.",
    first: "edit",
  },
  not_found: {
    ...fromChannel,
    heading: "The channel does not know this recipient",
    explanation: "The handle or the thread no longer exists there.",
  },
  request_timeout: {
    ...fromChannel,
    heading: "No answer within 7 seconds",
    explanation: "It may still have arrived. Retrying sends the same message id, so the channel can recognise it.",
  },
  too_many_requests: {
    ...fromChannel,
    heading: "The channel is limiting how fast we send",
    explanation: "It asked for a longer pause than a conversation can wait.",
  },
  internal_error: {
    ...fromChannel,
    heading: "The channel had an error",
    explanation: "Nothing is wrong with your message.",
  },
  delivery_failed: {
    ...fromChannel,
    heading: "Delivery failed later",
    explanation: "The channel took the message, then reported that it did not arrive.",
  },
  no_answer: {
    ...fromUs,
    heading: "No answer within 7 seconds",
    explanation: "It may still have arrived. Retrying sends the same message id, so the channel can recognise it.",
  },
  invalid_answer: {
    ...fromUs,
    heading: "The channel answered, but not as agreed",
    explanation: "A developer of the channel can fix this.",
  },
  redirected: {
    ...fromUs,
    heading: "The channel answered, but not as agreed",
    explanation: "Its address leads somewhere else. A developer of the channel can fix this.",
  },
}

/** Names, connections, TLS: the kept reason names host, port and cause. */
const unreachable: FailureWords = {
  ...fromUs,
  heading: "Could not reach the channel",
  explanation: "The message did not leave us.",
}

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

const unknownFailure: FailureWords = {
  ...fromUs,
  heading: "The message was not delivered",
  explanation: "No reason is known.",
}

export function failureWords(code: string): FailureWords {
  if (Object.hasOwn(failures, code)) return failures[code] as FailureWords
  return unreachableCodes.has(code) ? unreachable : unknownFailure
}
