import { readFile, stat } from "node:fs/promises"
import { join } from "node:path"
import { afterAll, beforeAll, expect, test } from "vitest"
import { admin, type SmallServer, startSmallServer } from "../../../test/small-server.ts"
import { prepareSetup } from "./setup.ts"

let server: SmallServer
beforeAll(async () => {
  server = await startSmallServer()
})
afterAll(() => server.close())

const setUp = (code: string) => server.call("POST", "/causeway/setup", { body: { ...admin, code } })

test("nobody set up: set-up is needed, and every start makes a new code that replaces the last one", async () => {
  expect((await server.call("GET", "/causeway/setup")).body).toEqual({ needed: true, version: "0.0.0", provider: null })
  const { code } = await prepareSetup(server.db)
  expect(code).toMatch(/^[2-9A-HJ-NP-Z]{3}-[2-9A-HJ-NP-Z]{3}$/)
  expect(code).not.toBe(server.setupCode)
  const refused = await setUp(server.setupCode)
  expect(refused.status).toBe(400)
  expect(refused.body._error.message).toContain("body.code is not the code shown in the terminal")
  server.setupCode = code as string
})

test("the right code, typed as people type, makes a company, its admin, a first inbox and a token of every scope, and signs in", async () => {
  const made = await setUp(server.setupCode.toLowerCase().replace("-", " "))
  expect(made.status).toBe(201)
  expect(made.body).toEqual({
    company_id: expect.stringMatching(/^cmp_/),
    teammate_id: expect.stringMatching(/^tea_/),
    api_token: expect.stringMatching(/^cw_[0-9A-Za-z]{40}$/),
  })
  expect(made.headers.getSetCookie()[0]).toMatch(/^causeway-[0-9a-f]{8}=.*HttpOnly.*SameSite=Lax/)
  expect(made.headers.getSetCookie()[0]).not.toContain("Secure")
  const me = await server.call("GET", "/me", { as: made.body.api_token })
  expect(me.body).toEqual({ _links: { self: `${server.url}/me` }, id: made.body.company_id, name: "Acme" })
  expect(await server.db.query({ text: "select name from inbox" })).toEqual([{ name: "Support" }])
})

test("set-up happens once: after it the code is refused with 409, and no start makes another", async () => {
  expect((await setUp(server.setupCode)).status).toBe(409)
  expect(await prepareSetup(server.db)).toEqual({ code: null })
  expect((await server.call("GET", "/causeway/setup")).body.needed).toBe(false)
})

test("codes cannot be guessed by trying: after a few tries the answer is 429 with the time to wait", async () => {
  const answers = []
  for (let i = 0; i < 12; i++) answers.push(await setUp("AAA-AAA"))
  const last = answers.at(-1)
  expect(last?.status).toBe(429)
  expect(last?.headers.get("retry-after")).toMatch(/^\d+$/)
  expect(last?.body._error.message).toMatch(/retry in \d+ milliseconds/)
})

test("two people with the code at the same moment: one is set up, the others are told so", async () => {
  const fresh = await startSmallServer()
  try {
    const people = ["a", "b", "c", "d"].map((name) => ({ ...admin, email: `${name}@acme.test`, code: fresh.setupCode }))
    const answers = await Promise.all(people.map((body) => fresh.call("POST", "/causeway/setup", { body })))
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([201, 409, 409, 409])
    expect(await fresh.db.query({ text: "select count(*)::int as count from company" })).toEqual([{ count: 1 }])
  } finally {
    await fresh.close()
  }
})

test("what is missing or odd in a set-up is named, and the code stays good", async () => {
  const fresh = await startSmallServer()
  const answer = async (change: object) => {
    const { status, body } = await fresh.call("POST", "/causeway/setup", {
      body: { ...admin, code: fresh.setupCode, ...change },
    })
    return `${status} ${body._error?.message ?? ""}`
  }
  try {
    expect(await answer({ password: "short" })).toContain("400 Body did not satisfy requirements: body.password")
    expect(await answer({ email: "ada" })).toContain("body.email must be an e-mail address (was ada)")
    expect(await answer({ name: "  " })).toContain("body.name must not be empty")
    expect(await answer({ company: null })).toContain("body.company must be a string, was null")
    expect(await answer({})).toBe("201 ")
  } finally {
    await fresh.close()
  }
})

test("the installation token lies in the data directory, for our user alone, and makes another company", async () => {
  const path = join(server.dataDir, "installation-token")
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  const as = (await readFile(path, "utf8")).trim()
  const body = { company: "Second", name: "Bo", email: "bo@second.test", password: "another long one" }
  const made = await server.call("POST", "/causeway/companies", { as, body })
  expect(made.status).toBe(201)
  const repeated = await server.call("POST", "/causeway/companies", { as, body })
  expect(repeated.status).toBe(409)
  expect(repeated.body._error.message).toContain("bo@second.test already signs in here")
  expect((await server.call("POST", "/causeway/companies", { as: made.body.api_token, body })).status).toBe(403)
})

test("tokens: shown once, limited to their scopes, handing on only what they hold, and dead once revoked", async () => {
  const as = server.installationToken
  const [company] = await server.db.query<{ id: number }>({ text: "select id from company where name = 'Acme'" })
  const company_id = `cmp_${company?.id.toString(36)}`
  const needsCompany = await server.call("POST", "/causeway/tokens", {
    as,
    body: { name: "x", scopes: ["tokens:write"] },
  })
  expect(needsCompany.body._error.message).toContain("company_id is required")
  const made = await server.call("POST", "/causeway/tokens", {
    as,
    body: { name: "CI", scopes: ["tokens:write", "tokens:read"], company_id },
  })
  expect(made.status).toBe(201)
  const token = made.body.token
  expect((await server.call("GET", "/teammates", { as: token })).body._error.message).toBe(
    "This token lacks the scope teammates:read",
  )
  expect(
    (await server.call("POST", "/causeway/tokens", { as: token, body: { name: "more", scopes: ["messages:send"] } }))
      .status,
  ).toBe(403)
  expect(
    (await server.call("POST", "/causeway/tokens", { as: token, body: { name: "odd", scopes: ["all"] } })).body._error
      .message,
  ).toContain("body.scopes has no scope named all")
  const child = await server.call("POST", "/causeway/tokens", {
    as: token,
    body: { name: "child", scopes: ["tokens:read"] },
  })
  const { body } = await server.call("GET", "/causeway/tokens", { as: child.body.token })
  expect(body.tokens.map((row: { name: string }) => row.name)).toEqual(["Set-up", "CI", "child"])
  expect(JSON.stringify(body)).not.toContain(token)
  expect((await server.call("DELETE", `/causeway/tokens/${child.body.id}`, { as: token })).status).toBe(204)
  expect((await server.call("GET", "/causeway/tokens", { as: child.body.token })).status).toBe(401)
  const stored = await server.db.query({ text: "select encode(token_hash, 'hex') as hash from api_token" })
  expect(JSON.stringify(stored)).not.toContain(token.slice(3))
})
