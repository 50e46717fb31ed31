/** What a failed reply's code means to the person who wrote it. `first` is what helps most often. */
export interface FailureWords {
  heading: string
  explanation: string
  first: "retry" | "edit"
}

const outage: FailureWords = {
  heading: "Could not reach the channel",
  explanation: "The connection to the channel’s server failed before it answered.",
  first: "retry",
}

/** By error type of the channels protocol, then by what the server itself finds out about a try. */
const failures: Record<string, FailureWords> = {
  bad_request: {
    heading: "The channel rejected this message",
    explanation: "Usually its length, its format or the type of an attachment.",
    first: "edit",
  },
  authentication_required: {
    heading: "This channel is signed out",
    explanation: "Nothing goes out until an admin connects it again.",
    first: "retry",
  },
  forbidden: {
    heading: "Not allowed to send here",
    explanation: "For example, the time to reply is over, or the customer opted out.",
    first: "edit",
  },
  not_found: {
    heading: "The channel does not know this recipient",
    explanation: "The handle or the thread no longer exists there.",
    first: "retry",
  },
  request_timeout: {
    heading: "No answer within 7 seconds",
    explanation: "It may still have arrived. Retrying sends the same message id, so the channel can recognise it.",
    first: "retry",
  },
  too_many_requests: {
    heading: "The channel is limiting how fast we send",
    explanation: "It asked for a pause between messages.",
    first: "retry",
  },
  internal_error: {
    heading: "The channel had an error",
    explanation: "Nothing is wrong with your message.",
    first: "retry",
  },
  invalid_response: {
    heading: "The channel answered, but not as agreed",
    explanation:
      "Its answer lacks what we need to know that the message was taken. A developer of the channel can fix this.",
    first: "retry",
  },
  delivery_failed: {
    heading: "Delivery failed later",
    explanation: "The channel took the message, then reported that it did not arrive.",
    first: "retry",
  },
}

const unknownFailure: FailureWords = {
  heading: "The message was not delivered",
  explanation: "The channel gave no reason that we know.",
  first: "retry",
}

const unreachable = /dns|tls|network|connect|address|refused|reset|unreachable|socket/

export function failureWords(code: string): FailureWords {
  if (Object.hasOwn(failures, code)) return failures[code] as FailureWords
  return unreachable.test(code) ? outage : unknownFailure
}
