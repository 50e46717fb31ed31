/** One id followed all the way. */
export const trace = {
  lead: "One id, the whole way: from the call of the API through the thread to your server and what the teammate saw.",
  label: "Message, delivery, call or external id",
  find: "Follow it",
  nothing: "Nothing is known of this id",
  nothingText:
    "Is it of this company, and still within what the log keeps? A call refused with 401 is not kept: nobody knows whose it was.",
  steps: {
    call: "Your server called",
    kept: "Kept as a message",
    threaded: "Put into a conversation",
    seen: "What the teammate sees",
    delivery: "We told your server",
  },
  states: { ok: "Fine", waiting: "Waiting", failed: "Failed", unknown: "Unknown" },
  external: (id: string) => `external id ${id}`,
  thread: (id: string) => `thread ${id}`,
  fresh: "a thread of its own",
  inbox: (name: string) => `in ${name}`,
  status: { open: "open", archived: "archived", deleted: "in the trash", spam: "spam" } as Record<string, string>,
  replies: {
    held: "held for undo",
    queued: "queued",
    sending: "sending",
    waiting: "waiting",
    sent: "sent",
    failed: "failed",
    unknown: "no answer: it may have arrived",
    undone: "taken back",
  } as Record<string, string>,
  openConversation: "Open the conversation",
}
