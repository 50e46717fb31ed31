import { line, ringing, startCallStory } from "@causeway/server/calls/calls.story"
import { hire, type Person } from "@causeway/server/teammates/people.story"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { axe, describeInBrowser, openBrowser, type TestBrowser } from "./browser.ts"
import { wav } from "./calls.ts"

describeInBrowser("the timeline of a conversation", () => {
  let story: Awaited<ReturnType<typeof startCallStory>>
  let browser: TestBrowser
  let bo: Person
  beforeAll(async () => {
    story = await startCallStory()
    browser = await openBrowser()
    bo = await hire(story, "Bo Reed")
  })
  afterAll(async () => {
    await browser?.close()
    await story?.close()
  })
  async function conversation(text: string, sender = { handle: "+436601234567", name: "Mia Kovač" }): Promise<string> {
    const accepted = await story.customerWrites(text, { sender })
    return String((await story.message(accepted)).body._links.related.conversation)
      .split("/")
      .at(-1) as string
  }
  async function opened(id: string, look = {}): Promise<Page> {
    const page = await browser.signedIn(story.server.url, look)
    await page.goto(`${story.server.url}/app/inbox/open/${id}`)
    await timeline(page).getByRole("article").first().waitFor()
    return page
  }
  const timeline = (page: Page) => page.getByRole("region", { name: "Messages" })

  test("what colleagues do and note is seen as it happens, who is mentioned stands out, and a reload shows the same", async () => {
    const id = await conversation("Is my order late?")
    const page = await opened(id)
    await bo.call("PATCH", `/conversations/${id}`, { json: { assignee_id: bo.id } })
    await timeline(page).getByText("Assigned to Bo Reed by Bo Reed").waitFor()
    const { username } = (await story.call("GET", `/teammates/${bo.id}`, { token: story.apiToken })).body
    await bo.call("POST", `/conversations/${id}/comments`, {
      json: { body: `@${username} and @nobody: ask the depot` },
    })
    const note = timeline(page).getByRole("article", { name: /^Internal note by Bo Reed/ })
    await note.getByText("ask the depot").waitFor()
    expect(await note.locator("mark").allTextContents()).toEqual([`@${username}`])
    for (const status of ["archived", "open", "archived", "open", "archived", "open"])
      await bo.call("PATCH", `/conversations/${id}`, { json: { status } })
    await timeline(page).getByRole("button", { name: "4 earlier changes" }).waitFor()
    expect(await axe(page)).toEqual([])
    const before = await timeline(page).innerText()
    await page.reload()
    await note.waitFor()
    await expect.poll(() => timeline(page).innerText()).toBe(before)
    await page.context().close()
  })

  test("while a customer writes, one line says so below the last message and moves nothing, until the message is there", async () => {
    const metadata = { external_id: "typing-1", external_conversation_id: "thread of a slow writer" }
    const sender = { handle: "+436601234568", name: "Mia Kovač" }
    const accepted = await story.customerWrites("Hello?", { sender, metadata })
    const { conversation } = (await story.message(accepted)).body._links.related
    const page = await opened(String(conversation).split("/").at(-1) as string)
    const line = page.getByRole("status").filter({ hasText: "Mia Kovač is typing…" })
    const place = async () => JSON.stringify(await timeline(page).getByRole("article").last().boundingBox())
    const before = await place()
    const report = (typing: boolean) =>
      story.call("POST", `/causeway/channels/${story.channelId}/typing`, {
        token: story.channelToken(),
        json: { external_conversation_id: metadata.external_conversation_id, typing },
      })
    await report(true)
    await line.waitFor()
    expect(await place()).toBe(before)
    await report(false)
    await line.waitFor({ state: "detached" })
    await report(true)
    await line.waitFor()
    await story.customerWrites("It is about my order", { sender, metadata: { ...metadata, external_id: "typing-2" } })
    await timeline(page).getByText("It is about my order").waitFor()
    await line.waitFor({ state: "detached" })
    await page.context().close()
  })

  test("n and p go from one entry to the next, and the dot opens what can be done and known of it", async () => {
    const id = await conversation("One")
    await bo.call("POST", `/conversations/${id}/comments`, { json: { body: "Two" } })
    const page = await opened(id)
    await timeline(page).getByText("Two").waitFor()
    await page.keyboard.press("p")
    expect(await page.locator("article:focus").textContent()).toContain("Two")
    await page.keyboard.press("p")
    expect(await page.locator("article:focus").textContent()).toContain("One")
    await page.keyboard.press(".")
    const actions = page.getByRole("dialog", { name: "Message actions" })
    await actions.getByRole("button", { name: "Copy text" }).waitFor()
    await actions.getByText(/^msg_/).waitFor()
    await page.keyboard.press("Escape")
    await page.keyboard.press("n")
    expect(await page.locator("article:focus").textContent()).toContain("Two")
    await page.context().close()
  })

  test("images from elsewhere are not fetched until somebody asks for them, and then always from that sender", async () => {
    const letter = '<h1>News</h1><img src="http://pictures.test/p.gif">'
    const id = await conversation(letter, { handle: "news@shop.test", name: "Shop" })
    const page = await browser.signedIn(story.server.url)
    const asked: string[] = []
    await page.route("http://pictures.test/**", (route) => {
      asked.push(route.request().url())
      return route.fulfill({ status: 404 })
    })
    await page.goto(`${story.server.url}/app/inbox/open/${id}`)
    const frame = page.frameLocator("iframe")
    await frame.getByRole("heading", { name: "News" }).waitFor()
    expect(asked).toEqual([])
    await page.getByRole("button", { name: "Show images from shop.test" }).click()
    await expect.poll(() => asked.length).toBe(1)
    await page.reload()
    await expect.poll(() => asked.length).toBe(2)
    expect(await page.getByRole("button", { name: /^Show images/ }).count()).toBe(0)
    await page.context().close()
  })

  test("a call is one card that follows it live: its course, what is still to come, its recording and its words", async () => {
    const body = ringing({ started_at: Date.now() - 60_000 })
    await story.begin(body)
    const id = body.external_call_id
    const page = await opened(await story.conversationOf(id))
    const card = timeline(page).getByRole("article", { name: /^Call, Lena Fuchs/ })
    await card.getByText(/^Ringing… \d+:\d\d$/).waitFor()
    await story.move(id, "connected", undefined, { occurred_at: Date.now() - 50_000 })
    await card.getByText("The recording has not arrived yet.").waitFor()
    await story.move(id, "hangup", undefined, { occurred_at: Date.now() - 10_000 })
    await card.getByText(/^Ended · 0:40$/).waitFor()

    const recording = new FormData()
    recording.set("recording_type", "call")
    recording.append("attachments", wav(30))
    await story.record(id, recording)
    await story.post(id, "transcript", { lines: [line("The old address is wrong.", 1), line("Lindengasse 12.", 13)] })
    await story.post(id, "summary", { content: "New address taken." })
    await card.getByText("New address taken.").waitFor()
    await card.getByRole("button", { name: "Play from 0:13" }).press("Enter")
    await card.locator('li[aria-current="true"]', { hasText: "Lindengasse" }).waitFor()
    await card.getByRole("button", { name: "Pause" }).click()
    await card.getByRole("button", { name: "Play", exact: true }).focus()
    await page.keyboard.press("Home")
    await card.getByText("0:00 of 0:30").waitFor()
    await page.keyboard.press("PageDown")
    await card.getByText("0:30 of 0:30").waitFor()
    await page.keyboard.press("f")
    await page.keyboard.type("address")
    await card.getByText("1 match").waitFor()
    expect(await axe(page)).toEqual([])

    const next = ringing({ parent_external_call_id: id })
    await story.begin(next)
    await card.getByText("Part 2 of 2").waitFor()
    expect(await timeline(page).getByRole("article").count()).toBe(1)
    await page.context().close()
  })
})
