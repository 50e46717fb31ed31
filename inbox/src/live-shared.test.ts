import type { LiveChange } from "@causeway/contract/inbox"
import { expect, test } from "vitest"
import type { StreamEvent } from "./event-stream.ts"
import { follow, type LiveSource } from "./live.ts"
import { shareAmongTabs } from "./live-shared.ts"

const changed = (at: number): StreamEvent => ({
  id: `e-${at}`,
  event: "change",
  data: JSON.stringify({ cursor: `e-${at}`, type: "inbound", conversation: null, message: null, channel: null }),
})
const hello = (at: number, end: number): StreamEvent => ({
  id: `e-${at}`,
  event: "hello",
  data: JSON.stringify({ cursor: `e-${end}` }),
})

/** A feed that grows, and how many streams of it are open. */
function createFeed() {
  const listeners = new Set<(at: number) => void>()
  const feed = { end: 0, open: 0, opened: 0, cut: () => {} }
  const cuts = new Set<() => void>()
  feed.cut = () => {
    for (const cut of cuts) cut()
  }
  const source: LiveSource = {
    async *open(after, signal) {
      feed.open += 1
      feed.opened += 1
      let at = Number(after.split("-")[1])
      let wake = (): void => {}
      let isCut = false
      const cut = (): void => {
        isCut = true
        wake()
      }
      const heard = (): void => wake()
      cuts.add(cut)
      listeners.add(heard)
      signal.addEventListener("abort", cut)
      try {
        yield [hello(at, feed.end)]
        while (!isCut) {
          const missed = Array.from({ length: feed.end - at }, (_, index) => changed(at + index + 1))
          at = feed.end
          if (missed.length > 0) yield missed
          else
            await new Promise<void>((resolve) => {
              wake = resolve
            })
        }
      } finally {
        feed.open -= 1
        cuts.delete(cut)
        listeners.delete(heard)
      }
    },
    isOnline: () => true,
    pause: () => Promise.resolve(),
    random: () => 0,
  }
  const grow = (by = 1): void => {
    feed.end += by
    for (const listener of listeners) listener(feed.end)
  }
  return { feed, source, grow }
}

let runs = 0

/** Tabs of one browser: they share a name, and each hears for itself. */
function createTabs(source: LiveSource) {
  const name = `tabs ${process.pid} ${++runs}`
  const tabs = { locks: navigator.locks, channel: () => new BroadcastChannel(name), name }
  return (after: number) => {
    const stop = new AbortController()
    const heard: number[] = []
    const done = follow(
      {
        onChanges: (changes: LiveChange[]) =>
          void heard.push(...changes.map(({ cursor }) => Number(cursor.split("-")[1]))),
        onPresence: () => {},
        onTyping: () => {},

        onAudited: () => {},
        onResync: () => {},
        onState: () => {},
        onBroken: () => {},
      } as Parameters<typeof follow>[0],
      shareAmongTabs(source, tabs),
      `e-${after}`,
      stop.signal,
    )
    const close = async (): Promise<void> => {
      stop.abort()
      await done
    }
    return { heard, close }
  }
}

/** What a tab that was opened at `after` must have heard by now, each once and in order. */
const upTo = (after: number, end: number): number[] =>
  Array.from({ length: end - after }, (_, index) => after + index + 1)

test("three tabs hear everything once over one connection, also one that came later", async () => {
  const { feed, source, grow } = createFeed()
  const openTab = createTabs(source)
  const first = openTab(0)
  await expect.poll(() => feed.open).toBe(1)
  grow(3)
  await expect.poll(() => first.heard).toEqual([1, 2, 3])
  const [second, third] = [openTab(1), openTab(3)]
  await expect.poll(() => second.heard).toEqual([2, 3])
  grow(2)
  await expect.poll(() => [first.heard.length, second.heard, third.heard]).toEqual([5, upTo(1, 5), upTo(3, 5)])
  expect([feed.open, feed.opened]).toEqual([1, 1])
  await Promise.all([first, second, third].map((tab) => tab.close()))
})

test("when the tab with the connection closes, another goes on from its own place", async () => {
  const { feed, source, grow } = createFeed()
  const openTab = createTabs(source)
  const first = openTab(0)
  await expect.poll(() => feed.open).toBe(1)
  const others = [openTab(0), openTab(0)]
  grow()
  await expect.poll(() => others.map(({ heard }) => heard)).toEqual([[1], [1]])
  await first.close()
  grow(4)
  await expect.poll(() => others.map(({ heard }) => heard)).toEqual([upTo(0, 5), upTo(0, 5)])
  expect(feed.open).toBe(1)
  await Promise.all(others.map((tab) => tab.close()))
})

test("a tab from before what the leader remembers opens a connection of its own", async () => {
  const { feed, source, grow } = createFeed()
  grow(10)
  const openTab = createTabs(source)
  const first = openTab(10)
  await expect.poll(() => feed.open).toBe(1)
  const old = openTab(4)
  await expect.poll(() => old.heard).toEqual(upTo(4, 10))
  expect(feed.open).toBe(2)
  await Promise.all([first, old].map((tab) => tab.close()))
})

test("connections cut at any moment cost no tab a change, and give none twice", async () => {
  const { feed, source, grow } = createFeed()
  const openTab = createTabs(source)
  const tabs = [openTab(0), openTab(0), openTab(0)]
  const rounds = process.env.CAUSEWAY_FULL ? 1_000 : 60
  for (let round = 0; round < rounds; round++) {
    grow(1 + (round % 3))
    if (round % 2 === 0) feed.cut()
    await new Promise((resolve) => setImmediate(resolve))
  }
  await expect.poll(() => tabs.map(({ heard }) => new Set(heard).size)).toEqual([feed.end, feed.end, feed.end])
  for (const { heard } of tabs) expect(heard).toEqual(upTo(0, feed.end))
  await Promise.all(tabs.map((tab) => tab.close()))
})
