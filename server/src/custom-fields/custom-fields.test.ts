import { afterAll, expect, test } from "vitest"
import { startStory, unique } from "../../../test/story.ts"
import { hire } from "../teammates/people.story.ts"

const story = await startStory()
afterAll(() => story.close())
const bo = await hire(story, "Bo Reed")

const call = (method: string, path: string, json?: unknown) =>
  story.call(method, path, { token: story.apiToken, ...(json !== undefined && { json }) })
const define = async (json: object) => {
  const answer = await call("POST", "/causeway/custom_fields", json)
  expect(answer.status, answer.text).toBe(201)
  return answer.body
}
const setBo = (custom_fields: object) => call("PATCH", `/teammates/${bo.id}`, { custom_fields })
const fieldsOfBo = async () => (await call("GET", `/teammates/${bo.id}`)).body.custom_fields

test("a custom field is listed with its resource, and an enum with its choices", async () => {
  const values = [
    { value: "pro", label: "Pro plan" },
    { value: "free", label: "Free plan" },
  ]
  const plan = await define({ resource: "contact", type: "enum", name: "Plan", description: "What they pay", values })
  expect(plan).toEqual({
    _links: { self: `${story.server.url}/custom_fields/${plan.id}` },
    id: expect.stringMatching(/^fld_[0-9a-z]+$/),
    name: "Plan",
    description: "What they pay",
    type: "enum",
    values,
  })
  expect((await call("GET", "/contacts/custom_fields")).body._results).toEqual([plan])
  expect((await call("GET", "/custom_fields")).body._results).toEqual([plan])
  for (const resource of ["accounts", "conversations", "inboxes", "links", "teammates"])
    expect((await call("GET", `/${resource}/custom_fields`)).body._results, resource).toEqual([])
})

test("values are kept as their field's type says, and a change erases what it leaves out", async () => {
  const types = ["string", "boolean", "datetime", "number", "teammate", "inbox"]
  for (const type of types) await define({ resource: "teammate", type, name: `a ${type}` })
  const values = {
    "a string": "Berlin",
    "a boolean": false,
    "a datetime": 1525417200,
    "a number": 1.5,
    "a teammate": bo.id,
    "a inbox": story.inboxId,
  }
  expect((await setBo(values)).status).toBe(204)
  expect(await fieldsOfBo()).toEqual({ ...values, "a teammate": bo.email })
  expect((await setBo({ "a teammate": bo.email.toUpperCase(), "a string": null })).status).toBe(204)
  expect(await fieldsOfBo()).toEqual({ "a teammate": bo.email })
  for (const [name, value, problem] of [
    ["a string", 5, "must be a string"],
    ["a string", "x".repeat(10_001), "is longer than"],
    ["a boolean", "true", "must be true or false"],
    ["a datetime", "2026-01-01", "must be a time in seconds"],
    ["a number", "1", "must be a number"],
    ["a teammate", "nobody@example.test", "names no teammate"],
    ["a inbox", "inb_zzzzzzzz", "names no inbox"],
    ["unheard of", 1, "is no custom field of a teammate"],
  ] as const) {
    const answer = await setBo({ [name]: value })
    expect(answer.status).toBe(400)
    expect(answer.body._error.message).toContain(`body.custom_fields.${name} ${problem}`)
  }
  expect(await fieldsOfBo()).toEqual({ "a teammate": bo.email })
})

test("an inbox is made with its values, and an enum takes only its choices", async () => {
  const values = [{ value: "gold", label: "Gold" }]
  await define({ resource: "inbox", type: "enum", name: "Tier", values })
  const made = await call("POST", "/inboxes", { name: "VIP", custom_fields: { Tier: "gold" } })
  expect(made.body.custom_fields).toEqual({ Tier: "gold" })
  const refused = await call("POST", "/inboxes", { name: "VIP", custom_fields: { Tier: "lead" } })
  expect(refused.body._error.message).toContain("body.custom_fields.Tier must be one of: gold")
})

test("a new name takes the values along, and a deleted field takes them with it", async () => {
  const [city, other] = [unique("city"), unique("other")]
  const field = await define({ resource: "teammate", type: "string", name: city })
  await define({ resource: "teammate", type: "string", name: other })
  await setBo({ [city]: "Berlin", [other]: "stays" })
  const path = `/causeway/custom_fields/${field.id}`
  const renamed = await call("PATCH", path, { name: "Town", description: "Where" })
  expect(renamed.body).toMatchObject({ id: field.id, name: "Town", description: "Where", type: "string" })
  expect(await fieldsOfBo()).toEqual({ Town: "Berlin", [other]: "stays" })
  expect((await call("PATCH", path, { name: other })).status).toBe(400)
  expect((await call("DELETE", path)).status).toBe(204)
  expect(await fieldsOfBo()).toEqual({ [other]: "stays" })
  expect((await call("DELETE", path)).status).toBe(404)
})

test.each([
  [{ type: "string", name: "x" }, "body.resource is required"],
  [{ resource: "message", type: "string", name: "x" }, "body.resource must be one of"],
  [{ resource: "link", type: "text", name: "x" }, "body.type must be one of"],
  [{ resource: "link", type: "enum", name: "x" }, "body.values is required"],
  [{ resource: "link", type: "string", name: "x", values: [{ value: "a", label: "A" }] }, "body.values are for fields"],
])("the definition %j is refused", async (json, problem) => {
  const answer = await call("POST", "/causeway/custom_fields", json)
  expect(answer.status).toBe(400)
  expect(answer.body._error.message).toContain(problem)
})

test("a name is one field's, however many want it at once, and definitions are an admin's", async () => {
  const json = { resource: "link", type: "string", name: unique("same") }
  const made = await Promise.all([1, 2, 3].map(() => call("POST", "/causeway/custom_fields", json)))
  expect(made.map(({ status }) => status).toSorted()).toEqual([201, 400, 400])
  expect((await bo.call("POST", "/causeway/custom_fields", { json: { ...json, name: "mine" } })).status).toBe(403)
  expect((await bo.call("GET", "/links/custom_fields")).status).toBe(200)
})
