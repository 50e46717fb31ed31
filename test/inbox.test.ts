import { startServer } from "@causeway/server/app"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { axe, describeInBrowser, openBrowser, type TestBrowser } from "./browser.ts"
import { ana, type Story, startStory, testConfig, unique } from "./story.ts"

/** Opens the conversation whose row begins with this name. */
async function open(page: Page, name: string): Promise<void> {
  await page.getByRole("region", { name: "Conversations" }).getByRole("option", { name }).click()
  await page.getByRole("form", { name: "Reply" }).waitFor()
}

async function reply(page: Page, text: string): Promise<void> {
  await page.getByRole("textbox", { name: /^Reply to / }).fill(text)
  await page.getByRole("button", { name: "Send", exact: true }).click()
}

const bubble = (page: Page, text: string) =>
  page.getByRole("region", { name: "Messages" }).getByRole("article").filter({ hasText: text })

describeInBrowser("the inbox in a browser", () => {
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
  const sends = () => story.partner.received.filter(({ body }) => body?.type === "message")
  const undoFor = (seconds: number) =>
    story.call("PATCH", `/channels/${story.channelId}`, {
      token: story.apiToken,
      json: { settings: { undo_send_time: seconds } },
    })
  const deliveriesOf = async (page: Page, text: string) => {
    const id = await bubble(page, text).getAttribute("id")
    const found = await story.call("GET", `/causeway/deliveries?message_id=${id}`, { token: story.apiToken })
    return found.body.deliveries as { id: string; status: string }[]
  }

  test("a reply that the partner refuses shows its reason; once the partner is mended, Retry sends it with exactly one new delivery", async () => {
    await story.customerWrites("Is my order late?", { sender: { handle: "rosa", name: "Rosa Díaz" } })
    const page = await browser.signedIn(story.server.url)
    await open(page, "Rosa Díaz")
    story.partner.answers({ status: 400, body: { type: "bad_request", message: "This number is not on our network" } })
    await reply(page, "It ships today.")
    await bubble(page, "It ships today.").getByText("This number is not on our network").waitFor()
    await bubble(page, "It ships today.").getByText("Failed", { exact: true }).waitFor()
    expect(await deliveriesOf(page, "It ships today.")).toHaveLength(1)
    const before = sends().length

    story.partner.answers()
    await bubble(page, "It ships today.").getByRole("button", { name: "Retry" }).click()
    await bubble(page, "It ships today.").getByText("Sent", { exact: true }).waitFor()
    const after = await deliveriesOf(page, "It ships today.")
    expect(after.map(({ status }) => status).sort()).toEqual(["failed", "sent"])
    expect(sends()).toHaveLength(before + 1)
    expect(sends().at(-1)?.body.payload.id).toBe(sends().at(-2)?.body.payload.id)
    await page.context().close()
  })

  test("two browsers see each other's changes without a refresh, also after the server was restarted", async () => {
    await story.customerWrites("Hello from the road", { sender: { handle: "noor", name: "Noor Haddad" } })
    const [one, two] = await Promise.all([browser.signedIn(story.server.url), browser.signedIn(story.server.url)])
    await Promise.all([open(one, "Noor Haddad"), open(two, "Noor Haddad")])
    await reply(one, "Where are you now?")
    await bubble(two, "Where are you now?").getByText("Sent", { exact: true }).waitFor()

    await story.restart()
    await Promise.all([one, two].map((page) => page.getByText("Live", { exact: true }).waitFor()))
    await reply(two, "We wait for you.")
    await bubble(one, "We wait for you.").getByText("Sent", { exact: true }).waitFor()
    await one.getByRole("button", { name: "Archive", exact: true }).click()
    await two.getByRole("button", { name: "Reopen", exact: true }).waitFor()
    await story.customerWrites("A new customer", { sender: { handle: "ken", name: "Ken Adeyemi" } })
    for (const page of [one, two])
      await page.getByRole("region", { name: "Conversations" }).getByRole("option", { name: "Ken Adeyemi" }).waitFor()
    await Promise.all([one, two].map((page) => page.context().close()))
  })

  test("a reply can be undone inside its bubble, and the partner never hears of it", async () => {
    await undoFor(60)
    await story.customerWrites("May I come at five?", { sender: { handle: "lin", name: "Lin Wei" } })
    const page = await browser.signedIn(story.server.url)
    await open(page, "Lin Wei")
    await reply(page, "No, at six.")
    await bubble(page, "No, at six.")
      .getByText(/^Sends in \d+ s$/)
      .waitFor()
    await bubble(page, "No, at six.").getByRole("button", { name: "Undo" }).click()
    await bubble(page, "No, at six.").waitFor({ state: "detached" })
    expect(await page.getByRole("textbox", { name: /^Reply to / }).inputValue()).toBe("No, at six.")
    expect(sends().filter(({ body }) => body.payload.text.includes("at six"))).toEqual([])
    await undoFor(0)
    await page.context().close()
  })

  test("the undo key means the reply that was just sent, also while the server has not answered, and never what was done before it", async () => {
    await story.customerWrites("Can I change it?", { sender: { handle: "eva", name: "Eva Lang" } })
    const page = await browser.signedIn(story.server.url)
    await open(page, "Eva Lang")
    let go = (): void => {}
    let isKept = false
    await page.route("**/conversations/*/messages", async (route) => {
      const answered = isKept ? await route.fetch() : null
      await new Promise<void>((resolve) => {
        go = resolve
      })
      await (answered ? route.fulfill({ response: answered }) : route.continue())
    })
    const undo = async () => {
      await page.keyboard.press("Escape")
      await page.keyboard.press("z")
    }
    const strip = page.getByRole("region", { name: "Activity" })
    await page.keyboard.press("i")
    await strip.getByText("Assigned “Eva Lang” to you").waitFor()

    await undoFor(60)
    await reply(page, "Not any more.")
    await bubble(page, "Not any more.").getByText("Sending to the server…").waitFor()
    await undo()
    await bubble(page, "Not any more.").getByText("Taking it back as soon as the server answers…").waitFor()
    go()
    await strip.getByText("Undone. The text is back in the composer.").waitFor()
    expect(await page.getByRole("textbox", { name: /^Reply to / }).inputValue()).toBe("Not any more.")
    expect(await bubble(page, "Not any more.").count()).toBe(0)

    await undoFor(0)
    isKept = true
    await page.getByRole("button", { name: "Send", exact: true }).click()
    await expect.poll(() => sends().at(-1)?.body.payload.text).toBe("Not any more.")
    await undo()
    await strip.getByText("has begun to leave and cannot be taken back").waitFor()
    await bubble(page, "Not any more.").getByText("Sent", { exact: true }).waitFor()
    go()
    expect(await page.getByRole("option", { name: "Eva Lang" }).getByTitle(ana.name).count()).toBe(1)
    expect(sends().filter(({ body }) => body.payload.text === "Not any more.")).toHaveLength(1)
    await page.context().close()
  })

  test("a reply stands there once, also when the live stream brings it before its request is answered, and is undone then at once", async () => {
    await undoFor(60)
    await story.customerWrites("Which colour?", { sender: { handle: "ida", name: "Ida Holm" } })
    const page = await browser.signedIn(story.server.url)
    await open(page, "Ida Holm")
    const answers: (() => Promise<void>)[] = []
    await page.route("**/conversations/*/messages", async (route) => {
      const response = await route.fetch()
      answers.push(() => route.fulfill({ response }))
    })
    // Every state of the page is looked at, however short it is.
    await page.evaluate(`
      window.most = 0
      const count = () => [...document.querySelectorAll("article")].filter(({ textContent }) => textContent.includes("Green.")).length
      new MutationObserver(() => { window.most = Math.max(window.most, count()) }).observe(document.body, { subtree: true, childList: true })
    `)
    await reply(page, "Green.")
    await bubble(page, "Green.")
      .getByText(/^Sends in \d+ s$/)
      .waitFor()
    await bubble(page, "Green.").getByRole("button", { name: "Undo" }).click()
    await bubble(page, "Green.").waitFor({ state: "detached" })
    expect(await page.getByRole("textbox", { name: /^Reply to / }).inputValue()).toBe("Green.")
    await answers[0]?.()
    await undoFor(0)
    await page.getByRole("button", { name: "Send", exact: true }).click()
    await bubble(page, "Green.").getByText("Sent", { exact: true }).waitFor()
    await answers[1]?.()
    await page.getByRole("button", { name: "Archive", exact: true }).click()
    await page.getByRole("button", { name: "Reopen", exact: true }).waitFor()
    expect(await page.evaluate("window.most")).toBe(1)
    await page.context().close()
  })

  test("a conversation is merged into another one, and what its customer writes then comes there", async () => {
    const write = (thread: string, text: string) =>
      story.customerWrites(text, {
        sender: { handle: "ivo", name: "Ivo Petrov" },
        metadata: { external_id: unique("e"), external_conversation_id: thread },
      })
    const [one, two] = [unique("thread"), unique("thread")]
    await write(one, "First question")
    await write(two, "Second question")
    const page = await browser.signedIn(story.server.url)
    const rows = page.getByRole("region", { name: "Conversations" }).getByRole("option", { name: "Ivo Petrov" })
    await rows.filter({ hasText: "Second question" }).click()
    await page.getByRole("button", { name: "Merge", exact: true }).click()
    const dialog = page.getByRole("dialog", { name: "Merge another conversation into this one" })
    await dialog.getByRole("radio", { name: /Ivo Petrov.*First question/ }).check()
    expect(await axe(page)).toEqual([])
    await dialog.getByRole("button", { name: "Merge" }).click()
    await bubble(page, "First question").waitFor()
    await expect.poll(() => rows.count()).toBe(1)
    await write(one, "And a third")
    await bubble(page, "And a third").waitFor()
    await page.context().close()
  })

  test("an offline channel is told to everyone who looks, and its replies wait", async () => {
    await story.customerWrites("Are you there?", { sender: { handle: "ada", name: "Ada Okafor" } })
    const page = await browser.signedIn(story.server.url)
    await open(page, "Ada Okafor")
    await story.call("PATCH", `/channels/${story.channelId}`, {
      token: story.channelToken(),
      json: { status: "offline" },
    })
    await page.getByRole("button", { name: "Queue until connected" }).waitFor()
    await page.getByRole("textbox", { name: /^Reply to / }).fill("Yes, we are.")
    await page.getByRole("button", { name: "Queue until connected" }).click()
    await bubble(page, "Yes, we are.").getByText("Waiting", { exact: true }).waitFor()
    expect(await axe(page)).toEqual([])
    await page.getByRole("textbox", { name: /^Reply to / }).fill("And what is it?")
    await page.getByRole("button", { name: "Queue until connected" }).click()
    await bubble(page, "And what is it?").getByRole("button", { name: "Cancel" }).click()
    await bubble(page, "And what is it?").waitFor({ state: "detached" })
    expect(await page.getByRole("textbox", { name: /^Reply to / }).inputValue()).toBe("And what is it?")
    await story.call("PATCH", `/channels/${story.channelId}`, { token: story.channelToken(), json: { status: "ok" } })
    await bubble(page, "Yes, we are.").getByText("Sent", { exact: true }).waitFor()
    await page.context().close()
  })

  test("the first person sets the company up with the code from the terminal, and signs in again in another browser", async () => {
    const server = await startServer(await testConfig())
    const page = await browser.page(server.url)
    await page.getByRole("heading", { name: "Set up Causeway" }).waitFor()
    expect(await axe(page)).toEqual([])
    await page.getByLabel("Setup code").fill("AAA-AAA")
    await page.getByLabel("Your name").fill(ana.name)
    await page.getByLabel("E-mail").fill(ana.email)
    await page.getByLabel("Password", { exact: true }).fill(ana.password)
    await page.getByLabel("Company").fill("Acme")
    await page.getByRole("button", { name: "Create and open the inbox" }).click()
    await page
      .getByText(/Setup code is not the one in the terminal/)
      .first()
      .waitFor()
    await page.getByLabel("Setup code").fill(String(server.setupCode))
    await page.getByRole("button", { name: "Create and open the inbox" }).click()
    await page.getByRole("navigation", { name: "Views" }).waitFor()

    const other = await browser.page(server.url)
    await other.getByLabel("E-mail").fill(ana.email)
    await other.getByLabel("Password", { exact: true }).fill(ana.password)
    await other.getByRole("button", { name: "Sign in" }).click()
    await other.getByRole("navigation", { name: "Views" }).waitFor()
    expect(await axe(other)).toEqual([])
    await Promise.all([page, other].map((each) => each.context().close()))
    await server.close()
  })
})
