import type { Page } from "playwright-core"
import { openBrowser } from "../../../test/browser.ts"
// What the test cluster hands to those who use it is typed there.
import type {} from "../../../test/cluster.ts"
import { inbound, type Story, startStory, unique } from "../../../test/story.ts"
import type { Goal } from "./goal.ts"

const openMsMost = 300
const taskMsMost = 100
const movedPxMost = 1
const pagesOf = { full: 20, short: 4 }

export const goal: Goal = {
  id: "G4",
  goal: "10,000 messages: open at the newest ≤ 300 ms, no task > 100 ms, older ones move nothing (≤ 1 px)",
  async run(full) {
    const story = await startStory({ heldClock: false })
    const browser = await openBrowser()
    try {
      const count = full ? 10_000 : 1_000
      await fill(story, count)
      await story.customerWrites("Something else", { sender: { handle: "other", name: "Another Person" } })
      const page = await browser.signedIn(story.server.url)
      const openMs: number[] = []
      for (let i = 0; i < 5; i++) openMs.push(await open(page, count))
      await watchTasks(page)
      const moved = await readOlder(page, full ? pagesOf.full : pagesOf.short)
      const taskMs = await page.evaluate(() => (globalThis as { longestTaskMs?: number }).longestTaskMs ?? 0)
      const median = openMs.sort((a, b) => a - b)[2] as number
      return {
        figure: `${count} messages: open ${median.toFixed(0)} ms, task ${taskMs.toFixed(0)} ms, moved ${moved.toFixed(2)} px`,
        reached: median <= openMsMost && taskMs <= taskMsMost && moved <= movedPxMost,
      }
    } finally {
      await browser.close()
      await story.close()
    }
  },
}

/** One conversation of `count` messages, a hundred at a time, one second from each other. */
async function fill(story: Story, count: number): Promise<void> {
  const thread = unique("thread")
  const from = Math.floor(Date.now() / 1000) - count
  for (let i = 0; i < count; i += 100)
    await Promise.all(
      Array.from({ length: Math.min(100, count - i) }, (_, j) =>
        story.call("POST", `/channels/${story.channelId}/inbound_messages`, {
          token: story.channelToken(),
          json: {
            ...inbound(`Message ${i + j + 1}. ${"Where is my order? ".repeat((i + j) % 7)}`, {
              external_conversation_id: thread,
            }),
            delivered_at: from + i + j,
          },
        }),
      ),
    )
}

/** From the click in the list until the last message is painted, ms. */
async function open(page: Page, count: number): Promise<number> {
  const option = (name: RegExp) => page.getByRole("option", { name }).first()
  await option(/Another Person/).click()
  await page.getByRole("article").filter({ hasText: "Something else" }).waitFor()
  const row = await option(/Mia/).elementHandle()
  return await page.evaluate(
    ([element, text]) =>
      new Promise<number>((resolve) => {
        const from = performance.now()
        ;(element as HTMLElement).click()
        const look = (): void => {
          const last = [...document.querySelectorAll("article")].at(-1)
          if (last?.textContent?.includes(text as string))
            requestAnimationFrame(() => resolve(performance.now() - from))
          else requestAnimationFrame(look)
        }
        look()
      }),
    [row, `Message ${count}.`] as const,
  )
}

const watchTasks = (page: Page): Promise<void> =>
  page.evaluate(() => {
    const held = globalThis as { longestTaskMs?: number }
    held.longestTaskMs = 0
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) held.longestTaskMs = Math.max(held.longestTaskMs ?? 0, duration)
    }).observe({ entryTypes: ["longtask"] })
  })

/** Scrolls to the top again and again; the most that what was read moved while older messages came in above it, px. */
async function readOlder(page: Page, pages: number): Promise<number> {
  let most = 0
  for (let i = 0; i < pages; i++) {
    const moved = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          const box = document.querySelector('section[tabindex="0"]') as HTMLElement
          const before = document.querySelectorAll("article").length
          box.scrollTop = 250
          // After what the scrolling itself brings.
          requestAnimationFrame(() =>
            requestAnimationFrame(() => {
              const read = [...document.querySelectorAll("article")].find(
                (article) => article.getBoundingClientRect().bottom > box.getBoundingClientRect().top,
              ) as HTMLElement
              // Until then what was scrolled to gets its real heights, which is no fault of what comes in.
              let top = 0
              const look = (): void => {
                if (document.querySelectorAll("article").length === before) {
                  top = read.getBoundingClientRect().top
                  return void requestAnimationFrame(look)
                }
                // Real heights are known a frame after what came in is drawn.
                requestAnimationFrame(() =>
                  requestAnimationFrame(() => resolve(Math.abs(read.getBoundingClientRect().top - top))),
                )
              }
              look()
            }),
          )
        }),
    )
    most = Math.max(most, moved)
  }
  return most
}
