import { afterAll, expect, onTestFinished, test } from "vitest"
import { startStory } from "../../../test/story.ts"
import { createPool } from "../database/pool.ts"
import { createLog } from "../log.ts"
import { hire, signIn } from "../teammates/people.story.ts"

const lines: string[] = []
const log = createLog("info", { write: (line) => void lines.push(line) })
const story = await startStory({}, { log })
afterAll(() => story.close())
const admin = await signIn(story)
const me = (await admin("GET", "/causeway/session")).body.teammate

const audit = async (query = "") => (await admin("GET", `/causeway/audit?${query}`)).body.entries
const verify = async () => (await admin("GET", "/causeway/audit/verify")).body

test("a change says who made it, from where, what it was before and what it is now", async () => {
  const bo = await hire(story, "Bo Reed")
  const headers = { "user-agent": "Netscape'; drop table audit; --\\" }
  await admin("PATCH", `/causeway/teammates/${bo.id}`, { json: { role: "observer" }, headers })
  const [entry] = await audit(`noun=teammate&target=${bo.id}`)
  expect(entry).toMatchObject({
    noun: "teammate",
    verb: "changed",
    target: bo.id,
    before: { role: "teammate" },
    after: { role: "observer" },
    actor: { kind: "teammate", id: me.id, name: "Ana Lee", address: "127.0.0.1", browser: headers["user-agent"] },
  })
})

test("what a token does is told by the token's name, and what Causeway does by itself has no actor", async () => {
  await story.call("POST", "/inboxes", { token: story.apiToken, json: { name: "Billing" } })
  const [made] = await audit("noun=inbox")
  expect(made).toMatchObject({
    verb: "created",
    after: { name: "Billing" },
    actor: { kind: "api_token", name: "Set-up" },
  })
  story.partner.answers({ status: 401, body: {} })
  const written = await story.customerWrites("Is my order late?")
  const conversation = (await story.message(written)).body._links.related.conversation
  await story.call("POST", `${new URL(conversation).pathname}/messages`, {
    token: story.apiToken,
    json: { body: "It ships today." },
  })
  await story.settle()
  const [offline] = await audit(`noun=channel&target=${story.channelId}`)
  expect(offline).toMatchObject({ verb: "changed", actor: null, after: { status: "offline" } })
})

test("secrets are named and never shown", async () => {
  const rotated = await story.call("POST", `/causeway/apps/${story.app.uid}/rotate`, {
    token: story.apiToken,
    json: {},
  })
  const token = await story.call("POST", "/causeway/tokens", {
    token: story.apiToken,
    json: { name: "till", scopes: ["tags:read"] },
  })
  const [app] = await audit("noun=app")
  expect(app.after).toMatchObject({ secret_sealed: "(secret)" })
  const all = JSON.stringify(await audit("limit=200"))
  for (const secret of [rotated.body.secret, token.body.token, story.app.secret]) expect(all).not.toContain(secret)
  expect((await audit("noun=api_token"))[0]).toMatchObject({ after: { name: "till", token_hash: "(secret)" } })
})

test("a change that fails leaves no entry", async () => {
  const before = (await audit("limit=200")).length
  expect((await admin("PATCH", `/causeway/teammates/${me.id}`, { json: { role: "teammate" } })).status).toBe(409)
  expect((await audit("limit=200")).length).toBe(before)
})

test("entries are filtered by who and when, and read page by page", async () => {
  const mine = await audit(`teammate_id=${me.id}&limit=200`)
  expect(new Set(mine.map((entry: { actor: { id: string } }) => entry.actor.id))).toEqual(new Set([me.id]))
  expect(await audit(`until=${mine.at(-1).at}&teammate_id=${me.id}`)).toEqual([])
  const first = (await admin("GET", "/causeway/audit?limit=2")).body
  const second = (await admin("GET", `/causeway/audit?limit=2&before=${first.next}`)).body
  const ids = [...first.entries, ...second.entries].map((entry: { id: string }) => entry.id)
  expect(new Set(ids).size).toBe(4)
  expect((await admin("GET", "/causeway/audit?before=adt_")).status).toBe(404)
  expect((await admin("GET", "/causeway/audit?since=1e300")).status).toBe(400)
})

test("the export holds every entry, oldest first, one JSON object a line", async () => {
  const { text, headers } = await admin("GET", "/causeway/audit/export")
  const lines = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line))
  expect(headers.get("content-disposition")).toContain("audit.ndjson")
  expect(lines.map(({ id }) => id)).toEqual((await audit("limit=200")).map(({ id }: { id: string }) => id).reverse())
})

test("every entry is a line of the log too, without what was changed, so that the chain is also kept elsewhere", async () => {
  const bo = await hire(story, "Bo Canary")
  const { head } = await verify()
  const told = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === "audit.entry")
  expect(told.at(-1)).toMatchObject({
    noun: "session",
    verb: "signed_in",
    actor: { kind: "teammate", id: bo.id, address: "127.0.0.1" },
    target: bo.id,
    hash: head,
  })
  expect(told.map(({ position }) => position)).toEqual(told.map((_, i) => i + 1))
  expect(lines.join("")).not.toContain(bo.email)
})

test("only admins read it", async () => {
  const cy = await hire(story, "Cy Moon")
  for (const path of ["", "/export", "/verify"])
    expect((await cy.call("GET", `/causeway/audit${path}`)).status, path).toBe(403)
})

test("an entry that was altered, or is missing, breaks the chain where it stood", async () => {
  // The server's own role may do neither: it takes whoever owns the database.
  const db = createPool({ connectionString: story.server.services.config.databaseOwnerUrl ?? "" })
  onTestFinished(() => db.close())
  const whole = await verify()
  expect(whole).toMatchObject({ broken: null, head: expect.stringMatching(/^[0-9a-f]{64}$/) })
  expect(whole.entries).toBeGreaterThan(10)
  const [row] = await db.query<{ id: number }>({ text: "select id from audit where position = 5" })
  await db.query({ text: 'update audit set after = after || \'{"name":"x"}\' where position = 5' })
  expect((await verify()).broken).toMatchObject({ position: 5, id: expect.stringMatching(/^adt_/) })
  await db.query({ text: "delete from audit where id = $1", values: [row?.id] })
  expect((await verify()).broken).toEqual({ position: 5, id: null })
})
