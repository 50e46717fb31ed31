import type { Page } from "playwright-core"
import type { Goal } from "./goal.ts"
import { inBrowser } from "./in-browser.ts"
import { meterOf, percentile } from "./main-thread.ts"

/** From a key or a click to what is painted next, p98, ms. Source: ux.md, G2. */
const bounds = { 1: 100, 4: 200 } as const

/** What a teammate does most: walk the list, open, look for a command, write, go back. */
const actions = ["j", "j", "k", "j", "?", "Escape", "Control+k", "Escape", "r", "x", "Backspace", "Escape"] as const

const observe = `window.slow = []; new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (entry.interactionId) window.slow.push([entry.interactionId, entry.duration])
}).observe({ type: "event", durationThreshold: 16, buffered: true })`

/** Two frames: what the action brought is painted. */
const painted = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"

interface Round {
  /** What the main thread did for each action, ms of processor time. */
  work: number
  /** Which action that was. */
  key: string
  /** The longest event of each interaction, ms; one that was too fast to be told counts as 8 ms. */
  waited: number
}

async function p98(page: Page, rounds: number, read: () => Promise<number>): Promise<Round> {
  await page.evaluate(observe)
  const work: { key: string; ms: number }[] = []
  for (let round = 0; round < rounds; round++)
    for (const key of actions) {
      await read()
      await page.keyboard.press(key)
      await page.evaluate(painted)
      work.push({ key, ms: await read() })
    }
  await page.evaluate("new Promise((done) => setTimeout(done, 200))")
  const told = (await page.evaluate("window.slow")) as [number, number][]
  const longest = new Map<number, number>()
  for (const [id, duration] of told) longest.set(id, Math.max(longest.get(id) ?? 0, duration))
  const fast = Array<number>(Math.max(0, work.length - longest.size)).fill(8)
  const slowest = work.toSorted((a, b) => b.ms - a.ms)[Math.floor(work.length * 0.02)]
  return {
    work: slowest?.ms ?? Number.NaN,
    key: slowest?.key ?? "",
    waited: percentile([...longest.values(), ...fast], 0.98),
  }
}

export const goal: Goal = {
  id: "G2",
  goal: "key or click → paint p98: work ≤ 100 ms at 1×, ≤ 200 ms at 4× CPU",
  run: (full) =>
    inBrowser(20, async ({ opened }) => {
      const page = await opened()
      const { client, read } = await meterOf(page)
      const rounds = full ? 17 : 4
      // What is lazy is there afterwards.
      for (const key of actions) await page.keyboard.press(key)
      const figures: Round[] = []
      for (const rate of [1, 4] as const) {
        await client.send("Emulation.setCPUThrottlingRate", { rate })
        figures.push(await p98(page, rounds, read))
      }
      const [{ work, key, waited }, slow] = figures as [Round, Round]
      return {
        figure: `work ${work.toFixed(0)} / ${(4 * work).toFixed(0)} ms by ${key} (events here ${waited} / ${slow.waited} ms), ${rounds * actions.length} actions each`,
        // A processor of a quarter of the speed takes four times as long; how long the browser pretends to be slower depends on who else runs here.
        reached: work <= bounds[1] && 4 * work <= bounds[4],
      }
    }),
}
