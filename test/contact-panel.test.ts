import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { axe, describeInBrowser, openBrowser, type TestBrowser } from "./browser.ts"
import { type Story, startStory } from "./story.ts"

const panel = (page: Page) => page.getByRole("region", { name: "Contact", exact: true })

async function open(page: Page, name: string): Promise<void> {
  await page.getByRole("region", { name: "Conversations" }).getByRole("option", { name }).first().click()
  await page.locator("[data-conversation-title]").focus()
}

/** A machine that many share may take its time. */
const patient = { timeout: 30_000 }

describeInBrowser("the contact beside a conversation", () => {
  let story: Story
  let browser: TestBrowser
  let page: Page
  const put = (method: string, path: string, json: object) => story.call(method, path, { token: story.apiToken, json })
  beforeAll(async () => {
    story = await startStory({ heldClock: false, app: { contact_type: "phone" } })
    browser = await openBrowser()
    await put("POST", "/causeway/custom_fields", { resource: "contact", type: "string", name: "Customer number" })
    const from = { sender: { handle: "2125550142", name: "Lena Fuchs" } }
    await story.customerWrites("First question", from)
    await story.customerWrites("Second question", from)
    await put("POST", "/contacts", { name: "Lena F.", handles: [{ source: "custom", handle: "12125550142" }] })
    page = await browser.signedIn(story.server.url)
    await open(page, "Lena Fuchs")
    await page.keyboard.press("c")
    await panel(page).getByText("+12125550142", { exact: true }).waitFor()
  })
  afterAll(async () => {
    await browser?.close()
    await story?.close()
  })

  test("c opens it and goes there; its name, fields and notes are edited where they stand", async () => {
    await expect.poll(() => page.locator(":focus").textContent(), patient).toBe("Contact")
    await panel(page).getByRole("button", { name: "Edit Customer number: Empty" }).press("Enter")
    await page.keyboard.type("K-7781")
    await page.keyboard.press("Enter")
    await panel(page).getByRole("button", { name: "Edit Customer number: K-7781" }).waitFor()
    await panel(page).getByRole("button", { name: "Edit Name: Lena Fuchs" }).click()
    await page.keyboard.press("Escape")
    await panel(page).getByRole("textbox", { name: "Write a note about this contact" }).fill("Prefers mornings.")
    await panel(page).getByRole("button", { name: "Add note" }).click()
    await panel(page).getByRole("listitem").filter({ hasText: "Prefers mornings." }).waitFor()
    await panel(page)
      .getByRole("link", { name: /^(First|Second) question Acme SMS · Open/ })
      .waitFor()
    expect(await axe(page)).toEqual([])
  })

  test("somebody who has the same number is suggested, compared and merged", async () => {
    await panel(page).getByRole("button", { name: "Compare and merge" }).click()
    const dialog = page.getByRole("dialog", { name: "Merge these two contacts?" })
    await dialog.getByRole("cell", { name: "Lena F.", exact: true }).waitFor()
    expect(await axe(page)).toEqual([])
    await dialog.getByRole("button", { name: "Merge contacts" }).click()
    await expect.poll(() => panel(page).getByText("Same person?").count(), patient).toBe(0)
    await panel(page).getByText("12125550142", { exact: true }).waitFor()
  })

  test("a number that came without a country code says how it was read, and can be corrected", async () => {
    await panel(page).getByText("Read as +1 212 555 0142, United States").waitFor()
    await panel(page).getByRole("button", { name: "Correct" }).click()
    await page.getByRole("textbox", { name: "Number with country code" }).fill("+43 660 1234567")
    await page.keyboard.press("Enter")
    await panel(page).getByText("Read as +43 660 1234567, Austria").waitFor()
    expect(await panel(page).getByText("+12125550142", { exact: true }).count()).toBe(0)
  })

  test("at 390 pixels it is a drawer that Esc closes, and the focus goes back", async () => {
    const phone = await browser.signedIn(story.server.url, { width: 390, colorScheme: "dark" })
    await open(phone, "Lena Fuchs")
    await phone.getByRole("button", { name: "Show the contact" }).click()
    const drawer = phone.getByRole("dialog", { name: "Contact", exact: true })
    await drawer.getByText("Prefers mornings.").waitFor()
    expect(await axe(phone)).toEqual([])
    await phone.keyboard.press("Escape")
    await expect.poll(() => drawer.count(), patient).toBe(0)
    await expect.poll(() => phone.locator(":focus").textContent(), patient).toBe("Lena Fuchs")
    await phone.context().close()
  })
})
