import type { ConversationRow, MessageView } from "@causeway/contract/inbox"
import * as fixtures from "./fixtures.ts"

/** What a request is answered with: a body, an error's status, or nothing for ever. */
export type Answer = { body: unknown; status?: number; headers?: Record<string, string> } | "never" | "no network"
/** By method and path; a star stands for one segment. Those of a state come before the usual ones. */
export type Answers = Record<string, Answer | (() => Answer)>

export const is = (body: unknown): Answer => ({ body })
export const refused = (status: number, message: string, headers: Record<string, string> = {}): Answer => ({
  body: { _error: { status, title: "", message, details: [] } },
  status,
  headers,
})
export const list = (results: readonly unknown[]): Answer =>
  is({ _pagination: { next: null }, _links: { self: "" }, _results: results })

/** One page with everything in it. */
export const conversations = (rows: readonly ConversationRow[]): Answers => ({
  "GET /causeway/conversations": is({
    conversations: rows,
    more: false,
    total: rows.length,
    counts: {
      open: rows.length,
      unassigned: rows.filter(({ assignee }) => assignee === null).length,
      mine: rows.filter(({ assignee }) => assignee?.id === fixtures.ana.id).length,
      failed: rows.filter(({ failed_count }) => failed_count > 0).length,
      drafts: rows.filter(({ drafts_by }) => drafts_by.length > 0).length,
      snoozed: 0,
    },
    cursor: fixtures.cursor,
  }),
})

/** What one conversation holds, through every door by which it is read. */
export const holding = (
  conversation: ConversationRow,
  messages: readonly MessageView[],
  channel = fixtures.channel(),
  older: string | null = null,
): Answers => {
  const at = `/causeway/conversations/${conversation.id}`
  const own = messages.map((message) => ({ ...message, conversation_id: conversation.id }))
  const shared = { conversation, channel, older, cursor: fixtures.cursor }
  return {
    [`GET ${at}`]: is({ ...shared, messages: own }),
    [`GET ${at}/timeline`]: is({ ...shared, items: own.toReversed().map((message) => ({ kind: "message", message })) }),
    [`GET /conversations/${conversation.id}`]: is({
      id: conversation.id,
      tags: conversation.tags,
      scheduled_reminders: [],
      links: [],
    }),
  }
}

/** The live stream: open and still, or with what is told on it at once. */
export function stream(...events: readonly { event: string; data: unknown }[]): Response {
  const hello = `id: ${fixtures.cursor}\nevent: hello\ndata: ${JSON.stringify({ cursor: fixtures.cursor })}\n\n`
  const told = events.map(({ event, data }) => `event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
  const body = new ReadableStream({
    start: (controller) => controller.enqueue(new TextEncoder().encode([hello, ...told].join(""))),
  })
  return new Response(body, { headers: { "content-type": "text/event-stream" } })
}

export const usual: Answers = {
  "GET /causeway/session": is(fixtures.sessionOf("admin")),
  "GET /causeway/setup": is({ needed: false, version: "0.1.0" }),
  "GET /causeway/webhooks": is({ webhooks: [] }),
  "GET /causeway/channels": is({ channels: [fixtures.channel()] }),
  "GET /inboxes": list([
    { id: "inb_1", name: "Support" },
    { id: "inb_2", name: "Sales" },
  ]),
  "GET /tags": list([fixtures.tag("tag_1", "Refund", "red"), fixtures.tag("tag_2", "Delivery", "blue")]),
  "GET /teams": list([]),
  "GET /teammates": list([
    fixtures.teammate(fixtures.ana),
    fixtures.teammate(fixtures.bea, { is_available: false }),
    fixtures.teammate({ id: "tea_3", name: "Omar Haddad" }),
  ]),
  "GET /conversations/*/followers": list([fixtures.teammate(fixtures.bea)]),
  "GET /conversations/*": is({ tags: [], scheduled_reminders: [], links: [] }),
  "GET /causeway/presence": is({ conversations: [] }),
  "POST /causeway/conversations/*/presence": is({ conversation_id: "cnv_0", teammates: [] }),
  "PUT /causeway/conversations/*/read": { body: undefined, status: 204 },
  "GET /causeway/conversations/*/drafts": is({ drafts: [] }),
  "GET /causeway/conversations/*/comments": is({ comments: [] }),
  "GET /causeway/drafts": is({ drafts: [] }),
  "GET /causeway/messages/*/attachments/*/peaks": is({ waveform: { duration: 18, peaks: fixtures.peaks } }),
  "GET /causeway/notifications/preferences": is({
    inboxes: [
      { id: "inb_1", name: "Support", level: "mine" },
      { id: "inb_2", name: "Sales", level: "mentions" },
    ],
    sound: "background",
    quiet_hours: { from: 1_200, to: 480 },
    following: [],
  }),
  "GET /contacts/custom_fields": list([
    { id: "fld_1", name: "Customer number", description: "", type: "string" },
    {
      id: "fld_2",
      name: "Plan",
      description: "",
      type: "enum",
      values: [
        { value: "gold", label: "Gold" },
        { value: "basic", label: "Basic" },
      ],
    },
  ]),
  "GET /contacts/*": is(fixtures.contact),
  "GET /contacts/*/notes": list([
    {
      author: fixtures.teammate(fixtures.bea),
      body: "Prefers to be called before ten.",
      created_at: fixtures.now - 90_000,
    },
  ]),
  "GET /causeway/contacts/*/context": is({
    phones: [{ handle: "+436601234567", shown: "+43 660 1234567", country: "AT" }],
    same_person: [],
    conversations: [fixtures.row({ id: "cnv_91", preview: "Where do I find my invoice?", status: "archived" })],
    calls: [],
  }),
  "POST /causeway/contacts/merge_preview": is({
    contact: {
      id: "crd_1",
      name: "Mia Kovač",
      description: "",
      handles: [
        { source: "phone", handle: "+436601234567" },
        { source: "custom", handle: "mia@bakery.example" },
      ],
      links: ["https://crm.example/customers/7781"],
      lists: ["Regulars"],
      custom_fields: { Plan: "gold" },
      is_private: false,
    },
    conversation_count: 3,
    note_count: 1,
    gone: [{ id: "crd_9", name: "M. Kovač" }],
  }),
}

const matches = (pattern: string, asked: string): boolean =>
  new RegExp(`^${pattern.replaceAll("/", "\\/").replaceAll("*", "[^/]+")}$`).test(asked)

export let waiting = 0

/** Answers the page's own requests from `answers` and asks no server. What nobody foresaw is a 404, and said in the console. */
export function answerFrom(answers: Answers, live: () => Response | "no network"): void {
  const known = [...Object.entries(answers), ...Object.entries(usual)]
  const asset = window.fetch
  window.fetch = async (input, init) => {
    const { pathname } = new URL(String(input instanceof Request ? input.url : input), window.location.href)
    if (pathname.startsWith("/app/")) return asset(input, init)
    const answer = pathname === "/causeway/live" ? live() : found(known, `${init?.method ?? "GET"} ${pathname}`)
    if (answer instanceof Response) return answer
    if (answer === "never") return new Promise(() => {})
    waiting += 1
    await new Promise((resolve) => setTimeout(resolve, 0))
    waiting -= 1
    if (answer === "no network") throw new TypeError("Failed to fetch")
    const { body, status = 200, headers = {} } = answer
    return new Response(body === undefined ? null : JSON.stringify(body), {
      status,
      headers: { "content-type": "application/json", ...headers },
    })
  }
}

function found(known: readonly [string, Answer | (() => Answer)][], asked: string): Answer {
  const answer = known.find(([pattern]) => matches(pattern, asked))?.[1]
  if (answer !== undefined) return typeof answer === "function" ? answer() : answer
  console.warn(`the gallery has no answer to ${asked}`)
  return refused(404, `Nothing answers ${asked}`)
}
