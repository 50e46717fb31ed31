import { afterAll, expect, test } from "vitest"
import { startStory, unique } from "../../../test/story.ts"

const story = await startStory({ app: { features: ["reply", "templates", "calls"] } })
afterAll(() => story.close())
const { call, channelId } = story

/** The vendor's Channel API document, operation by operation: method, path, scope. */
const operations = [
  ["PATCH", "/channels/:channel_id", "channels:write"],
  ["POST", "/channels/:channel_id/inbound_messages", "messages:write"],
  ["POST", "/channels/:channel_id/outbound_messages", "messages:write"],
  ["PUT", "/channels/:channel_id/conversations/:conv_ext_id/messages/:message_ext_id/status", "messages:write"],
  ["PUT", "/channels/:channel_id/application_message_templates", "message_templates:write"],
  ["PATCH", "/channels/:channel_id/application_message_templates/:external_id", "message_templates:write"],
  ["POST", "/channels/:channel_id/calls", "channels:write"],
  ["PATCH", "/channels/:channel_id/calls/:external_call_id", "channels:write"],
  ["POST", "/channels/:channel_id/calls/:external_call_id/recording", "channels:write"],
  ["POST", "/channels/:channel_id/calls/:external_call_id/summary", "channels:write"],
  ["POST", "/channels/:channel_id/calls/:external_call_id/transcript", "channels:write"],
]

test("every operation of the Channel API is there for a channel's token, and for API tokens with its scope", () => {
  const found = story.server.endpoints.filter(({ callers }) => callers.includes("channel") && callers.includes("token"))
  const names = found.map(({ method, path, scope }) => [method, path, scope])
  for (const operation of operations) expect(names).toContainEqual(operation)
})

test("a channel's token may name its channel by address", async () => {
  const token = story.channelToken()
  const { address } = (await call("GET", `/channels/${channelId}`, { token })).body
  const path = `/channels/${encodeURIComponent(`alt:address:${address}`)}`
  const metadata = { external_id: unique("ext"), external_conversation_id: unique("thread") }
  const json = { to: [{ handle: "mia" }], body: "It ships today.", metadata }
  expect((await call("POST", `${path}/outbound_messages`, { token, json })).status).toBe(202)
  const status = `${path}/conversations/${metadata.external_conversation_id}/messages/${metadata.external_id}/status`
  expect((await call("PUT", status, { token, json: { status: "failed" } })).status).toBe(204)
  expect((await call("PATCH", path, { token, json: { status: "offline" } })).status).toBe(204)
  expect((await call("PATCH", path, { token, json: { status: "ok" } })).status).toBe(204)
  const second = await story.connect("Second")
  const other = story.channelToken({ sub: second })
  expect((await call("POST", `${path}/outbound_messages`, { token: other, json })).status).toBe(403)
})
