import type {
  ConversationList,
  ConversationRow,
  ConversationViewName,
  LiveChange,
  MessageView,
} from "@causeway/contract/inbox"
import fc from "fast-check"
import { describe, expect, test } from "vitest"
import {
  indexOf,
  type Layout,
  type ListQuery,
  missingPage,
  type PageFrom,
  plainList,
  rowAt,
  viewNames,
} from "./lists.ts"
import { type Action, emptyState, listOf, reduce, type State, timelineOf } from "./store.ts"

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
    last_inbound: 1,
    read_number: 0,
    is_call: false,
    tags: [],
    drafts_by: [],
    snoozed: [],
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

const noCounts = { open: 0, unassigned: 0, mine: 0, failed: 0, drafts: 0, snoozed: 0 }
const page = (rows: ConversationRow[], more: boolean, at = 1): ConversationList => ({
  conversations: rows,
  more,
  total: null,
  counts: null,
  cursor: `00000000-${at}`,
})
const wholeList = (rows: ConversationRow[], view: ConversationViewName = "open"): Action => ({
  type: "list",
  query: plainList(view),
  from: { from: "top" },
  page: {
    ...page(rows, false),
    total: rows.length,
    counts: { ...noCounts, open: rows.length, unassigned: rows.length },
  },
})
/** The known rows of a list, those of all its runs. */
const rowsOf = (state: State, query: ListQuery = plainList("open")): readonly ConversationRow[] =>
  listOf(state, query, me)?.runs.flatMap((run) => [...run.rows]) ?? []
const live = (...changes: LiveChange[]): Action => ({ type: "live", changes, me })
const ids = (rows: readonly { id: string }[] | null): string[] | undefined => rows?.map((row) => row.id)

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
      const base = viewNames.reduce<State>((state, view) => reduce(state, wholeList([], view)), emptyState)
      const straight = changes.reduce((state, next) => reduce(state, live(next)), base)
      let mixed = base
      for (let from = 0; from < shuffled.length; from += chunk)
        mixed = reduce(mixed, live(...shuffled.slice(from, from + chunk)))
      for (const view of viewNames) expect(rowsOf(mixed, plainList(view))).toEqual(rowsOf(straight, plainList(view)))
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
  expect(ids(rowsOf(after))).toEqual(["cnv_b"])
  expect(after.counts).toMatchObject({ open: 1, unassigned: 1 })
  expect(listOf(after, plainList("open"), me)?.total).toBe(1)
  expect(after.countsAreStale).toBe(false)
})

test("a conversation never seen before makes the counts stale rather than wrong", () => {
  const before = reduce(emptyState, wholeList([]))
  const after = reduce(before, live(change({ conversation: conversation({ id: "cnv_new" }) })))
  expect(after.counts?.open).toBe(0)
  expect(after.countsAreStale).toBe(true)
})

test("a list shows only as far as it was read, and a first page read again does not forget the second", () => {
  const query = plainList("open")
  const first = [conversation({ id: "cnv_d", activity_at: 9 }), conversation({ id: "cnv_c", activity_at: 8 })]
  const older = conversation({ id: "cnv_a", activity_at: 2 })
  const top: Action = { type: "list", query, from: { from: "top" }, page: page(first, true) }
  const read = reduce(reduce(emptyState, top), { type: "entities", conversations: [older] })
  expect(ids(rowsOf(read))).toEqual(["cnv_d", "cnv_c"])
  const more = reduce(read, {
    type: "list",
    query,
    from: { from: "below", place: { at: 8, id: "cnv_c" } },
    page: page([conversation({ id: "cnv_b", activity_at: 5 }), older], false),
  })
  expect(ids(rowsOf(more))).toEqual(["cnv_d", "cnv_c", "cnv_b", "cnv_a"])
  expect(ids(rowsOf(reduce(more, top)))).toHaveLength(4)
})

test("what one teammate alone sees of a conversation is as of the latest copy, also under one version", () => {
  const row = (read_number: number): ConversationRow => conversation({ id: "cnv_a", read_number })
  const heard = (read_number: number, at: number): Action =>
    live(change({ cursor: `00000000-${at}`, conversation: row(read_number) }))
  for (const order of [
    [heard(1, 7), heard(0, 5)],
    [heard(0, 5), heard(1, 7)],
  ]) {
    const state = order.reduce(reduce, emptyState)
    expect(state.conversations.get("cnv_a")?.read_number).toBe(1)
  }
})

describe("a list of which stretches are read", () => {
  const all = Array.from({ length: 40 }, (_, i) =>
    conversation({ id: `cnv_${String(i).padStart(2, "0")}`, activity_at: 1000 - i }),
  )
  const query = plainList("open")
  const read = (state: State, from: PageFrom, rows: ConversationRow[], more: boolean): State =>
    reduce(state, { type: "list", query, from, page: { ...page(rows, more), total: 40 } })
  const top = read(emptyState, { from: "top" }, all.slice(0, 5), true)
  const leapt = read(top, { from: "offset", offset: 20 }, all.slice(20, 25), true)
  const layout = (state: State): Layout => listOf(state, query, me) as Layout

  test("its rows stand where they belong, with room for those between them", () => {
    expect(layout(leapt).total).toBe(40)
    expect([4, 5, 19, 20, 24, 25].map((index) => rowAt(layout(leapt), index)?.id)).toEqual([
      "cnv_04",
      undefined,
      undefined,
      "cnv_20",
      "cnv_24",
      undefined,
    ])
    expect(indexOf(layout(leapt), "cnv_23")).toBe(23)
  })

  test("what is missing is asked for from the nearest row, and by a leap where none is near", () => {
    const next = (first: number, last: number) => missingPage(layout(leapt), first, last)
    expect(next(0, 4)).toBeNull()
    expect(next(0, 8)).toEqual({ from: "below", place: { at: 996, id: "cnv_04" } })
    expect(next(16, 22)).toEqual({ from: "above", place: { at: 980, id: "cnv_20" } })
    expect(next(36, 39)).toEqual({ from: "offset", offset: 26 })
  })

  test("stretches that meet become one, whichever way they were read", () => {
    const down = read(leapt, { from: "below", place: { at: 996, id: "cnv_04" } }, all.slice(5, 21), true)
    const up = read(leapt, { from: "above", place: { at: 980, id: "cnv_20" } }, all.slice(4, 20), true)
    for (const joined of [down, up]) {
      expect(layout(joined).runs).toHaveLength(1)
      expect(ids(rowsOf(joined))).toEqual(ids(all.slice(0, 25)))
    }
  })

  test("what comes and goes above moves the places below it", () => {
    const withNew = reduce(leapt, live(change({ conversation: conversation({ id: "cnv_new", activity_at: 2000 }) })))
    expect(indexOf(layout(withNew), "cnv_20")).toBe(21)
    const gone = { ...(all[1] as ConversationRow), status: "archived" as const, version: 2 }
    const withoutOne = reduce(withNew, live(change({ conversation: gone })))
    expect(indexOf(layout(withoutOne), "cnv_20")).toBe(20)
    expect(layout(withoutOne).total).toBe(39)
  })

  test("read in any order, with changes in between, it ends as the server has it", () => {
    const step = fc.oneof(
      fc.record({
        kind: fc.constant("change" as const),
        row: fc.nat(59),
        activity: fc.integer({ min: 900, max: 1100 }),
        isOpen: fc.boolean(),
      }),
      fc.record({ kind: fc.constant("leap" as const), offset: fc.nat(45) }),
      fc.record({ kind: fc.constant("need" as const), first: fc.nat(45) }),
      fc.record({ kind: fc.constant("hear" as const) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.constantFrom("newest", "oldest" as const), (steps, sort) => {
        const world = serverOf(all, { ...query, sort })
        let state = world.answer(emptyState, { from: "top" })
        for (const next of steps) {
          if (next.kind === "change") world.change(next.row, next.activity, next.isOpen)
          if (next.kind === "leap") state = world.answer(state, { from: "offset", offset: next.offset })
          if (next.kind === "hear") state = world.tell(state)
          if (next.kind === "need") {
            const from = missingPage(listOf(state, world.query, me) as Layout, next.first, next.first + 9)
            if (from !== null) state = world.answer(state, from)
          }
        }
        state = world.tell(state)
        for (let tries = 0; tries < 100; tries++) {
          const from = missingPage(listOf(state, world.query, me) as Layout, 0, 99)
          if (from === null) break
          state = world.answer(state, from)
        }
        expect(ids(rowsOf(state, world.query))).toEqual(ids(world.rows()))
      }),
      { numRuns: 300 },
    )
  })
})

/** A server that answers for one list and tells of changes when it is asked to. */
function serverOf(initial: ConversationRow[], listed: ListQuery) {
  const known = new Map(initial.map((row) => [row.id, row]))
  const feed: LiveChange[] = []
  let told = 0
  const sign = listed.sort === "newest" ? -1 : 1
  const rows = (): ConversationRow[] =>
    [...known.values()]
      .filter((row) => row.status !== "archived")
      .sort((a, b) => sign * (a.activity_at - b.activity_at || (a.id < b.id ? -1 : 1)))
  function stretch(from: PageFrom): { rows: ConversationRow[]; more: boolean } {
    const listedRows = rows()
    const isAfter = (row: ConversationRow, { at, id }: { at: number; id: string }): boolean =>
      sign * (row.activity_at - at || (row.id < id ? -1 : row.id > id ? 1 : 0)) > 0
    if (from.from === "above") {
      const before = listedRows.filter((row) => row.id !== from.place.id && !isAfter(row, from.place))
      return { rows: before.slice(-6), more: before.length > 6 }
    }
    const first =
      from.from === "below"
        ? listedRows.findIndex((row) => isAfter(row, from.place))
        : from.from === "offset"
          ? from.offset
          : 0
    const start = first === -1 ? listedRows.length : first
    return { rows: listedRows.slice(start, start + 6), more: listedRows.length > start + 6 }
  }
  return {
    query: listed,
    rows,
    change(row: number, activity: number, isOpen: boolean): void {
      const id = `cnv_${String(row).padStart(2, "0")}`
      const version = (known.get(id)?.version ?? 0) + 1
      const changed = conversation({ id, version, activity_at: activity, status: isOpen ? "unassigned" : "archived" })
      known.set(id, changed)
      feed.push(change({ cursor: `00000000-${feed.length + 1}`, conversation: changed }))
    },
    tell(state: State): State {
      const news = feed.slice(told)
      told = feed.length
      return news.length === 0 ? state : reduce(state, live(...news))
    },
    answer(state: State, from: PageFrom): State {
      const found = stretch(from)
      const total = from.from === "top" || from.from === "offset" ? rows().length : null
      const answered = { ...page(found.rows, found.more, feed.length), total }
      return reduce(state, { type: "list", query: listed, from, page: answered })
    },
  }
}

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
