import type { Goal } from "./goal.ts"
import { inBrowser } from "./in-browser.ts"

/** What the timeline shows, in its order. */
const shown = `[...document.querySelectorAll('[data-region="conversation"] article')].map((each) => /Piece (\\d+)\\./.exec(each.textContent)?.[1]).filter(Boolean)`

export const goal: Goal = {
  id: "G14",
  goal: "1,000 disconnects at random: nothing missed, nothing doubled",
  run: (full) =>
    inBrowser(0, async ({ story, browser }) => {
      const rounds = full ? 1_000 : 20
      const write = (at: number) =>
        story.customerWrites(`Piece ${at}.`, {
          sender: { handle: "mia", name: "Mia Kovač" },
          metadata: { external_id: `piece ${at}`, external_conversation_id: "one thread" },
        })
      await write(0)
      const page = await browser.signedIn(story.server.url)
      await page.getByRole("option").first().click()
      await page.locator('[data-region="reply"]').waitFor()
      // A number that repeats for every run: what fails can be run again.
      let seed = 7
      const random = (): number => {
        seed = (seed * 48_271) % 2_147_483_647
        return seed / 2_147_483_647
      }
      let missed = 0
      let doubled = 0
      for (let round = 1; round <= rounds; round++) {
        const isRestart = full && round % 50 === 0
        if (isRestart) await story.restart()
        else await page.context().setOffline(true)
        await write(round)
        if (random() < 0.5) await page.evaluate("new Promise((done) => setTimeout(done, 30))")
        if (!isRestart) await page.context().setOffline(false)
        await page
          .getByText(`Piece ${round}.`, { exact: true })
          .last()
          .waitFor({ timeout: 30_000 })
          .catch(() => {})
        const seen = (await page.evaluate(shown)) as string[]
        const wanted = Math.min(round, 40)
        missed += Array.from({ length: wanted }, (_, index) => `${round - index}`).filter(
          (at) => !seen.includes(at),
        ).length
        doubled += seen.length - new Set(seen).size
      }
      return {
        figure: `${rounds} disconnects: ${missed} missed, ${doubled} doubled`,
        reached: missed === 0 && doubled === 0,
      }
    }),
}
