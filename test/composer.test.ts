import { hire } from "@causeway/server/teammates/people.story"
import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { axe, describeInBrowser, openBrowser, type TestBrowser } from "./browser.ts"
import { ana, type Story, startStory } from "./story.ts"

async function open(page: Page, name: string): Promise<void> {
  await page.getByRole("region", { name: "Conversations" }).getByRole("option", { name }).click()
  await page.getByRole("textbox", { name: `Reply to ${name}` }).waitFor()
}
const field = (page: Page) => page.getByRole("textbox", { name: /^Reply to / })
const bubble = (page: Page, text: string) =>
  page.getByRole("region", { name: "Messages" }).getByRole("article").filter({ hasText: text })
const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click()

async function signInAs(page: Page, url: string, email: string): Promise<void> {
  const headers = { origin: url }
  const answer = await page.request.post(`${url}/causeway/auth/sign-in/email`, {
    headers,
    data: { email, password: ana.password },
  })
  expect(answer.status()).toBe(200)
  await page.goto(`${url}/app/`)
}

/** As text: what it is made of is the page's. */
const dropHugeFile = `{
  const dropped = new DataTransfer()
  dropped.items.add(new File([new Uint8Array(26 * 1024 * 1024)], "huge.bin"))
  const event = new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: dropped })
  document.querySelector("[data-conversation-title]").dispatchEvent(event)
}`

describeInBrowser("the composer in a browser", () => {
  let story: Story
  let browser: TestBrowser
  let pageOfBo: Page
  beforeAll(async () => {
    story = await startStory({
      heldClock: false,
      app: { composer: "advanced", features: ["reply", "attachments", "templates"] },
    })
    browser = await openBrowser()
    const bo = await hire(story, "Bo Reed")
    pageOfBo = await browser.page(story.server.url)
    await signInAs(pageOfBo, story.server.url, bo.email)
  })
  afterAll(async () => {
    await browser?.close()
    await story?.close()
  })
  const sends = () => story.partner.received.filter(({ body }) => body?.type === "message")
  const writes = (name: string, text: string) =>
    story.customerWrites(text, { sender: { handle: name.split(" ")[0]?.toLowerCase(), name } })

  test("what is typed with signs, keys and buttons goes out as HTML and as text without any of the signs", async () => {
    await writes("Mia Kovač", "Which day?")
    const page = await browser.signedIn(story.server.url)
    await open(page, "Mia Kovač")
    await field(page).click()
    await page.keyboard.type("It is **Friday**, ~~not Monday~~ and *surely* so.\n- one\ntwo\n\n")
    await page.getByRole("button", { name: "Bold", exact: true }).click()
    await page.keyboard.type("Bye")
    expect(await page.getByRole("button", { name: "Bold", exact: true }).getAttribute("aria-pressed")).toBe("true")
    expect(await axe(page)).toEqual([])
    await page.keyboard.press("Control+Enter")
    await bubble(page, "Friday").getByText("Sent", { exact: true }).waitFor()
    expect(sends().at(-1)?.body.payload).toMatchObject({
      body: "<p>It is <strong>Friday</strong>, <s>not Monday</s> and <em>surely</em> so.</p><ul><li>one</li><li>two</li></ul><p><strong>Bye</strong></p>",
      text: "It is Friday, not Monday and surely so.\n\n- one\n- two\n\nBye",
    })
    await page.context().close()
  })

  test("a draft is there after the tab was killed, a colleague reads it live and takes it over", async () => {
    await writes("Omar Haddad", "Anybody there?")
    const page = await browser.signedIn(story.server.url)
    await open(page, "Omar Haddad")
    await open(pageOfBo, "Omar Haddad")
    await field(page).click()
    await page.keyboard.type("We are looking into it")
    const colleague = pageOfBo.getByRole("region", { name: "Ana Lee is writing a reply" })
    await colleague.getByText("We are looking into it").waitFor()
    await page.reload()
    await open(page, "Omar Haddad")
    await expect.poll(() => field(page).textContent()).toBe("We are looking into it")
    await colleague.getByRole("button", { name: "Take over" }).click()
    await expect.poll(() => field(pageOfBo).textContent()).toBe("We are looking into it")
    await page.getByRole("region", { name: "Bo Reed is writing a reply" }).waitFor()
    await expect.poll(() => field(page).textContent()).toBe("")
    await page.context().close()
  })

  test("a reply is held back when a colleague answered meanwhile, its text stays, and Send anyway sends it", async () => {
    const page = await browser.signedIn(story.server.url)
    await open(page, "Mia Kovač")
    await open(pageOfBo, "Mia Kovač")
    await field(page).click()
    await page.keyboard.type("From Ana")
    await field(pageOfBo).click()
    await pageOfBo.keyboard.type("From Bo")
    const before = sends().length
    await pageOfBo.keyboard.press("Control+Enter")
    await bubble(page, "From Bo").waitFor()
    await press(page, "Send")
    await page.getByRole("button", { name: "Send anyway" }).waitFor()
    await expect.poll(() => field(page).textContent()).toBe("From Ana")
    expect(await page.getByRole("alert").textContent()).toContain("Bo Reed wrote")
    expect(await bubble(page, "From Bo").getAttribute("data-new")).toBe("New")
    await press(page, "Send anyway")
    await bubble(page, "From Ana").getByText("Sent", { exact: true }).waitFor()
    expect(sends().length - before).toBe(2)
    await page.context().close()
  })

  test("files go to the draft at once, survive a reload, and leave with the reply", async () => {
    await writes("Lin Wei", "The contract, please.")
    const page = await browser.signedIn(story.server.url)
    await open(page, "Lin Wei")
    const choose = (name: string, bytes: number) =>
      page.locator("input[type=file]").setInputFiles({ name, mimeType: "text/plain", buffer: Buffer.alloc(bytes, "a") })
    await page.evaluate(dropHugeFile)
    await page.getByText("huge.bin was not attached").waitFor()
    await page.route("**/drafts/*", (route) => route.abort(), { times: 1 })
    await choose("contract.txt", 5)
    await page.getByText("contract.txt was not uploaded").waitFor()
    await press(page, "Retry")
    await page.getByRole("button", { name: "Remove contract.txt" }).waitFor()
    await page.reload()
    await open(page, "Lin Wei")
    await page.getByRole("button", { name: "Remove contract.txt" }).waitFor()
    await press(page, "Send")
    await expect.poll(() => sends().at(-1)?.body.payload.attachments[0]?.filename).toBe("contract.txt")
    expect(sends().at(-1)?.body.payload.text).toBe("")
    await page.context().close()
  })

  test("a note names teammates by @, is seen by nobody outside, and is no reply", async () => {
    const page = await browser.signedIn(story.server.url)
    await open(page, "Mia Kovač")
    const before = sends().length
    await press(page, "Internal note")
    const note = page.getByRole("textbox", { name: "Note about Mia Kovač, for teammates only" })
    await note.click()
    await page.keyboard.type("Please look, @bo")
    await page
      .getByRole("listbox", { name: "Teammates" })
      .getByRole("option", { name: /Bo Reed/ })
      .waitFor()
    await page.keyboard.press("Enter")
    expect(await note.inputValue()).toMatch(/^Please look, @bo\S* $/)
    expect(await axe(page)).toEqual([])
    await page.keyboard.press("Control+Enter")
    await expect.poll(() => note.inputValue()).toBe("")
    const id = page.url().split("/").at(-1)
    const { body } = await story.call("GET", `/conversations/${id}/comments`, { token: story.apiToken })
    expect(body._results[0].body).toMatch(/^Please look, @bo/)
    expect(sends()).toHaveLength(before)
    await page.context().close()
  })

  test("emoji come by name after a colon, and by the picker, from our own server", async () => {
    const page = await browser.signedIn(story.server.url)
    const outside: string[] = []
    page.on("request", (request) => request.url().startsWith(story.server.url) || outside.push(request.url()))
    await writes("Kim Soto", "It works now!")
    await open(page, "Kim Soto")
    await field(page).click()
    await page.keyboard.type("Thanks :rocke")
    await page.getByRole("listbox", { name: "Emoji" }).getByRole("option", { name: "rocket" }).waitFor()
    await page.keyboard.press("Enter")
    await expect.poll(() => field(page).textContent()).toBe("Thanks 🚀")
    await page.keyboard.press("Control+Shift+2")
    await page.getByRole("dialog", { name: "Emoji" }).getByRole("searchbox").fill("sunflower")
    await page.getByRole("dialog", { name: "Emoji" }).getByText("🌻").waitFor()
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect.poll(() => field(page).textContent()).toBe("Thanks 🚀🌻")
    expect(outside).toEqual([])
    await page.context().close()
  })

  test("a template is chosen by keys, filled in, and sent with its values; what is missing is named", async () => {
    await story.call("PUT", `/channels/${story.channelId}/application_message_templates`, {
      token: story.channelToken(),
      json: {
        external_id: "delivery_update",
        name: "delivery_update",
        blurb: "Your parcel",
        is_disabled: false,
        status_name: "APPROVED",
        variable_mappings: [
          { uid: "1", type: "text", name: "Customer name" },
          { uid: "2", type: "text", name: "Parcel" },
        ],
        template_preview: "<p>Hi {{1}}, your parcel {{2}} comes.</p>",
      },
    })
    await writes("Zoe Blum", "Where is it?")
    const page = await browser.signedIn(story.server.url)
    await open(page, "Zoe Blum")
    await field(page).click()
    await page.keyboard.press("/")
    const picker = page.getByRole("dialog", { name: "Templates for Acme SMS" })
    await picker.getByRole("combobox").fill("deliv")
    await page.keyboard.press("ArrowDown")
    await picker.getByText("Hi Zoe Blum, your parcel {{Parcel}} comes.").waitFor()
    await picker.getByRole("button", { name: "Send needs “Parcel”" }).waitFor()
    expect(await axe(page)).toEqual([])
    await picker.getByLabel("Parcel").fill("7781")
    await page.keyboard.press("Control+Enter")
    await bubble(page, "your parcel 7781 comes").getByText("Sent", { exact: true }).waitFor()
    expect(sends().at(-1)?.body.metadata.template).toMatchObject({
      external_id: "delivery_update",
      variables: [{ value: "Zoe Blum" }, { value: "7781" }],
    })
    await page.context().close()
  })
})
