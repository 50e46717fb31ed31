import { hire } from "@causeway/server/teammates/people.story"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { axe, describeInBrowser, openBrowser, type TestBrowser } from "./browser.ts"
import { type Story, startStory } from "./story.ts"

const option = (page: Page, name: string) =>
  page.getByRole("region", { name: "Conversations" }).getByRole("option", { name })

async function open(page: Page, name: string): Promise<void> {
  await option(page, name).click()
  await page.getByRole("heading", { level: 2, name }).waitFor()
  await page.getByRole("heading", { level: 2, name }).focus()
}

const strip = (page: Page) => page.getByRole("region", { name: "Activity" })

/** A machine that many share may take its time. */
const patient = { timeout: 30_000 }

describeInBrowser("the head of a conversation", () => {
  let story: Story
  let browser: TestBrowser
  let page: Page
  beforeAll(async () => {
    story = await startStory({ heldClock: false })
    browser = await openBrowser()
    const token = story.apiToken
    await story.call("POST", "/company/tags", { token, json: { name: "Refund", highlight: "red" } })
    await story.customerWrites("Is my order late?", { sender: { handle: "rosa", name: "Rosa Díaz" } })
    await story.customerWrites("Where are you?", { sender: { handle: "noor", name: "Noor Haddad" } })
    page = await browser.signedIn(story.server.url)
    await open(page, "Rosa Díaz")
  })
  afterAll(async () => {
    await browser?.close()
    await story?.close()
  })

  test("a opens the list of people, typing narrows it and Enter assigns; z takes it back", async () => {
    await page.keyboard.press("a")
    await page.getByRole("combobox", { name: "Find a teammate or team" }).pressSequentially("ana")
    await page.getByRole("option", { name: /^Ana Lee/ }).waitFor()
    await page.keyboard.press("Enter")
    await strip(page).getByText("Assigned “Rosa Díaz” to Ana Lee (you)").waitFor()
    await page.getByText(/· Assigned to you$/).waitFor()
    await page.keyboard.press("z")
    await page
      .getByRole("group", { name: "Conversation actions" })
      .getByRole("button", { name: "Assign", exact: true })
      .waitFor()
  })

  test("t puts a tag on, makes one that is missing, and a chip takes it off again", async () => {
    await page.keyboard.press("t")
    const field = page.getByRole("combobox", { name: "Find or add a tag" })
    await field.pressSequentially("ref")
    await page.getByRole("option", { name: "Refund" }).waitFor()
    await page.keyboard.press("Enter")
    const chips = page.getByRole("list", { name: "Tags" })
    await chips.getByText("Refund").waitFor()
    await field.fill("Very late")
    await page.getByRole("option", { name: "Create “Very late”" }).waitFor()
    await page.keyboard.press("Enter")
    await chips.getByText("Very late").waitFor()
    await page.keyboard.press("Escape")
    await page.getByRole("button", { name: "Remove tag Refund" }).click()
    await expect.poll(() => chips.getByRole("listitem").count(), patient).toBe(1)
  })

  test("h snoozes until a time that is offered, and the head says until when", async () => {
    await page.keyboard.press("h")
    await page
      .getByRole("dialog", { name: "Snooze" })
      .getByRole("button", { name: /^Tomorrow/ })
      .click()
    await page
      .getByText(/Snoozed until /)
      .first()
      .waitFor()
    await strip(page)
      .getByText(/^Snoozed “Rosa Díaz” until /)
      .waitFor()
    await page.keyboard.press("z")
    await expect.poll(() => page.getByText(/Snoozed until /).count(), patient).toBe(0)
  })

  test("# asks before it moves a conversation to the trash, and Restore brings it back", async () => {
    await page.keyboard.press("#")
    const dialog = page.getByRole("dialog", { name: /to the trash\?$/ })
    expect(await axe(page)).toEqual([])
    await dialog.getByRole("button", { name: "Move to trash" }).click()
    await page.getByText("In the trash").waitFor()
    await page.getByRole("button", { name: "Restore" }).click()
    await page.getByRole("button", { name: "Archive", exact: true }).waitFor()
  })

  test("a colleague who opens the conversation and writes is shown as viewing and then replying, in words and in the list", async () => {
    const { email } = await hire(story, "Bea Moss")
    const other = await browser.signedIn(story.server.url, {}, email)
    await open(other, "Rosa Díaz")
    const here = page.getByRole("list", { name: "Colleagues here" })
    await here.getByText("Bea Moss is viewing").waitFor()
    await other.getByRole("textbox", { name: /^Reply to / }).pressSequentially("I will")
    await here.getByText("Bea Moss is replying").waitFor({ timeout: 30_000 })
    await page.getByRole("status").getByText("Bea Moss started replying").waitFor()
    await option(page, "Rosa Díaz").getByText("replying").first().waitFor()
    expect(await axe(page)).toEqual([])
    await open(other, "Noor Haddad")
    await expect.poll(() => here.count(), patient).toBe(0)
    await other.context().close()
  })
})
