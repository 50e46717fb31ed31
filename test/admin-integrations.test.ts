import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { axe, describeInBrowser, openBrowser, type TestBrowser } from "./browser.ts"
import { fakePartner } from "./partner.ts"
import { ana, type Story, startStory } from "./story.ts"
import { press, tabTo } from "./tabbing.ts"

describeInBrowser("rules and integrations in the administration, by keyboard only", () => {
  let story: Story
  let browser: TestBrowser
  let page: Page
  beforeAll(async () => {
    story = await startStory({ heldClock: false })
    browser = await openBrowser()
    page = await browser.signedIn(story.server.url)
  }, 120_000)
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
    await page.goto(`${story.server.url}/app/`)
    await page.getByText(/The webhook to 127.* is paused: .*410/).waitFor()
    await press(page, "Look at it")
    await page.getByText(/^Paused since .*410/).waitFor()
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

  test("a rule is begun from an example, tried word for word, kept, and answers so; its place and its switch are changed", async () => {
    for (const text of ["Is my order late?", "Hello"]) await story.customerWrites(text)
    await open("rules")
    await page.getByText("No rules").waitFor()
    await press(page, "New rule")
    await press(page, "Greet new conversations")
    await press(page, "Add a condition")
    await page.keyboard.type("W")
    await press(page, "Save")
    await alert(/Something is missing: Words/).waitFor()
    await tabTo(page, /^Words or phrases/)
    await page.keyboard.type("order")
    await press(page, "Try it out")
    await page.getByText(/^\d of \d messages match/).waitFor()
    const text = await page.locator("dialog blockquote").first().innerText()
    expect(text).toBe("Hello Mia,\n\nwe have your message and answer soon.")
    expect(await axe(page)).toEqual([])
    await page.keyboard.press("Escape")
    await press(page, "Save")
    await page.getByText("it is the first of its conversation and it says “order”").waitFor()
    await story.customerWrites("My order again")
    const answers = () => story.partner.received.filter(({ body }) => body?.type === "message_autoreply")
    await expect.poll(() => answers()[0]?.body.payload.text).toBe(text)

    const json = { name: "Sort", actions: [{ type: "archive" }] }
    await story.call("POST", "/causeway/rules", { token: story.apiToken, json })
    await page.getByRole("link", { name: "Sort" }).waitFor()
    await page.getByText("ran once within a day").waitFor()
    const rules = async () => (await story.call("GET", "/causeway/rules", { token: story.apiToken })).body.rules
    const names = async () => (await rules()).map(({ name }: { name: string }) => name)
    await press(page, "Move Sort up")
    await expect.poll(names).toEqual(["Sort", "Greet new conversations"])
    await page.getByText("“Sort” is number 1 of 2").waitFor()
    // Whoever is quicker than the server loses none of it.
    for (const key of ["Down", "Up", "Down", "Up"]) await page.keyboard.press(`Alt+Arrow${key}`)
    await page.getByText("“Sort” is number 2 of 2").waitFor()
    await expect.poll(names).toEqual(["Sort", "Greet new conversations"])
    await page.getByText("“Sort” is number 1 of 2").waitFor()
    await page.keyboard.press("Alt+ArrowDown")
    await expect.poll(names).toEqual(["Greet new conversations", "Sort"])
    expect(await page.locator(":focus").getAttribute("aria-label")).toBe("Move Sort up")
    await press(page, "On: Sort", "Space")
    await expect.poll(async () => (await rules())[1].is_enabled).toBe(false)
    expect(await axe(page)).toEqual([])
  })

  test("business hours are set, and what was written is not left behind unasked", async () => {
    await open("rules")
    await press(page, "Sort")
    await page.getByRole("heading", { level: 1, name: "Sort" }).waitFor()
    await press(page, "Add a condition")
    await page.keyboard.type("B")
    await tabTo(page, "Holds or not")
    await page.keyboard.type("o")
    await tabTo(page, "Time zone")
    await page.keyboard.press("Control+A")
    await page.keyboard.type("Mars/Base")
    await press(page, "Save")
    await alert(/must be an IANA name/).waitFor()
    await tabTo(page, "Time zone")
    await page.keyboard.press("Control+A")
    await page.keyboard.type("Europe/Vienna")
    await press(page, "Fri", "Space")
    await press(page, "All rules")
    await page.getByText("Leave without saving?").waitFor()
    await page.keyboard.press("Escape")
    await press(page, "Save")
    await page.getByText(/it is outside Mon–Thu .?09:00–17:00.? \(Europe\/Vienna\)/).waitFor()
    await press(page, "Sort")
    await press(page, "Delete the rule")
    await press(page, "Delete the rule")
    await page.getByText("“Sort” is deleted").waitFor()
  })

  test(
    "each role is shown what it may see and change, and the server refuses the rest",
    { timeout: 60_000 },
    async () => {
      const everywhere = ["Channels", "Rules"]
      const roles = [
        { role: "teammate", is_developer: false, sections: everywhere, closed: ["tokens", "webhooks"] },
        { role: "teammate", is_developer: true, sections: [...everywhere, "Webhooks"], closed: ["audit"] },
        { role: "observer", is_developer: false, sections: everywhere, closed: ["oauth-clients", "health"] },
      ]
      for (const { sections, closed, ...as } of roles) {
        const email = `${as.role}.${as.is_developer}@example.test`
        const cookie = await join(story, { email, ...as })
        const theirs = await browser.signedIn(story.server.url, {}, email)
        for (const section of closed) {
          await theirs.goto(`${story.server.url}/app/admin/${section}`)
          await theirs.getByRole("heading", { level: 1, name: /^Only admins/ }).waitFor()
          const links = theirs.getByRole("navigation").getByRole("link")
          expect((await links.allInnerTexts()).slice(1)).toEqual(sections)
        }
        for (const name of sections) {
          await theirs.getByRole("navigation").getByRole("link", { name }).click()
          await theirs.getByRole("heading", { level: 1, name }).waitFor()
          await theirs.locator("main li, main h2").first().waitFor()
          const changes = await theirs.locator("main").getByRole("button").count()
          expect(changes > 0, `${email} changes ${name}`).toBe(name === "Webhooks")
        }
        expect(await axe(theirs)).toEqual([])
        await theirs.context().close()
        const refused = await Promise.all(
          forAdmins.map(async ([method, path]) => {
            const answer = await story.call(method, path, { headers: cookie, ...(method !== "GET" && { json: {} }) })
            return [method, path, answer.status]
          }),
        )
        // What is for developers is answered to one: not 403.
        const expected = (path: string) => as.is_developer && path.includes("/apps")
        for (const [method, path, status] of refused)
          expect([method, path, status === 403], `${email}`).toEqual([method, path, !expected(String(path))])
      }
    },
  )
})

/** What pages that are closed to a role, and actions that are not drawn for it, would ask of the server. */
const forAdmins = [
  ["GET", "/causeway/audit"],
  ["GET", "/causeway/health"],
  ["GET", "/causeway/tokens"],
  ["GET", "/causeway/oauth_clients"],
  ["GET", "/causeway/apps"],
  ["GET", "/causeway/rules/secret"],
] as const

/** Lets somebody in by an invitation; the password is Ana's. Answers the headers of their browser. */
async function join(
  story: Story,
  person: { email: string; role: string; is_developer: boolean },
): Promise<Record<string, string>> {
  const invited = await story.call("POST", "/causeway/invitations", { token: story.apiToken, json: person })
  const joined = await story.call("POST", "/causeway/invitations/accept", {
    json: { token: new URL(invited.body.url).hash.slice(1), name: "Bo Reed", password: ana.password },
  })
  return {
    cookie: String(joined.headers.get("set-cookie")).split(";")[0] as string,
    "sec-fetch-site": "same-origin",
  }
}
