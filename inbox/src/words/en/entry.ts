export const entry = {
  product: "Causeway",
  loading: "Loading…",
  retry: "Retry",
  close: "Close",
  slow: "This takes longer than usual.",
  unreachable: {
    title: "The server does not answer",
    text: "Nothing you wrote is lost; what you see may be out of date. We try again by ourselves.",
    status: (status: number) => `The server answered ${status}`,
  },
  refused: {
    unanswered: "The server does not answer, so nobody knows whether it was done. Look, then try again.",
    signedOut: "You are signed out. Nothing was changed; sign in, then do it again.",
    unproved: "You did not confirm that it is you. Nothing was changed.",
    forbidden: "Your role does not allow it. Nothing was changed; ask an admin.",
    missing: "It is gone, or closed to you. Nothing was changed; load the page again.",
    tooLarge: "It is larger than the server takes. Nothing was changed; make it smaller.",
    tooMany: (seconds: number | null) =>
      `That was too often in a short time. Nothing was changed; try again in ${seconds ?? 60} s.`,
    clash: (reason: string) =>
      `It does not go with what is there by now. Nothing was changed. The server says ${reason}`,
    incorrect: (reason: string) => `Nothing was changed; correct it and try again. The server says ${reason}`,
  },
  failedLoad: {
    list: "This list could not be loaded.",
    conversation: "This conversation could not be loaded.",
    missing: "There is no conversation at this address.",
    missingHint: "It may have been merged or deleted, or the link is cut short.",
    back: "Back to the list",
  },
}
