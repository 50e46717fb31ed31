import { afterAll, expect, test } from "vitest"
import { ana, startStory } from "../../../test/story.ts"
import { hire, signIn } from "./people.story.ts"

const story = await startStory({ trustedProxies: ["loopback"] })
afterAll(() => story.close())
const admin = await signIn(story)

const invite = (json: object) => admin("POST", "/causeway/invitations", { json })
const tokenOf = (url: string) => new URL(url).hash.slice(1)
let callers = 0
/** Each from an address of its own: links may be tried a few times a minute. */
const elsewhere = () => ({ "x-forwarded-for": `192.0.2.${++callers}` })
const accept = (token: string, json: object = {}) =>
  story.call("POST", "/causeway/invitations/accept", {
    headers: elsewhere(),
    json: { token, name: "Zoe Park", password: ana.password, ...json },
  })
const read = (token: string) =>
  story.call("POST", "/causeway/invitations/read", { headers: elsewhere(), json: { token } })

test("whoever has the link sees who invites them, joins with the promised role, and is signed in", async () => {
  const invited = await invite({ email: "Zoe@Example.test", role: "observer", is_developer: true })
  expect(invited.status).toBe(201)
  const token = tokenOf(invited.body.url)
  expect(invited.body.url).toBe(`${story.server.url}/app/welcome#${token}`)
  expect((await read(token)).body).toMatchObject({ purpose: "join", company: "Acme", email: "zoe@example.test" })
  const joined = await accept(token)
  expect(joined.status).toBe(201)
  const cookie = String(joined.headers.get("set-cookie")).split(";")[0] as string
  const session = await story.call("GET", "/causeway/session", { headers: { cookie } })
  expect(session.body.teammate).toMatchObject({ email: "zoe@example.test", role: "observer", is_developer: true })
})

test("a link works once, and of two who use it at the same moment one is too late", async () => {
  const token = tokenOf((await invite({ email: "two@example.test" })).body.url)
  const answers = await Promise.all([accept(token), accept(token), accept(token)])
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 404, 404])
  expect((await read(token)).status).toBe(404)
})

test("a link that was replaced, ended or is past its time is as good as none", async () => {
  const first = tokenOf((await invite({ email: "late@example.test" })).body.url)
  const second = await invite({ email: "late@example.test" })
  expect((await read(first)).status).toBe(404)
  const pending = (await admin("GET", "/causeway/invitations")).body.invitations
  expect(pending.map(({ email }: { email: string }) => email)).toEqual(["late@example.test"])
  expect(JSON.stringify(pending)).not.toContain(tokenOf(second.body.url))
  expect((await admin("DELETE", `/causeway/invitations/${second.body.id}`)).status).toBe(204)
  expect((await accept(tokenOf(second.body.url))).status).toBe(404)
  const third = tokenOf((await invite({ email: "late@example.test" })).body.url)
  await story.server.services.db.query({
    text: "update invitation set expires_at = now() where email = 'late@example.test'",
  })
  expect((await accept(third)).status).toBe(404)
})

test("an invitation opens the inboxes it names, and only those of the company", async () => {
  const made = await admin("POST", "/inboxes", { json: { name: "Quiet", is_public: false } })
  const inboxId = String(made.body.id)
  expect((await invite({ email: "in@example.test", inbox_ids: ["inb_zzzzzz"] })).body._error.message).toContain(
    "body.inbox_ids[0]",
  )
  const token = tokenOf((await invite({ email: "in@example.test", inbox_ids: [inboxId] })).body.url)
  const { body } = await accept(token, { name: "Ida Nil" })
  const members = await admin("GET", `/inboxes/${inboxId}/teammates`)
  expect(members.body._results.map(({ id }: { id: string }) => id)).toContain(body.teammate_id)
})

test("what is not in order is refused, and the link stays good", async () => {
  const token = tokenOf((await invite({ email: "careful@example.test" })).body.url)
  expect((await accept(token, { password: "short" })).status).toBe(400)
  expect((await accept(token, { name: " " })).status).toBe(400)
  expect((await accept(token)).status).toBe(201)
  expect((await invite({ email: "careful@example.test" })).status).toBe(409)
  expect((await invite({ email: "no address" })).status).toBe(400)
})

test("only an admin invites, and resets passwords", async () => {
  const bo = await hire(story, "Bo Reed")
  expect((await bo.call("POST", "/causeway/invitations", { json: { email: "x@example.test" } })).status).toBe(403)
  expect((await bo.call("GET", "/causeway/invitations")).status).toBe(403)
  expect((await bo.call("POST", `/causeway/teammates/${bo.id}/password_reset`)).status).toBe(403)
})

test("a password reset ends every session, lets in with the new password, and no longer with the old one", async () => {
  const cy = await hire(story, "Cy Moon")
  const link = (await admin("POST", `/causeway/teammates/${cy.id}/password_reset`)).body
  const token = tokenOf(link.url)
  expect((await read(token)).body).toMatchObject({ purpose: "reset", email: cy.email })
  const reset = await accept(token, { password: "another horse battery" })
  expect(reset.body.teammate_id).toBe(cy.id)
  expect((await cy.call("GET", "/causeway/session")).status).toBe(401)
  await expect(signIn(story, cy.email)).rejects.toThrow("cannot sign in")
  const cookie = String(reset.headers.get("set-cookie")).split(";")[0] as string
  expect((await story.call("GET", "/causeway/session", { headers: { cookie } })).status).toBe(200)
})

test("nobody comes back, or in as somebody else, by a link that they made while they were an admin", async () => {
  const gil = await hire(story, "Gil Hart", "admin")
  const fay = await hire(story, "Fay Lind")
  // Links that set passwords are made by sessions alone.
  const links = [
    await gil.call("POST", "/causeway/invitations", { json: { email: "gil.at.home@example.test", role: "admin" } }),
    await gil.call("POST", `/causeway/teammates/${fay.id}/password_reset`),
  ].map(({ body }) => tokenOf(body.url))
  const statuses = async () => (await Promise.all(links.map(read))).map(({ status }) => status)
  expect(await statuses()).toEqual([200, 200])
  for (const end of [{ role: "teammate" }, { role: "admin", is_blocked: true }]) {
    expect((await admin("PATCH", `/causeway/teammates/${gil.id}`, { json: end })).status).toBe(204)
    expect(await statuses()).toEqual([404, 404])
  }
  for (const token of links) expect((await accept(token)).status).toBe(404)
  const pending = (await admin("GET", "/causeway/invitations")).body.invitations
  expect(pending.map(({ email }: { email: string }) => email)).not.toContain("gil.at.home@example.test")
})

test("a link to a new password is of no use to whoever was blocked after it was made", async () => {
  const hal = await hire(story, "Hal Wick")
  const token = tokenOf((await admin("POST", `/causeway/teammates/${hal.id}/password_reset`)).body.url)
  const standing = (is_blocked: boolean) => admin("PATCH", `/causeway/teammates/${hal.id}`, { json: { is_blocked } })
  await standing(true)
  expect((await accept(token)).status).toBe(404)
  await standing(false)
  expect((await accept(token)).status).toBe(201)
})

test("people see where they are signed in and sign out elsewhere; an admin does it for anybody", async () => {
  const di = await hire(story, "Di Frost")
  const phone = await signIn(story, di.email)
  const list = async () => (await di.call("GET", `/causeway/teammates/${di.id}/sessions`)).body.sessions
  const sessions = await list()
  expect(sessions.map((session: { is_current: boolean }) => session.is_current).sort()).toEqual([false, true])
  const other = sessions.find((session: { is_current: boolean }) => !session.is_current)
  expect((await di.call("DELETE", `/causeway/teammates/${di.id}/sessions?session=${other.id}`)).status).toBe(204)
  expect((await phone("GET", "/causeway/session")).status).toBe(401)
  expect(await list()).toHaveLength(1)
  const again = await signIn(story, di.email)
  expect((await admin("DELETE", `/causeway/teammates/${di.id}/sessions`)).status).toBe(204)
  expect((await again("GET", "/causeway/session")).status).toBe(401)
  expect((await di.call("GET", "/causeway/session")).status).toBe(401)
})

test("somebody else's sessions are nobody's", async () => {
  const ed = await hire(story, "Ed Vale")
  const ana = (await story.call("GET", "/teammates", { token: story.apiToken })).body._results[0]
  expect((await ed.call("GET", `/causeway/teammates/${ana.id}/sessions`)).status).toBe(404)
  expect((await ed.call("DELETE", `/causeway/teammates/${ana.id}/sessions`)).status).toBe(404)
  expect((await ed.call("DELETE", `/causeway/teammates/${ed.id}/sessions?session=ses_x`)).status).toBe(404)
})
