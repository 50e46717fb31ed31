import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { expect, onTestFinished, test } from "vitest"
import { seeded } from "../harness/seeded.ts"
import { arrivals, closedLoop, openLoop, percentile } from "../load.ts"
import { benchmarks } from "./list.ts"
import { shareOf } from "./shares.ts"
import { findingText } from "./text.ts"

/** Answers at once, but for a while in which it stands still. */
async function openStumbler(stands: { fromMs: number; toMs: number }): Promise<string> {
  let first: number | null = null
  const server = createServer((request, response) => {
    request.resume()
    first ??= performance.now()
    const at = performance.now() - first
    const standsStill = at >= stands.fromMs && at < stands.toMs
    setTimeout(() => response.writeHead(202).end(), standsStill ? stands.toMs - at : 0)
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

const next = () => ({ path: "/", headers: {}, body: "{}" })

test("a server that stands still is charged for everybody who was to come meanwhile, with one connection as with many", async () => {
  const url = await openStumbler({ fromMs: 200, toMs: 600 })
  const random = seeded(1)
  const open = await openLoop({ url, connections: 1, status: 202, perSecond: 200, seconds: 0.8, random, next })
  expect(open.times).toHaveLength(open.dueAt.length)
  // Half of the time it stood still, so half of those who came waited, 200 ms on average; timed from when they left, only one did.
  expect(percentile(open.times, 0.75)).toBeGreaterThan(100)
  expect(open.times.filter((ms) => ms > 50).length).toBeGreaterThan(open.times.length * 0.3)
})

test("arrivals come at the rate that is asked for, and the same seed makes the same ones", () => {
  const at = (seed: number) => arrivals({ perSecond: 500, seconds: 20, random: seeded(seed) })
  expect(at(7)).toEqual(at(7))
  expect(at(7)).not.toEqual(at(8))
  expect(at(7).length).toBeGreaterThan(9_500)
  expect(at(7).length).toBeLessThan(10_500)
  expect(at(7)).toEqual(at(7).toSorted((a, b) => a - b))
})

test("an answer of another status ends a run rather than being counted", async () => {
  const url = await openStumbler({ fromMs: 0, toMs: 0 })
  const run = closedLoop({ url, connections: 2, status: 204, seconds: 1, next })
  await expect(run).rejects.toThrow("answered 202, not 204")
})

test("a curve of percentiles ends where too few times lie beyond", () => {
  const times = Array.from({ length: 1_000 }, (_, i) => 999 - i)
  expect(shareOf([0, 0.5, 0.99, 0.999], times)).toEqual([
    [0, 0],
    [0.5, 500],
    [0.99, 990],
  ])
})

test("every benchmark has a name of its own, and no option is another's", () => {
  const names = benchmarks.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
  const flags = benchmarks.flatMap((one) => Object.keys(one.flags ?? {}))
  expect(new Set(flags).size).toBe(flags.length)
})

test("a finding is printed as tables, with each aim met or missed", () => {
  const text = findingText({
    tables: [
      {
        columns: [{ name: "what" }, { name: "ms", digits: 1 }],
        rows: [
          ["one", 1234.56],
          ["two", null],
        ],
      },
    ],
    aims: [
      { what: "one ÷ two", figure: 0.5, least: 0.6 },
      { what: "p99", figure: 12, most: 50, unit: " ms" },
    ],
    plots: [],
  })
  expect(text.split("\n")).toEqual([
    "what       ms",
    "one   1,234.6",
    "two         -",
    "",
    "missed one ÷ two: 0.50, aim ≥ 0.6",
    "met    p99: 12 ms, aim ≤ 50 ms",
    "",
  ])
})
