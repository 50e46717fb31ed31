import { createServer, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import type { Frame, Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { axe, describeInBrowser, openBrowser, type TestBrowser } from "../../test/browser.ts"
import { eventually, startPlatform, type TestPlatform } from "../shared/platform.story.ts"
import { type LiveChat, startLiveChat } from "./channel.ts"
import { sizes } from "./pages.ts"

test("a website loads at most 4 KB, and whoever opens the chat at most 35 KB more", async () => {
  const { loader, panel } = await sizes()
  const kb = (bytes: number): string => (bytes / 1024).toFixed(1)
  process.stderr.write(`widget: loader ${kb(loader)} KB, panel ${kb(panel)} KB gz\n`)
  expect(loader).toBeLessThan(4 * 1024)
  expect(panel).toBeLessThan(35 * 1024)
})

/** A website of another origin, as strict as one can be: it allows the chat's scripts and frames, and no inline style at all. */
async function startWebsite(chatOrigin: string): Promise<{ url: string; server: Server }> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://localhost")
    const policy = `default-src 'none'; script-src ${chatOrigin}; frame-src ${chatOrigin}; base-uri 'none'; require-trusted-types-for 'script'`
    response.writeHead(200, { "content-type": "text/html; charset=utf-8", "content-security-policy": policy })
    const [lang, dir] = [searchParams.get("lang") ?? "en", searchParams.get("dir") ?? "ltr"]
    response.end(
      `<!doctype html><html lang="${lang}" dir="${dir}"><head><meta name="color-scheme" content="light dark"><meta name="viewport" content="width=device-width"><title>Shop</title>${pathname === "/bare" ? "" : `<script async src="${chatOrigin}/loader.js"></script>`}</head><body><main><h1>${pathname}</h1></main></body></html>`,
    )
  })
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}

describeInBrowser("the chat on a website", () => {
  let platform: TestPlatform
  let chat: LiveChat
  let website: Awaited<ReturnType<typeof startWebsite>>
  let browser: TestBrowser
  const problems: string[] = []

  beforeAll(async () => {
    platform = await startPlatform()
    const app = await platform.app("Live chat")
    chat = await startLiveChat({
      port: 0,
      appUid: app.uid,
      secret: app.secret,
      apiUrl: platform.apiUrl,
      dataDir: null,
      typingEveryMs: 100,
    })
    await platform.connect(app.uid, chat.webhookUrl)
    website = await startWebsite(new URL(chat.webhookUrl).origin)
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    website?.server.closeAllConnections()
    website?.server.close()
    await chat?.close()
    await platform?.close()
  })

  /** A page of the website; whatever its policy refuses, and every error, is kept. */
  async function visit(page: Page, path = "/"): Promise<Page> {
    page.on("console", (line) => line.type() === "error" && problems.push(line.text()))
    page.on("pageerror", (error) => problems.push(error.message))
    await page.goto(website.url + path)
    return page
  }
  // The shadow root is closed: what a visitor can reach by keyboard is what a test can.
  async function open(page: Page): Promise<Frame> {
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    return panelOf(page)
  }
  async function panelOf(page: Page): Promise<Frame> {
    await eventually(() => page.frames().length).toBe(2)
    const panel = page.frames()[1] as Frame
    await panel.waitForSelector("textarea")
    return panel
  }
  /** As a screen reader finds them, which looks into closed shadow roots too. */
  async function buttons(page: Page): Promise<string[]> {
    const session = await page.context().newCDPSession(page)
    const { nodes } = await session.send("Accessibility.getFullAXTree")
    await session.detach()
    return nodes.filter(({ role }) => role?.value === "button").map(({ name }) => String(name?.value))
  }
  const say = async (panel: Frame, text: string) => {
    await panel.locator("textarea").fill(text)
    await panel.locator("textarea").press("Enter")
  }
  const bubbles = (panel: Frame) => panel.locator(".bubble").allTextContents()
  const states = (panel: Frame) => panel.locator(".state").allTextContents()
  async function conversationOf(text: string) {
    await chat.settle()
    const all = await platform.conversations()
    for (const { id } of all) {
      const messages = await platform.messages(id)
      if (messages.some((message: { text: string }) => message.text === text))
        return { id, texts: messages.map((message: { text: string }) => message.text) }
    }
    throw new Error(`nobody wrote ${text}`)
  }

  test("by keyboard, under the strictest policy: write, read the answer, go to another page, open a second tab, with nothing lost or said twice", async () => {
    const page = await visit(await browser.blank({}))
    const requests: string[] = []
    page.on("request", (request) => requests.push(request.url()))
    expect(await page.context().cookies()).toEqual([])
    const panel = await open(page)
    expect(requests.map((url) => new URL(url).pathname)).toContain("/panel")
    await eventually(() => panel.evaluate("document.activeElement?.tagName")).toBe("TEXTAREA")
    await say(panel, "Do you ship <img src=x onerror=alert(1)> to Norway?")
    await eventually(() => states(panel)).toEqual([expect.stringMatching(/^Sent/)])
    const { id } = await conversationOf("Do you ship <img src=x onerror=alert(1)> to Norway?")
    await platform.startReply(id)
    await eventually(() => panel.locator(".typing").textContent()).toBe("Ana is typing…")
    await platform.reply(id, "We do: https://example.test/norway.")
    await eventually(() => bubbles(panel)).toEqual([
      "Do you ship <img src=x onerror=alert(1)> to Norway?",
      "We do: https://example.test/norway.",
    ])
    expect(await panel.locator(".bubble a").getAttribute("href")).toBe("https://example.test/norway")
    expect(await panel.locator(".bubble img").count()).toBe(0)
    await platform.leaveReply(id)

    const heard = await platform.listenForTyping()
    await panel.locator("textarea").pressSequentially("And")
    await eventually(() => heard.told).toEqual([{ conversation_id: id, for_ms: 10_000 }])
    await panel.locator("textarea").fill("")
    await eventually(() => heard.told.at(-1)).toEqual({ conversation_id: id, for_ms: 0 })
    heard.close()

    const file = { name: "label.txt", mimeType: "text/plain", buffer: Buffer.from("To Norway") }
    await panel.locator("input[type=file]").setInputFiles(file)
    await eventually(() => panel.locator(".files").textContent()).toBe("label.txt")
    await panel.locator("textarea").press("Enter")
    await eventually(() => panel.locator(".bubble").last().locator("a").textContent()).toBe("label.txt")
    await eventually(() => panel.locator(".waiting").count()).toBe(0)

    await panel.locator("textarea").fill("Half a sent")
    await page.goto(`${website.url}/tents`)
    const again = await panelOf(page)
    await eventually(() => bubbles(again)).toHaveLength(3)
    expect(await again.locator("textarea").inputValue()).toBe("Half a sent")

    const tab = await visit(await page.context().newPage(), "/boots")
    const second = await open(tab)
    await eventually(() => bubbles(second)).toHaveLength(3)
    await say(second, "From the second tab")
    await page.bringToFront()
    await eventually(() => bubbles(again)).toHaveLength(4)
    await tab.bringToFront()
    await second.locator("textarea").press("Escape")
    await page.bringToFront()
    await again.locator("textarea").press("Escape")
    await platform.reply(id, "Anything else?")
    await eventually(() => again.locator(".bubble").count()).toBe(5)
    // Back on the button, which says what came meanwhile.
    await eventually(async () => (await buttons(page)).includes("Open chat (1 unread)")).toBe(true)
    await page.keyboard.press("Enter")
    await eventually(async () => (await buttons(page)).includes("Close chat")).toBe(true)
    expect(problems).toEqual([])
  })

  test("what is written without a network waits, over a reload too, and is then sent in order and once, from two tabs", async () => {
    const page = await visit(await browser.blank({}))
    const panel = await open(page)
    await say(panel, "Before the tunnel")
    await eventually(() => states(panel)).toEqual([expect.stringMatching(/^Sent/)])
    const tab = await visit(await page.context().newPage())
    const other = await open(tab)
    await eventually(() => bubbles(other)).toHaveLength(1)
    await page.context().setOffline(true)
    for (const text of ["In the tunnel 1", "In the tunnel 2"]) await say(panel, text)
    await say(other, "In the tunnel 3")
    await eventually(() => panel.locator(".notice").textContent()).toMatch(/You are offline/)
    await eventually(() => panel.locator(".waiting").count()).toBe(3)
    await page.context().setOffline(false)
    await page.reload()
    const back = await panelOf(page)
    await eventually(() => bubbles(back)).toEqual([
      "Before the tunnel",
      "In the tunnel 1",
      "In the tunnel 2",
      "In the tunnel 3",
    ])
    await eventually(() => back.locator(".waiting").count()).toBe(0)
    await eventually(async () => (await conversationOf("Before the tunnel")).texts).toEqual([
      "Before the tunnel",
      "In the tunnel 1",
      "In the tunnel 2",
      "In the tunnel 3",
    ])
  })

  test.runIf(process.env.CAUSEWAY_FULL)(
    "a page pays next to nothing for the button, and nothing on it moves",
    async () => {
      const busyMs = async (path: string): Promise<{ ms: number; shift: number }> => {
        const page = await browser.blank({})
        const client = await page.context().newCDPSession(page)
        await client.send("Emulation.setCPUThrottlingRate", { rate: 4 })
        await client.send("Performance.enable", { timeDomain: "threadTicks" })
        await page.goto(website.url + path)
        await page.waitForLoadState("networkidle")
        const { metrics } = await client.send("Performance.getMetrics")
        // Text, since the types of pages know this entry and those of Node do not.
        const shift = await page.evaluate<number>(
          `new Promise((resolve) => {
          const sum = (list) => resolve(list.getEntries().reduce((all, { value }) => all + value, 0))
          new PerformanceObserver(sum).observe({ type: "layout-shift", buffered: true })
          setTimeout(resolve, 300, 0)
        })`,
        )
        await page.context().close()
        return { ms: (metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0) * 1000, shift }
      }
      const best = async (path: string) => {
        const all = [await busyMs(path), await busyMs(path), await busyMs(path), await busyMs(path), await busyMs(path)]
        return { ms: Math.min(...all.map(({ ms }) => ms)), shift: Math.max(...all.map(({ shift }) => shift)) }
      }
      const [bare, chatting] = [await best("/bare"), await best("/")]
      const ms = Math.max(0, chatting.ms - bare.ms)
      process.stderr.write(`widget on a page: ${ms.toFixed(1)} ms at 4×, CLS ${chatting.shift}\n`)
      expect(chatting.shift).toBe(0)
    },
    // Ten visits at a quarter of the speed.
    120_000,
  )

  const looks = [
    { name: "light", url: "/", look: {} },
    {
      name: "dark, Arabic, on a phone",
      url: "/?lang=ar&dir=rtl",
      look: { colorScheme: "dark", width: 390, height: 780 },
    },
    { name: "German, 320 px", url: "/?lang=de", look: { width: 320, height: 640 } },
  ] as const
  test.each(looks)("nothing is in the way of anybody: $name", async ({ url, look }) => {
    const page = await visit(await browser.blank(look), url)
    const panel = await open(page)
    await say(panel, "What does a tent cost?")
    await eventually(() => panel.locator(".message:not(.waiting)").count()).toBe(1)
    await page.context().setOffline(true)
    await say(panel, "And boots?")
    await eventually(() => panel.locator(".waiting").count()).toBe(1)
    // Without a network axe is brought along by the test; a frame takes the same script as a page.
    expect(await axe(panel as unknown as Page)).toEqual([])
    expect(await axe(page)).toEqual([])
    const sideways = await panel.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    expect(sideways).toBe(0)
    const small = await panel
      .locator("button, a, textarea")
      .evaluateAll(
        (all) =>
          all.filter(
            (one) =>
              one.getClientRects().length > 0 &&
              Math.min(one.getBoundingClientRect().width, one.getBoundingClientRect().height) < 24,
          ).length,
      )
    expect(small).toBe(0)
    expect(await panel.evaluate("document.documentElement.dataset.theme")).toBe(
      "colorScheme" in look ? "dark" : "light",
    )
  })
})
