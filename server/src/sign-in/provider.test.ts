import { afterAll, expect, test } from "vitest"
import { ana, startStory } from "../../../test/story.ts"
import { hire } from "../teammates/people.story.ts"
import { type Claims, client, startProvider } from "./provider.story.ts"

const provider = await startProvider()
const story = await startStory({
  provider: { ...client, issuer: provider.issuer, name: "Acme login", sessionHours: 8 },
  trustedProxies: ["loopback"],
})
afterAll(async () => {
  await story.close()
  await provider.close()
})

interface Browser {
  cookies: string[]
}
/** Everybody calls from an address of their own: one has thirty steps a minute. */
let calls = 0
const from = () => ({ "x-forwarded-for": `203.0.113.${++calls % 250}` })
const visit = async (browser: Browser, url: string) => {
  const headers = { cookie: browser.cookies.join("; "), ...from() }
  const answer = await fetch(url, { redirect: "manual", headers })
  browser.cookies.push(...answer.headers.getSetCookie().map((cookie) => cookie.split(";")[0] as string))
  return String(answer.headers.get("location"))
}
/** What the button does. */
async function leave(browser: Browser, headers: object = { "sec-fetch-site": "same-origin" }): Promise<string> {
  const answer = await fetch(`${story.server.url}/causeway/auth/provider`, {
    method: "POST",
    headers: { ...headers, ...from() },
  })
  browser.cookies.push(...answer.headers.getSetCookie().map((cookie) => cookie.split(";")[0] as string))
  return answer.status === 200 ? ((await answer.json()) as { url: string }).url : String(answer.status)
}
/** From the button to where the person ends up. `change` tampers with the way back. */
async function signIn(says: Claims, change: (back: string) => string = (back) => back) {
  provider.says = says
  const browser: Browser = { cookies: [] }
  const away = await leave(browser)
  const back = change(await visit({ cookies: [] }, away))
  return { end: await visit(browser, back), browser, back }
}
const whoIs = async ({ cookies }: Browser) => {
  const headers = { cookie: cookies.join("; "), "sec-fetch-site": "same-origin" }
  const { status, body } = await story.call("GET", "/causeway/session", { headers })
  return status === 200 ? body.teammate.email : status
}
const known = { sub: "ana-at-provider", email: ana.email.toUpperCase(), email_verified: true }

test("a teammate whose address the provider has verified is signed in, and is the same person later under another address", async () => {
  expect((await story.call("GET", "/causeway/setup")).body.provider).toBe("Acme login")
  const { end, browser, back } = await signIn(known)
  expect([end, await whoIs(browser)]).toEqual(["/app/", ana.email])
  const later = await signIn({ sub: known.sub, email: "ana.lee@elsewhere.test", email_verified: false })
  expect([later.end, await whoIs(later.browser)]).toEqual(["/app/", ana.email])
  // The way back works once.
  expect(await visit(browser, back)).toBe("/app/inbox/open#sign_in=late")
})

test("a session that began there ends after as many hours as the operator says, however much it is used, and asks there again", async () => {
  const { browser } = await signIn(known)
  const { db } = story.server.services
  const endsIn = async (): Promise<number> => {
    expect(await whoIs(browser)).toBe(ana.email)
    const rows = await db.query<{ minutes: number }>({
      text: `select round(extract(epoch from "expiresAt" - now()) / 60)::int as minutes from identity_session order by "createdAt" desc limit 1`,
    })
    return rows[0]?.minutes ?? 0
  }
  expect(await endsIn()).toBe(8 * 60)
  await db.query({
    text: `update identity_session set "expiresAt" = "expiresAt" - interval '7 hours', "latestAt" = "latestAt" - interval '7 hours' where "latestAt" is not null`,
  })
  expect(await endsIn()).toBe(60)
  expect(await endsIn()).toBe(60)
})

test("nobody is made, linked by an address that is not verified, or let in while blocked", async () => {
  const bo = await hire(story, "Bo Reed")
  const ends = [
    await signIn({ sub: "new", email: "stranger@example.test", email_verified: true }),
    await signIn({ sub: "bo", email: bo.email, email_verified: false }),
    await signIn({ sub: "bo", email: bo.email }),
  ].map(({ end }) => end)
  expect(ends).toEqual([
    "/app/inbox/open#sign_in=unknown",
    "/app/inbox/open#sign_in=unverified",
    "/app/inbox/open#sign_in=unverified",
  ])
  expect((await signIn({ sub: "bo", email: bo.email, email_verified: true })).end).toBe("/app/")
  await story.call("PATCH", `/causeway/teammates/${bo.id}`, { token: story.apiToken, json: { is_blocked: true } })
  const blocked = await signIn({ sub: "bo", email: bo.email, email_verified: true })
  expect([blocked.end, await whoIs(blocked.browser)]).toEqual(["/app/inbox/open#sign_in=blocked", 401])
})

test("another state, nonce, code or browser lets nobody in", async () => {
  const changed = (name: string) => (back: string) => {
    const url = new URL(back)
    url.searchParams.set(name, "forged")
    return url.href
  }
  for (const name of ["state", "code"])
    expect((await signIn(known, changed(name))).end, name).toBe("/app/inbox/open#sign_in=refused")
  expect((await signIn({ ...known, nonce: "of another visit" })).end).toBe("/app/inbox/open#sign_in=refused")
  provider.says = known
  const away = await leave({ cookies: [] })
  const victim: Browser = { cookies: [] }
  expect(await visit(victim, await visit({ cookies: [] }, away))).toBe("/app/inbox/open#sign_in=late")
  expect(await whoIs(victim)).toBe(401)
  const cancelled = await signIn(known, (back) => back.replace(/\?.*/, "?error=access_denied"))
  expect(cancelled.end).toBe("/app/inbox/open#sign_in=cancelled")
})

test("an ID token that the provider's keys did not sign lets nobody in, nor one of another issuer, for another client or past its time", async () => {
  for (const who of ["stranger", "nobody"] as const) {
    provider.signs = who
    expect([who, (await signIn(known)).end]).toEqual([who, "/app/inbox/open#sign_in=refused"])
  }
  provider.signs = "itself"
  for (const wrong of [{ iss: "https://evil.test" }, { aud: "another-client" }, { exp: 1 }])
    expect([wrong, (await signIn({ ...known, ...wrong })).end]).toEqual([wrong, "/app/inbox/open#sign_in=refused"])
  expect((await signIn(known)).end).toBe("/app/")
})

test("no other site can begin a visit there, or lead a browser to one", async () => {
  expect(await leave({ cookies: [] }, { "sec-fetch-site": "cross-site", origin: "https://evil.test" })).toBe("403")
  expect(await leave({ cookies: [] }, {})).toBe("403")
  expect((await story.call("GET", "/causeway/auth/provider")).status).toBe(404)
})
