import { countingIn } from "../../plural.ts"

const { count: plural } = countingIn("en")

/** The log, what is replayed from it, and the drawer under a conversation. */
export const log = {
  lead: (days: number) =>
    plural(days, {
      one: "Both ways, newest first, kept for # day.",
      other: "Both ways, newest first, kept for # days.",
    }),
  live: "Live",
  pause: "Pause",
  go: "Go on",
  unseen: (count: number) => plural(count, { one: "# new entry", other: "# new entries" }),
  paused: "Paused",
  lost: "No connection. It goes on by itself.",
  direction: "Direction",
  directions: { out: "To your server", in: "From your server" },
  type: "Type",
  channel: "Channel",
  outcome: "Outcome",
  outcomes: { ok: "Fine", failed: "Failed", unknown: "Unknown", waiting: "Waiting" },
  text: "Text",
  any: "Any",
  searched: "Text is looked for in the newest 5,000 entries.",
  empty: "Nothing yet",
  emptyText: "Send something from the simulator, or connect a channel.",
  none: "Nothing fits these filters",
  clear: "Clear filters",
  table: "Log",
  columns: { time: "Time", what: "What", status: "Result", took: "Time taken" },
  skipped: (count: number) =>
    plural(count, { one: "# more like it was not kept", other: "# more like it were not kept" }),
  replayOf: "repeats an earlier one",
  keys: "Enter opens an entry; ? shows the other keys.",
  detail: "Entry",
  tabs: { request: "Request", response: "Response", timing: "Timing", attempts: "Attempts", compare: "Compare" },
  replay: "Replay",
  edit: "Edit and replay",
  editTitle: "Send another body",
  editText: "It is signed anew and posted to the same place. The message itself stays what it is.",
  body: "Body",
  send: "Send",
  curl: "Copy as cURL",
  curlCopied: "Copied as cURL",
  fixture: "Save as a file",
  inspect: "Signature",
  traced: "Why?",
  noBody: "No body",
  noAnswer: "No answer came.",
  masked: "Credentials are masked.",
  cut: "Only the first 8 KiB are kept.",
  limit: "Limit",
  phases: {
    dns: "Name",
    connect: "Connection",
    tls: "TLS",
    sent: "Sent",
    first_byte: "First byte",
    total: "In all",
  } as Record<string, string>,
  attempt: (number: number) => `Attempt ${number}`,
  compareWith: "Compare with",
  choose: "Choose an entry",
  same: "Both are the same.",
  reason: "Why",
  advice: {
    timeout:
      "Your server took the connection but sent no answer in time. Answer at once with the ids and deliver from a queue.",
    connection_refused: "Nothing listens at this address. Start your server, or mend the webhook URL.",
    name_not_found: "The host’s name does not exist. Mend the webhook URL.",
    authentication_required: "Your server says that the channel is signed out. Connect the channel again.",
    too_many_requests: "Your server limits how fast we send. We wait as long as it says.",
    internal_error: "Your server failed. Its own log says why.",
    bad_request: "Your server refused this message. Its reason is above.",
  } as Record<string, string>,
}

export const again = {
  title: "Replay what failed",
  since: "Failed within",
  spans: { quarter: "the last 15 minutes", hour: "the last hour", day: "the last day", week: "the last 7 days" },
  unknown: "Also what may have arrived: it would arrive twice",
  noChannel: "There is no channel yet.",
  counting: "Counting…",
  none: "Nothing failed there.",
  plan: (count: number, channel: string, oldest: string) =>
    plural(count, {
      one: `This sends # delivery to ${channel} again. It is of ${oldest}.`,
      other: `This sends # deliveries to ${channel} again. The oldest is of ${oldest}.`,
    }),
  run: "Send again",
  stop: "Stop",
  progress: (done: number, of: number) => `${done} of ${of} are on their way again`,
  over: (done: number, of: number) => `${done} of ${of} are on their way again. The log shows what becomes of them.`,
}

export const drawer = {
  label: "Console of this conversation",
  edge: "Height of the console",
  taller: "Taller",
  usual: "Usual height",
  open: "Console",
  failures: (count: number) => plural(count, { one: "# failed", other: "# failed" }),
  ids: "Ids",
  asCall: "Copy as API call",
  none: "Nothing was told to a channel yet.",
}
