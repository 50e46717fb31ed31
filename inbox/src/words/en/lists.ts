import type { ConversationViewName } from "@causeway/contract/inbox"
import { countingIn } from "../plural.ts"

const { count: plural } = countingIn("en")

export const lists = {
  views: {
    more: "More",
    section: { channels: "Channels", inboxes: "Inboxes", tags: "Tags", offline: "Offline", paused: "Paused" },
    label: "Views",
    names: {
      open: "Open",
      unassigned: "Unassigned",
      mine: "Mine",
      failed: "Failed",
      drafts: "Drafts",
      snoozed: "Snoozed",
      archived: "Archived",
      trash: "Trash",
    } satisfies Record<ConversationViewName, string>,
  },
  list: {
    search: "Search",
    label: "Conversations",
    asOf: (time: string) => `as of ${time}`,
    fresh: (count: number) => `${count} new`,
    failed: (count: number) => (count === 1 ? "Failed" : `${count} failed`),
    draft: "Draft",
    waiting: "Waiting for a reply",
    you: "You: ",
    unread: "Unread",
    call: "call",
    draftBy: (name: string) => `Draft by ${name}`,
    until: (time: string) => `Snoozed until ${time}`,
    beyond: (count: number) =>
      plural(count, {
        one: "# more conversation further down: search, or narrow the list",
        other: "# more conversations further down: search, or narrow the list",
      }),
    nothing: ["Nothing here fits", "No conversation of this list is in all of what you chose."] as [string, string],
    clear: "Show all of them",
    closed: ["This list is closed to you", "An admin can open the inbox to you."] as [string, string],
    gone: ["This conversation has gone", "A colleague deleted it, or moved it to an inbox that is closed to you."] as [
      string,
      string,
    ],
    followed: "This conversation was merged: it goes on here.",
    narrowed: "Narrowed to",
    takeOff: "take off",
    unnamed: "unknown",
    by: { inbox: "Inbox", channel: "Channel", tag: "Tag", assignee: "Assignee" },
    sort: "Sort",
    sorts: { newest: "Newest first", oldest: "Oldest first", waiting: "Longest waiting first" },
    empty: {
      drafts: ["No drafts", "Replies that you have begun and not sent show here."],
      snoozed: ["Nothing snoozed", "Conversations that you put off show here until they come back by themselves."],
      trash: ["The trash is empty", "What is moved to the trash stays here until an admin deletes it for good."],
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
