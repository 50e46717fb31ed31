import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { axe, describeInBrowser, openBrowser, type TestBrowser } from "./browser.ts"
import { ana, type Story, startStory } from "./story.ts"
import { press, tabTo } from "./tabbing.ts"

/** A screen may take this long on a busy machine. */
const patient = { timeout: 30_000 }

describeInBrowser("the administration, by keyboard only", () => {
  let story: Story
  let browser: TestBrowser
  beforeAll(async () => {
    story = await startStory({ heldClock: false })
    browser = await openBrowser()
  })
  afterAll(async () => {
    await browser?.close()
    await story?.close()
  })

  const admin = async (section: string, look = {}): Promise<Page> => {
    const page = await browser.signedIn(story.server.url, look)
    await page.goto(`${story.server.url}/app/admin/${section}`)
    await page.getByRole("heading", { level: 1 }).waitFor()
    return page
  }

  test("an admin invites somebody, who joins by the link in another browser; both see it in the audit log", async () => {
    const page = await browser.signedIn(story.server.url)
    await page.getByRole("navigation", { name: "Views" }).waitFor()
    await page.keyboard.press("g")
    await page.keyboard.press("o")
    await page.getByRole("heading", { name: "Teammates" }).waitFor()
    await press(page, "Invite somebody")
    await tabTo(page, "E-mail")
    await page.keyboard.type("bo@example.test")
    await press(page, "Make the link")
    const url = await page.getByRole("textbox", { name: "Link" }).inputValue()
    await page.keyboard.press("Escape")

    const guest = await browser.page(story.server.url)
    await guest.goto(url)
    await guest.getByRole("heading", { name: "Join Acme" }).waitFor()
    expect(await axe(guest)).toEqual([])
    await tabTo(guest, "Your name")
    await guest.keyboard.type("Bo Reed")
    await tabTo(guest, "Password")
    await guest.keyboard.type(ana.password)
    await guest.keyboard.press("Enter")
    await guest.getByRole("navigation", { name: "Views" }).waitFor()
    await guest.goto(url)
    await guest.getByText("This link is used up").waitFor()
    await guest.goto(`${story.server.url}/app/admin/teammates`)
    await guest.getByText("Only admins see this").waitFor()

    await page.reload()
    await tabTo(page, /^Role: Bo Reed/)
    await page.keyboard.press("ArrowDown")
    await expect.poll(() => page.getByLabel("Role: Bo Reed").inputValue(), patient).toBe("observer")
    await page.goto(`${story.server.url}/app/admin/audit`)
    await press(page, /^Teammate changed/)
    await page.getByRole("row", { name: /role teammate observer/ }).waitFor()
    await press(page, "Check the chain")
    await page.getByText(/^Whole: \d+ entries/).waitFor()
    expect(await axe(page)).toEqual([])
    await page.context().close()
    await guest.context().close()
  })

  test("a token is made, shown once, works, and works no more when it is revoked", async () => {
    const page = await admin("tokens")
    await press(page, "New token")
    await tabTo(page, "What it is for")
    await page.keyboard.type("nightly export")
    await press(page, "Make the token")
    const token = await page.getByRole("textbox", { name: "A new API token" }).inputValue()
    expect((await story.call("GET", "/me", { token })).status).toBe(200)
    await page.keyboard.press("Escape")
    await page.getByText("nightly export").waitFor()
    expect(await page.content()).not.toContain(token)
    await press(page, "Revoke: nightly export")
    expect(await axe(page)).toEqual([])
    await press(page, "Revoke")
    await expect.poll(async () => (await story.call("GET", "/me", { token })).status, patient).toBe(401)
    await page.context().close()
  })

  test("health says what is not right, and one press takes a backup", async () => {
    const page = await admin("health", { width: 390 })
    await page.getByText("No backup was ever taken").waitFor()
    await press(page, "Back up now")
    await page.getByText(/1 kept in the data directory/).waitFor()
    // This server shares its process with the tests, which may well have kept it standing still.
    await page.getByText(/Everything is good|Stood still for/).waitFor()
    expect(await axe(page)).toEqual([])
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(390)
    await page.context().close()
  })

  test("a channel is connected: refused with the partner's words, then proved, then set up", async () => {
    const app = await story.call("POST", "/causeway/apps", {
      token: story.apiToken,
      json: { name: "Dial-o-matic", webhook_url: `${story.partner.url}/hooks`, server_auth: { type: "api_key" } },
    })
    const page = await admin("channels/new")
    await tabTo(page, /^Acme SMS/)
    await page.keyboard.press("ArrowDown")
    await tabTo(page, "Name")
    await page.keyboard.type("Front desk")
    await tabTo(page, "API key from Dial-o-matic")
    await page.keyboard.type("wrong-key")
    story.partner.secret = app.body.secret
    story.partner.answers(({ body }) =>
      body.type === "authorization"
        ? { status: 401, body: { type: "authentication_required", message: "No such key here" } }
        : {},
    )
    await page.keyboard.press("Enter")
    await page.getByText("No such key here").waitFor()
    expect(await axe(page)).toEqual([])
    story.partner.answers()
    await press(page, "Connect")
    await page.getByRole("heading", { name: "Front desk is connected" }).waitFor()
    await press(page, "Its settings")
    await page.getByRole("heading", { level: 1, name: "Front desk" }).waitFor()
    await tabTo(page, /^Undo send/)
    await page.keyboard.type("10")
    await press(page, "Save")
    await page.getByText(/^Saved \d/).waitFor()
    await page.reload()
    await expect.poll(() => page.getByLabel(/^Undo send/).inputValue(), patient).toBe("10")
    expect(await axe(page)).toEqual([])
    await press(page, "Delete the channel")
    await tabTo(page, /^Type “Front desk”/)
    await page.keyboard.type("Front desk")
    await press(page, "Delete the channel")
    await page.getByRole("heading", { level: 1, name: "Channels" }).waitFor()
    await expect.poll(() => page.getByText("Front desk", { exact: true }).count(), patient).toBe(0)
    story.partner.secret = story.app.secret
    await page.context().close()
  })

  test("an offline channel leads from its alert to its settings, is connected again, and its waiting reply goes out", async () => {
    const written = await story.customerWrites("Is my order late?")
    const { conversation } = (await story.message(written)).body._links.related
    await story.call("PATCH", `/channels/${story.channelId}`, { token: story.apiToken, json: { status: "offline" } })
    await story.call("POST", `${new URL(conversation).pathname}/messages`, {
      token: story.apiToken,
      json: { body: "It ships today." },
    })
    const page = await browser.signedIn(story.server.url)
    await page.getByText("1 reply is waiting.").waitFor()
    await press(page, "View settings")
    await page.getByText("Offline", { exact: true }).waitFor()
    expect(await axe(page)).toEqual([])
    await press(page, "Connect again")
    await page.getByText("Connected", { exact: true }).waitFor()
    const sent = () => story.partner.received.filter(({ body }) => body?.payload?.text === "It ships today.")
    await expect.poll(() => sent().length, patient).toBe(1)
    await page.context().close()
  })

  test("axe finds nothing on any page, wide and light as well as narrow and dark", { timeout: 90_000 }, async () => {
    for (const look of [{ width: 1280 }, { width: 390, colorScheme: "dark" }] as const) {
      const page = await admin("teammates", look)
      for (const section of [
        "channels",
        "channels/new",
        "rules",
        "rules/new",
        "teammates",
        "tokens",
        "webhooks",
        "oauth-clients",
        "audit",
        "health",
      ]) {
        await page.goto(`${story.server.url}/app/admin/${section}`)
        await page.locator("main li, main fieldset, main h2").first().waitFor()
        expect(await axe(page), `${section} ${look.width}`).toEqual([])
      }
      await page.context().close()
    }
  })
})
