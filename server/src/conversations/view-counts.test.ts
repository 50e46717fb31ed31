import { expect, test } from "vitest"
import { createCounts } from "./view-counts.ts"

/** A database that counts as many as it is told to, and how often it was asked. */
function counting(count: number) {
  const state = { count, asked: 0, nowMs: 0 }
  const db = {
    query: async () => {
      state.asked++
      state.nowMs += 100
      return [{ count: state.count }] as never[]
    },
  }
  const owner = { companyId: 1, teammateId: 2, viewer: 2 }
  const archived = { view: "archived", inboxId: null, channelId: null, tagId: null, assigneeId: null } as const
  const counts = createCounts(db, () => state.nowMs)
  return { state, total: () => counts.total(owner, archived) }
}

test("a large list is counted once for everybody who looks within fifty times as long as that took, and then behind their backs", async () => {
  const { state, total } = counting(1_000_000)
  expect(await total()).toBe(1_000_000)
  state.count = 1_000_001
  state.nowMs += 4_900
  expect(await total()).toBe(1_000_000)
  expect(state.asked).toBe(1)
  state.nowMs += 200
  expect(await Promise.all([total(), total()])).toEqual([1_000_000, 1_000_000])
  expect(state.asked).toBe(2)
  await expect.poll(total).toBe(1_000_001)
  state.nowMs += 20_000
  state.count = 7
  expect(await total()).toBe(7)
  expect(state.asked).toBe(3)
})

test("a small list is counted each time", async () => {
  const { state, total } = counting(4_999)
  for (const count of [4_999, 3, 4]) {
    state.count = count
    expect(await total()).toBe(count)
  }
  expect(state.asked).toBe(3)
})
