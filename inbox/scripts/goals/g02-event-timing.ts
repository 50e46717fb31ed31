import type { Page } from "playwright-core"
import type { Goal } from "./goal.ts"
import { inBrowser } from "./in-browser.ts"

/** From a key or a click to what is painted next, p98, ms. Source: ux.md, G2. */
const bounds = { 1: 100, 4: 200 } as const

/** What a teammate does most: walk the list, open, look for a command, write, go back. Ten actions. */
async function actions(page: Page): Promise<void> {
  for (const key of ["j", "j", "k", "j", "?", "Escape", "Control+k", "Escape"]) await page.keyboard.press(key)
  await page.keyboard.press("r")
  await page.keyboard.press("x")
  await page.keyboard.press("Backspace")
  await page.keyboard.press("Escape")
}

const observe = `window.slow = []; new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (entry.interactionId) window.slow.push([entry.interactionId, entry.duration])
}).observe({ type: "event", durationThreshold: 16, buffered: true })`

/** The longest event of each interaction; one that was too fast to be told counts as 8 ms. */
async function p98(page: Page, rounds: number): Promise<number> {
  await page.evaluate(observe)
  for (let round = 0; round < rounds; round++) await actions(page)
  await page.evaluate("new Promise((done) => setTimeout(done, 200))")
  const told = (await page.evaluate("window.slow")) as [number, number][]
  const longest = new Map<number, number>()
  for (const [id, duration] of told) longest.set(id, Math.max(longest.get(id) ?? 0, duration))
  const fast = Array<number>(Math.max(0, rounds * 12 - longest.size)).fill(8)
  const all = [...longest.values(), ...fast].sort((a, b) => a - b)
  return all[Math.min(all.length - 1, Math.floor(all.length * 0.98))] ?? 0
}

export const goal: Goal = {
  id: "G2",
  goal: "key or click → paint p98 ≤ 100 ms at 1×, ≤ 200 ms at 4× CPU",
  run: (full) =>
    inBrowser(20, async ({ opened }) => {
      const page = await opened()
      const client = await page.context().newCDPSession(page)
      const rounds = full ? 17 : 4
      await actions(page) // what is lazy is there afterwards
      const figures: Record<number, number> = {}
      for (const rate of [1, 4] as const) {
        await client.send("Emulation.setCPUThrottlingRate", { rate })
        figures[rate] = await p98(page, rounds)
      }
      return {
        figure: `${figures[1]} ms at 1×, ${figures[4]} ms at 4× (${rounds * 12} actions each)`,
        reached: (figures[1] ?? 999) <= bounds[1] && (figures[4] ?? 999) <= bounds[4],
      }
    }),
}
