import { execFile } from "node:child_process"
import { fileURLToPath } from "node:url"
import { promisify } from "node:util"
import { expect, test } from "vitest"
import { told } from "./command.ts"
import { simulateMany } from "./many.ts"
import { simulate } from "./run.ts"
import seeds from "./seeds.json" with { type: "json" }

/** Simulated in every run of the tests; the rest by `npm run faults -- --sim`. */
const deliveries = process.env.CAUSEWAY_FULL ? 1_000_000 : 24_000
const firstSeed = 1_000_000

test(
  "whatever dies, freezes, breaks or hangs, every delivery ends as delivery.md promises",
  { timeout: 600_000 },
  async () => {
    const sum = await simulateMany({ seed: firstSeed, deliveries })
    expect(sum.failure === null ? "" : told(sum.failure)).toBe("")
    expect(sum.deliveries).toBeGreaterThanOrEqual(deliveries)
    expect(sum.killed).toBeGreaterThan(sum.worlds)
  },
)

test.each(seeds.seeds)(
  "seed $seed holds, which once did not: $found",
  { timeout: 60_000 },
  async ({ seed, deliveries, freezes }) => {
    const ending = await simulate({ seed, deliveries, ...(freezes && { freezes }) })
    expect(ending.failure === null ? "" : told(ending)).toBe("")
  },
)

test("the same seed makes the same world", async () => {
  const [one, other] = [await simulate({ seed: 7, deliveries: 300 }), await simulate({ seed: 7, deliveries: 300 })]
  expect(other).toEqual(one)
})

test("mistakes that are planted in the engine are found, every one", { timeout: 240_000 }, async () => {
  // In a process of its own: each mistake is a copy of the engine, loaded with one change.
  const { stdout } = await promisify(execFile)(process.execPath, [
    fileURLToPath(new URL("planted.ts", import.meta.url)),
  ])
  const lines: { name: string; broken: string | null }[] = stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
  expect(lines.length).toBeGreaterThanOrEqual(12)
  expect(lines.filter(({ broken }) => broken === null)).toEqual([])
})
