import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { axe, describeInBrowser, openBrowser, type TestBrowser } from "./browser.ts"
import { seedConversations } from "./many-conversations.ts"
import { type Story, startStory } from "./story.ts"

const listOf = (page: Page) => page.getByRole("region", { name: "Conversations" })
const rowsOf = (page: Page) => listOf(page).getByRole("option")
const total = (page: Page, text: string) => listOf(page).locator("header").getByText(text, { exact: true }).waitFor()
/** What the strip at the bottom says. */
const strip = (page: Page) => page.getByRole("region", { name: "Activity" })

/** The row at a place of the list, from 1. */
const rowAt = (page: Page, position: number) => listOf(page).locator(`[role=option][aria-posinset="${position}"]`)

const scrollTo = (page: Page, top: number) =>
  listOf(page)
    .getByRole("listbox")
    .evaluate((box, to) => box.parentElement?.scrollTo({ top: to }), top)

describeInBrowser("lists in a browser", () => {
  let story: Story
  let browser: TestBrowser
  beforeAll(async () => {
    story = await startStory()
    await seedConversations(story.server.services.config, { ...story, count: 600 })
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await story?.close()
  })

  test("a leap to the middle shows the rows that stand there, and what comes in above moves nothing", async () => {
    const page = await browser.signedIn(story.server.url)
    await total(page, "600")
    const { height } = (await rowsOf(page).first().boundingBox()) as { height: number }
    await scrollTo(page, 300 * height)
    const row = rowAt(page, 303)
    // The newest is 599; so 303rd from the top is 600 - 303.
    await expect.poll(() => row.textContent()).toContain("(297)")
    const before = await row.boundingBox()
    await story.customerWrites("Is anybody there?", { sender: { handle: "nora", name: "Nora Berg" } })
    await total(page, "601")
    await page.getByRole("button", { name: "1 new", exact: true }).waitFor()
    const same = listOf(page).getByRole("option").filter({ hasText: "(297)" })
    expect(await same.boundingBox()).toEqual(before)
    await page.getByRole("button", { name: "1 new", exact: true }).click()
    await rowsOf(page).filter({ hasText: "Nora Berg" }).waitFor()
    expect(await rowAt(page, 1).textContent()).toContain("Nora Berg")
    await page.context().close()
  })

  test("a conversation is unread until it was opened, and again when its reader says so", async () => {
    const page = await browser.signedIn(story.server.url)
    const row = rowsOf(page).filter({ hasText: "(590)" })
    expect(await row.getAttribute("data-unread")).toBe("true")
    await row.click()
    await expect.poll(() => row.getAttribute("data-unread")).toBe(null)
    expect(await row.textContent()).not.toContain("Unread")
    await page.keyboard.press("Shift+U")
    await expect.poll(() => row.getAttribute("data-unread")).toBe("true")
    await page.context().close()
  })

  test("the order is chosen in the menu, and the address keeps it", async () => {
    const page = await browser.signedIn(story.server.url)
    await page.getByRole("button", { name: "Sort: Newest first" }).click()
    await page.getByRole("radio", { name: "Oldest first" }).click()
    await expect.poll(() => rowAt(page, 1).textContent(), { timeout: 30_000 }).toContain("(0)")
    await page.reload()
    await expect.poll(() => rowAt(page, 1).textContent(), { timeout: 30_000 }).toContain("(0)")
    await page.context().close()
  })

  test("conversations are chosen by key, archived together, and put back by one undo", async () => {
    const page = await browser.signedIn(story.server.url)
    await rowsOf(page).first().waitFor()
    const shown = Number((await listOf(page).locator("header span").first().textContent())?.replace(",", ""))
    await page.keyboard.press("j")
    await rowsOf(page).and(page.locator('[aria-current="true"]')).waitFor()
    await page.keyboard.press("Shift+J")
    await page.getByText("2 chosen").waitFor()
    await page.keyboard.press("Shift+J")
    await page.getByText("3 chosen").waitFor()
    expect(await axe(page)).toEqual([])
    await page.keyboard.press("e")
    await strip(page).getByText("Changed 3 conversations.").waitFor()
    await total(page, String(shown - 3))
    await page.keyboard.press("z")
    await total(page, String(shown))
    await page.context().close()
  })

  test("all of a list is chosen and tagged, and the tag narrows the list", async () => {
    await story.call("POST", "/tags", { token: story.apiToken, json: { name: "Reviewed" } })
    const page = await browser.signedIn(story.server.url)
    await rowsOf(page).first().locator("[data-select]").click()
    await page.getByRole("button", { name: /^Choose all/ }).click()
    await page.getByText(/^60\d chosen/).waitFor()
    await page.getByRole("toolbar").getByRole("button", { name: "Tags" }).click()
    await page.getByRole("option", { name: "Reviewed" }).click()
    await strip(page)
      .getByText(/Changed 60\d conversations/)
      .waitFor()
    await page.getByRole("navigation", { name: "Views" }).getByRole("link", { name: "Reviewed" }).click()
    await page.getByRole("heading", { name: "Reviewed" }).waitFor()
    await expect.poll(() => rowsOf(page).count()).toBeGreaterThan(5)
    await page.getByRole("button", { name: "Tag: Reviewed" }).click()
    await page.getByRole("heading", { name: "Open", exact: true }).waitFor()
    await page.context().close()
  })

  test("a conversation that is merged or deleted by somebody else is followed, or said to have gone", async () => {
    const admin = { token: story.apiToken }
    const begin = async (text: string): Promise<string> => {
      const accepted = await story.customerWrites(text, { sender: { handle: "moe", name: "Moe Ray" } })
      return (await story.message(accepted)).body._links.related.conversation.split("/").at(-1)
    }
    const [lost, kept] = [await begin("The lost one"), await begin("The one that stays")]
    const page = await browser.signedIn(story.server.url)
    await rowsOf(page).filter({ hasText: "The lost one" }).click()
    await page.getByRole("textbox", { name: /^Reply to Moe Ray/ }).fill("Half a thought")
    await story.call("POST", `/causeway/conversations/${kept}/merge`, { ...admin, json: { conversation_ids: [lost] } })
    await strip(page).getByText("This conversation was merged: it goes on here.").waitFor()
    await page.waitForURL(`**/${kept}`)
    await expect
      .poll(() => page.getByRole("textbox", { name: /^Reply to Moe Ray/ }).inputValue())
      .toBe("Half a thought")
    await story.call("PATCH", `/conversations/${kept}`, { ...admin, json: { status: "deleted" } })
    await story.call("DELETE", `/conversations/${kept}`, admin)
    await page.getByRole("heading", { name: "This conversation has gone" }).waitFor()
    await page.context().close()
  })

  test("a search finds while it is typed, is narrowed by operators, and leads into the conversation", async () => {
    await story.customerWrites("The zeppelin is late", { sender: { handle: "zita", name: "Zita Zorn" } })
    const page = await browser.signedIn(story.server.url)
    await rowsOf(page).first().waitFor()
    await page.keyboard.press("/")
    const field = page.getByRole("searchbox", { name: "Search" })
    await field.pressSequentially("zepp")
    const messages = page.getByRole("region", { name: "Messages and notes" })
    await messages.getByText("zeppelin", { exact: true }).first().waitFor()
    await field.fill("zepp is:archived tag:nowhere")
    await page.getByText("Nothing was found").waitFor()
    await page.getByRole("button", { name: "tag: nowhere there is none" }).waitFor()
    expect(await axe(page)).toEqual([])
    await page.getByRole("button", { name: "Without is:archived" }).click()
    expect(await field.inputValue()).toBe("zepp tag:nowhere")
    await field.fill("zita")
    await page
      .getByRole("region", { name: "Contacts" })
      .getByRole("link", { name: /Zita Zorn/ })
      .click()
    await page.getByRole("heading", { name: "Zita Zorn", level: 2 }).waitFor()
    await page.getByRole("region", { name: "Contact", exact: true }).getByText("zita").first().waitFor()
    await page.context().close()
  })

  test("somebody who never wrote is found too, and leads to the contact", async () => {
    const json = { name: "Quincy Adebayo", handles: [{ source: "custom", handle: "quincy" }] }
    const made = await story.call("POST", "/contacts", { token: story.apiToken, json })
    const page = await browser.signedIn(story.server.url)
    await page.goto(`${story.server.url}/app/search?q=Quincy`)
    await page
      .getByRole("region", { name: "Contacts" })
      .getByRole("link", { name: /Quincy Adebayo/ })
      .click()
    await page.waitForURL(`**/app/contacts/${made.body.id}*`)
    await page.getByRole("heading", { name: "Quincy Adebayo", exact: true }).waitFor()
    await page.context().close()
  })

  test("without the server a search looks through what the device holds, and says so", async () => {
    const page = await browser.signedIn(story.server.url)
    await rowsOf(page).filter({ hasText: "(590)" }).waitFor()
    await page.keyboard.press("/")
    await page.getByRole("searchbox", { name: "Search" }).waitFor()
    await page.context().setOffline(true)
    await page.getByRole("searchbox", { name: "Search" }).fill("(590)")
    await page.getByText("this is only what this device holds").waitFor()
    await page.getByRole("link", { name: /\(590\)/ }).waitFor()
    await page.context().close()
  })
})
