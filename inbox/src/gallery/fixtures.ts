import type { ChannelView, ConversationRow, MessageView, SessionView } from "@causeway/contract/inbox"
import { usualPreferences } from "@causeway/contract/usual-preferences"

/** The people and messages that the gallery's screens are about. Times are near the moment the page was opened, so that "2 minutes ago" stays so. */
export const now = Math.floor(Date.now() / 1000)
export const minutes = (count: number): number => count * 60
export const hours = (count: number): number => count * 3_600

export const ana = { id: "tea_1", name: "Ana Lee" }
export const bea = { id: "tea_2", name: "Bea Moss" }
export const cursor = "0a0b0c0d-100"

export const sessionOf = (role: SessionView["teammate"]["role"]): SessionView => ({
  teammate: {
    id: ana.id,
    email: "ana@example.test",
    first_name: "Ana",
    last_name: "Lee",
    role,
    is_developer: false,
  },
  company: { id: "cmp_1", name: "Acme" },
  keeps_on_device: true,
  preferences: usualPreferences,
})

export const channel = (over: Partial<ChannelView> = {}): ChannelView => ({
  id: "cha_1",
  name: "Acme SMS",
  address: "+1 555 0100",
  app_name: "Acme SMS",
  inbox_id: "inb_1",
  status: "ok",
  status_reason: null,
  status_at: now - hours(30),
  composer: "basic",
  contact_type: "phone",
  undo_send_time: 0,
  reply_mode: "same_channel",
  waiting_count: 0,
  delivery: { state: "ok", since: null, next_probe_at: null, reason: null, waiting: 0 },
  ...over,
})

let rows = 0
export function row(over: Partial<ConversationRow> = {}): ConversationRow {
  rows += 1
  return {
    id: `cnv_${rows}`,
    type: "conversation",
    subject: "",
    status: "unassigned",
    assignee: null,
    contact: { id: "crd_1", name: "Mia Kovač", handle: "+43 660 1234567" },
    channel_id: "cha_1",
    channel_name: "Acme SMS",
    inbox_id: "inb_1",
    preview: "It should have come on Monday. Can you look where it is?",
    preview_direction: "inbound",
    failed_count: 0,
    waiting_since: now - minutes(4),
    activity_at: now - minutes(4 + rows * 9),
    last_number: 1,
    last_inbound: 1,
    read_number: 1,
    is_call: false,
    tags: [],
    drafts_by: [],
    snoozed: [],
    version: 1,
    ...over,
  }
}

let messages = 0
export function message(over: Partial<MessageView> = {}): MessageView {
  messages += 1
  const text = over.text ?? "It should have come on Monday. Can you look where it is?"
  return {
    id: `msg_${messages}`,
    uid: `uid${messages}`,
    conversation_id: "cnv_1",
    number: messages,
    direction: "inbound",
    origin: "partner",
    author: null,
    sender_name: "Mia Kovač",
    from: "Mia Kovač",
    subject: "",
    body: `<p>${text}</p>`,
    text,
    is_simple: true,
    created_at: now - hours(1) + messages,
    attachments: [],
    reply_to: null,
    state: null,
    due_at: null,
    error: null,
    version: 1,
    ...over,
  }
}

export const reply = (over: Partial<MessageView> = {}): MessageView =>
  message({
    direction: "outbound",
    origin: "teammate",
    author: ana,
    sender_name: null,
    from: "Acme SMS",
    text: "Let me check that for you.",
    state: "sent",
    ...over,
  })

export const teammate = (person: { id: string; name: string }, over: object = {}) => {
  const [first_name, last_name] = person.name.split(" ")
  return {
    _links: { self: "", related: { inboxes: null, conversations: null, botSource: null } },
    id: person.id,
    email: `${first_name?.toLowerCase()}@example.test`,
    username: first_name?.toLowerCase(),
    first_name,
    last_name,
    is_admin: false,
    is_available: true,
    is_blocked: false,
    type: "user",
    custom_fields: {},
    ...over,
  }
}

export const tag = (id: string, name: string, highlight: string | null) => ({
  id,
  name,
  highlight,
  description: null,
  is_private: false,
  is_visible_in_conversation_lists: true,
})

export const contact = {
  id: "crd_1",
  name: "Mia Kovač",
  description: "Runs the bakery in Graz; orders every Thursday.",
  avatar_url: null,
  links: [],
  groups: [],
  lists: [],
  handles: [
    { source: "phone", handle: "+436601234567" },
    { source: "email", handle: "mia@bakery.example" },
  ],
  custom_fields: { "Customer number": "K-7781", Plan: "gold" },
  is_private: false,
  updated_at: now,
}

/** How loud a call is along its length: words with rests between them. */
export const peaks = Array.from({ length: 400 }, (_, i) =>
  i % 44 < 8 ? 0.02 : 0.15 + 0.7 * Math.abs(Math.sin(i * 1.7) * Math.sin(i / 9)),
)
