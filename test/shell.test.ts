import { afterAll, beforeAll, expect, test } from "vitest"
import { axe, describeInBrowser, openBrowser, type TestBrowser } from "./browser.ts"
import { type Story, startStory } from "./story.ts"

describeInBrowser("the shell of the inbox", () => {
  let story: Story
  let browser: TestBrowser
  beforeAll(async () => {
    story = await startStory({ heldClock: false })
    browser = await openBrowser()
    await story.customerWrites("Is my order late?", { sender: { handle: "rosa", name: "Rosa Díaz" } })
    await story.customerWrites("Hello from the road", { sender: { handle: "noor", name: "Noor Haddad" } })
  })
  afterAll(async () => {
    await browser?.close()
    await story?.close()
  })

  test.each([
    { language: "fr", views: "Vues", first: "Ouvertes", direction: "ltr" },
    { language: "de", views: "Ansichten", first: "Offen", direction: "ltr" },
    { language: "ar", views: "طرق العرض", first: "المفتوحة", direction: "rtl" },
    { language: "pseudo", views: /^\[Ṽíéŵš~+\]$/, first: /^\[Öþéñ~+\]/, direction: "ltr" },
  ])("opens in $language, in its direction", async ({ language, views, first, direction }) => {
    const page = await browser.signedIn(story.server.url)
    await page.goto(`${story.server.url}/app/inbox/open?lang=${language}`)
    const nav = page.getByRole("navigation", { name: views })
    await nav.getByRole("link", { name: first }).waitFor()
    await page.getByRole("option", { name: "Rosa Díaz" }).click()
    expect(await page.locator("html").getAttribute("dir")).toBe(direction)
    const list = await page.locator("[data-list]").boundingBox()
    const isListFirst = (list?.x ?? 0) < 640
    expect(isListFirst).toBe(direction === "ltr")
    expect(await axe(page)).toEqual([])
    await page.context().close()
  })
})
