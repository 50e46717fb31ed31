import { afterAll, beforeAll, expect, test } from "vitest"
import { axe, describeInBrowser, openBrowser, type TestBrowser } from "./browser.ts"
import { inbound, type Story, startStory } from "./story.ts"

describeInBrowser("the shell of the inbox", () => {
  let story: Story
  let browser: TestBrowser
  beforeAll(async () => {
    story = await startStory({ heldClock: false })
    browser = await openBrowser()
    await story.customerWrites("The first of all", { sender: { handle: "emil", name: "Emil Roth" } })
    await story.customerWrites("Is my order late?", rosas("Is my order late?"))
    await story.customerWrites("Hello from the road", { sender: { handle: "noor", name: "Noor Haddad" } })
  })
  afterAll(async () => {
    await browser?.close()
    await story?.close()
  })

  test("each language opens in its own words and direction", async () => {
    const languages = [
      { language: "fr", views: "Vues", first: "Ouvertes", direction: "ltr" },
      { language: "de", views: "Ansichten", first: "Offen", direction: "ltr" },
      { language: "pseudo", views: /^\[Ṽíéŵš~+\]$/, first: /^\[Öþéñ~+\]/, direction: "ltr" },
      { language: "ar", views: "طرق العرض", first: "المفتوحة", direction: "rtl" },
    ]
    const page = await browser.signedIn(story.server.url)
    for (const { language, views, first, direction } of languages) {
      await page.goto(`${story.server.url}/app/inbox/open?lang=${language}`)
      await page.getByRole("navigation", { name: views }).getByRole("link", { name: first }).waitFor()
      expect(await page.locator("html").getAttribute("dir")).toBe(direction)
      const list = await page.locator("[data-list]").boundingBox()
      expect((list?.x ?? 0) < 640).toBe(direction === "ltr")
    }
    await page.getByRole("option", { name: "Rosa Díaz" }).click()
    await page.getByRole("form").waitFor()
    expect(await axe(page)).toEqual([])
    await page.context().close()
  })

  test("keys move, open, archive and undo; the palette finds a command and does it; nothing happens while a reply is written", async () => {
    const page = await browser.signedIn(story.server.url)
    const option = (name: string) => page.getByRole("option", { name })
    await option("Noor Haddad").waitFor()
    await page.keyboard.press("j")
    await page.getByRole("heading", { name: "Noor Haddad", level: 2 }).waitFor()
    await page.keyboard.press("j")
    await page.getByRole("heading", { name: "Rosa Díaz", level: 2 }).waitFor()
    await page.keyboard.press("e")
    await page.getByText("Archived “Rosa Díaz”").waitFor()
    await option("Rosa Díaz").waitFor({ state: "detached" })
    await page.keyboard.press("j")
    await page.getByRole("heading", { name: "Emil Roth", level: 2 }).waitFor()
    await page.keyboard.press("z")
    await option("Rosa Díaz").waitFor()

    await page.keyboard.press("r")
    await page.keyboard.type("jkezri?gu #/")
    const field = page.getByRole("textbox", { name: /^Reply to / })
    expect(await field.inputValue()).toBe("jkezri?gu #/")
    await field.fill("")
    await page.keyboard.press("Escape")

    await page.keyboard.press("Control+k")
    await page.getByRole("combobox", { name: "Find a command" }).fill("go to arch")
    await page.getByRole("option", { name: "Go to Archived", selected: true }).waitFor()
    expect(await axe(page)).toEqual([])
    await page.keyboard.press("Enter")
    await page.getByRole("heading", { name: "Archived", exact: true }).waitFor()
    await page.keyboard.press("g")
    await page.keyboard.press("i")
    await page.getByRole("heading", { name: "Open", exact: true }).waitFor()

    await page.keyboard.press("?")
    const sheet = page.getByRole("dialog", { name: "Keyboard keys" })
    await sheet.getByText("Next conversation").waitFor()
    expect(await axe(page)).toEqual([])
    await page.keyboard.press("Escape")
    await sheet.waitFor({ state: "detached" })

    await page.keyboard.press("Control+F6")
    const regionOfFocus = () =>
      page.evaluate('document.activeElement?.closest("[data-region]")?.getAttribute("data-region")')
    expect(await regionOfFocus()).toBe("views")
    await page.keyboard.press("Control+F6")
    expect(await regionOfFocus()).toBe("list")
    await page.keyboard.press("Control+Shift+F6")
    expect(await regionOfFocus()).toBe("views")
    await page.context().close()
  })

  test("on narrow screens the other views and what lists are narrowed to are under More", async () => {
    const page = await browser.signedIn(story.server.url, { width: 390, height: 844 })
    const more = page.getByRole("navigation", { name: "Views" }).getByRole("button", { name: "More" })
    await more.click()
    const panel = page.getByRole("dialog", { name: "More" })
    await panel.getByRole("link", { name: "Acme SMS" }).waitFor()
    expect(await axe(page)).toEqual([])
    await panel.getByRole("link", { name: "Snoozed" }).click()
    await page.getByRole("heading", { name: "Nothing snoozed" }).waitFor()
    await panel.waitFor({ state: "hidden" })
    await page.setViewportSize({ width: 1000, height: 800 })
    await more.click()
    await panel.getByRole("link", { name: "Acme SMS" }).click()
    await page.getByRole("heading", { name: "Acme SMS", exact: true }).waitFor()
    await page.context().close()
  })

  test("settings: what this device shows stays on it, keys follow the teammate, and a key that is taken is refused", async () => {
    const page = await browser.signedIn(story.server.url)
    await page.getByRole("option", { name: "Rosa Díaz" }).waitFor()
    await page.keyboard.press("g")
    await page.keyboard.press(",")
    await page.getByRole("heading", { name: "Your settings" }).waitFor()
    await page.getByRole("radio", { name: "Dark" }).check()
    expect(await page.locator("html").getAttribute("data-theme")).toBe("dark")
    await page.getByText("Keys of each command").click()
    const archive = page.getByRole("listitem").filter({ hasText: "Archive or reopen" })
    await archive.getByRole("button", { name: "Change the key of: Archive or reopen" }).click()
    await page.keyboard.press("j")
    await archive.getByText("That key belongs to: Next conversation").waitFor()
    await page.keyboard.press("Shift+X")
    await archive.getByText("Shift+X").waitFor()
    await page.getByText("Saved").waitFor()
    expect(await axe(page)).toEqual([])
    await page.getByLabel("Language", { exact: true }).selectOption("fr")
    await page.getByRole("heading", { name: "Vos réglages" }).waitFor()

    const other = await browser.signedIn(story.server.url)
    await other.getByRole("option", { name: "Rosa Díaz" }).click()
    await other.getByRole("form", { name: "Reply" }).waitFor()
    expect(await other.locator("html").getAttribute("data-theme")).toBe("system")
    await other.getByRole("heading", { name: "Rosa Díaz", level: 2 }).focus()
    await other.keyboard.press("Shift+X")
    await other.getByText("Archived “Rosa Díaz”").waitFor()
    await other.keyboard.press("z")
    const list = other.locator("[data-list]")
    const before = (await list.boundingBox())?.width ?? 0
    await other.getByRole("separator", { name: "Size of the list" }).focus()
    await other.keyboard.press("ArrowRight")
    await expect.poll(async () => (await list.boundingBox())?.width).toBe(before + 16)
    await Promise.all([page, other].map((each) => each.context().close()))
  })

  test("two tabs of one browser share one connection, and either goes on alone", async () => {
    const first = await browser.signedIn(story.server.url)
    await first.getByRole("option", { name: "Rosa Díaz" }).waitFor()
    await first.getByText("Live", { exact: true }).waitFor()
    const second = await first.context().newPage()
    const streams: string[] = []
    second.on("request", (request) => request.url().includes("/causeway/live?") && streams.push(request.url()))
    await second.goto(`${story.server.url}/app/inbox/open`)
    await second.getByText("Live", { exact: true }).waitFor()
    await story.customerWrites("For both of you", { sender: { handle: "ivo", name: "Ivo Petrov" } })
    for (const page of [first, second]) await page.getByRole("option", { name: "Ivo Petrov" }).waitFor()
    expect(streams).toEqual([])
    await first.close()
    await expect.poll(() => streams).toHaveLength(1)
    await story.customerWrites("For the one that is left", { sender: { handle: "lin", name: "Lin Wei" } })
    await second.getByRole("option", { name: "Lin Wei" }).waitFor()
    await second.context().close()
  })

  test("without a network the inbox opens, can be read and written in; what was written leaves when the network is back", async () => {
    const page = await browser.signedIn(story.server.url)
    await page.getByRole("option", { name: "Rosa Díaz" }).click()
    await page.getByRole("form", { name: "Reply" }).waitFor()
    await page.getByText("Live", { exact: true }).waitFor()
    await page.evaluate("navigator.serviceWorker.ready")
    // Kept once the conversation's own messages are.
    await expect.poll(() => page.evaluate(keptRows), { timeout: 30_000 }).toBeGreaterThan(1)
    // What comes while nobody looks is in the list afterwards; who pays for each byte has not read it.
    await page.addInitScript("Object.defineProperty(navigator, 'connection', { value: { saveData: true } })")
    await page.goto("about:blank")
    await story.customerWrites("And the blue one?", rosas("And the blue one?"))
    await page.goto(`${story.server.url}/app/inbox/open`)
    const row = page.getByRole("option", { name: "Rosa Díaz" })
    await row.filter({ hasText: "And the blue one?" }).waitFor()
    await expect.poll(() => page.evaluate(keptRosa), { timeout: 30_000 }).toBe("And the blue one?")

    await page.context().setOffline(true)
    await page.reload()
    await row.click()
    await page.getByText("Is my order late?").first().waitFor()
    await page.getByText("Messages that came here are not on this device.").waitFor()
    expect(await page.getByRole("article").filter({ hasText: "And the blue one?" }).count()).toBe(0)
    await page.getByText(/^Offline/).waitFor()
    await page.getByRole("option", { name: "Noor Haddad" }).waitFor()
    const field = page.getByRole("textbox", { name: /^Reply to / })
    await field.fill("It left this morning.")
    await page.getByRole("button", { name: "Send", exact: true }).click()
    await page.getByText("Offline — 1 reply waiting on this device").waitFor()
    await story.customerWrites("Meanwhile", { sender: { handle: "mia", name: "Mia Kovač" } })

    await page.context().setOffline(false)
    await page.getByText("Live", { exact: true }).waitFor()
    await page.getByRole("option", { name: "Mia Kovač" }).waitFor()
    await page.getByRole("article").filter({ hasText: "And the blue one?" }).waitFor()
    expect(await page.getByText("Messages that came here").count()).toBe(0)
    const sent = () => story.partner.received.filter(({ body }) => body?.payload?.text === "It left this morning.")
    await expect.poll(() => sent().length).toBe(1)
    await page.context().close()
  })
})

const rosas = (text: string) => ({
  ...inbound(text, { external_conversation_id: "rosa's thread" }),
  sender: { handle: "rosa", name: "Rosa Díaz" },
})

/** What the page makes of the conversations that it has kept for times without a network. */
const ofKept = (
  expression: string,
): string => `indexedDB.databases().then((all) => all.length === 0 ? null : new Promise((resolve) => {
  const opening = indexedDB.open("causeway-offline")
  opening.onsuccess = () => {
    const reading = opening.result.transaction("rows").objectStore("rows").getAll()
    reading.onsuccess = () => { opening.result.close(); resolve(((rows) => ${expression})(reading.result)) }
  }
}))`
const keptRows = ofKept("rows.length")
const keptRosa = ofKept("rows.find((row) => row.contact.name === 'Rosa Díaz')?.preview")
