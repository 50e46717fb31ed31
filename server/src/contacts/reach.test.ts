import { afterAll, expect, test } from "vitest"
import { startStory, unique } from "../../../test/story.ts"
import { hire, signIn } from "../teammates/people.story.ts"

const story = await startStory()
afterAll(() => story.close())
const bo = await hire(story, "Bo Reed")
const cy = await hire(story, "Cy Hall")
const ola = await hire(story, "Ola Marsh", "observer")
const admin = await signIn(story)

const call = (method: string, path: string, json?: unknown) =>
  story.call(method, path, { token: story.apiToken, ...(json !== undefined && { json }) })
const url = (path: string) => `${story.server.url}${path}`
const custom = (handle = unique("mia")) => ({ source: "custom", handle })
const make = async (json: object = {}, path = "/contacts") => {
  const answer = await call("POST", path, { handles: [custom()], ...json })
  expect(answer.status, answer.text).toBe(201)
  return answer.body
}
const ids = (answer: { body: { _results: { id: string }[] } }) => answer.body._results.map(({ id }) => id)
const refused = async (answer: Promise<{ status: number; body: { _error: { message: string } } }>, status: number) => {
  const { status: got, body } = await answer
  expect([got, body._error.message]).toEqual([status, expect.any(String)])
  return body._error.message
}
const team = (await call("GET", "/teams")).body._results[0]

test("a teammate's own contact is missing to everybody else who signs in, and to messages from its handle", async () => {
  const handle = unique("friend")
  const own = await bo.call("POST", `/teammates/${bo.id}/contacts`, {
    json: { name: "Old friend", handles: [custom(handle)] },
  })
  expect(own.body).toMatchObject({
    is_private: true,
    _links: { related: { owner: url(`/teammates/${bo.id}`) } },
    handles: [custom(handle)],
  })
  const path = `/contacts/${own.body.id}`
  expect((await bo.call("GET", path)).status).toBe(200)
  expect((await bo.call("GET", `/contacts/alt:custom:${handle}`)).body.id).toBe(own.body.id)
  for (const other of [cy.call, admin]) {
    const missing = (await other("GET", "/contacts/crd_zzzzzz")).text.replace("crd_zzzzzz", own.body.id)
    expect((await other("GET", path)).text).toBe(missing)
    expect((await other("PATCH", path, { json: { name: "Mine" } })).text).toBe(missing)
    expect((await other("GET", `/teammates/${bo.id}/contacts`)).body._results).toEqual([])
  }
  await story.customerWrites("Hello", { sender: { handle, name: "Fay" } })
  const shared = (await cy.call("GET", `/contacts/alt:custom:${handle}`)).body
  expect(shared).toMatchObject({ name: "Fay", is_private: false })
  expect((await call("GET", `/contacts/alt:custom:${handle}`)).body.id).toBe(shared.id)
  expect(ids(await bo.call("GET", `/teammates/${bo.id}/contacts`))).toEqual([own.body.id])
  await refused(bo.call("POST", `/teammates/${bo.id}/contacts`, { json: { handles: [custom(handle)] } }), 409)
  await refused(cy.call("POST", `/teammates/${bo.id}/contacts`, { json: { handles: [custom()] } }), 403)
  expect((await cy.call("POST", `/teammates/${cy.id}/contacts`, { json: { handles: [custom(handle)] } })).status).toBe(
    201,
  )
})

test("a team's contact has the team as its owner and is in its list", async () => {
  const made = await make({}, `/teams/${team.id}/contacts`)
  expect(made).toMatchObject({ is_private: false, _links: { related: { owner: url(`/teams/${team.id}`) } } })
  expect(ids(await call("GET", `/teams/${team.id}/contacts`))).toEqual([made.id])
  expect(ids(await call("GET", "/contacts?limit=1"))).toEqual([made.id])
  await refused(call("GET", "/teams/tim_zzzzzz/contacts"), 404)
})

test("an observer reads contacts and changes none", async () => {
  const { id, handles } = await make()
  expect((await ola.call("GET", `/contacts/${id}`)).status).toBe(200)
  expect((await ola.call("GET", `/contacts/${id}/notes`)).status).toBe(202)
  const attempts: [string, string, object?][] = [
    ["POST", "/contacts", { handles: [custom()] }],
    ["PATCH", `/contacts/${id}`, { name: "x" }],
    ["DELETE", `/contacts/${id}`],
    ["POST", `/contacts/${id}/handles`, custom()],
    ["DELETE", `/contacts/${id}/handles`, handles[0]],
    ["POST", `/contacts/${id}/notes`, { author_id: ola.id, body: "x" }],
    ["POST", "/contacts/merge", { contact_ids: [id, "crd_1"] }],
  ]
  for (const [method, path, json] of attempts) await refused(ola.call(method, path, { ...(json && { json }) }), 403)
})

test("a browser hears of a new name with the conversations that show it", async () => {
  const handle = unique("nora")
  await story.customerWrites("Hello", { sender: { handle } })
  const { id } = (await call("GET", `/contacts/alt:custom:${handle}`)).body
  const rows = async () => (await admin("GET", "/causeway/conversations?view=open&limit=50")).body
  const shown = async () => JSON.parse(JSON.stringify(await rows())) as unknown
  const before = JSON.stringify(await shown())
  expect(before).not.toContain("Nora Quist")
  const { db } = story.server.services
  const newest = async () =>
    (await db.query<{ type: string }>({ text: "select type from event order by position desc limit 2" })).map(
      ({ type }) => type,
    )
  await call("PATCH", `/contacts/${id}`, { name: "Nora Quist" })
  expect((await newest()).toSorted()).toEqual(["contact_changed", "conversation_changed"])
  expect(JSON.stringify(await shown())).toContain("Nora Quist")
})

test("a contact's conversations are the newest first, by id and by alias, and of the statuses asked for", async () => {
  const handle = unique("talker")
  for (const text of ["One", "Two", "Three"]) await story.customerWrites(text, { sender: { handle } })
  const path = `/contacts/alt:custom:${handle}/conversations`
  const all = ids(await call("GET", path))
  expect(all).toHaveLength(3)
  expect((await call("GET", `/conversations/${all[0]}`)).body.recipient.handle).toBe(handle)
  const page = await call("GET", `${path}?limit=2`)
  expect(ids(page)).toEqual(all.slice(0, 2))
  const next = new URL(page.body._pagination.next)
  expect(ids(await call("GET", next.pathname + next.search))).toEqual(all.slice(2))
  await call("PATCH", `/conversations/${all[1]}`, { status: "archived" })
  expect(ids(await call("GET", `${path}?q[statuses][]=archived`))).toEqual([all[1]])
  const { id } = (await call("GET", `/contacts/alt:custom:${handle}`)).body
  expect(ids(await bo.call("GET", `/contacts/${id}/conversations`))).toEqual(all)
  await refused(call("GET", "/contacts/crd_zzzzzz/conversations"), 404)
})
