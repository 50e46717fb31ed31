import { hire } from "@causeway/server/teammates/people.story"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { axe, describeInBrowser, openBrowser, type TestBrowser } from "./browser.ts"
import { ana, type Story, startStory, unique } from "./story.ts"

const bell = (page: Page) => page.getByRole("button", { name: /^Notifications/ })

/** Counts the tones that leave the page, and what it shows through the system: a test machine has neither ears nor a desktop. */
async function listenTo(page: Page): Promise<void> {
  await page.addInitScript(`
    window.tones = 0
    const start = OscillatorNode.prototype.start
    OscillatorNode.prototype.start = function (...when) { window.tones += 1; return start.apply(this, when) }
    window.shown = []
    const System = Notification
    window.Notification = class extends System { constructor(title, options) { super(title, options); window.shown.push(title + " | " + options.body + " | " + options.tag) } }
    document.hasFocus = () => window.isAway !== true
  `)
  await page.reload()
  await page.getByText("Live", { exact: true }).waitFor()
}

/** A machine that many share may take its time. */
const patient = { timeout: 30_000 }

describeInBrowser("notifications", () => {
  let story: Story
  let browser: TestBrowser
  let page: Page
  const write = (name: string, text: string, thread = unique("thread")) =>
    story.customerWrites(text, {
      sender: { handle: name, name },
      metadata: { external_id: unique("e"), external_conversation_id: thread },
    })
  beforeAll(async () => {
    story = await startStory({ heldClock: false })
    browser = await openBrowser()
    await write("Mia", "Hello")
    page = await browser.signedIn(story.server.url)
    await page.context().grantPermissions(["notifications"])
    await listenTo(page)
  })
  afterAll(async () => {
    await browser?.close()
    await story?.close()
  })

  test("a conversation is one notification until it is opened: in the list, the title and the icon", async () => {
    const thread = unique("thread")
    await write("Omar", "Are you open?", thread)
    await page.getByRole("button", { name: "Notifications: 1 new" }).waitFor()
    await write("Omar", "Today, I mean", thread)
    await bell(page).click()
    const list = page.getByRole("dialog", { name: "Notifications: 1 new" })
    await list.getByRole("link", { name: /New message: Omar.*Today, I mean/ }).waitFor()
    expect(await list.getByRole("listitem").count()).toBe(1)
    expect(await page.title()).toMatch(/^\(1\) /)
    expect(await page.locator('link[rel="icon"]').getAttribute("href")).toBe("/app/icon-dot.svg")
    expect(await axe(page)).toEqual([])
    await list.getByRole("link").click()
    await page.getByRole("button", { name: "Notifications", exact: true }).waitFor()
    expect(await page.title()).not.toMatch(/^\(/)

    await write("Omar", "Never mind", thread)
    await page.getByRole("article").filter({ hasText: "Never mind" }).waitFor()
    expect(await bell(page).textContent()).toBe("Notifications")
  })

  test("what one is told of is chosen by inbox, and follows the teammate; Test plays the sound", async () => {
    await bell(page).click()
    await page.getByRole("button", { name: "Choose what you are told of" }).click()
    const dialog = page.getByRole("dialog", { name: "Choose what you are told of" })
    await dialog.getByRole("button", { name: "Test" }).click()
    await dialog.getByText("You should have heard two notes.").waitFor()
    expect(await page.evaluate("window.tones")).toBe(2)
    await dialog.getByRole("combobox", { name: /^Told of in / }).selectOption("Mentions only")
    await dialog.getByRole("checkbox", { name: "Quiet hours" }).check()
    await dialog.getByLabel("From").waitFor()
    expect(await axe(page)).toEqual([])
    await dialog.getByRole("checkbox", { name: "Quiet hours" }).uncheck()
    await expect.poll(() => dialog.getByLabel("From").count(), patient).toBe(0)
    await dialog.getByRole("button", { name: "Enable" }).click()
    await dialog.getByText("On for this device.").waitFor()
    await page.keyboard.press("Escape")

    const bea = await hire(story, "Bea Moss")
    const { body } = await bea.call("GET", "/conversations")
    const people = (await bea.call("GET", "/teammates")).body._results as { email: string; username: string }[]
    const name = people.find(({ email }) => email === ana.email)?.username
    const conversation = body._results.find(
      ({ recipient }: { recipient: { handle: string } }) => recipient.handle === "Mia",
    )
    await page.evaluate("window.isAway = true")
    await write("Ken", "Not for a mentions-only reader")
    await bea.call("POST", `/conversations/${conversation.id}/comments`, {
      json: { body: `@${name} What do you think?` },
    })
    await page.getByRole("button", { name: "Notifications: 1 new" }).waitFor()
    await expect
      .poll(() => page.evaluate("window.shown"), patient)
      .toEqual([`You were mentioned: Bea Moss | @${name} What do you think? | ${conversation.id}`])
    await expect.poll(() => page.evaluate("window.tones"), patient).toBe(4)
  })

  test("an admin is told once that a channel went offline", async () => {
    const set = (status: string) =>
      story.call("PATCH", `/channels/${story.channelId}`, { token: story.channelToken(), json: { status } })
    await set("offline")
    await set("offline")
    await page.getByRole("button", { name: "Notifications: 2 new" }).waitFor()
    await bell(page).click()
    await expect.poll(() => page.getByText("Channel offline: Acme SMS").count(), { timeout: 5000 }).toBe(1)
    await page.getByRole("button", { name: "Mark all as seen" }).click()
    await page.getByRole("button", { name: "Notifications", exact: true }).waitFor()
    await set("ok")
  })
})
