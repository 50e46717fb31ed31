import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { describeInBrowser, openBrowser, type TestBrowser } from "../browser.ts"
import { figure } from "../figure.ts"
import { type Story, startStory, unique } from "../story.ts"
import { kinds, sendFiles } from "./file-kinds.ts"
import { payloads } from "./xss-payloads.ts"

const count = process.env.CAUSEWAY_FULL ? 3_000 : 500
const perConversation = 50

describeInBrowser(`${count} ways to make a script out of words`, () => {
  let story: Story
  let browser: TestBrowser
  let page: Page
  const ran: unknown[] = []
  const outside: string[] = []

  beforeAll(async () => {
    story = await startStory()
    browser = await openBrowser()
    page = await browser.signedIn(story.server.url)
    await page.context().exposeFunction("x", (n: unknown) => ran.push(n))
    page.on("dialog", async (dialog) => {
      ran.push(dialog.message())
      await dialog.dismiss()
    })
    await page.context().route("**", async (route) => {
      const url = route.request().url()
      if (url.startsWith(story.server.url) || url.startsWith("data:") || url.startsWith("blob:"))
        return route.continue()
      outside.push(url)
      return route.abort()
    })
  })
  afterAll(async () => {
    await browser?.close()
    await story?.close()
  })

  test("a script that does run is heard, and so is a request to elsewhere", async () => {
    await page.evaluate("top.x('heard')")
    await page.evaluate("fetch('//outside.test/heard').catch(() => {})")
    await expect.poll(() => ran).toEqual(["heard"])
    ran.length = 0
    outside.length = 0
  })

  test(
    "in bodies, names, subjects and file names none runs, and nothing is asked for elsewhere",
    { timeout: 900_000 },
    async () => {
      const all = payloads(count)
      expect(new Set(all).size).toBe(count)
      const openings: string[] = []
      for (let from = 0; from < all.length; from += perConversation) {
        const some = all.slice(from, from + perConversation)
        openings.push(await conversationOf(story, some))
      }
      for (const id of openings) await readThrough(page, `${story.server.url}/app/inbox/open/${id}`)
      await lookElsewhere(page, story.server.url)
      figure("S3", `${count} payloads, ${ran.length} ran, ${outside.length} asked for something elsewhere`)
      expect({ ran, outside }).toEqual({ ran: [], outside: [] })
    },
  )

  test("opened as a page of its own, no kind of file runs", { timeout: 120_000 }, async () => {
    const opened = await page.context().newPage()
    opened.on("dialog", (dialog) => dialog.dismiss())
    let shown = 0
    const files = [
      ...kinds.map(([name, type]) => new File([runner], name, { type })),
      new File([Buffer.concat([pngHead, Buffer.from(runner)])], "both.png", { type: "image/png" }),
    ]
    for (let from = 0; from < files.length; from += 20)
      for (const { url } of await sendFiles(story, files.slice(from, from + 20))) {
        // What is saved rather than shown ends the visit.
        const visit = await opened.goto(url).catch(() => null)
        if (visit !== null) shown++
      }
    figure("S11", `${files.length} kinds of files opened, ${shown} shown, ${ran.length} ran`)
    expect({ ran, outside }).toEqual({ ran: [], outside: [] })
    expect(shown).toBe(1)
    await opened.close()
  })
})

/** What makes the same bytes a picture. */
const pngHead = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** Runs as a page, as an SVG, and as what may be in one. */
const runner =
  "<html><svg xmlns='http://www.w3.org/2000/svg' onload='top.x(-2)'><script>top.x(-3)</script></svg><img src=x onerror='top.x(-4)'></html>"

/** The other screens on which a customer's words stand: contacts, lists, what is found, and an entry of the developers' log. */
async function lookElsewhere(page: Page, url: string): Promise<void> {
  const words = page.getByRole("main").getByText(/onerror|onload|script/i)
  for (const path of ["contacts", "search?q=onerror", "inbox/open", "developer/log"]) {
    await page.goto(`${url}/app/${path}`)
    if (path === "developer/log")
      await page
        .getByRole("option", { name: /POST inbound_messages/ })
        .and(page.locator("[aria-posinset]"))
        .first()
        .click({ timeout: 60_000 })
    await words.first().waitFor({ timeout: 60_000 })
  }
}

/** One conversation whose messages hold these, each somewhere else as well: as the sender's name, the subject, a file's name. */
async function conversationOf(story: Story, some: readonly string[]): Promise<string> {
  const thread = unique("thread")
  let last: Awaited<ReturnType<Story["call"]>> | null = null
  for (const [i, payload] of some.entries()) {
    const form = new FormData()
    form.set("sender[handle]", "mallory")
    form.set("sender[name]", payload)
    form.set("subject", payload)
    form.set("body", payload)
    form.set("metadata[external_id]", unique("ext"))
    form.set("metadata[external_conversation_id]", thread)
    if (i % 5 === 0)
      form.set(
        "attachments[0]",
        new File(["<script>top.x(-1)</script>"], `${payload.replaceAll(/[\r\n\0]/g, "").slice(0, 100)}.svg`, {
          type: "image/svg+xml",
        }),
      )
    last = await story.call("POST", `/channels/${story.channelId}/inbound_messages`, {
      token: story.channelToken(),
      form,
    })
    if (last.status !== 202) throw new Error(`${payload}: ${last.status} ${last.text}`)
  }
  const message = await story.message(last as NonNullable<typeof last>)
  return String(message.body._links.related.conversation).split("/").at(-1) as string
}

/** Scrolls up by a page; false at the beginning. */
const scrollUp = `(() => {
  const region = document.querySelector("[role=region][aria-label=Messages], section[aria-label=Messages]")
  const scroller = [region, ...region.querySelectorAll("*")].find((one) => one.scrollTop > 0)
  if (scroller === undefined) return false
  scroller.scrollTop -= scroller.clientHeight
  return true
})()`
/** Whether every framed body that is in sight has come. */
const isShown = `[...document.querySelectorAll("iframe")].every((frame) => {
  const { top, bottom } = frame.getBoundingClientRect()
  if (bottom < 0 || top > innerHeight) return true
  const page = frame.contentDocument
  return page !== null && page.URL !== "about:blank" && page.readyState === "complete"
})`

/** Opens a conversation and goes from its end to its beginning, so that every message has been on the screen. */
async function readThrough(page: Page, url: string): Promise<void> {
  await page.goto(url)
  await page.getByRole("region", { name: "Messages" }).getByRole("article").first().waitFor({ timeout: 60_000 })
  do await expect.poll(() => page.evaluate(isShown), { timeout: 30_000 }).toBe(true)
  while (await page.evaluate(scrollUp))
}
