import { readFileSync } from "node:fs"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { expect, onTestFinished, test } from "vitest"
import { startStory } from "../../../test/story.ts"
import { countDisorders, openFlow } from "../flow.ts"
import { seeded } from "../harness/seeded.ts"
import { arrivals, closedLoop, openLoop, percentile } from "../load.ts"
import { openPartner } from "../processes.ts"
import { ask, conversationCount, inboundShot } from "../scene.ts"
import { axisOf } from "./axis.ts"
import { benchmarks } from "./list.ts"
import { publication, published } from "./publish.ts"
import type { Result } from "./results.ts"
import { shareOf } from "./shares.ts"
import { shortfallOf } from "./shortfalls.ts"
import { drawPlot } from "./svg.ts"
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
      { what: "what nobody could measure", figure: Number.NaN, most: 50, unit: " ms" },
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
    "missed what nobody could measure: - ms, aim ≤ 50 ms",
    "",
  ])
})

test("what arrives out of its conversation's order is counted, what conversations do among themselves is not", () => {
  const arrived = (numbers: number[]) => numbers.map((n) => ({ key: "out", n, at: 0 }))
  // Two conversations: even numbers and odd ones.
  expect(countDisorders(arrived([1, 0, 3, 5, 2, 4]), 2)).toBe(0)
  expect(countDisorders(arrived([0, 4, 2, 1, 3, 6]), 2)).toBe(1)
})

test("messages of the scene are accepted, told to its partner and counted there", async () => {
  const story = await startStory({ heldClock: false }, { checksAnswers: false })
  onTestFinished(() => story.close())
  const partner = await openPartner()
  onTestFinished(() => partner.close())
  const url = story.server.url
  const token = story.apiToken
  await ask(`${url}/causeway/apps/${story.app.uid}`, { method: "PATCH", body: { webhook_url: partner.url }, token })
  const channelId = await story.connect("Bench")
  const scene = {
    channelIds: Array(50).fill(channelId),
    tokens: Array(50).fill(story.channelToken({ sub: channelId })),
  }
  const next = (n: number) => inboundShot(scene, "test", n)
  const flow = { url, connections: 4, status: 202, partner, run: "test", conversations: conversationCount, next }
  const open = await openFlow({ ...flow, perSecond: 40, seconds: 0.5, random: seeded(3) })
  expect(open.times.length).toBe(arrivals({ perSecond: 40, seconds: 0.5, random: seeded(3) }).length)
  expect(Math.min(...open.times)).toBeGreaterThan(0)
})

test("an aim that is missed on a quiet machine is published with its profile and what would be needed", () => {
  const accept: Result = JSON.parse(readFileSync(published, "utf8")).accept
  const pageOf = (figure: number): string => {
    const finding = { tables: [], plots: [], aims: [{ what: "accept ÷ Prism", figure, least: 4 }] }
    const result = { ...accept, finding, machine: { ...accept.machine, othersShare: 0 } }
    return [...publication({ accept: result }, benchmarks).values()][0] as string
  }
  const shortfall = shortfallOf("accept ÷ Prism")
  const row = `| accept ÷ Prism, ≥ 4 | 1.50 | ${shortfall?.profile} | ${shortfall?.needed} |`
  expect(pageOf(1.5)).toContain(row)
  expect(pageOf(4.5)).toContain("None is missed.")
})

test("the page about speed and its pictures are what the kept figures make of them", () => {
  const files = publication(JSON.parse(readFileSync(published, "utf8")), benchmarks)
  expect(files.size).toBeGreaterThan(0)
  for (const [path, text] of files)
    expect(readFileSync(path, "utf8") === text, `${path} is not npm run bench -- --publish`).toBe(true)
})

test("figures that were taken beside somebody else's work are held against no aim", () => {
  const aims = [{ what: "a ÷ b", figure: 0.7, least: 0.6 }]
  const pageOf = (othersShare: number): string => {
    const machine = {
      processor: "x",
      cores: 2,
      memoryGib: 8,
      system: "linux",
      node: "v24",
      postgres: "18",
      commit: "abc",
    }
    const result: Result = {
      finding: { tables: [], aims, plots: [] },
      machine: { ...machine, flush: { p50Ms: 1, p99Ms: 2 }, othersShare },
      seconds: 1,
      rounds: 1,
      seed: 1,
      at: "2026-01-01T00:00:00.000Z",
    }
    return [...publication({ accept: result }, benchmarks).values()].join()
  }
  expect(pageOf(0.1)).toContain("| a ÷ b (`accept`) | ≥ 0.6 | 0.70 | met |")
  expect(pageOf(0.9)).toContain("| a ÷ b (`accept`) | ≥ 0.6 | 0.70 | no verdict: not quiet |")
})

test("an axis holds what is drawn along it, and marks round numbers", () => {
  expect(axisOf("linear", [3, 1_234]).ticks.map(({ text }) => text)).toEqual(["0", "500", "1,000", "1,500"])
  expect(axisOf("log", [3, 180]).ticks.map(({ text }) => text)).toEqual(["2", "5", "10", "20", "50", "100", "200"])
  const shares = axisOf("share", [0, 0.99])
  expect(shares.ticks.map(({ text }) => text)).toEqual(["0 %", "50 %", "90 %", "99 %"])
  expect(shares.along(0.9)).toBeCloseTo(0.5)
})

test("a picture carries its words as text, whatever is in them", () => {
  const picture = drawPlot({
    kind: "bars",
    name: "a",
    title: "a < b & c",
    unit: "ms",
    bars: [{ name: '"x"', value: 2 }],
  })
  expect(picture).toContain("a &lt; b &amp; c")
  expect(picture).toContain("&quot;x&quot;")
})
