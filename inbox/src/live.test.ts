import type { LiveChange } from "@causeway/contract/inbox"
import { expect, test } from "vitest"
import type { StreamEvent } from "./event-stream.ts"
import { follow, type LiveSource, pauseMs } from "./live.ts"

const hello = (at: number, end: number): StreamEvent => ({
  id: `e-${at}`,
  event: "hello",
  data: JSON.stringify({ cursor: `e-${end}` }),
})
const change = (at: number): StreamEvent => ({
  id: `e-${at}`,
  event: "change",
  data: JSON.stringify({ cursor: `e-${at}`, type: "inbound", conversation: null, message: null, channel: null }),
})
const resync = (at: number): StreamEvent => ({
  id: `e-${at}`,
  event: "resync",
  data: JSON.stringify({ cursor: `e-${at}` }),
})

type Chunk = StreamEvent[] | "cut" | "unauthenticated"

/** Plays one connection after the other, then stops; "cut" breaks the stream. */
async function play(connections: Chunk[][], isOnline = true) {
  const seen = { opened: [] as string[], heard: [] as string[], states: [] as string[], pauses: [] as number[] }
  const stop = new AbortController()
  const source: LiveSource = {
    async *open(after) {
      seen.opened.push(after)
      for (const chunk of connections.shift() ?? []) {
        if (chunk === "cut") throw new Error("cut")
        yield chunk
      }
      if (connections.length === 0) stop.abort()
    },
    isOnline: () => isOnline,
    pause: async (ms) => void seen.pauses.push(ms),
    random: () => 1,
  }
  const handlers = {
    onChanges: (changes: LiveChange[]) => void seen.heard.push(...changes.map(({ cursor }) => cursor)),
    onPresence() {},
    onTyping() {},
    onAudited: (nouns: readonly string[]) => void seen.heard.push(...nouns),
    onResync: () => void seen.heard.push("resync"),
    onState: (state: string, behind: number) => void seen.states.push(behind > 0 ? `${state} ${behind}` : state),
    onBroken: () => void seen.heard.push("broken"),
  }
  await follow(handlers, source, "e-3", stop.signal)
  return seen
}

test("a stream that breaks is resumed from the last change that arrived, and says how far behind it is", async () => {
  const seen = await play([
    [[hello(3, 3)], [change(4), change(5)], "cut"],
    [[hello(5, 7)], [change(6)], [change(7)]],
  ])
  expect(seen.opened).toEqual(["e-3", "e-5"])
  expect(seen.heard).toEqual(["e-4", "e-5", "e-6", "e-7"])
  expect(seen.states).toEqual(["live", "live", "reconnecting", "catching_up 2", "catching_up 1", "live"])
})

test("resync comes before the changes that follow it, and the stream goes on from there", async () => {
  const seen = await play([[[hello(90, 90), resync(90), change(91)], "cut"], [[hello(91, 91)]]])
  expect(seen.opened).toEqual(["e-3", "e-91"])
  expect(seen.heard).toEqual(["resync", "e-91"])
})

test("without a network the page says offline", async () => {
  const seen = await play([["cut"], [[hello(3, 3)]]], false)
  expect(seen.states).toEqual(["offline", "live"])
})

test("a session that ended is told once a try", async () => {
  expect((await play([["unauthenticated"], [[hello(3, 3)]]])).heard).toEqual(["broken"])
})

test("pauses grow to fifteen seconds and start again after a sign of life", async () => {
  const seen = await play([["cut"], ["cut"], [[], "cut"], []])
  expect(seen.pauses).toEqual([300, 600, 300])
  expect(pauseMs(50, 1)).toBe(15_000)
  expect(pauseMs(0, 0)).toBe(150)
})
