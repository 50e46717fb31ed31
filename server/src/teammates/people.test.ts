import { afterAll, expect, test } from "vitest"
import { startStory } from "../../../test/story.ts"
import { hire, signIn } from "./people.story.ts"

const story = await startStory()
afterAll(() => story.close())
const { server } = story
const bo = await hire(story, "Bo Reed")
const mo = await hire(story, "Mo Hill", "observer")
const admin = await signIn(story)

const call = (method: string, path: string, json?: unknown) =>
  story.call(method, path, { token: story.apiToken, ...(json !== undefined && { json }) })
const read = async (id: string) => (await call("GET", `/teammates/${id}`)).body
const ana = (await call("GET", "/teammates")).body._results[0]

test("a teammate is shown by id and by e-mail address, whatever its case", async () => {
  const self = `${server.url}/teammates/${bo.id}`
  const shown = await read(bo.id)
  expect(shown).toEqual({
    _links: { self, related: { inboxes: `${self}/inboxes`, conversations: `${self}/conversations`, botSource: null } },
    id: bo.id,
    email: "bo.reed@example.test",
    username: expect.stringMatching(/^boreed_[0-9a-z]+$/),
    first_name: "Bo",
    last_name: "Reed",
    is_admin: false,
    is_available: true,
    is_blocked: false,
    type: "user",
    custom_fields: {},
  })
  expect(await read("alt:email:BO.Reed@example.test")).toEqual(shown)
  expect(await read(encodeURIComponent("alt:email:bo.reed@example.test"))).toEqual(shown)
  expect((await call("GET", "/teammates/alt:email:nobody@example.test")).status).toBe(404)
  expect((await call("GET", "/teammates/tea_zzzzzzzz")).status).toBe(404)
})

test("the company's name and id are told to whoever asks who they are", async () => {
  const { body } = await call("GET", "/me")
  expect(body).toEqual({ _links: { self: `${server.url}/me` }, id: story.companyId, name: "Acme" })
})

test("a slash at the end of a path changes nothing, and one in its query stays", async () => {
  expect((await call("GET", "/me/")).body).toEqual((await call("GET", "/me")).body)
  expect((await call("PATCH", `/teammates/${bo.id}/`, { last_name: "Reed" })).status).toBe(204)
  expect((await call("GET", "/tags/?sort_by=a/")).body._error.message).toContain("query.sort_by must be id")
  expect((await call("GET", "/tags/?limit=1")).body._links.self).toBe(`${server.url}/tags?limit=1`)
  expect((await call("GET", "//")).status).toBe(404)
})

test("names and availability change, what is not named stays, and browsers hear of it", async () => {
  const before = await feed()
  const change = { username: "bo_1", first_name: "Robert", is_available: false }
  expect((await call("PATCH", `/teammates/alt:email:${bo.email}`, change)).status).toBe(204)
  expect(await read(bo.id)).toMatchObject({ ...change, last_name: "Reed" })
  expect((await feed()).slice(before.length)).toEqual([
    { type: "teammate_changed", is_public: false, target: { id: bo.id } },
  ])
})

const feed = () =>
  server.services.db.query({ text: "select type, is_public, target from event order by company_id, position" })

test("a username is lower-case letters, digits and underscores, and one teammate's", async () => {
  for (const username of ["Bo", "bo-reed", "bö", "", "x".repeat(65)])
    expect((await call("PATCH", `/teammates/${bo.id}`, { username })).status, username).toBe(400)
  await call("PATCH", `/teammates/${mo.id}`, { username: "taken" })
  const refused = await call("PATCH", `/teammates/${bo.id}`, { username: "taken" })
  expect(refused.status).toBe(400)
  expect(refused.body._error.message).toContain("body.username is somebody else's")
  const both = await Promise.all(
    [bo, mo].map(({ id }) => call("PATCH", `/teammates/${id}`, { username: "wanted_by_two" })),
  )
  expect(both.map(({ status }) => status).toSorted()).toEqual([204, 400])
})

test("a teammate changes themselves and nobody else; an admin anybody", async () => {
  const json = { is_available: true }
  expect((await bo.call("PATCH", `/teammates/${bo.id}`, { json })).status).toBe(204)
  expect((await bo.call("PATCH", `/teammates/${mo.id}`, { json })).status).toBe(403)
  expect((await mo.call("PATCH", `/teammates/${mo.id}`, { json: { is_available: false } })).status).toBe(204)
  expect((await admin("PATCH", `/teammates/${mo.id}`, { json })).status).toBe(204)
  expect((await bo.call("PATCH", `/causeway/teammates/${bo.id}`, { json: { role: "admin" } })).status).toBe(403)
})

test("a blocked teammate is signed out at once, shown as blocked, and let in again when that ends", async () => {
  const sam = await hire(story, "Sam Fox")
  expect((await sam.call("GET", "/me")).status).toBe(200)
  expect((await call("PATCH", `/causeway/teammates/${sam.id}`, { is_blocked: true })).status).toBe(204)
  expect((await sam.call("GET", "/me")).status).toBe(401)
  expect((await read(sam.id)).is_blocked).toBe(true)
  expect((await call("PATCH", `/causeway/teammates/${sam.id}`, { is_blocked: false })).status).toBe(204)
  expect((await sam.call("GET", "/me")).status).toBe(200)
})

test("the last admin stays one, also when two would go at once", async () => {
  const path = `/causeway/teammates/${ana.id}`
  for (const json of [{ role: "teammate" }, { is_blocked: true }])
    expect((await call("PATCH", path, json)).status).toBe(409)
  const eve = await hire(story, "Eve Stone", "admin")
  const both = await Promise.all(
    [ana.id, eve.id].map((id) => call("PATCH", `/causeway/teammates/${id}`, { role: "teammate" })),
  )
  expect(both.map(({ status }) => status).toSorted()).toEqual([204, 409])
})

test.each([
  [{ first_name: "x".repeat(201) }, "body.first_name is longer than 200 characters"],
  [{ is_available: "no" }, "body.is_available must be a boolean"],
  [{ custom_fields: { City: "Berlin" } }, "body.custom_fields.City is no custom field of a teammate"],
  [{ custom_fields: [] }, "body.custom_fields must be an object"],
])("a teammate with %j is refused", async (json, problem) => {
  const answer = await call("PATCH", `/teammates/${bo.id}`, json)
  expect(answer.status).toBe(400)
  expect(answer.body._error.message).toContain(problem)
})

test("a token that may do less than an admin makes none, and an integration's never does", async () => {
  const scopes = ["teammates:write", "teammates:read"]
  const small = (await call("POST", "/causeway/tokens", { name: "HR", scopes })).body.token
  const as = (method: string, path: string, json: object) => story.call(method, path, { token: small, json })
  expect((await as("PATCH", `/causeway/teammates/${bo.id}`, { role: "admin" })).status).toBe(403)
  expect((await as("POST", "/causeway/invitations", { email: "x@example.test", role: "admin" })).status).toBe(403)
  expect((await as("POST", "/causeway/invitations", { email: "x@example.test" })).status).toBe(201)
  expect((await as("PATCH", `/causeway/teammates/${mo.id}`, { role: "observer" })).status).toBe(204)
  expect((await call("POST", "/causeway/invitations", { email: "y@example.test", role: "admin" })).status).toBe(201)
})
