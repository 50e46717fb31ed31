import { afterAll, expect, test } from "vitest"
import { startStory } from "../../../test/story.ts"

const story = await startStory()
afterAll(() => story.close())
const token = story.apiToken

async function replyOn(conversation: string, text: string): Promise<void> {
  await story.call("POST", `${new URL(conversation).pathname}/messages`, { token, json: { body: text } })
  await story.settle()
}

test("a channel's health counts what its server answered, by hour and by code, and says when it was last heard of", async () => {
  const path = `/causeway/channels/${story.channelId}/health`
  const fresh = (await story.call("GET", path, { token })).body
  expect(fresh).toMatchObject({
    succeeded: fresh.answered,
    failures: [],
    last_inbound_at: null,
    last_outbound_at: null,
  })
  const written = await story.customerWrites("Is my order late?")
  const { conversation } = (await story.message(written)).body._links.related
  await replyOn(conversation, "It ships today.")
  story.partner.answers({ status: 400, body: { type: "bad_request", message: "too long" } })
  await replyOn(conversation, "And the bill follows.")
  await replyOn(conversation, "And the bill follows again.")
  const { body } = await story.call("GET", path, { token })
  expect(body.failures).toEqual([{ code: "bad_request", count: 2 }])
  expect(body.answered - body.succeeded).toBe(2)
  expect(body.hours).toHaveLength(24)
  expect(body.hours.at(-1)).toEqual({ succeeded: body.succeeded, failed: 2 })
  expect(body.p95_ms).toBeGreaterThanOrEqual(body.p50_ms)
  for (const at of [body.last_inbound_at, body.last_outbound_at]) expect(at).toBeGreaterThan(Date.now() / 1000 - 60)
})
