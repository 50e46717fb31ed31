import { startServer } from "@causeway/server/app"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { describeInBrowser, openBrowser, type TestBrowser } from "./browser.ts"
import { endedCall } from "./calls.ts"
import { allLooks, type Look, pairwiseLooks } from "./gallery.ts"
import { type Keyboard, keyboardOf } from "./keyboard.ts"
import { ana, type Story, startStory, testConfig } from "./story.ts"

/**
 * What teammates do all day, by keyboard alone. Parts of the screen are named by what they are, not by their words: each journey is made in any language.
 * Together the four looks hold every pair of scheme, direction and width; in full size each journey is made in all eight.
 */
const isFull = process.env.CAUSEWAY_FULL !== undefined
const looksOf = (journey: number): readonly Look[] =>
  isFull ? allLooks : [pairwiseLooks[journey % pairwiseLooks.length] as Look]
const patient = { timeout: 30_000 }

const title = "[data-conversation-title]"
const list = '[role="listbox"]'
const state = (name: string) => `article [data-state="${name}"], article[data-state="${name}"]`

describeInBrowser("by keyboard alone", () => {
  let story: Story
  let browser: TestBrowser
  beforeAll(async () => {
    story = await startStory({
      heldClock: false,
      app: { composer: "advanced", features: ["reply", "attachments", "templates", "calls"] },
    })
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await story?.close()
  })
  const sends = () => story.partner.received.filter(({ body }) => body?.type === "message")
  const undoWindow = (undo_send_time: number) =>
    story.call("PATCH", `/channels/${story.channelId}`, {
      token: story.apiToken,
      json: { settings: { undo_send_time } },
    })
  const writes = (name: string, text = "Where is my order?") =>
    story.customerWrites(text, { sender: { handle: name, name } })

  /** The inbox in one look, signed in, with the newest conversation open and the focus on its title. */
  async function opened(look: Look): Promise<{ page: Page; keys: Keyboard }> {
    const page = await browser.signedIn(story.server.url, look)
    await page.goto(`${story.server.url}/app/inbox/open?lang=${look.language}`)
    await page.locator('[role="option"]').first().waitFor()
    const keys = keyboardOf(page)
    await keys.press("j")
    await page.locator(title).waitFor()
    await keys.press("Enter")
    await keys.at(title)
    return { page, keys }
  }
  /** Goes to the reply and writes. */
  async function write(page: Page, keys: Keyboard, text: string): Promise<void> {
    await page.locator("form[data-mode='reply'] [contenteditable]").waitFor()
    await keys.press("r")
    await keys.at("form[data-mode='reply'] [contenteditable]")
    await keys.type(text)
  }

  test.each(looksOf(0))("the first person sets the company up: $colorScheme, $language, $width px", async (look) => {
    const server = await startServer(await testConfig())
    const page = await browser.page(server.url, look)
    await page.goto(`${server.url}/app/?lang=${look.language}`)
    const keys = keyboardOf(page)
    const fields = {
      code: String(server.setupCode),
      name: ana.name,
      email: ana.email,
      password: ana.password,
      company: "Acme",
    }
    await page.locator("input[name=code]").waitFor()
    for (const [name, text] of Object.entries(fields)) {
      await keys.tabTo(`input[name=${name}]`)
      await keys.type(text)
    }
    await keys.press("Enter")
    await page.locator("[data-list]").waitFor()
    await page.context().close()
    await server.close()
  })

  test.each(looksOf(1))("a teammate signs in: $colorScheme, $language, $width px", async (look) => {
    const page = await browser.page(story.server.url, look)
    await page.goto(`${story.server.url}/app/?lang=${look.language}`)
    const keys = keyboardOf(page)
    await page.locator("input[name=email]").waitFor()
    await keys.tabTo("input[name=email]")
    await keys.type(ana.email)
    await keys.tabTo("input[name=password]")
    await keys.type(ana.password)
    await keys.press("Enter")
    await page.locator("[data-list]").waitFor()
    await page.context().close()
  })

  test.each(looksOf(2))("ten conversations are triaged: $colorScheme, $language, $width px", async (look) => {
    const names = Array.from({ length: 10 }, (_, i) => `Customer ${i} ${Object.values(look).join(" ")}`)
    for (const name of names) await writes(name)
    const { page, keys } = await opened(look)
    const found = async () => {
      const answer = await story.call("GET", "/conversations?limit=100", { token: story.apiToken })
      return answer.body._results as { status: string; assignee: object | null; recipient: { handle: string } }[]
    }
    const done = async () =>
      (await found()).filter(({ status, recipient }) => status === "archived" && names.includes(recipient.handle))
        .length
    for (let i = 0; i < names.length; i++) {
      const name = String(await page.locator(title).textContent())
      if (i % 2 === 1) {
        const isAssigned = async () =>
          (await found()).some((each) => each.recipient.handle === name && each.assignee !== null)
        await keys.press("i")
        await expect.poll(isAssigned, patient).toBe(true)
      }
      await keys.press("e")
      await expect.poll(done, patient).toBe(i + 1)
      await keys.press("j")
      if (i < names.length - 1) await expect.poll(() => page.locator(title).textContent(), patient).not.toBe(name)
    }
    await page.context().close()
  })

  test.each(
    looksOf(3),
  )("a reply is written and taken back before it leaves: $colorScheme, $language, $width px", async (look) => {
    await undoWindow(60)
    await writes(`Undo ${look.width}`)
    const { page, keys } = await opened(look)
    await write(page, keys, "No, at six.")
    const before = sends().length
    await keys.press("Control+Enter", "Escape")
    await keys.at(title)
    await page.locator(state("held")).waitFor()
    await keys.press("z")
    await expect
      .poll(() => page.locator("form[data-mode='reply'] [contenteditable]").textContent(), patient)
      .toBe("No, at six.")
    expect(sends()).toHaveLength(before)
    await undoWindow(0)
    await page.context().close()
  })

  test.each(looksOf(4))("a reply is formatted in every way: $colorScheme, $language, $width px", async (look) => {
    await writes(`Format ${look.width}`)
    const { page, keys } = await opened(look)
    await write(page, keys, "")
    for (const [key, text] of [
      ["b", "bold"],
      ["i", "italic"],
      ["Shift+x", "struck"],
    ]) {
      await keys.press(`Control+${key}`)
      await keys.type(String(text))
      await keys.press(`Control+${key}`)
      await keys.type(" ")
    }
    for (const [key, text] of [
      ["7", "numbered"],
      ["8", "bulleted"],
      ["9", "quoted"],
    ]) {
      await keys.press("Enter", "Enter", `Control+Shift+Digit${key}`)
      await keys.type(String(text))
    }
    await keys.press("Control+Enter")
    await expect.poll(() => sends().at(-1)?.body.payload.body, patient).toMatch(/bold/)
    const { body, text } = sends().at(-1)?.body.payload as { body: string; text: string }
    for (const tag of ["strong", "em", "s", "ol", "ul", "blockquote"]) expect(body).toContain(`<${tag}>`)
    expect(text).toMatch(/^bold italic struck/)
    await page.context().close()
  })

  test.each(looksOf(5))("a file is attached and sent: $colorScheme, $language, $width px", async (look) => {
    await writes(`File ${look.width}`)
    const { page, keys } = await opened(look)
    await write(page, keys, "Here it is.")
    const chooser = page.waitForEvent("filechooser", { timeout: 30_000 })
    await keys.tabTo("form[data-mode='reply'] [role=toolbar] button")
    for (let i = 0; i < 20 && !(await page.locator(":focus:has(+ input[type=file])").count()); i++)
      await keys.press(look.language === "ar" ? "ArrowLeft" : "ArrowRight")
    await keys.at(":has(+ input[type=file])")
    await keys.press("Enter")
    await (await chooser).setFiles({ name: "plan.txt", mimeType: "text/plain", buffer: Buffer.from("plan") })
    await page.locator("form[data-mode='reply'] li").filter({ hasText: "plan.txt" }).waitFor()
    await keys.tabTo("form[data-mode='reply'] [contenteditable]")
    await keys.press("Control+Enter")
    await expect.poll(() => sends().at(-1)?.body.payload.attachments?.[0]?.filename, patient).toBe("plan.txt")
    await page.context().close()
  })

  test.each(looksOf(6))("a template is filled in and sent: $colorScheme, $language, $width px", async (look) => {
    await story.call("PUT", `/channels/${story.channelId}/application_message_templates`, {
      token: story.channelToken(),
      json: {
        ...{ external_id: "delivery_update", name: "delivery_update", blurb: "Your parcel", is_disabled: false },
        ...{ status_name: "APPROVED", template_preview: "<p>Hi {{1}}, your parcel {{2}} comes.</p>" },
        variable_mappings: [
          { uid: "1", type: "text", name: "Customer name" },
          { uid: "2", type: "text", name: "Parcel" },
        ],
      },
    })
    await writes(`Template ${look.width}`)
    const { page, keys } = await opened(look)
    await write(page, keys, "/")
    await keys.at("dialog [role=combobox]")
    await keys.type("deliv")
    await page.locator("dialog [role=option]").waitFor()
    await keys.press("ArrowDown", "Enter")
    await keys.at("[data-filling] label:nth-of-type(1) input")
    await keys.press("Enter")
    await keys.at("[data-filling] label:nth-of-type(2) input")
    await keys.type("7781")
    await keys.press("Control+Enter")
    await expect
      .poll(() => sends().at(-1)?.body.payload.text, patient)
      .toBe(`Hi Template ${look.width}, your parcel 7781 comes.`)
    await keys.at("form[data-mode='reply'] [contenteditable]")
    await page.context().close()
  })

  test.each(
    looksOf(7),
  )("a reply that failed is found and sent again: $colorScheme, $language, $width px", async (look) => {
    await writes(`Failed ${look.width}`)
    const { page, keys } = await opened(look)
    story.partner.answers({ status: 400, body: { type: "bad_request", message: "Not on our network" } })
    await write(page, keys, `It ships today, ${look.width}.`)
    await keys.press("Control+Enter")
    await page.locator(state("failed")).first().waitFor()
    story.partner.answers()
    await keys.press("Escape")
    await keys.at(title)
    await keys.press("g", "f")
    await page.waitForURL(/\/inbox\/failed/)
    await page.locator(`${list} [role="option"]`).first().waitFor({ state: "attached" })
    await keys.press("j")
    await page.locator(title).waitFor()
    const before = sends().length
    await keys.press("y")
    await page.locator(state("sent")).first().waitFor()
    expect(sends()).toHaveLength(before + 1)
    await page.context().close()
  })

  test.each(
    looksOf(8),
  )("a call is listened to, and found again in its words: $colorScheme, $language, $width px", async (look) => {
    await endedCall(story, `Call ${look.width}`)
    const { page, keys } = await opened(look)
    const audio = page.locator("article audio")
    await audio.waitFor({ state: "attached" })
    const heard = () =>
      audio.evaluate((it) => {
        const { currentTime: at, paused: isPaused } = it as unknown as { currentTime: number; paused: boolean }
        return { at, isPaused }
      })
    await keys.press("p")
    await keys.at("article")
    await keys.press(" ")
    await expect.poll(async () => (await heard()).at, patient).toBeGreaterThan(0)
    await keys.press(" ")
    await expect.poll(heard, patient).toMatchObject({ isPaused: true })
    await keys.press("Home", "PageDown")
    await expect.poll(heard, patient).toMatchObject({ at: 30 })
    await keys.press("f")
    await keys.at("article input[type=search]")
    await keys.type("lindengasse")
    await page.locator("article li[data-shown]").waitFor()
    await keys.tabTo("article li[data-shown] button")
    await keys.press("Enter")
    await expect.poll(heard, patient).toMatchObject({ isPaused: false })
    expect((await heard()).at).toBeLessThan(30)
    await page.context().close()
  })

  test("on a phone, by touch alone: a call, a reply taken back, a conversation done with", async () => {
    await endedCall(story, "Touched call")
    await writes("Touched")
    const page = await browser.signedIn(story.server.url, { width: 390, height: 844, hasTouch: true })
    const row = (name: string) => page.getByRole("option", { name })
    await row("Touched call").tap()
    await page.getByRole("button", { name: "Play from 0:13" }).tap()
    await page.getByRole("button", { name: "Pause" }).tap()
    await page.getByRole("link", { name: "Back to the list" }).tap()
    await row("Touched,").tap()
    const form = page.getByRole("form", { name: "Reply" })
    await form.locator("[contenteditable]").tap()
    await page.keyboard.type("Not this")
    await undoWindow(60)
    await form.getByRole("button", { name: /^Send/ }).first().tap()
    await page.getByRole("article").filter({ hasText: "Not this" }).getByRole("button", { name: "Undo" }).tap()
    await expect.poll(() => form.locator("[contenteditable]").textContent(), patient).toBe("Not this")
    await undoWindow(0)
    await page.getByRole("button", { name: "Archive" }).tap()
    await page.getByText("Archived “Touched”").waitFor()
    await page.context().close()
  })
})
