import { createHash } from "node:crypto"
import { afterAll, expect, test } from "vitest"
import { startStory, unique } from "../../../test/story.ts"

const story = await startStory()
afterAll(() => story.close())
const { call, apiToken, server } = story
const { db } = server.services

const make = (json: object, options = { token: apiToken }) => call("POST", "/causeway/tokens", { ...options, json })

test("a token is shown once, kept as a hash, and holds the scopes it was given and no other", async () => {
  const made = await make({ name: "reader", scopes: ["channels:read", "channels:read"] })
  expect(made.status).toBe(201)
  const { token, id } = made.body
  expect((await call("GET", "/channels", { token })).status).toBe(200)
  expect((await call("GET", "/inboxes", { token })).status).toBe(403)
  const listed = await call("GET", "/causeway/tokens", { token: apiToken })
  expect(listed.text).not.toContain(token)
  expect(listed.body.tokens).toContainEqual(expect.objectContaining({ id, name: "reader", scopes: ["channels:read"] }))
  const kept = JSON.stringify(await db.query({ text: "select t::text from api_token t" }))
  expect(kept).not.toContain(token)
  expect(kept).toContain(createHash("sha256").update(token).digest("hex"))
})

test("the list says when a token was last used, null before its first use", async () => {
  const { id, token } = (await make({ name: "new", scopes: ["channels:read"] })).body
  const lastUsed = async () =>
    (await call("GET", "/causeway/tokens", { token: apiToken })).body.tokens.find(
      (shown: { id: string }) => shown.id === id,
    ).last_used_at
  expect(await lastUsed()).toBeNull()
  const before = Date.now() / 1000 - 5
  await call("GET", "/channels", { token })
  expect(await lastUsed()).toBeGreaterThan(before)
})

test("a revoked token ends at once and is gone from the list; revoking it again finds nothing", async () => {
  const { id, token } = (await make({ name: "old", scopes: ["channels:read"] })).body
  expect((await call("GET", "/channels", { token })).status).toBe(200)
  expect((await call("DELETE", `/causeway/tokens/${id}`, { token: apiToken })).status).toBe(204)
  expect((await call("GET", "/channels", { token })).status).toBe(401)
  expect((await call("DELETE", `/causeway/tokens/${id}`, { token: apiToken })).status).toBe(404)
  expect((await call("GET", "/causeway/tokens", { token: apiToken })).text).not.toContain(id)
})

test("a token hands on what it holds and nothing else", async () => {
  const { token } = (await make({ name: unique("t"), scopes: ["tokens:write", "tags:read"] })).body
  expect((await make({ name: "child", scopes: ["tags:read"] }, { token })).status).toBe(201)
  const more = await make({ name: "child", scopes: ["tags:read", "tags:write"] }, { token })
  expect(more.status).toBe(403)
  expect(more.body._error.message).toContain("tags:write")
})

test.each([
  ["an unknown scope", { name: "x", scopes: ["everything"] }, "body.scopes"],
  ["no scope", { name: "x", scopes: [] }, "body.scopes"],
  ["no name", { scopes: ["tags:read"] }, "body.name"],
  ["a name of NUL", { name: "a\u0000b", scopes: ["tags:read"] }, "U+0000"],
])("a token with %s is refused, by name", async (_what, json, word) => {
  const made = await make(json)
  expect(made.status).toBe(400)
  expect(made.body._error.message).toContain(word)
})

test("every scope of the Channel API can be given to a token, in the vendor's spelling", async () => {
  const scopes = ["channels:write", "messages:write", "message_templates:write", "events:*:read"]
  expect((await make({ name: "vendor", scopes })).status).toBe(201)
})
