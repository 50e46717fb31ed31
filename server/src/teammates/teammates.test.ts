import { usualPreferences } from "@causeway/contract/usual-preferences"
import { afterAll, beforeAll, expect, test } from "vitest"
import { admin, cookieOf, type SmallServer, startSmallServer } from "../../../test/small-server.ts"
import { splitName } from "./store.ts"
import { createTries } from "./tries.ts"

let server: SmallServer
let cookie: string
beforeAll(async () => {
  server = await startSmallServer()
  cookie = (await server.setUp()).cookie
})
afterAll(() => server.close())

const signIn = (password = admin.password, headers: Record<string, string> = {}) =>
  server.call("POST", "/causeway/auth/sign-in/email", { body: { email: "ADA@acme.test", password }, headers })
const session = (value: string) => server.call("GET", "/causeway/session", { headers: { cookie: value } })

test("signing in gives a session that says who and for which company", async () => {
  const answer = await signIn()
  expect(answer.status).toBe(200)
  expect((await session(cookieOf(answer.headers))).body).toEqual({
    teammate: {
      id: expect.stringMatching(/^tea_/),
      email: "ada@acme.test",
      first_name: "Ada Byron",
      last_name: "King",
      role: "admin",
      is_developer: true,
    },
    company: { id: expect.stringMatching(/^cmp_/), name: "Acme" },
    keeps_on_device: true,
    preferences: usualPreferences,
  })
})

test("what somebody chose for themselves is in every session of theirs, part by part", async () => {
  const headers = { cookie, origin: server.url }
  const choose = (body: object) => server.call("PATCH", "/causeway/session/preferences", { body, headers })
  const sending = { enter_sends: true, undo_seconds: 30 }
  expect((await choose({ sending })).body).toEqual({ ...usualPreferences, sending })
  const keys = { single: "leader", leader: "Space", remapped: { archive: ["x", "g x"], retry: [] } }
  expect((await choose({ keys })).status).toBe(200)
  expect((await session(cookieOf((await signIn()).headers))).body.preferences).toEqual({ keys, sending })

  expect((await choose({ sending: { ...sending, undo_seconds: 7 } })).status).toBe(400)
  expect((await choose({ keys: { ...keys, remapped: { archive: ["x".repeat(61)] } } })).status).toBe(400)
  expect((await choose({ keys: { ...keys, remapped: { "no name": ["x"] } } })).status).toBe(400)
  expect((await server.call("PATCH", "/causeway/session/preferences", { body: { sending } })).status).toBe(401)
  await choose(usualPreferences)
})

test("every sign-in is a session of its own, and an old cookie is not taken over", async () => {
  const again = cookieOf((await signIn(admin.password, { cookie, origin: server.url })).headers)
  expect(again).not.toBe(cookie)
  expect((await session(cookie)).status).toBe(401)
  expect((await session(again)).status).toBe(200)
  cookie = again
})

test("a wrong password and an unknown address are answered alike, and nobody can sign up", async () => {
  const wrong = await signIn("not the password")
  const unknown = await server.call("POST", "/causeway/auth/sign-in/email", {
    body: { email: "nobody@acme.test", password: "not the password" },
  })
  expect(wrong.status).toBe(401)
  expect(wrong.body).toEqual(unknown.body)
  const signUp = await server.call("POST", "/causeway/auth/sign-up/email", {
    body: { name: "Eve", email: "eve@evil.test", password: "a long password" },
  })
  expect(signUp.status).toBe(404)
})

test("a page of another site can neither sign somebody in nor use a session", async () => {
  const foreign = await signIn(admin.password, { origin: "https://evil.test" })
  expect(foreign.status).toBe(403)
  const used = await server.call("POST", "/causeway/tokens", {
    body: { name: "x", scopes: ["tokens:read"] },
    headers: { cookie, origin: "https://evil.test" },
  })
  expect(used.status).toBe(403)
  const own = await server.call("POST", "/causeway/tokens", {
    body: { name: "x", scopes: ["tokens:read"] },
    headers: { cookie, origin: server.url },
  })
  expect(own.status).toBe(201)
})

test("what the operator's environment calls its base URL is none of sign-in's business", async () => {
  process.env.BASE_URL = "https://elsewhere.test"
  const fresh = await startSmallServer()
  try {
    const { cookie: own } = await fresh.setUp()
    expect((await fresh.call("GET", "/causeway/session", { headers: { cookie: own } })).status).toBe(200)
    const body = { email: admin.email, password: admin.password }
    const again = await fresh.call("POST", "/causeway/auth/sign-in/email", { body, headers: { origin: fresh.url } })
    expect(again.status).toBe(200)
  } finally {
    delete process.env.BASE_URL
    await fresh.close()
  }
})

test("both names of this machine work: localhost and 127.0.0.1", async () => {
  const origin = server.url.replace("127.0.0.1", "localhost")
  const answer = await fetch(`${origin}/causeway/auth/sign-in/email`, {
    method: "POST",
    headers: { "content-type": "application/json", origin },
    body: JSON.stringify({ email: admin.email, password: admin.password }),
  })
  expect(answer.status).toBe(200)
})

test("a cookie whose signature or token was changed is nobody", async () => {
  const [name, value] = cookie.split("=") as [string, string]
  const flipped = `${value[0] === "a" ? "b" : "a"}${value.slice(1)}`
  for (const bad of [flipped, value.slice(0, -6), "", "%E0%A4%A", "a.b"])
    expect((await session(`${name}=${bad}`)).status).toBe(401)
})

test("signing out ends the session", async () => {
  const own = cookieOf((await signIn()).headers)
  const answer = await server.call("POST", "/causeway/auth/sign-out", {
    body: {},
    headers: { cookie: own, origin: server.url },
  })
  expect(answer.status).toBe(200)
  expect((await session(own)).status).toBe(401)
})

test("changing the password ends every other session, and the new password is the one that holds", async () => {
  const here = cookieOf((await signIn()).headers)
  const elsewhere = cookieOf((await signIn()).headers)
  const body = { currentPassword: admin.password, newPassword: "a wholly different one" }
  const changed = await server.call("POST", "/causeway/auth/change-password", {
    body,
    headers: { cookie: here, origin: server.url },
  })
  expect(changed.status).toBe(200)
  expect((await session(cookieOf(changed.headers))).status).toBe(200)
  expect((await session(elsewhere)).status).toBe(401)
  expect((await signIn()).status).toBe(401)
  expect((await signIn("a wholly different one")).status).toBe(200)
})

test("a blocked teammate's session ends, and signing in says why", async () => {
  const own = cookieOf((await signIn("a wholly different one")).headers)
  await server.db.query({ text: "update teammate set is_blocked = true" })
  server.identity.forgetSessions()
  expect((await session(own)).status).toBe(401)
  const refused = await signIn("a wholly different one")
  expect(refused.status).toBe(403)
  expect(refused.body._error.message).toContain("blocked")
  await server.db.query({ text: "update teammate set is_blocked = false" })
})

test("passwords cannot be guessed by trying", async () => {
  const answers = []
  for (let i = 0; i < 11; i++) answers.push((await signIn("guess")).status)
  expect(answers.at(-1)).toBe(429)
})

test("under https the cookie is a __Host- cookie and Secure", async () => {
  const secure = await startSmallServer(() => [], "https://inbox.acme.test")
  try {
    await secure.setUp()
    const answer = await secure.call("GET", "/causeway/setup", { headers: { host: "inbox.acme.test" } })
    expect(answer.status).toBe(200)
    const { request } = await import("node:http")
    const cookies = await new Promise<string[]>((resolve, reject) => {
      const call = request(`${secure.url}/causeway/auth/sign-in/email`, {
        method: "POST",
        headers: { host: "inbox.acme.test", "content-type": "application/json" },
      })
      call.on("response", (response) => resolve(response.resume().headers["set-cookie"] ?? []))
      call.on("error", reject)
      call.end(JSON.stringify({ email: admin.email, password: admin.password }))
    })
    expect(cookies[0]).toMatch(/^__Host-causeway-[0-9a-f]{8}=.*Path=\/.*Secure/)
  } finally {
    await secure.close()
  }
})

test("a name's last word is the last name", () => {
  expect(splitName(" Ada ")).toEqual({ first: "Ada", last: "" })
  expect(splitName("Maria del Mar Ortiz")).toEqual({ first: "Maria del Mar", last: "Ortiz" })
})

test("tries are counted within their window and forgotten after it", () => {
  let now = 0
  const tries = createTries({ max: 2, windowMs: 1000 }, () => now)
  expect([tries.take("a"), tries.take("a"), tries.take("a"), tries.take("b")]).toEqual([null, null, 1000, null])
  now = 1000
  expect(tries.take("a")).toBe(null)
})
