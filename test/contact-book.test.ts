import { createPublicKey, verify } from "node:crypto"
import { readFile } from "node:fs/promises"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { axe, describeInBrowser, openBrowser, type TestBrowser } from "./browser.ts"
import { type Keyboard, keyboardOf } from "./keyboard.ts"
import { hire } from "./people.ts"
import { type Story, startStory } from "./story.ts"

/** A machine that many share may take its time. */
const patient = { timeout: 30_000 }
const button = (name: string): string => `button:text-is("${name}"), [aria-label="${name}"]`
const row = (name: string): string => `a:has(strong:text-is("${name}"))`

describeInBrowser("the contacts, by keyboard only", () => {
  let story: Story
  let browser: TestBrowser
  let page: Page
  let keys: Keyboard
  const make = (name: string, source: string, handle: string, more: object = {}) =>
    story.call("POST", "/contacts", {
      token: story.apiToken,
      json: { name, handles: [{ source, handle }], ...more },
    })
  beforeAll(async () => {
    story = await startStory({ heldClock: false })
    browser = await openBrowser()
    await make("Lena Fuchs", "email", "lena@example.test", { list_names: ["Regulars"] })
    await make("L. Fuchs", "custom", "lena@example.test")
    await make("Kim Park", "email", "kim@example.test")
    await make("kim park", "custom", "kp")
    await make("Zoe Lind", "email", "zoe@example.test")
    await story.customerWrites("Where is it?", { sender: { handle: "rita-7", name: "Rita Moss" } })
    page = await browser.signedIn(story.server.url)
    keys = keyboardOf(page)
    await page.getByRole("navigation", { name: "Views" }).waitFor()
    await keys.press("g", "p")
    await page.getByRole("heading", { level: 1, name: "All contacts" }).waitFor()
    await page.getByText("6 contacts").waitFor()
  })
  afterAll(async () => {
    await browser?.close()
    await story?.close()
  })

  test("one is found, opened, given a number, a link and a list; leaving goes back to where it stood", async () => {
    await keys.press("/")
    await keys.type("zoe")
    await page.getByText("1 contact", { exact: true }).waitFor()
    await keys.tabTo(row("Zoe Lind"))
    await keys.press("Enter")
    await page.locator("[data-contact-title]:focus").waitFor()
    await keys.tabTo(button("Add a way to reach them"))
    await keys.press("Enter")
    await keys.type("kim@example.test")
    await keys.press("Enter")
    await page.getByRole("alert").filter({ hasText: "belongs to contact" }).waitFor()
    await page.locator('input[name="handle"]').fill("")
    await keys.type("zoe.lind@example.test")
    await keys.press("Enter")
    await page.getByText("Added zoe.lind@example.test").first().waitFor()
    await keys.tabTo(button("Put on a list"))
    await keys.press("Enter")
    await keys.type("Regu")
    await keys.press("Enter")
    await page.getByText("1 contact put on “Regulars”").first().waitFor()
    await keys.tabTo('[aria-label="Address of a page"]')
    await keys.type("https://crm.example/zoe")
    await keys.press("Enter")
    await page.getByRole("link", { name: "https://crm.example/zoe" }).waitFor()
    await expect.poll(() => page.getByRole("link", { name: /^Regulars/ }).textContent(), patient).toBe("Regulars2")
    expect(await axe(page)).toEqual([])
    await keys.tabTo(button("Remove https://crm.example/zoe"))
    await keys.press("Escape")
    await keys.at(row("Zoe Lind"))
  })

  test("what others change, and who writes for the first time, is seen while one looks", async () => {
    await page.goto(`${story.server.url}/app/contacts`)
    await page.getByText("6 contacts").waitFor()
    const known = await make("Vera Klein", "email", "vera@example.test")
    await page.locator(row("Vera Klein")).waitFor()
    await story.call("PATCH", `/contacts/${known.body.id}`, { token: story.apiToken, json: { name: "Vera Gross" } })
    await page.locator(row("Vera Gross")).waitFor()
    await story.customerWrites("Hello?", { sender: { handle: "uma-3", name: "Uma Reed" } })
    await page.locator(row("Uma Reed")).waitFor()
    for (const alias of ["email:vera@example.test", "custom:uma-3"])
      await story.call("DELETE", `/contacts/alt:${alias}`, { token: story.apiToken })
    await page.getByText("6 contacts").waitFor()
  })

  test("a list is made, contacts are chosen with x and put on it, and it is renamed and deleted", async () => {
    await page.goto(`${story.server.url}/app/contacts`)
    await keys.tabTo(row("Kim Park"))
    await keys.press("x", "j", "x")
    await page.getByText("2 chosen").waitFor()
    await keys.tabTo(button("Put on a list"))
    await keys.press("Enter")
    await keys.type("Twins")
    await keys.press("Enter")
    await page.getByText("2 contacts put on “Twins”").first().waitFor()
    await page.getByRole("link", { name: /^Twins/ }).focus()
    await keys.press("Enter")
    await page.getByRole("heading", { level: 1, name: "Twins" }).waitFor()
    await page.getByText("2 contacts", { exact: true }).waitFor()
    await keys.tabTo(button("Rename"))
    await keys.press("Enter")
    await page.getByRole("textbox", { name: "Name of the list" }).fill("Same names")
    await keys.press("Enter")
    await page.getByRole("heading", { level: 1, name: "Same names" }).waitFor()
    await keys.tabTo(button("Delete the list"))
    await keys.press("Enter")
    await page.getByText("2 contacts stay").waitFor()
    expect(await axe(page)).toEqual([])
    await keys.press("Tab", "Enter")
    await page.getByRole("heading", { level: 1, name: "All contacts" }).waitFor()
  })

  test("who may be one person is compared and merged, or said to be two, which can be taken back", async () => {
    await page.goto(`${story.server.url}/app/contacts?view=similar`)
    await page.getByText("Both have lena@example.test").waitFor()
    await keys.tabTo('[aria-label^="Compare and merge: Lena Fuchs"]')
    await keys.press("Enter")
    const dialog = page.getByRole("dialog", { name: "Merge these two contacts?" })
    await dialog.getByRole("columnheader", { name: "Afterwards" }).waitFor()
    expect(await axe(page)).toEqual([])
    await keys.tabTo(button("Merge contacts"))
    await keys.press("Enter")
    await page.getByText("Merged into Lena Fuchs").first().waitFor()
    await expect.poll(() => page.getByText("Both have lena@example.test").count(), patient).toBe(0)
    await keys.tabTo('[aria-label^="Two people: "]')
    await keys.press("Enter")
    await page.getByRole("heading", { name: "Nobody seems to be here twice" }).waitFor()
    await keys.press("z")
    await page.getByText("Both have the same name").waitFor()
  })

  test("an admin erases a person after typing the name, and keeps a receipt whose signature holds", async () => {
    await page.goto(`${story.server.url}/app/contacts?q=rita`)
    await keys.tabTo(row("Rita Moss"))
    await keys.press("Enter")
    await page.locator("[data-contact-title]:focus").waitFor()
    await keys.tabTo(button("Erase this person"))
    await keys.press("Enter")
    await page.getByRole("term").filter({ hasText: "Messages" }).waitFor()
    await keys.type("Rita")
    expect(await page.getByRole("button", { name: "Erase for good" }).isDisabled()).toBe(true)
    expect(await axe(page)).toEqual([])
    await keys.type(" Moss")
    await keys.press("Enter")
    await page.getByRole("dialog", { name: "Rita Moss was erased" }).waitFor()
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      keys.tabTo(button("Download the receipt")).then(() => keys.press("Enter")),
    ])
    const kept = JSON.parse(await readFile(await download.path(), "utf8"))
    const isSigned = verify(
      null,
      Buffer.from(kept.receipt),
      createPublicKey(kept.public_key),
      Buffer.from(kept.signature, "base64"),
    )
    expect([isSigned, JSON.parse(kept.receipt).removed.messages]).toEqual([true, 1])
    await keys.press("Escape")
    await page.getByRole("heading", { name: "Nobody fits" }).waitFor()
    await page.goto(`${story.server.url}/app/contacts?view=receipts`)
    await page.getByText(/^Erased on/).waitFor()
    expect(await axe(page)).toEqual([])
  })

  test("at 390 pixels in the dark it is one pane after the other; an observer reads, and nothing can be changed", async () => {
    await hire(story, "Ola Marsh", "observer")
    const phone = await browser.signedIn(
      story.server.url,
      { width: 390, colorScheme: "dark" },
      "ola.marsh@example.test",
    )
    await phone.goto(`${story.server.url}/app/contacts`)
    await phone.getByRole("link", { name: "Zoe Lind" }).click()
    await phone.getByText("zoe.lind@example.test", { exact: true }).waitFor()
    expect(await axe(phone)).toEqual([])
    for (const name of ["Delete the contact", "Merge with another", "Put on a list", "New contact"])
      expect(await phone.getByRole("button", { name }).count(), name).toBe(0)
    expect(await phone.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390)
    await phone.getByRole("link", { name: "Back to the contacts" }).click()
    await phone.getByRole("heading", { level: 1, name: "All contacts" }).waitFor()
    await phone.route("**/causeway/contacts?*", (route) => route.abort())
    await phone.goto(`${story.server.url}/app/contacts`)
    await phone.getByRole("heading", { name: "The contacts could not be loaded." }).waitFor()
    await phone.unroute("**/causeway/contacts?*")
    await phone.getByRole("button", { name: "Retry" }).click()
    await phone.getByRole("link", { name: "Zoe Lind" }).waitFor()
    await phone.context().close()
  })
})
