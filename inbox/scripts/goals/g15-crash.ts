import { openBrowser } from "../../../test/browser.ts"
import { startStory } from "../../../test/story.ts"
import type { Goal } from "./goal.ts"

const keyMs = 30
const customers = ["Mia", "Omar", "Lin"]

export const goal: Goal = {
  id: "G15",
  goal: "the tab is killed at a random moment while typing, 200 times: ≤ 1 s of text lost, no draft elsewhere",
  async run(full) {
    const rounds = full ? 200 : 6
    const story = await startStory({ heldClock: false, app: { composer: "advanced" } })
    const browser = await openBrowser()
    try {
      for (const name of customers)
        await story.customerWrites("Hello", { sender: { handle: name.toLowerCase(), name } })
      const first = await browser.signedIn(story.server.url)
      const context = first.context()
      await first.close()
      let lostMsMost = 0
      let elsewhere = 0
      const written = new Map<string, string>()
      for (let round = 0; round < rounds; round += 1) {
        const name = customers[round % customers.length] as string
        const page = await context.newPage()
        const open = async (who: string) => {
          await page.getByRole("option", { name: who }).click()
          const field = page.getByRole("textbox", { name: `Reply to ${who}` })
          await field.click()
          return field
        }
        await page.goto(`${story.server.url}/app/`)
        for (const who of customers) {
          const field = await open(who)
          await page.waitForFunction("document.activeElement?.matches('[data-composer-field]')")
          const text = (await field.textContent()) ?? ""
          const before = written.get(who) ?? ""
          if (!before.startsWith(text)) elsewhere += 1
          lostMsMost = Math.max(lostMsMost, (before.length - text.length) * keyMs)
          written.set(who, text)
        }
        await open(name)
        await page.keyboard.press("Control+End")
        let typed = written.get(name) ?? ""
        const keys = 20 + Math.floor(Math.random() * 60)
        for (let at = 0; at < keys; at += 1) {
          const key = "abcdefghij"[at % 10] as string
          await page.keyboard.type(key, { delay: keyMs })
          typed += key
        }
        written.set(name, typed)
        // As when its process dies: no event tells the page.
        const session = await context.newCDPSession(page)
        await Promise.race([session.send("Page.crash").catch(() => {}), page.waitForEvent("crash").catch(() => {})])
        await page.close().catch(() => {})
      }
      return {
        figure: `${rounds} kills, at most ${lostMsMost} ms of typing lost, ${elsewhere} drafts elsewhere`,
        reached: lostMsMost <= 1_000 && elsewhere === 0,
      }
    } finally {
      await browser.close()
      await story.close()
    }
  },
}
