import type { BrowserContext, Page } from "playwright-core"
import { openBrowser, type TestBrowser } from "../../../test/browser.ts"
import { startStory } from "../../../test/story.ts"
import type { Goal } from "./goal.ts"
import { inLanes, lanes } from "./lanes.ts"

const keyMs = 30
const names = ["Mia", "Omar", "Lin"]

/** One device and its customers: what is written to each, and when (ms) each of its keys was pressed. */
interface Lane {
  browser: TestBrowser
  context: BrowserContext
  customers: readonly string[]
  written: Map<string, { text: string; at: readonly number[] }>
}

async function openField(page: Page, who: string) {
  await page.getByRole("option", { name: who }).click()
  const field = page.getByRole("textbox", { name: `Reply to ${who}` })
  await field.click()
  await page.waitForFunction("document.activeElement?.matches('[data-composer-field]')")
  return field
}

/** Looks into the drafts that the last crash left, writes on in one of them, and dies. */
async function crash({ context, customers, written }: Lane, url: string, who: string) {
  const page = await context.newPage()
  let lostMs = 0
  let elsewhere = 0
  await page.goto(`${url}/app/`)
  // The one that is written on comes last.
  for (const name of customers.toSorted((a, b) => Number(a === who) - Number(b === who))) {
    const text = (await (await openField(page, name)).textContent()) ?? ""
    const before = written.get(name) ?? { text: "", at: [] }
    if (!before.text.startsWith(text)) elsewhere += 1
    const firstLost = before.at[text.length]
    if (firstLost !== undefined) lostMs = Math.max(lostMs, (before.at.at(-1) ?? 0) - firstLost)
    written.set(name, { text, at: before.at.slice(0, text.length) })
  }
  await page.keyboard.press("Control+End")
  let { text, at } = written.get(who) ?? { text: "", at: [] }
  for (let keys = 20 + Math.floor(Math.random() * 60); keys > 0; keys -= 1) {
    const key = "abcdefghij"[keys % 10] as string
    await page.keyboard.type(key, { delay: keyMs })
    text += key
    at = [...at, performance.now()]
  }
  written.set(who, { text, at })
  // As when its process dies: no event tells the page.
  const session = await context.newCDPSession(page)
  await Promise.race([session.send("Page.crash").catch(() => {}), page.waitForEvent("crash").catch(() => {})])
  await page.close().catch(() => {})
  return { lostMs, elsewhere }
}

export const goal: Goal = {
  id: "G15",
  goal: "the tab is killed at a random moment while typing, 200 times: ≤ 1 s of text lost, no draft elsewhere",
  async run(full) {
    const rounds = full ? 200 : 6
    const story = await startStory({ heldClock: false, app: { composer: "advanced" } })
    const { url } = story.server
    const open: Lane[] = []
    try {
      await Promise.all(
        Array.from({ length: lanes }, async (_, lane) => {
          const customers = names.map((name) => `${name} ${lane}`)
          for (const name of customers) await story.customerWrites("Hello", { sender: { handle: name, name } })
          // What dies in one must not hold up what is typed in another.
          const browser = await openBrowser()
          const first = await browser.signedIn(url)
          await first.close()
          open.push({ browser, context: first.context(), customers, written: new Map() })
        }),
      )
      let lostMsMost = 0
      let elsewhere = 0
      await inLanes("G15", rounds, async (at, round) => {
        const lane = open[at] as Lane
        const found = await crash(lane, url, lane.customers[round % names.length] as string)
        lostMsMost = Math.max(lostMsMost, found.lostMs)
        elsewhere += found.elsewhere
      })
      return {
        figure: `${rounds} kills, at most ${lostMsMost.toFixed(0)} ms of typing lost, ${elsewhere} drafts elsewhere`,
        reached: lostMsMost <= 1_000 && elsewhere === 0,
      }
    } finally {
      await Promise.all(open.map(({ browser }) => browser.close()))
      await story.close()
    }
  },
}
