import type { Page } from "playwright-core"
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest"
import { axe, describeInBrowser, openBrowser, type TestBrowser } from "./browser.ts"
import { ana, type Story, startStory } from "./story.ts"

/** An authenticator in the browser itself, which says yes to everything. Source: the DevTools protocol, domain WebAuthn. */
async function addAuthenticator(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  await devtools.send("WebAuthn.enable")
  await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
}

/** How many answers the browser keeps for reading offline, as a script of the page: this package knows no browser's types. */
const keptAnswers = `(async () => {
  let count = 0
  for (const { name } of await indexedDB.databases()) {
    const database = await new Promise((resolve) => {
      indexedDB.open(name).onsuccess = (event) => resolve(event.target.result)
    })
    if (database.objectStoreNames.contains("answers"))
      count += await new Promise((resolve) => {
        database.transaction("answers").objectStore("answers").count().onsuccess = (event) => resolve(event.target.result)
      })
    database.close()
  }
  return count
})()`

describeInBrowser("signing in without a password", () => {
  let story: Story
  let browser: TestBrowser
  let url: string
  beforeAll(async () => {
    const provider = {
      issuer: "https://login.acme.test",
      clientId: "a",
      clientSecret: "b",
      name: "Acme login",
      sessionHours: 24,
    }
    story = await startStory({ heldClock: false, provider })
    browser = await openBrowser()
    url = story.server.url.replace("127.0.0.1", "localhost")
  })
  afterAll(async () => {
    await browser?.close()
    await story?.close()
  })

  test("a passkey is made in the settings, signs in instead of the password, and lets nobody in once it is removed", async () => {
    const page = await browser.signedIn(url)
    await addAuthenticator(page)
    await page.goto(`${url}/app/settings`)
    const section = page.getByRole("region", { name: "Passkeys" })
    await section.getByText("No passkeys yet.").waitFor()
    await section.getByRole("textbox", { name: "Name of the passkey" }).fill("Work laptop")
    await page.keyboard.press("Enter")
    await section.getByText("Work laptop").waitFor()
    expect(await axe(page)).toEqual([])
    await page.request.post(`${url}/causeway/auth/sign-out`, { headers: { origin: url }, data: {} })
    await page.reload()
    const passkey = page.getByRole("button", { name: "Sign in with a passkey" })
    await passkey.waitFor()
    await page.getByRole("button", { name: "Continue with Acme login" }).waitFor()
    expect(await axe(page)).toEqual([])
    await passkey.press("Enter")
    await section.getByText(/^Last used/).waitFor()
    await section.getByRole("button", { name: "Remove Work laptop" }).press("Enter")
    await section.getByText("No passkeys yet.").waitFor()
    await page.request.post(`${url}/causeway/auth/sign-out`, { headers: { origin: url }, data: {} })
    await page.reload()
    await passkey.press("Enter")
    await page.getByText("This passkey is not known here").waitFor()
    await page.context().close()
  })

  test("an answer is taken once, and for the person and the page that asked", async () => {
    const page = await browser.signedIn(url)
    await addAuthenticator(page)
    await page.goto(`${url}/app/settings`)
    const asked: string[] = []
    page.on("request", (request) => {
      if (request.url().endsWith("/sign-in/passkey")) asked.push(request.postData() ?? "")
    })
    await page.getByRole("textbox", { name: "Name of the passkey" }).fill("Key")
    await page.keyboard.press("Enter")
    await page.getByText("Not used yet").waitFor()
    await page.request.post(`${url}/causeway/auth/sign-out`, { headers: { origin: url }, data: {} })
    await page.reload()
    await page.getByRole("button", { name: "Sign in with a passkey" }).click()
    await page.getByText(/^Last used/).waitFor()
    const again = await page.request.post(`${url}/causeway/auth/sign-in/passkey`, {
      headers: { origin: url },
      data: JSON.parse(asked[0] as string),
    })
    expect([again.status(), await again.text()]).toEqual([400, expect.stringContaining("begin again")])
    const elsewhere = await story.call("POST", "/causeway/auth/sign-in/passkey/options", { json: {} })
    expect([elsewhere.status, elsewhere.text]).toEqual([400, expect.stringContaining("Passkeys need a name")])
    await page.context().close()
  })

  test("what is delicate asks again who somebody is, and then goes on where they were", async () => {
    const page = await browser.blank({})
    const headers = { origin: url }
    await page.request.post(`${url}/causeway/auth/sign-in/email`, {
      headers,
      data: { email: ana.email, password: ana.password },
    })
    const { db } = story.server.services
    await db.query({ text: `update identity_session set "provedAt" = now() - interval '1 hour'` })
    await addAuthenticator(page)
    await page.goto(`${url}/app/settings`)
    await page.getByRole("textbox", { name: "Name of the passkey" }).fill("Phone")
    await page.keyboard.press("Enter")
    const dialog = page.getByRole("dialog", { name: "Is it still you?" })
    await dialog.waitFor()
    expect(await axe(page)).toEqual([])
    await page.keyboard.type("not my password")
    await page.keyboard.press("Enter")
    await dialog.getByText("This is not your password.").waitFor()
    await page.keyboard.press("Escape")
    await page.getByRole("region", { name: "Passkeys" }).getByRole("alert").waitFor()
    await page.getByRole("textbox", { name: "Name of the passkey" }).press("Enter")
    await dialog.getByLabel("Password", { exact: true }).fill(ana.password)
    await page.keyboard.press("Enter")
    await page.getByText("Phone", { exact: true }).waitFor()
    expect(await dialog.count()).toBe(0)
    await page.context().close()
  })

  test("whoever signs out without a network leaves nothing to be read, and is signed out as soon as there is one", async () => {
    await story.customerWrites("Is my order late?")
    const page = await browser.signedIn(url)
    await page.getByText("Is my order late?").first().waitFor()
    const kept = () => page.evaluate<number>(keptAnswers)
    await expect.poll(kept).toBeGreaterThan(0)
    await page.context().setOffline(true)
    await page.getByRole("button", { name: /Ana Lee/ }).click()
    await page.getByRole("button", { name: "Sign out" }).click()
    await page.getByRole("heading", { name: "The server does not answer" }).waitFor()
    await expect.poll(kept).toBe(0)
    await page.context().setOffline(false)
    await page.reload()
    await page.getByRole("heading", { name: "Sign in" }).waitFor()
    expect((await page.request.get(`${url}/causeway/session`)).status()).toBe(401)
    await page.context().close()
  })

  test("where an installation leaves nothing on devices, what is read and written is in no storage, and what lay there goes", async () => {
    const quiet = await startStory({ keepsOnDevices: false })
    onTestFinished(() => quiet.close())
    await quiet.customerWrites("Is my parcel late?")
    const page = await browser.signedIn(quiet.server.url)
    await page.getByText("Is my parcel late?").first().waitFor()
    await page.evaluate("localStorage.setItem('causeway.note.tea_1.cnv_1', 'left here')")
    await page.reload()
    await page.getByText("Is my parcel late?").first().click()
    const editor = page.getByRole("textbox", { name: /^Reply to / })
    await editor.fill("It comes at six.")
    expect(await editor.inputValue()).toBe("It comes at six.")
    const stored = () => page.evaluate<string>("JSON.stringify([{ ...localStorage }, { ...sessionStorage }])")
    expect(await stored()).not.toMatch(/left here|comes at six|parcel/)
    await expect.poll(() => page.evaluate<number>(keptAnswers)).toBe(0)
    await page.goto(`${quiet.server.url}/app/settings`)
    await page.getByText("Nothing is kept here:").waitFor()
    await page.context().close()
  })

  test("who comes back from the provider without being let in reads why, once", async () => {
    const page = await browser.blank({})
    await page.goto(`${url}/app/inbox/open#sign_in=unknown`)
    await page.getByText("Nobody here has your e-mail address at the provider.").waitFor()
    expect(await page.evaluate("location.hash")).toBe("")
    await page.getByLabel("E-mail").fill(ana.email)
    await page.getByLabel("Password", { exact: true }).fill(ana.password)
    await page.keyboard.press("Enter")
    await page.getByRole("navigation", { name: "Views" }).waitFor()
    await page.context().close()
  })

  test("a password is changed by whoever knows the present one, and the other sessions end", async () => {
    const other = await browser.signedIn(url)
    await other.getByRole("navigation", { name: "Views" }).waitFor()
    const page = await browser.signedIn(url)
    await page.goto(`${url}/app/settings`)
    const section = page.getByRole("region", { name: "Password", exact: true })
    const present = section.getByLabel("Current password")
    const next = section.getByLabel("New password")
    await present.fill("not the password at all")
    await next.fill("short")
    await page.keyboard.press("Enter")
    await section.getByText("Password has 5 of at least 12 characters").waitFor()
    await next.fill("nine geese cross the river")
    await page.keyboard.press("Enter")
    await section.getByText("This is not your password here.").waitFor()
    await expect.poll(() => page.locator(":focus").getAttribute("name")).toBe("current")
    expect(await axe(page)).toEqual([])
    await present.fill(ana.password)
    await page.keyboard.press("Enter")
    await page.getByText("The password is changed.").waitFor()
    expect(await present.inputValue()).toBe("")
    await other.reload()
    await other.getByRole("heading", { name: "Sign in" }).waitFor()
    await page.reload()
    await section.waitFor()
    await page.context().close()
    await other.context().close()
  })
})
