import type { Page } from "playwright-core"
import type { Goal } from "./goal.ts"
import { type InBrowser, inBrowser } from "./in-browser.ts"
import { inLanes, lanes } from "./lanes.ts"

/** What the timeline shows, in its order. */
const shown = `[...document.querySelectorAll('[data-region="conversation"] article')].map((each) => /Piece (\\d+)\\./.exec(each.textContent)?.[1]).filter(Boolean)`
/** Between two restarts of the server. */
const roundsAStart = 50

/** A customer whose conversation is open in a browser of its own, which is cut off again and again. */
interface Lane {
  page: Page
  write(piece: number): Promise<unknown>
  written: number
}

async function openLane({ story, browser }: InBrowser, at: number): Promise<Lane> {
  const name = `Customer ${at}`
  const write = (piece: number) =>
    story.customerWrites(`Piece ${piece}.`, {
      sender: { handle: name, name },
      metadata: { external_id: `${name}, piece ${piece}`, external_conversation_id: name },
    })
  await write(0)
  const page = await browser.signedIn(story.server.url)
  await page.getByRole("option", { name }).click()
  await page.locator('[data-region="reply"]').waitFor()
  return { page, write, written: 0 }
}

/** Waits for the newest piece in the conversation, which the list beside it may tell of before; how many of the newest forty are missing, and how many are there twice. */
async function read({ page, written }: Lane): Promise<{ missed: number; doubled: number }> {
  await page
    .locator('[data-region="conversation"] article')
    .getByText(`Piece ${written}.`, { exact: true })
    .last()
    .waitFor({ timeout: 30_000 })
    .catch(() => {})
  const seen = (await page.evaluate(shown)) as string[]
  const wanted = Array.from({ length: Math.min(written, 40) }, (_, index) => `${written - index}`)
  return { missed: wanted.filter((at) => !seen.includes(at)).length, doubled: seen.length - new Set(seen).size }
}

export const goal: Goal = {
  id: "G14",
  goal: "1,000 disconnects at random: nothing missed, nothing doubled",
  run: (full) =>
    inBrowser(0, async (world) => {
      const rounds = full ? 1_000 : 20
      const open = await Promise.all(Array.from({ length: lanes }, (_, at) => openLane(world, at)))
      // A number that repeats for every run: what fails can be run again.
      let seed = 7
      const random = (): number => {
        seed = (seed * 48_271) % 2_147_483_647
        return seed / 2_147_483_647
      }
      const sum = { missed: 0, doubled: 0 }
      const add = ({ missed, doubled }: typeof sum): void => {
        sum.missed += missed
        sum.doubled += doubled
      }
      async function cut(lane: Lane): Promise<void> {
        await lane.page.context().setOffline(true)
        for (let pieces = 1 + Math.floor(random() * 3); pieces > 0; pieces--) await lane.write(++lane.written)
        if (random() < 0.5) await lane.page.evaluate("new Promise((done) => setTimeout(done, 30))")
        await lane.page.context().setOffline(false)
        add(await read(lane))
      }
      for (let at = 0; at < rounds; at += roundsAStart) {
        // Those of all lanes are cut by a restart at once: it counts once.
        const isRestart = full && at > 0
        if (isRestart) {
          await world.story.restart()
          for (const lane of open) await lane.write(++lane.written)
          for (const found of await Promise.all(open.map(read))) add(found)
        }
        const count = Math.min(roundsAStart, rounds) - Number(isRestart)
        await inLanes(`G14 from ${at}`, count, (lane) => cut(open[lane] as Lane))
      }
      return {
        figure: `${rounds} disconnects: ${sum.missed} missed, ${sum.doubled} doubled`,
        reached: sum.missed === 0 && sum.doubled === 0,
      }
    }),
}
