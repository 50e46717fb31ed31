import { describe, expect, test } from "vitest"
import {
  afterResult,
  gateOf,
  type Health,
  healthRow,
  healthy,
  pauseMs,
  pausesAfter,
  type Result,
  readHealth,
} from "./health.ts"
import { seeded } from "./jitter.ts"
import type { FaultCode, Outcome } from "./outcome.ts"

const start = new Date("2026-03-01T10:00:00Z")
const after = (ms: number) => new Date(start.getTime() + ms)
const answered = (status: number, headers: Record<string, string> = {}): Outcome => ({
  kind: "answered",
  status,
  headers,
  body: "{}",
  cut: null,
})
const fault = (code: FaultCode, written: boolean): Outcome => ({
  kind: "fault",
  code,
  reason: "it broke",
  written,
  phase: written ? "headers" : "connect",
})
const refusal = fault("connection_refused", false)
const timeout = fault("timeout", true)

interface Happening extends Partial<Result> {
  outcome: Outcome
  at?: number
  times?: number
}

/** One result after the other; `at` in ms after the start. */
function tell(health: Health, ...happenings: Happening[]): Health {
  let now = health
  for (const { at = 0, times = 1, ...result } of happenings) {
    for (let i = 0; i < times; i++)
      now = afterResult(now, { kind: "send", tookMs: 20, epoch: now.epoch, ...result }, after(at), () => 0.5)
  }
  return now
}

describe("a lane", () => {
  test("pauses both kinds after five refused connections in a row, and not after four", () => {
    const four = tell(healthy(2), { outcome: refusal, times: pausesAfter - 1 })
    expect([four.send.pause, four.notice.pause]).toEqual([null, null])
    const five = tell(four, { outcome: refusal, at: 1000 })
    expect(five.send.pause).toMatchObject({
      why: "unreachable",
      since: after(1000),
      until: after(6000),
      reason: "it broke",
    })
    expect(five.notice.pause).toMatchObject({ why: "unreachable", until: after(6000) })
  })

  test.each<[string, Result["kind"], Outcome]>([
    ["a refusal of a message", "send", answered(400)],
    ["a 500 to a message", "send", answered(500)],
    ["a missing page", "notice", answered(404)],
    ["429", "send", answered(429)],
    ["429", "notice", answered(429)],
    ["an address that we refuse ourselves", "send", fault("address_blocked", false)],
    ["a request that we gave up ourselves", "notice", fault("aborted", true)],
  ])("does not pause for %s (%s), however often", (_name, kind, outcome) => {
    const health = tell(healthy(2), { kind, outcome, times: 50 })
    expect([health.send.pause, health.notice.pause]).toEqual([null, null])
  })

  test.each<[string, Result["kind"], Outcome]>([
    ["sends without an answer", "send", timeout],
    ["notices without an answer", "notice", timeout],
    ["notices answered 502", "notice", answered(502)],
    ["answers that are no HTTP", "send", fault("bad_answer", true)],
  ])("pauses for %s, and leaves the other kind alone", (_name, kind, outcome) => {
    const health = tell(healthy(2), { kind, outcome, times: pausesAfter })
    expect(health[kind].pause).toMatchObject({ why: "failing", since: start, until: after(5000) })
    expect(health[kind === "send" ? "notice" : "send"].pause).toBeNull()
  })

  test("counts failures in a row: whatever gets through begins the count again", () => {
    const health = tell(
      healthy(2),
      { outcome: timeout, times: 4 },
      { outcome: answered(400) },
      { outcome: timeout, times: 4 },
    )
    expect(health.send.pause).toBeNull()
  })

  test("a notice that gets through does not speak for sends that hang, but for a server that can be reached again", () => {
    const hanging = tell(healthy(2), { outcome: timeout, times: 5 }, { kind: "notice", outcome: answered(200) })
    expect(hanging.send.pause).not.toBeNull()
    const back = tell(healthy(2), { outcome: refusal, times: 5 }, { kind: "notice", outcome: answered(200), at: 6000 })
    expect([back.send.pause, back.notice.pause]).toEqual([null, null])
  })

  test("pauses longer each time, from 5 s to 5 min, and tells since when", () => {
    let health = tell(healthy(2), { outcome: refusal, times: 5 })
    let atMs = 0
    for (const waitMs of [...pauseMs, 300_000, 300_000]) {
      expect(health.send.pause).toMatchObject({ since: start, until: after(atMs + waitMs) })
      atMs += waitMs
      health = tell(health, { outcome: refusal, at: atMs })
    }
    expect(tell(health, { outcome: answered(200), at: atMs + 300_000 }).send).toEqual({
      failures: 0,
      trouble: null,
      pause: null,
    })
  })

  test("is not paused longer by what had left before the pause", () => {
    const paused = tell(healthy(2), { outcome: timeout, times: 5 })
    expect(tell(paused, { outcome: timeout, times: 3, at: 4999 }).send.pause).toEqual(paused.send.pause)
  })

  test("lets nothing leave during the pause, then one to see", () => {
    const { send } = tell(healthy(2), { outcome: timeout, times: 5 })
    expect([0, 4999, 5000, 9000].map((ms) => gateOf(send, after(ms)))).toEqual(["closed", "closed", "probe", "probe"])
  })

  test("lets one leave when the machine's clock was set back by more than any pause lasts", () => {
    const { send } = tell(healthy(2), { outcome: timeout, times: 5 })
    expect(gateOf(send, after(-3_600_000))).toBe("probe")
    expect(gateOf(send, after(-60_000))).toBe("closed")
  })

  test("waits as long as the partner asks with 429 or 503, a minute at most, and then lets everything leave", () => {
    const health = tell(healthy(8), { outcome: answered(429, { "retry-after": "30" }) })
    expect(health.send.pause).toMatchObject({ why: "asked", until: after(30_000) })
    expect(health.notice.pause).toBeNull()
    expect([0, 29_999, 30_000].map((ms) => gateOf(health.send, after(ms)))).toEqual(["closed", "closed", "open"])
    const long = tell(healthy(8), { kind: "notice", outcome: answered(503, { "retry-after": "3600" }) })
    expect(long.notice.pause).toMatchObject({ until: after(60_000) })
  })

  test("is the same after it was read back from its row", () => {
    const health = tell(healthy(2), { outcome: refusal, times: 6 }, { kind: "notice", outcome: answered(500) })
    const row = JSON.parse(JSON.stringify(healthRow(health)))
    expect(readHealth(health.cap, row)).toEqual({ ...health, quick: 0, epoch: 0 })
    expect(readHealth(2, {})).toEqual(healthy(2))
  })
})

describe("the cap", () => {
  test("grows by one after a capful of quick answers, up to 16", () => {
    const caps = [2, 5, 9, 200].map((times) => tell(healthy(2), { outcome: answered(200), times }).cap)
    expect(caps).toEqual([3, 4, 5, 16])
  })

  test.each<[string, Outcome]>([
    ["no answer in time", timeout],
    ["no connection in time", fault("connect_timeout", false)],
    ["500", answered(500)],
    ["429", answered(429)],
  ])("halves after %s, once for all that was under way, and never below 1", (_name, outcome) => {
    const half = tell(healthy(16), { outcome })
    expect(half.cap).toBe(8)
    expect(tell(half, { outcome, epoch: 0, times: 3 }).cap).toBe(8)
    expect(tell(half, { kind: "notice", outcome: answered(429), times: 10 }).cap).toBe(1)
  })

  test("shrinks to 2 while answers are slow, and stays where it is for what says nothing about load", () => {
    expect(tell(healthy(9), { outcome: answered(200), tookMs: 1500, times: 20 }).cap).toBe(2)
    expect(tell(healthy(1), { outcome: answered(200), tookMs: 1500, times: 20 }).cap).toBe(1)
    expect(tell(healthy(9), { outcome: refusal }).cap).toBe(9)
  })

  test("is small again when a pause begins, so that whoever comes back is met gently", () => {
    expect(tell(healthy(16), { outcome: refusal, times: 5 }).cap).toBe(2)
  })
})

describe("jitter", () => {
  test("draws the same numbers in every version, so that a wait in an old log can be computed again", () => {
    const drawn = [
      [1, 1],
      [4711, 2],
      [2 ** 40 + 5, 1],
    ].map((seeds) => {
      const draw = seeded(...seeds)
      return [draw(), draw(), draw()].map((share) => share * 2 ** 32)
    })
    expect(drawn).toEqual([
      [2483554292, 1297949235, 1424647505],
      [1214126506, 4096686514, 1955560828],
      [1459876967, 3519972152, 4004392078],
    ])
  })

  test("is the same for the same seeds, spreads over the whole range, and stays inside it", () => {
    expect(seeded(4711, 2)()).toBe(seeded(4711, 2)())
    const drawn = Array.from({ length: 2000 }, (_, i) => seeded(2 ** 40 + i, 1)())
    expect(new Set(drawn).size).toBeGreaterThan(1990)
    expect(Math.min(...drawn)).toBeLessThan(0.01)
    expect(Math.max(...drawn)).toBeGreaterThan(0.99)
    expect(drawn.every((share) => share >= 0 && share < 1)).toBe(true)
    const mean = drawn.reduce((sum, share) => sum + share, 0) / drawn.length
    expect(mean).toBeGreaterThan(0.47)
    expect(mean).toBeLessThan(0.53)
  })
})

describe("what people read of a lane", () => {
  test("its pauses are 5, 10, 20, 40, 80, 160 and then 300 seconds", () => {
    expect(pauseMs).toEqual([5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000])
  })

  test("a pause that the partner asked for says so, counts one, and the latest of several holds", () => {
    const asked = (seconds: number) => answered(429, { "retry-after": String(seconds) })
    const first = tell(healthy(4), { outcome: asked(30) })
    expect(first.send.pause).toEqual({
      why: "asked",
      since: start,
      until: after(30_000),
      count: 1,
      code: "too_many_requests",
      reason: "the channel's server asked us to wait",
    })
    expect(tell(first, { outcome: asked(10), at: 1_000 }).send.pause).toMatchObject({
      since: start,
      until: after(30_000),
    })
    expect(tell(first, { outcome: asked(40), at: 1_000 }).send.pause).toMatchObject({
      since: start,
      until: after(41_000),
    })
    expect(tell(healthy(4), { outcome: answered(429, { "retry-after": "0" }) }).send.pause).toBeNull()
  })

  test("a pause that failures began says what the server answered", () => {
    const paused = tell(healthy(2), { kind: "notice", outcome: answered(502), times: pausesAfter })
    expect(paused.notice.pause).toMatchObject({
      why: "failing",
      count: 1,
      code: "internal_error",
      reason: "the channel's server answered 502",
    })
    expect(tell(paused, { kind: "notice", outcome: answered(502), at: 6_000 }).notice.pause).toMatchObject({
      since: start,
      count: 2,
      until: after(16_000),
    })
  })

  test("after a pause that was asked for, failures are counted from the beginning", () => {
    const asked = tell(healthy(2), { outcome: answered(503, { "retry-after": "5" }) })
    const four = tell(asked, { outcome: refusal, at: 6_000, times: pausesAfter - 1 })
    expect(four.send.pause?.why).toBe("asked")
    expect(tell(four, { outcome: refusal, at: 6_000 }).send.pause).toMatchObject({ why: "unreachable", count: 1 })
  })

  test("429 without a time and 500 to a send say nothing of the server; 430 and 499 say that it is there; 500 to a notice that it fails", () => {
    const three = tell(healthy(2), { kind: "notice", outcome: timeout, times: 3 })
    expect(three.notice.failures).toBe(3)
    expect(tell(three, { kind: "notice", outcome: answered(429) }).notice.failures).toBe(3)
    expect(tell(three, { kind: "notice", outcome: answered(430) }).notice.failures).toBe(0)
    expect(tell(three, { kind: "notice", outcome: answered(499) }).notice.failures).toBe(0)
    expect(tell(three, { kind: "notice", outcome: answered(500) }).notice.failures).toBe(4)
    expect(tell(three, { kind: "notice", outcome: fault("invalid_url", false) }).notice.failures).toBe(3)
    expect(tell(healthy(2), { outcome: answered(500), times: pausesAfter }).send.failures).toBe(0)
  })

  test("an answer within a second makes room, one after it none; a broken connection takes half", () => {
    const room = (tookMs: number) => tell(healthy(2), { outcome: answered(200), tookMs, times: 2 }).cap
    expect([room(1_000), room(1_001)]).toEqual([3, 2])
    expect(tell(healthy(8), { outcome: fault("connection_reset", true) }).cap).toBe(4)
    expect(tell(healthy(8), { outcome: fault("tls_failed", false) }).cap).toBe(8)
  })
})
