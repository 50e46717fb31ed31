import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { axe, describeInBrowser, openBrowser, type TestBrowser } from "./browser.ts"
import { fakePartner } from "./partner.ts"
import { type Story, startStory } from "./story.ts"
import { press, tabTo } from "./tabbing.ts"

describeInBrowser("integrations in the administration, by keyboard only", () => {
  let story: Story
  let browser: TestBrowser
  let page: Page
  beforeAll(async () => {
    story = await startStory({ heldClock: false })
    browser = await openBrowser()
    page = await browser.signedIn(story.server.url)
  })
  afterAll(async () => {
    await browser?.close()
    await story?.close()
  })

  const open = async (section: string): Promise<void> => {
    await page.goto(`${story.server.url}/app/admin/${section}`)
    await page.getByRole("heading", { level: 1 }).waitFor()
  }

  const alert = (text: RegExp) => page.getByRole("alert").filter({ hasText: text })

  test("an OAuth client is made, its secret shown once; another admin's change shows by itself; it is removed", async () => {
    await open("oauth-clients")
    await page.getByText("No OAuth clients").waitFor()
    await press(page, "New client")
    await tabTo(page, "Name")
    await page.keyboard.type("Ledger")
    await tabTo(page, /^Redirect URLs/)
    await page.keyboard.type("http://ledger.test/back")
    await press(page, "Make the client")
    await alert(/must begin with https/).waitFor()
    await tabTo(page, /^Redirect URLs/)
    await page.keyboard.press("Control+A")
    await page.keyboard.type("https://ledger.test/back")
    await press(page, "Make the client")
    const secret = await page.getByRole("textbox", { name: "Client secret" }).inputValue()
    const clientId = await page.getByRole("textbox", { name: "Client id" }).inputValue()
    expect(await axe(page)).toEqual([])
    await page.keyboard.press("Escape")
    await page.getByText("nobody agreed yet").waitFor()
    expect(await page.content()).not.toContain(secret)
    const basic = Buffer.from(`${clientId}:${secret}`).toString("base64")
    const asked = await story.call("POST", "/oauth/token", {
      headers: { authorization: `Basic ${basic}`, "content-type": "application/x-www-form-urlencoded" },
      raw: "grant_type=authorization_code&code=none",
    })
    expect(asked.body.error).toBe("invalid_grant")
    await story.call("PATCH", `/causeway/oauth_clients/${clientId}`, {
      token: story.apiToken,
      json: { name: "General ledger" },
    })
    await page.getByText("General ledger", { exact: true }).waitFor()
    await press(page, "More about General ledger")
    await press(page, "Remove")
    await press(page, "Remove")
    await page.getByText("No OAuth clients").waitFor()
  })

  test("a webhook proves itself before it is kept, is tested, pauses with its reason, and goes on where it stopped", async () => {
    const receiver = await fakePartner()
    receiver.secret = story.app.secret
    receiver.answers(() => ({ body: "no" }))
    await open("webhooks")
    await press(page, "New webhook")
    await tabTo(page, /^Address/)
    await page.keyboard.press("Control+A")
    await page.keyboard.type(`${receiver.url}/events`)
    await press(page, "Ask and add")
    await alert(/does not repeat the x-front-challenge/).waitFor()
    let takes = true
    receiver.answers((request) => {
      const word = request.headers["x-front-challenge"]
      return word ? { body: { challenge: word } } : { status: takes ? 200 : 410 }
    })
    await press(page, "Ask and add")
    await page.getByText("Active").waitFor()
    expect(receiver.received.at(-1)?.verified).toBe(true)
    await press(page, /^Test: /)
    await page.getByText(/proved itself/).waitFor()
    takes = false
    await story.customerWrites("Is my order late?")
    await page.getByText(/^Paused since .*410/).waitFor()
    await press(page, /^More about http/)
    await page.getByText("answered 410", { exact: true }).waitFor()
    expect(await axe(page)).toEqual([])
    takes = true
    await press(page, /^Resume where it stopped/)
    await page.getByText("Active").waitFor()
    const told = () => receiver.received.filter(({ body }) => body?.type === "inbound_received").length
    await expect.poll(told).toBe(2)
    await press(page, "New secret: Acme SMS")
    await press(page, "New secret")
    const secret = await page.getByRole("textbox", { name: "Secret" }).inputValue()
    expect(secret).not.toBe(story.app.secret)
    await page.keyboard.press("Escape")
    await receiver.close()
  })
})
