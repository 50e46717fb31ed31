import { createHash } from "node:crypto"
import { hire, signIn } from "@causeway/server/teammates/people.story"
import { afterAll, expect, test } from "vitest"
import { figure } from "../figure.ts"
import { ana, startStory } from "../story.ts"

/** The rows of docs/security.md that are about sessions and links, replayed as whoever wants in would try them. */
const story = await startStory()
const tries: { row: number; let: "in" | "out" }[] = []
afterAll(async () => {
  const rows = new Set(tries.map(({ row }) => row))
  const letIn = tries.filter((one) => one.let === "in").length
  figure("S14", `${rows.size} classes of flaws in sessions and links, ${tries.length} tries, ${letIn} let in`)
  await story.close()
})

/** Counts one try; whether it was let in decides the status alone. */
const counted = (row: number, { status }: { status: number }): number => {
  tries.push({ row, let: status < 400 ? "in" : "out" })
  return status
}

const passwordOf = (password: string) => ({ email: "ola.marsh@example.test", password })
const session = (cookie: string) => story.call("GET", "/causeway/session", { headers: { cookie } })
const cookieOf = (answer: { headers: Headers }) => String(answer.headers.get("set-cookie")).split(";")[0] as string

test("row 2: of ten sessions none outlives a new password, within a second", async () => {
  await hire(story, "Ola Marsh")
  const entered = () =>
    story.call("POST", "/causeway/auth/sign-in/email", { json: passwordOf(ana.password), headers: {} }).then(cookieOf)
  const [here = "", ...elsewhere] = await Promise.all(Array.from({ length: 11 }, entered))
  const changed = await story.call("POST", "/causeway/auth/change-password", {
    json: { currentPassword: ana.password, newPassword: "the lake freezes by itself" },
    headers: { cookie: here, origin: story.server.url },
  })
  expect(changed.status, changed.text).toBe(200)
  const begun = performance.now()
  const answers = await Promise.all(elsewhere.map(session))
  expect(performance.now() - begun).toBeLessThan(1_000)
  expect(answers.map((answer) => counted(2, answer))).toEqual(elsewhere.map(() => 401))
  const old = await story.call("POST", "/causeway/auth/sign-in/email", { json: passwordOf(ana.password) })
  expect(counted(2, old)).toBe(401)
})

test("row 10: no header makes a stranger somebody", async () => {
  const names = ["x-forwarded-user", "x-remote-user", "remote-user", "x-auth-request-email", "x-webauth-user", "from"]
  for (const name of names)
    for (const path of ["/causeway/session", "/causeway/audit"])
      expect(counted(10, await story.call("GET", path, { headers: { [name]: ana.email } }))).toBe(401)
})

test("row 18: a link that was used, replaced, ended, is past its time, or is another's by one letter lets nobody in", async () => {
  const admin = await signIn(story)
  const invite = async (email: string) => {
    const { body } = await admin("POST", "/causeway/invitations", { json: { email } })
    return { id: String(body.id), token: new URL(body.url).hash.slice(1) }
  }
  const accept = (token: string) =>
    story.call("POST", "/causeway/invitations/accept", { json: { token, name: "Eve", password: ana.password } })
  const used = await invite("used@example.test")
  expect((await accept(used.token)).status).toBe(201)
  const replaced = await invite("late@example.test")
  const ended = await invite("late@example.test")
  await admin("DELETE", `/causeway/invitations/${ended.id}`)
  const old = await invite("old@example.test")
  await story.server.services.db.query({
    text: "update invitation set expires_at = now() where email = 'old@example.test'",
  })
  const good = await invite("good@example.test")
  const near = [...good.token.slice(0, 12)].map(
    (letter, i) => `${good.token.slice(0, i)}${letter === "A" ? "B" : "A"}${good.token.slice(i + 1)}`,
  )
  for (const token of [used.token, replaced.token, ended.token, old.token, ...near])
    expect([400, 404]).toContain(counted(18, await accept(token)))
  expect((await accept(good.token)).status).toBe(201)
})

test("row 20: a token that is computed from what is known opens nothing, nor does its hash", async () => {
  const made = await story.call("POST", "/causeway/tokens", {
    token: story.apiToken,
    json: { name: "Reports", scopes: ["conversations:read"] },
  })
  const { id, token } = made.body as { id: string; token: string }
  const known = [id, ana.email, story.companyId, story.channelId, `${ana.email}${id}`, String(Date.now()), token]
  const computed = known.flatMap((text) =>
    ["md5", "sha1", "sha256"].flatMap((kind) => {
      const digest = createHash(kind).update(text)
      const hex = digest.copy().digest("hex")
      return [hex, `cw_${hex.slice(0, 40)}`, `cw_${digest.digest("base64url").replaceAll(/[-_]/g, "a").slice(0, 40)}`]
    }),
  )
  for (const guess of computed)
    expect(counted(20, await story.call("GET", "/conversations", { token: guess }))).toBe(401)
  expect((await story.call("GET", "/conversations", { token })).status).toBe(200)
})

test("row 23: a session that somebody was given before signing in is not the one that signing in begins", async () => {
  const signInWith = (cookie: string) =>
    story.call("POST", "/causeway/auth/sign-in/email", {
      json: { email: ana.email, password: ana.password },
      headers: { cookie, origin: story.server.url },
    })
  const own = cookieOf(await signInWith(""))
  const [name = "", value = ""] = own.split("=")
  const planted = [own, `${name}=planted`, `${name}=${value.slice(0, -4)}AAAA`, `${name}=`]
  for (const cookie of planted) {
    const begun = cookieOf(await signInWith(cookie))
    expect(begun).not.toBe(cookie)
    expect((await session(begun)).status).toBe(200)
    expect(counted(23, await session(cookie))).toBe(401)
  }
})
