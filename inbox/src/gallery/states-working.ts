import type { SearchHit, SearchResults } from "@causeway/contract/endpoints/inbox-search"
import type { LiveChange } from "@causeway/contract/inbox"
import type { TemplateView } from "@causeway/contract/resources/template"
import { type Answer, type Answers, conversations, is, list } from "./answers.ts"
import * as f from "./fixtures.ts"
import type { GalleryState, Step } from "./states.ts"
import { scene } from "./states-conversation.ts"
import { busy } from "./states-list.ts"

const first = busy[0] as (typeof busy)[number]
const path = `/inbox/open/${first.id}`

const advanced = (name: string, more: Partial<GalleryState> = {}, channel = {}): GalleryState => ({
  ...scene(`composer-${name}`, { channel: f.channel({ composer: "advanced", ...channel }) }),
  shows: "form [contenteditable]",
  ...more,
})
const formatted =
  "<p>It left on <strong>Friday</strong>, <s>not Monday</s>: <a href='https://depot.example/7781'>follow it</a>.</p><ul><li>one parcel</li><li>one letter</li></ul><blockquote><p>When does it come?</p></blockquote>"
const written = (body: string): Record<string, string> => ({
  [`causeway.draft.tea_1.${first.id}`]: JSON.stringify({ body, text: "It left on Friday.", files: [] }),
})

const template = (over: Partial<TemplateView>): TemplateView => ({
  id: `tpl_${over.name}`,
  external_id: String(over.name),
  name: "",
  blurb: "Hi {{1}}, your parcel {{2}} comes on Friday.",
  state: "ready",
  state_reason: null,
  status_name: "APPROVED",
  is_disabled: false,
  variable_mappings: [
    { uid: "1", type: "text", name: "Customer name" },
    { uid: "2", type: "text", name: "Parcel" },
    { uid: "3", type: "image", name: "Header image" },
  ],
  unmapped: [],
  preview: "<p>Hi {{1}}, your parcel {{2}} comes on Friday.</p>",
  updated_at: f.now,
  ...over,
})
const templates = [
  template({ name: "delivery_update" }),
  template({ name: "winback_may", state: "waiting", status_name: "PENDING", state_reason: "not approved yet" }),
  template({ name: "old_promise", state: "refused", status_name: "REJECTED", state_reason: "refused" }),
]
const picker = (name: string, found: readonly TemplateView[], steps: readonly Step[] = []): GalleryState => {
  const asked: Answers = {
    "GET /causeway/channels/*/templates": is({ templates: found }),
    "GET /message_templates": list([]),
  }
  const { answers, ...usual } = scene(`templates-${name}`)
  const open: Step = { on: "form [role=toolbar] > button:last-of-type" }
  return { ...usual, answers: { ...asked, ...answers }, steps: [open, ...steps], shows: "dialog[open] [role=combobox]" }
}

const hit = (over: Partial<SearchHit> = {}): SearchHit => ({
  conversation: first,
  kind: "message",
  id: "msg_1",
  author: "Mia Kovač",
  at: f.now - 900,
  excerpt: [
    { text: "Where is my ", is_hit: false },
    { text: "order", is_hit: true },
    { text: "? It should have come on Monday.", is_hit: false },
  ],
  ...over,
})
const nothing: SearchResults = { messages: [], conversations: [], contacts: [], calls: [], is_partial: false }
const found: SearchResults = {
  messages: [hit(), hit({ kind: "comment", id: "com_1", author: "Bea Moss" })],
  conversations: busy.slice(3, 5),
  contacts: [
    { id: "crd_1", name: "Mia Kovač", handles: ["+43 660 1234567", "mia@bakery.example"], conversation_id: first.id },
    { id: "crd_7", name: null, handles: ["+49 30 901820"], conversation_id: null },
  ],
  calls: [hit({ kind: "call", id: "msg_9", author: "Lena Fuchs" })],
  is_partial: true,
}
const search = (name: string, q: string, answer: Answer, more: Partial<GalleryState> = {}): GalleryState => ({
  name: `search-${name}`,
  path: `/search${q === "" ? "" : `?q=${encodeURIComponent(q)}`}`,
  answers: { "GET /causeway/search": answer, ...conversations(busy) },
  shows: "main input[type=search]",
  ...more,
})

const bulk = (name: string, steps: readonly Step[], more: Partial<GalleryState> = {}): GalleryState => ({
  name: `bulk-${name}`,
  path: "/inbox/open",
  answers: conversations(busy),
  steps: [{ on: '[aria-posinset="1"] [data-select]' }, { on: '[aria-posinset="3"] [data-select]' }, ...steps],
  shows: "[role=toolbar]",
  ...more,
})

const change = (gone: LiveChange["gone"]): { event: string; data: LiveChange } => ({
  event: "change",
  data: {
    cursor: "0a0b0c0d-101",
    type: "move",
    conversation: null,
    message: null,
    channel: null,
    ...(gone !== undefined && { gone }),
  },
})
const merged = { ...(busy[1] as typeof first), id: "cnv_kept" }

/** What somebody does with conversations: writes with formatting, fills in templates, looks for things, changes many at once; and what others do meanwhile. */
export const workingStates: GalleryState[] = [
  advanced("advanced"),
  advanced("advanced-written", { storage: written(formatted) }),
  advanced("advanced-offline", { storage: written(formatted) }, { status: "offline" }),
  picker("choose", templates),
  picker("none", []),
  picker("fill", templates, [{ on: "dialog [role=option]" }]),
  search("begin", "", is(nothing)),
  search("found", "order", is(found)),
  search("none", "zepp is:archived tag:nowhere", is(nothing)),
  search("loading", "order", "never"),
  search("without-server", "order", "no network", { shows: "main [role=alert]" }),
  bulk("chosen", []),
  bulk("tags", [{ on: '[role=toolbar] [data-command="tag"]' }]),
  { ...scene("conversation-gone"), live: [change({ id: first.id, merged_into: null })] },
  {
    ...scene("conversation-merged"),
    answers: {
      ...scene("merged").answers,
      ...scene("kept", { row: merged, messages: [f.message(), f.reply()] }).answers,
      ...conversations([first, merged]),
    },
    live: [change({ id: first.id, merged_into: merged.id })],
  },
  {
    name: "timeline-gap",
    path,
    answers: {
      "GET /*/*": "no network",
      "GET /*": "no network",
      "GET /*/*/*": "no network",
      "GET /*/*/*/*": "no network",
    },
    live: "no network",
    device: { ...first, last_number: 9 },
    shows: "section[tabindex] article",
  },
]
