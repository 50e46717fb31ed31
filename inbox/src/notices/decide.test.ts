import type { CommentView, ConversationRow, LiveChange, MessageView } from "@causeway/contract/inbox"
import { expect, test } from "vitest"
import { isQuiet, noticeOf, type Reader } from "./decide.ts"

const row = (over: Partial<ConversationRow> = {}): ConversationRow => ({
  id: "cnv_1",
  type: "conversation",
  subject: "",
  status: "unassigned",
  assignee: null,
  contact: { id: "crd_1", name: "Mia Kovač", handle: "mia" },
  channel_id: "cha_1",
  channel_name: "SMS",
  inbox_id: "inb_1",
  preview: "Hello",
  preview_direction: "inbound",
  failed_count: 0,
  waiting_since: 1,
  activity_at: 1,
  last_number: 1,
  last_inbound: 1,
  read_number: 0,
  is_call: false,
  tags: [],
  drafts_by: [],
  snoozed: [],
  version: 1,
  ...over,
})
const change = (over: Partial<LiveChange>): LiveChange => ({
  cursor: "e-1",
  type: "inbound",
  conversation: row(),
  message: null,
  channel: null,
  ...over,
})
const message = (over: Partial<MessageView> = {}) =>
  ({ direction: "inbound", sender_name: "Mia", from: "mia", text: "Hello", created_at: 5, ...over }) as MessageView
const comment = (author: string, mentions: string[] = []) =>
  ({
    author: { id: author, name: "Bea" },
    body: "Look",
    posted_at: 6,
    edited_at: null,
    mentions: mentions.map((id) => ({ id, name: id })),
  }) as CommentView
type Level = Reader["preferences"]["inboxes"][number]["level"]
const reader = (level: Level, over: Partial<Reader> = {}): Reader => ({
  me: "tea_me",
  role: "teammate",
  preferences: { inboxes: [{ id: "inb_1", name: "Support", level }], following: [] },
  isVisible: () => false,
  ...over,
})
const levels: Level[] = ["all", "mine", "mentions", "none"]
const toldAt = (what: LiveChange, over: Partial<Reader> = {}) =>
  levels.filter((level) => noticeOf(what, reader(level, over)) !== null)
const to = (id: string) => row({ assignee: { id, name: id }, status: "assigned" })

test("a customer's message is told by level: to nobody assigned and to oneself from mine on, to others only at all", () => {
  expect(toldAt(change({ message: message() }))).toEqual(["all", "mine"])
  expect(toldAt(change({ message: message(), conversation: to("tea_me") }))).toEqual(["all", "mine"])
  expect(toldAt(change({ message: message(), conversation: to("tea_bea") }))).toEqual(["all"])
  const following = {
    preferences: { inboxes: [{ id: "inb_1", name: "", level: "mine" as const }], following: ["cnv_1"] },
  }
  expect(noticeOf(change({ message: message(), conversation: to("tea_bea") }), reader("mine", following))?.kind).toBe(
    "message",
  )
})

test("a mention and being given a conversation are told at every level but none", () => {
  expect(toldAt(change({ type: "mention", comment: comment("tea_bea", ["tea_me"]) }))).toEqual([
    "all",
    "mine",
    "mentions",
  ])
  const assign = (actor: string) =>
    change({
      type: "assign",
      activity: {
        type: "assign",
        at: 7,
        subject: { id: "tea_me", name: "Me" },
        actor: { kind: "teammate", id: actor, name: "Bea" },
      } as LiveChange["activity"] & object,
    })
  expect(toldAt(assign("tea_bea"))).toEqual(["all", "mine", "mentions"])
  expect(toldAt(assign("tea_me"))).toEqual([])
})

test("one's own doing and what is in front of one is never told", () => {
  expect(toldAt(change({ type: "comment", comment: comment("tea_me") }))).toEqual([])
  expect(toldAt(change({ message: message() }), { isVisible: (id) => id === "cnv_1" })).toEqual([])
  expect(toldAt(change({ type: "reply_state", message: message({ direction: "outbound", state: "sent" }) }))).toEqual(
    [],
  )
})

test("a reply of one's own that did not arrive is told, others' are not", () => {
  const lost = (author: string) =>
    change({
      type: "sending_error",
      message: message({ direction: "outbound", state: "failed", author: { id: author, name: "" } }),
    })
  expect(toldAt(lost("tea_me"))).toEqual(["all", "mine", "mentions"])
  expect(toldAt(lost("tea_bea"))).toEqual([])
})

test("an outage of a channel is told to admins, once for each time it begins", () => {
  const outage = (id: string, status: "ok" | "offline") =>
    change({
      type: "channel_status",
      conversation: null,
      activity: {
        id,
        type: "channel_status",
        status,
        at: 8,
        subject: { id: "cha_1", name: "SMS" },
      } as LiveChange["activity"] & object,
    })
  expect(noticeOf(outage("evt_1", "offline"), reader("none", { role: "admin" }))).toMatchObject({
    key: "offline evt_1",
    who: "SMS",
  })
  expect(noticeOf(outage("evt_2", "ok"), reader("all", { role: "admin" }))).toBeNull()
  expect(toldAt(outage("evt_3", "offline"))).toEqual([])
})

test("quiet hours hold from their beginning to before their end, and over midnight", () => {
  const at = (hour: number, minute = 0) => new Date(2026, 10, 19, hour, minute)
  const night = { from: 22 * 60, to: 7 * 60 }
  expect([at(21, 59), at(22), at(3), at(6, 59), at(7)].map((time) => isQuiet(night, time))).toEqual([
    false,
    true,
    true,
    true,
    false,
  ])
  expect([at(11), at(12), at(13)].map((time) => isQuiet({ from: 720, to: 780 }, time))).toEqual([false, true, false])
  expect(isQuiet(null, at(3))).toBe(false)
})
