import type { ConversationViewName } from "@causeway/contract/inbox"

export const lists = {
  views: {
    label: "Views",
    names: {
      open: "Open",
      mine: "Mine",
      unassigned: "Unassigned",
      failed: "Failed",
      archived: "Archived",
    } satisfies Record<ConversationViewName, string>,
  },
  list: {
    label: "Conversations",
    asOf: (time: string) => `as of ${time}`,
    more: "Load older conversations",
    loadingMore: "Loading older conversations…",
    fresh: (count: number) => `${count} new`,
    failed: (count: number) => (count === 1 ? "Failed" : `${count} failed`),
    draft: "Draft",
    waiting: "Waiting for a reply",
    you: "You: ",
    empty: {
      open: ["Nothing open", "New messages from your channels show up here by themselves."],
      mine: ["Nothing assigned to you", "Open a conversation and choose “Assign to me”, and it shows here."],
      unassigned: ["Nothing waiting", "Open conversations that nobody has taken show here."],
      failed: ["Everything was delivered", "Replies that did not arrive show here, with the reason and a Retry."],
      archived: ["Nothing archived", "Conversations you are done with go here. A new message brings them back."],
    } satisfies Record<ConversationViewName, [string, string]>,
  },
  first: {
    title: "No messages yet",
    text: "Connect a channel, or send a test message through one that is connected: it shows up here at once.",
    tokenTitle: "Your API token",
    tokenText: "It connects channels and is shown only now. Keep it where you keep passwords.",
    copy: "Copy token",
    copied: "Copied",
  },
}
