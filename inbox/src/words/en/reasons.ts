/** Why a reply did not arrive, by its code (reasons.ts): what happened, and what it means for the work. */
export const reasons = {
  reasons: {
    bad_request: {
      heading: "The channel rejected this message",
      explanation: "Usually its length, its format or the type of an attachment.",
    },
    authentication_required: {
      heading: "This channel is signed out",
      explanation: "Nothing goes out until an admin connects it again.",
    },
    forbidden: {
      heading: "Not allowed to send here",
      explanation: "For example, the time to reply is over, or the customer opted out.",
    },
    not_found: {
      heading: "The channel does not know this recipient",
      explanation: "The handle or the thread no longer exists there.",
    },
    request_timeout: {
      heading: "No answer within 7 seconds",
      explanation: "It may still have arrived. Retrying sends the same message id, so the channel can recognise it.",
    },
    too_many_requests: {
      heading: "The channel is limiting how fast we send",
      explanation: "It asked for a longer pause than a conversation can wait.",
    },
    internal_error: {
      heading: "The channel had an error",
      explanation: "Nothing is wrong with your message.",
    },
    delivery_failed: {
      heading: "Delivery failed later",
      explanation: "The channel took the message, then reported that it did not arrive.",
    },
    invalid_answer: {
      heading: "The channel answered, but not as agreed",
      explanation: "A developer of the channel can fix this.",
    },
    redirected: {
      heading: "The channel answered, but not as agreed",
      explanation: "Its address leads somewhere else. A developer of the channel can fix this.",
    },
    unreachable: {
      heading: "Could not reach the channel",
      explanation: "The message did not leave us.",
    },
    unknown: {
      heading: "The message was not delivered",
      explanation: "No reason is known.",
    },
  },
}
