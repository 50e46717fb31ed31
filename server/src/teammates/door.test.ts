import { afterAll, beforeAll, expect, test } from "vitest"
import { admin, cookieOf, type SmallServer, startSmallServer } from "../../../test/small-server.ts"
import { hashPassword, refuseGuessable, verifyPassword } from "./passwords.ts"
import { createTries } from "./tries.ts"

let server: SmallServer
let cookie: string
beforeAll(async () => {
  server = await startSmallServer()
  cookie = (await server.setUp()).cookie
})
afterAll(() => server.close())

const post = (path: string, body: object, own = cookie) =>
  server.call("POST", path, { body, headers: { cookie: own, origin: server.url } })
const signIn = (password = admin.password, own = "") =>
  post("/causeway/auth/sign-in/email", { email: admin.email, password }, own)
const makeToken = (own = cookie) => post("/causeway/tokens", { name: "x", scopes: ["tags:read"] }, own)

/** Whoever had the session proved it long ago. */
async function letTimePass(interval: string): Promise<void> {
  await server.db.query({
    text: `update identity_session set "provedAt" = now() - $1::interval, "createdAt" = now() - $1::interval`,
    values: [interval],
  })
  server.identity.forgetSessions()
}

const entries = () =>
  server.db.query<{ noun: string; verb: string; kind: string; by: string; address: string }>({
    text: `select noun, verb, actor ->> 'kind' as kind, after ->> 'by' as by, actor ->> 'address' as address
           from audit where noun in ('session', 'password') order by id`,
  })

test("what is delicate needs a person who has said within ten minutes who they are, and a stolen session does not know", async () => {
  expect((await makeToken()).status).toBe(201)
  await letTimePass("11 minutes")
  const refused = await makeToken()
  expect([refused.status, refused.body._error.code]).toEqual([403, "prove"])
  const wrong = await post("/causeway/auth/prove", { password: "not the password" })
  expect([wrong.status, wrong.body._error.details]).toEqual([400, ["body.password is wrong"]])
  expect((await makeToken()).status).toBe(403)
  expect((await post("/causeway/auth/prove", { password: admin.password })).status).toBe(200)
  expect((await makeToken()).status).toBe(201)
})

test("a session is prolonged while it is used, and ends after ninety days all the same", async () => {
  const endsIn = async () => {
    const answer = await server.call("GET", "/causeway/session", { headers: { cookie } })
    const [row] = await server.db.query<{ days: number }>({
      text: `select round(extract(epoch from "expiresAt" - now()) / 86400)::int as days from identity_session`,
    })
    return [answer.status, row?.days, answer.headers.get("set-cookie")?.match(/Max-Age=(\d+)/)?.[1]]
  }
  await letTimePass("40 days")
  await server.db.query({ text: `update identity_session set "expiresAt" = now() + interval '10 days'` })
  server.identity.forgetSessions()
  expect(await endsIn()).toEqual([200, 30, String(30 * 86_400)])
  await letTimePass("85 days")
  await server.db.query({ text: `update identity_session set "expiresAt" = now() + interval '1 day'` })
  server.identity.forgetSessions()
  expect((await endsIn())[1]).toBe(5)
  expect((await endsIn())[2]).toBe(undefined)
  await letTimePass("1 minute")
})

test("common passwords, runs, repetitions and the names of people and things are refused, whatever they are decorated with", async () => {
  const owner = { email: "ada.king@acme.test", name: "Ada King", company: "Acme Shipping" }
  const judge = (password: string) =>
    refuseGuessable("body.password", password, owner).then(
      () => "taken",
      (error: Error) => error.message,
    )
  for (const easy of [
    "password1234",
    "P@ssw0rd2026!",
    "passwordpassword",
    "123456789012",
    "qwertyuiop12",
    "1q2w3e4r5t6y",
    "aaaaaaaaaaaa",
    "administrator",
    "unbelievable",
    "Causeway2026!",
    "acmeshipping1",
    "ada.king@acme.test",
    "x".repeat(200),
  ])
    expect([easy, await judge(easy)]).toEqual([easy, expect.stringContaining("body.password is too easy to guess")])
  for (const good of ["correct horse battery", "kX9vQ2mLp0Tz", "пароль из многих слов", "a wholly different one"])
    expect([good, await judge(good)]).toEqual([good, "taken"])
  const change = (newPassword: string) =>
    post("/causeway/auth/change-password", { currentPassword: admin.password, newPassword })
  expect([(await change("adabyronking1")).status, (await change("short")).status]).toEqual([400, 400])
})

test("a password is hashed at OWASP's cost, compared as it was typed, and hashes of older forms hold", async () => {
  const hash = await hashPassword("Straße 12 ﬁne")
  expect(hash).toMatch(/^scrypt\$32768\$8\$3\$[\w-]{22}\$[\w-]{43}$/)
  expect(await verifyPassword("Straße 12 ﬁne", hash)).toBe(true)
  for (const other of ["Straße 12 fine", "straße 12 ﬁne", "Straße 12 ﬁne ", ""])
    expect([other, await verifyPassword(other, hash)]).toEqual([other, false])
  const { hashPassword: hashOlder } = await import("better-auth/crypto")
  const older = await hashOlder("correct horse battery")
  expect(await verifyPassword("correct horse battery", older)).toBe(true)
  expect(await verifyPassword("correct horse batteri", older)).toBe(false)
})

test("windows that were used up grow, a try that was none is given back, and rest makes good", () => {
  let now = 0
  const tries = createTries({ max: 2, windowMs: 1000, windowMaxMs: 4000 }, () => now)
  const spend = () => [tries.take("a"), tries.take("a"), tries.take("a")].at(-1)
  const waits = []
  for (let i = 0; i < 4; i++) {
    const wait = spend() as number
    waits.push(wait)
    now += wait
  }
  expect(waits).toEqual([1000, 2000, 4000, 4000])
  now += 10_000
  expect(spend()).toBe(1000)
  tries.take("b")
  tries.giveBack("b")
  expect([tries.take("b"), tries.take("b"), tries.take("b")]).toEqual([null, null, 1000])
})

test("every way through the door is in the audit log, and so is every failure", async () => {
  const before = (await entries()).length
  const own = cookieOf((await signIn()).headers)
  await signIn("not the password")
  await post(
    "/causeway/auth/change-password",
    { currentPassword: admin.password, newPassword: "another fine sentence" },
    own,
  )
  const again = cookieOf((await signIn("another fine sentence")).headers)
  await post(
    "/causeway/auth/change-password",
    { currentPassword: "another fine sentence", newPassword: admin.password },
    again,
  )
  const left = await signIn()
  await post("/causeway/auth/sign-out", {}, cookieOf(left.headers))
  await expect
    .poll(async () =>
      (await entries())
        .slice(before)
        .map(({ noun, verb, kind, by }) => [noun, verb, kind, by])
        .sort(),
    )
    .toEqual(
      [
        ["session", "signed_in", "teammate", "password"],
        ["session", "sign_in_failed", "anyone", "password"],
        ["password", "changed", "teammate", null],
        ["session", "signed_in", "teammate", "password"],
        ["password", "changed", "teammate", null],
        ["session", "signed_in", "teammate", "password"],
        ["session", "signed_out", "teammate", "password"],
      ].sort(),
    )
  expect(new Set((await entries()).map(({ address }) => address))).toEqual(new Set(["127.0.0.1"]))
})

test("whoever tries passwords for somebody keeps them out of no browser that they use", async () => {
  const known = cookieOf((await signIn()).headers)
  const answers = []
  for (let i = 0; i < 11; i++) answers.push((await signIn("guess")).status)
  expect(answers.at(-1)).toBe(429)
  const elsewhere = await signIn()
  expect([elsewhere.status, Number(elsewhere.headers.get("retry-after"))]).toEqual([429, expect.closeTo(900, -1.5)])
  expect((await signIn(admin.password, known)).status).toBe(200)
  // Another person's browser, and one that made up its cookie, are strangers.
  const device = known.split("; ").find((part) => part.includes("-device=")) as string
  expect((await signIn(admin.password, `${device}x`)).status).toBe(429)
})
