import { type CheckReport, toHtml, toJunit } from "@causeway/sdk/check"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { axe, describeInBrowser, openBrowser, type TestBrowser } from "./browser.ts"
import { type Keyboard, keyboardOf } from "./keyboard.ts"
import { type Story, startStory } from "./story.ts"

const patient = { timeout: 30_000 }

describeInBrowser("the developer console, by keyboard only", () => {
  let story: Story
  let browser: TestBrowser
  let page: Page
  let keys: Keyboard
  beforeAll(async () => {
    story = await startStory({ heldClock: false })
    browser = await openBrowser()
    page = await browser.signedIn(story.server.url)
    page.setDefaultTimeout(patient.timeout)
    keys = keyboardOf(page)
  })
  afterAll(async () => {
    await browser?.close()
    await story?.close()
  })

  const reply = async (body: string): Promise<void> => {
    const asked = await story.customerWrites("Where is it?")
    const message = (await story.message(asked)).body
    const id = message._links.related.conversation.split("/").at(-1)
    await story.call("POST", `/conversations/${id}/messages`, { token: story.apiToken, json: { body } })
  }

  test("a failing delivery is found live, read, replayed, traced, and the server's report is read", async () => {
    await page.getByRole("navigation", { name: "Views" }).waitFor()
    await keys.press("g", "l")
    await page.getByRole("heading", { level: 1, name: "Log" }).waitFor()
    await page
      .getByRole("listbox")
      .getByRole("option", { name: /authorization/ })
      .waitFor()
    story.partner.answers({ status: 400, body: { type: "bad_request", message: "the number is too short" } })
    await reply("It ships today.")
    const failed = page.getByRole("listbox").getByRole("option", { name: /message Acme SMS Failed 400 bad_request/ })
    await failed.waitFor()
    story.partner.answers()

    await keys.tabTo('[role="listbox"]')
    await keys.press("Home")
    const active = async () => {
      const id = await page.getByRole("listbox").getAttribute("aria-activedescendant")
      return (await page.locator(`[id="${id}"]`).textContent()) ?? ""
    }
    for (let moves = 0; !/Failed 400/.test(await active()) && moves < 20; moves++) await keys.press("ArrowDown")
    await keys.press("Enter")
    await keys.at("#entry")
    expect(await page.getByText("the number is too short").first().isVisible()).toBe(true)
    expect(await axe(page)).toEqual([])

    const before = story.partner.received.length
    await keys.press("r")
    await expect
      .poll(() => story.partner.received.slice(before).map(({ body }) => body?.type), patient)
      .toContain("message")
    await page
      .getByRole("listbox")
      .getByRole("option", { name: /message Acme SMS Fine 200/ })
      .waitFor()

    await keys.tabTo('a[href*="/developer/trace"]')
    await keys.press("Enter")
    await page.getByText("What the teammate sees").waitFor()
    expect(await page.getByRole("listitem").filter({ hasText: "We told your server" }).count()).toBeGreaterThan(1)
    expect(await axe(page)).toEqual([])

    await page.goto(`${story.server.url}/app/developer/conformance?app=${story.app.uid}`)
    await page.getByRole("heading", { level: 1, name: "Conformance" }).waitFor()
    await keys.tabTo('main form input[name="confirm"]')
    await keys.press(" ")
    await keys.tabTo('main form button[type="submit"]')
    await keys.press("Enter")
    await page.getByText(/\d+ passed, \d+ failed/).waitFor({ timeout: 100_000 })
    expect(await page.getByText(/Fix:/).count()).toBeGreaterThan(0)
  }, 120_000)

  test("a report is a page that everybody can read, wide and narrow, light and dark, and XML that a parser takes", async () => {
    const result = {
      source: "Channel API guide",
      tookMs: 12,
      evidence: [],
      detail: "got <ids> & \u0000",
      fix: "Answer.",
    }
    const results = (["fail", "warn", "skipped", "pass"] as const).map((one, i) => ({
      ...result,
      id: `MSG-0${i}`,
      requirement: 'A "message" is answered',
      result: one,
    }))
    const evidence = { method: "POST", url: "http://localhost/", sent: "{}", status: 200, headers: {}, body: "[]" }
    const first = { ...results[0], evidence: [{ ...evidence, json: null, tookMs: 3, problem: null }] }
    const counts = { pass: 1, fail: 1, warn: 1, skipped: 1 }
    const report = {
      url: "http://localhost/",
      startedAt: new Date(0).toISOString(),
      counts,
      results: [first, ...results],
    }
    for (const look of [
      { width: 1280, height: 800, colorScheme: "light" },
      { width: 390, height: 760, colorScheme: "dark" },
    ] as const) {
      const paper = await browser.blank(look)
      await paper.setContent(toHtml(report as CheckReport))
      await paper.locator("summary").first().click()
      expect(await axe(paper)).toEqual([])
      expect(await paper.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true)
      const parsed = await paper.evaluate(`(() => {
        const all = new DOMParser().parseFromString(${JSON.stringify(toJunit(report as CheckReport))}, "application/xml").documentElement
        const count = (name) => all.querySelectorAll(name).length
        return [all.tagName, all.getAttribute("failures"), count("testcase"), count("failure"), count("skipped")]
      })()`)
      expect(parsed).toEqual(["testsuites", "2", 5, 2, 1])
      await paper.context().close()
    }
  }, 60_000)

  test("an edited body is sent from the log and compared with the first", async () => {
    await page.goto(`${story.server.url}/app/developer/log?what=message`)
    await page.getByRole("listbox").getByRole("option").first().waitFor()
    await keys.tabTo('[role="listbox"]')
    await keys.press("Enter")
    await keys.at("#entry")
    const entry = () => page.locator("#entry").textContent()
    const first = await entry()
    await keys.press("e")
    const body = page.getByRole("textbox", { name: "Body" })
    await body.waitFor()
    const before = story.partner.received.length
    await keys.tabTo("dialog textarea")
    await keys.press("Control+a")
    await keys.type('{"type":"message","payload":{"id":"msg_edited","text":"Edited"}}')
    await keys.tabTo("dialog footer button:last-child")
    await keys.press("Enter")
    await expect.poll(() => story.partner.received[before]?.raw.toString(), patient).toContain("Edited")
    await expect.poll(entry, patient).not.toBe(first)
    await keys.at("#entry")
    await keys.press("d")
    await page.locator("pre ins", { hasText: "msg_edited" }).waitFor()
  }, 60_000)

  test("what failed on a channel is counted, told again from the log, and its progress said", async () => {
    story.partner.answers({ status: 400, body: { type: "bad_request", message: "closed for repairs" } })
    await reply("Told twice")
    await page.goto(`${story.server.url}/app/developer/log?what=message&outcome=failed`)
    await page.getByRole("listbox").getByRole("option").first().waitFor()
    story.partner.answers()
    const before = story.partner.received.length
    await page.getByRole("button", { name: "Replay what failed" }).focus()
    await keys.press("Enter")
    const dialog = page.getByRole("dialog", { name: "Replay what failed" })
    await dialog.getByText(/^This sends 1 delivery to Acme SMS again/).waitFor()
    expect(await axe(page)).toEqual([])
    await dialog.getByRole("button", { name: "Send again" }).focus()
    await keys.press("Enter")
    await dialog.getByText(/^1 of 1 are on their way again/).waitFor()
    const told = () => story.partner.received.slice(before).map(({ body }) => String(body?.payload?.text).trim())
    await expect.poll(told, patient).toContain("Told twice")
    await keys.press("Escape")
    await keys.tabTo('[role="listbox"]')
    await keys.press("l")
    await page.getByRole("button", { name: /^Go on/ }).waitFor()
    await keys.press("f")
    await keys.at("[data-log-text]")
  }, 60_000)

  test("a type's manifest is changed as text, its errors named by line, and its secret rotated and switched", async () => {
    await page.goto(`${story.server.url}/app/developer/types/${story.app.uid}`)
    await page.getByRole("heading", { level: 1, name: "Acme SMS" }).waitFor()
    await page.getByRole("button", { name: "YAML" }).focus()
    await keys.press("Enter")
    await keys.tabTo("textarea")
    await keys.press("Control+End")
    await keys.type("colour: red")
    await page.getByText(/Line \d+: “colour” is no field/).waitFor()
    for (const _ of "colour: red") await keys.press("Backspace")
    await keys.press("Control+Home", "Shift+End")
    await keys.type("name: Acme Texts")
    await page.getByRole("row", { name: /name Acme SMS Acme Texts/ }).waitFor()
    await page.getByRole("button", { name: "Save" }).focus()
    await keys.press("Enter")
    await page.getByRole("heading", { level: 1, name: "Acme Texts" }).waitFor()
    await page.getByRole("button", { name: "Rotate" }).focus()
    await keys.press("Enter")
    await page.getByRole("dialog").getByRole("button", { name: "Rotate" }).focus()
    await keys.press("Enter")
    const secret = await page.getByRole("textbox", { name: "Secret" }).inputValue()
    expect(secret).not.toBe(story.app.secret)
    await keys.press("Escape")
    await page.getByRole("button", { name: "Switch to the new secret" }).focus()
    await keys.press("Enter")
    await page.getByText("Webhooks are signed with the new secret").waitFor()
    expect(await axe(page)).toEqual([])
  }, 60_000)

  test("a customer writes from a simulated phone, a teammate answers, and a fault shows on both sides", async () => {
    await page.goto(`${story.server.url}/app/developer/simulator`)
    await page.getByRole("button", { name: "Connect a simulated channel" }).focus()
    await keys.press("Enter")
    const phone = page.getByRole("region", { name: "Phone: Mia" })
    await phone.waitFor()
    await phone.getByRole("textbox", { name: "Message: Mia" }).focus()
    await keys.type("Is anybody there?")
    await keys.press("Enter")
    await phone.getByText("accepted").waitFor()
    const found = await story.call("GET", "/conversations?limit=10", { token: story.apiToken })
    const [{ id }] = found.body._results.filter(
      (one: { recipient: { handle: string } }) => one.recipient?.handle.replaceAll(" ", "") === "+436601",
    )
    await story.call("POST", `/conversations/${id}/messages`, {
      token: story.apiToken,
      json: { body: "!fail forbidden opted out" },
    })
    await phone.getByText("forbidden: opted out").waitFor()
    await phone.getByRole("button", { name: "Ring" }).focus()
    await keys.press("Enter")
    await phone.getByRole("button", { name: "Answer" }).waitFor()
    expect(await axe(page)).toEqual([])

    await page.goto(`${story.server.url}/app/inbox/open/${id}`)
    await page.getByText("Is anybody there?").first().waitFor()
    await keys.press("g", "w")
    const drawer = page.getByRole("region", { name: "Console of this conversation" }).first()
    await drawer.getByText("1 failed").waitFor()

    const edge = drawer.getByRole("separator", { name: "Height of the console" })
    const height = async () => Math.round((await drawer.boundingBox())?.height ?? 0)
    const usual = await height()
    expect(await edge.getAttribute("aria-valuenow")).toBe(String(usual))
    await edge.focus()
    await keys.press("ArrowUp")
    await expect.poll(height, patient).toBe(usual + 16)
    await keys.press("End")
    await expect.poll(height, patient).toBe(Number(await edge.getAttribute("aria-valuemax")))
    await keys.press("Home", "Shift+ArrowUp")
    await expect.poll(height, patient).toBe(Number(await edge.getAttribute("aria-valuemin")) + 96)
    const { x, y } = (await edge.boundingBox()) ?? { x: 0, y: 0 }
    await page.mouse.move(x + 200, y + 12)
    await page.mouse.down()
    await page.mouse.move(x + 200, y - 88)
    await page.mouse.up()
    const dragged = await height()
    expect(dragged).toBe(Number(await edge.getAttribute("aria-valuemin")) + 196)
    await page.reload()
    await page.getByText("Is anybody there?").first().waitFor()
    await keys.press("g", "w")
    await drawer.waitFor()
    expect(await height()).toBe(dragged)
    await page.setViewportSize({ width: 390, height: 400 })
    await edge.focus()
    await keys.press("End")
    await expect.poll(height, patient).toBe(304)
    expect(await axe(page)).toEqual([])
    await edge.focus()
    await keys.press("Enter")
    await expect.poll(height, patient).toBeLessThan(304)
  }, 60_000)
})
