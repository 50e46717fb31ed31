import { type Answer, type Answers, conversations, holding, is, list, refused } from "./answers.ts"
import * as f from "./fixtures.ts"
import type { GalleryState, Step } from "./states.ts"
import { busy } from "./states-list.ts"

const open = busy[0] as (typeof busy)[number]
const path = `/inbox/open/${open.id}`
const talk = [f.message(), f.reply(), f.message({ text: "Thank you, I wait." })]

export interface Scene {
  row?: Partial<typeof open>
  messages?: readonly ReturnType<typeof f.message>[]
  channel?: ReturnType<typeof f.channel>
  older?: string
  role?: "admin" | "teammate" | "observer"
  answers?: Answers
  steps?: readonly Step[]
  live?: GalleryState["live"]
}

/** A conversation that is open, with one thing changed. */
export const scene = (
  name: string,
  { row, messages = talk, channel = f.channel(), role = "admin", ...rest }: Scene = {},
): GalleryState => {
  const shown = { ...open, ...row }
  const { older = null, answers = {}, steps, live } = rest
  return {
    name,
    path,
    answers: {
      ...answers,
      "GET /causeway/session": is(f.sessionOf(role)),
      "GET /causeway/channels": is({ channels: [channel] }),
      ...holding(shown, messages, channel, older),
      ...conversations([shown, ...busy.slice(1)]),
    },
    ...(steps && { steps }),
    ...(live && { live }),
  }
}

const only = (name: string, answer: Answer): GalleryState => ({
  name,
  path,
  answers: {
    [`GET /causeway/conversations/${open.id}`]: answer,
    [`GET /causeway/conversations/${open.id}/timeline`]: answer,
    ...conversations(busy),
  },
})
const press = (selector: string): Step[] => [{ on: "[data-conversation-title]" }, { on: selector }]
const here = (state: "viewing" | "away" | "replying"): Answers => ({
  "GET /causeway/presence": is({ conversations: [{ conversation_id: open.id, teammates: [{ ...f.bea, state }] }] }),
  [`POST /causeway/conversations/${open.id}/presence`]: is({
    conversation_id: open.id,
    teammates: [{ ...f.bea, state }],
  }),
})
const tags = [
  { id: "tag_1", name: "Refund", highlight: "red" },
  { id: "tag_2", name: "Delivery", highlight: "blue" },
]
const command = (name: string): string => `[data-command="${name}"]`

/** The frame of a conversation: head, menus, composer, and what stands where there is none. */
export const conversationStates: GalleryState[] = [
  scene("conversation"),
  { name: "conversation-none", path: "/inbox/open", answers: conversations(busy), minWidth: 800 },
  only("conversation-loading", "never"),
  only("conversation-missing", refused(404, "Nothing here")),
  only("conversation-unreachable", refused(400, "Not in order")),
  scene("conversation-no-messages", { messages: [] }),
  scene("conversation-older", { older: "1-1" }),
  scene("conversation-discussion", {
    row: { type: "discussion", channel_id: null, contact: { id: null, name: null, handle: "" } },
  }),
  scene("conversation-archived", { row: { status: "archived" } }),
  scene("conversation-deleted", { row: { status: "deleted" } }),
  scene("conversation-spam", { row: { status: "spam" } }),
  scene("conversation-assigned", { row: { status: "assigned", assignee: f.bea, tags } }),
  scene("conversation-long-names", {
    row: {
      contact: {
        id: "crd_1",
        name: "Donaudampfschifffahrtsgesellschaftskapitän Maximilian von und zu Hohenlohe",
        handle: "max",
      },
      channel_name: "An extraordinarily long name of a channel that nobody shortened",
      subject: "About the order that should have come on Monday and did not come until Thursday",
      tags,
    },
  }),
  scene("header-assign", { steps: press(command("assign")) }),
  scene("header-assign-none", { steps: [...press(command("assign")), { on: "[role=combobox]", text: "zzz" }] }),
  scene("header-tags", { row: { tags }, steps: press(command("tag")) }),
  scene("header-tag-create", { steps: [...press(command("tag")), { on: "[role=combobox]", text: "Very late" }] }),
  scene("header-snooze", { steps: press(command("snooze")) }),
  scene("header-trash", { steps: press('[aria-keyshortcuts="#"]') }),
  scene("header-observer", { role: "observer", row: { tags } }),
  scene("header-followers-many", {
    answers: { "GET /conversations/*/followers": list([f.teammate(f.ana), f.teammate(f.bea)]) },
  }),
  scene("presence-viewing", { answers: here("viewing") }),
  scene("presence-away", { answers: here("away") }),
  scene("presence-replying", { answers: here("replying") }),
  scene("conversation-typing", {
    live: [{ event: "typing", data: { conversation_id: open.id, for_ms: 600_000 } }],
  }),
  scene("composer-written", {
    steps: [{ on: "form textarea", text: "I have asked the depot. It comes tomorrow before noon." }],
  }),
  scene("composer-offline-channel", { channel: f.channel({ status: "offline" }) }),
  scene("composer-unsupported", { channel: f.channel({ reply_mode: "unsupported" }) }),
  scene("composer-observer", { role: "observer" }),
]
