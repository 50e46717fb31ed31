import { countingIn } from "../plural.ts"

const { count: plural } = countingIn("en")

export const search = {
  search: {
    placeholder: "Words, names, or channel: is: from: tag: …",
    narrow: "Narrow the search",
    unknown: "there is none",
    looking: "Looking…",
    note: "Note:",
    begin: [
      "Search everything",
      "Messages, notes, contacts and what was said in calls. The last word may be the beginning of one.",
    ] as [string, string],
    none: ["Nothing was found", "Try fewer or other words."] as [string, string],
    partial:
      "Some of it was left out, because looking into everything would have taken too long. Add rarer words, or narrow the search.",
    local: "The server cannot be reached: this is only what this device holds.",
    without: (filter: string) => `Without ${filter}`,
    count: (count: number) => plural(count, { one: "# result", other: "# results" }),
    groups: {
      messages: "Messages and notes",
      conversations: "Conversations",
      contacts: "Contacts",
      calls: "Calls",
    },
    hints: {
      channel: "Of a channel: channel:sms",
      is: "How it stands: is:open, unassigned, assigned, archived, snoozed, trashed, failed, unread, waiting",
      from: "Who wrote it: from:+4366012345",
      assignee: "Whose it is: assignee:me",
      tag: "With a tag: tag:urgent",
      inbox: "In an inbox: inbox:support",
      before: "Before a day: before:2026-01-31",
      after: "From a day on: after:2026-01-31",
    },
  },
}
