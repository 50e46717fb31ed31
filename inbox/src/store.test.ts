import type { ConversationRow, LiveChange, MessageView } from "@causeway/contract/inbox"
import fc from "fast-check"
import { expect, test } from "vitest"
import { type Action, emptyState, listOf, reduce, type State, timelineOf, viewNames } from "./store.ts"

const me = "tea_me"
const cursor = "00000000-1"

function conversation(change: Partial<ConversationRow> & { id: string }): ConversationRow {
  return {
    type: "conversation",
    subject: "Order 7781",
    status: "unassigned",
    assignee: null,
    contact: { id: null, name: "Mia", handle: "+43660" },
    channel_id: "cha_1",
    channel_name: "SMS",
    inbox_id: "inb_1",
    preview: "Where is it?",
    preview_direction: "inbound",
    failed_count: 0,
    waiting_since: null,
    activity_at: 1000,
    last_number: 1,
    version: 1,
    ...change,
  }
}

function message(change: Partial<MessageView> & { id: string }): MessageView {
  return {
    uid: change.id,
    conversation_id: "cnv_a",
    number: 1,
    direction: "outbound",
    origin: "teammate",
    author: { id: me, name: "Ana" },
    sender_name: null,
    from: "Ana",
    subject: "",
    body: "Hello",
    text: "Hello",
    is_simple: true,
    created_at: 1000,
    attachments: [],
    reply_to: null,
    state: "queued",
    due_at: null,
    error: null,
    version: 1,
    ...change,
  }
}

const change = (entities: Partial<LiveChange>): LiveChange => ({
  cursor,
  type: "reply_state",
  conversation: null,
  message: null,
  channel: null,
  ...entities,
})

const noCounts = { open: 0, mine: 0, unassigned: 0, failed: 0, archived: 0 }
const wholeList = (rows: ConversationRow[]): Action => ({
  type: "list",
  view: "open",
  me,
  page: {
    conversations: rows,
    next: null,
    counts: { ...noCounts, open: rows.length, unassigned: rows.length },
    cursor,
  },
})
const live = (...changes: LiveChange[]): Action => ({ type: "live", changes, me })
const ids = (rows: { id: string }[] | null): string[] | undefined => rows?.map((row) => row.id)

test("an older copy of a message never replaces a newer one", () => {
  const failed = message({ id: "msg_1", state: "failed", version: 4 })
  const state = [failed, message({ id: "msg_1", state: "sending", version: 3 })].reduce(
    (so, next) => reduce(so, live(change({ message: next }))),
    emptyState,
  )
  expect(state.messages.get("msg_1")).toEqual(failed)
})

test("changes in any order, repeated and mixed with loaded pages, end in the same screen", () => {
  const statuses = ["unassigned", "assigned", "archived"] as const
  const history = fc.array(
    fc.record({
      conversation: fc.constantFrom("cnv_a", "cnv_b", "cnv_c"),
      status: fc.constantFrom(...statuses),
      failed: fc.integer({ min: 0, max: 2 }),
      activity: fc.integer({ min: 1, max: 9 }),
      message: fc.constantFrom("msg_1", "msg_2", "msg_3"),
      messageState: fc.constantFrom("queued", "sending", "failed", "sent", "undone" as const),
    }),
    { minLength: 1, maxLength: 20 },
  )
  const scenario = history.chain((steps) => {
    const changes = steps.map((step, index) =>
      change({
        conversation: conversation({
          id: step.conversation,
          status: step.status,
          failed_count: step.failed,
          activity_at: step.activity,
          version: index + 1,
        }),
        message: message({
          id: step.message,
          state: step.messageState,
          version: index + 1,
          number: Number(step.message.slice(4)),
        }),
      }),
    )
    const shuffled = fc.shuffledSubarray([...changes, ...changes, ...changes], {
      minLength: changes.length * 3,
      maxLength: changes.length * 3,
    })
    return fc.record({ changes: fc.constant(changes), shuffled, chunk: fc.integer({ min: 1, max: 7 }) })
  })
  fc.assert(
    fc.property(scenario, ({ changes, shuffled, chunk }) => {
      const base = viewNames.reduce<State>(
        (state, view) => reduce(state, { ...wholeList([]), view } as Action),
        emptyState,
      )
      const straight = changes.reduce((state, next) => reduce(state, live(next)), base)
      let mixed = base
      for (let from = 0; from < shuffled.length; from += chunk)
        mixed = reduce(mixed, live(...shuffled.slice(from, from + chunk)))
      for (const view of viewNames) expect(listOf(mixed, view, me)).toEqual(listOf(straight, view, me))
      expect(timelineOf(mixed, "cnv_a")).toEqual(timelineOf(straight, "cnv_a"))
    }),
    { numRuns: 200 },
  )
})

test("a conversation that is archived elsewhere leaves the open list and moves the counts", () => {
  const before = reduce(emptyState, wholeList([conversation({ id: "cnv_a" }), conversation({ id: "cnv_b" })]))
  const after = reduce(
    before,
    live(change({ conversation: conversation({ id: "cnv_a", status: "archived", version: 2 }) })),
  )
  expect(ids(listOf(after, "open", me))).toEqual(["cnv_b"])
  expect(after.counts).toMatchObject({ open: 1, unassigned: 1, archived: 1 })
  expect(after.countsAreStale).toBe(false)
})

test("a conversation never seen before makes the counts stale rather than wrong", () => {
  const before = reduce(emptyState, wholeList([]))
  const after = reduce(before, live(change({ conversation: conversation({ id: "cnv_new" }) })))
  expect(after.counts?.open).toBe(0)
  expect(after.countsAreStale).toBe(true)
})

test("a list shows only as far as it was read, and a first page read again does not forget the second", () => {
  const page = (rows: ConversationRow[], next: string | null): Action => ({
    type: "list",
    view: "open",
    me,
    page: { conversations: rows, next, counts: noCounts, cursor },
  })
  const first = [conversation({ id: "cnv_d", activity_at: 9 }), conversation({ id: "cnv_c", activity_at: 8 })]
  const older = conversation({ id: "cnv_a", activity_at: 2 })
  const read = reduce(reduce(emptyState, page(first, "p2")), { type: "entities", conversations: [older], me })
  expect(ids(listOf(read, "open", me))).toEqual(["cnv_d", "cnv_c"])
  const more = reduce(read, page([conversation({ id: "cnv_b", activity_at: 5 }), older], null))
  expect(ids(listOf(more, "open", me))).toEqual(["cnv_d", "cnv_c", "cnv_b", "cnv_a"])
  expect(ids(listOf(reduce(more, page(first, "p2")), "open", me))).toHaveLength(4)
})

test("messages are read by the time shown, then by place; what was undone is gone", () => {
  const state = reduce(
    emptyState,
    live(
      change({ message: message({ id: "msg_3", number: 3, created_at: 10 }) }),
      change({ message: message({ id: "msg_2", number: 2, created_at: 10 }) }),
      change({ message: message({ id: "msg_9", number: 9, created_at: 5 }) }),
      change({ message: message({ id: "msg_4", number: 4, created_at: 11, state: "undone" }) }),
    ),
  )
  expect(ids(timelineOf(state, "cnv_a"))).toEqual(["msg_9", "msg_2", "msg_3"])
})
