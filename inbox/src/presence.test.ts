import { afterAll, beforeAll, expect, test, vi } from "vitest"
import { createPresence } from "./presence.ts"

beforeAll(() => void vi.useFakeTimers())
afterAll(() => void vi.useRealTimers())

test("a customer is writing for as long as it is said, and what is said again or of another changes nothing of it", () => {
  const presence = createPresence({
    report: async () => null,
    list: async () => null,
    now: () => 0,
    isAttended: () => true,
    watch: () => () => {},
  })
  const writing = () => [...presence.customers.get()]
  const says = (conversation_id: string, for_ms: number) => presence.heardTyping({ conversation_id, for_ms })
  says("cnv_1", 10_000)
  vi.advanceTimersByTime(6_000)
  says("cnv_1", 10_000)
  says("cnv_2", 10_000)
  vi.advanceTimersByTime(9_999)
  expect(writing()).toEqual(["cnv_1", "cnv_2"])
  says("cnv_2", 0)
  expect(writing()).toEqual(["cnv_1"])
  vi.advanceTimersByTime(1)
  expect(writing()).toEqual([])
})
