import { afterAll, expect, test } from "vitest"
import { type Reply, startStory, unique } from "../../../test/story.ts"

const story = await startStory()
afterAll(() => story.close())
const { call, apiToken, channelId } = story

const put = (conversation: string, message: string, json: unknown, over: { channel?: string; token?: string } = {}) =>
  call(
    "PUT",
    `/channels/${over.channel ?? channelId}/conversations/${encodeURIComponent(conversation)}/messages/${encodeURIComponent(message)}/status`,
    { token: over.token ?? story.channelToken(), json },
  )
const failed = { status: "failed", reason: "The number is no longer in service" }
const lastSegment = (url: string): string => url.split("/").at(-1) as string

/** Something sent outside and synced; its conversation is archived. */
async function sentOutside(message = unique("ext"), thread = unique("thread")) {
  const accepted = await call("POST", `/channels/${channelId}/outbound_messages`, {
    token: story.channelToken(),
    json: {
      to: [{ handle: "mia" }],
      body: "It ships today.",
      metadata: { external_id: message, external_conversation_id: thread },
    },
  })
  const { id, _links } = (await story.message(accepted)).body
  const conversation = `/conversations/${lastSegment(_links.related.conversation)}`
  expect((await call("PATCH", conversation, { token: apiToken, json: { status: "archived" } })).status).toBe(204)
  return { accepted, id, message, thread, conversation }
}

const statusOf = async (conversation: string) => (await call("GET", conversation, { token: apiToken })).body.status

async function reasonOf(accepted: Reply) {
  const { db } = story.server.services
  const rows = await db.query({
    text: "select state, error_code, error_reason, version from message where uid = $1",
    values: [accepted.body.message_uid],
  })
  return rows[0]
}

async function eventsOf(id: string): Promise<string[]> {
  const rows = await story.server.services.db.query<{ type: string }>({
    text: "select type from event where message_id = $1 and is_public order by position",
    values: [Number.parseInt(id.slice(4), 36)],
  })
  return rows.map(({ type }) => type)
}

test("a synced message that failed after all shows it with the partner's reason, and its archived conversation is open again", async () => {
  const sent = await sentOutside()
  const answer = await put(sent.thread, sent.message, failed)
  expect(answer.status).toBe(204)
  expect(answer.text).toBe("")
  expect(await reasonOf(sent.accepted)).toMatchObject({
    state: "failed",
    error_code: "delivery_failed",
    error_reason: failed.reason,
  })
  expect(await statusOf(sent.conversation)).toBe("unassigned")
  expect((await story.message(sent.accepted)).body.error_type).not.toBeNull()
  expect((await eventsOf(sent.id)).slice(1)).toEqual(["sending_error", "reopen"])
})

test("a reply that the partner took fails by the ids that the partner gave, and can be sent again", async () => {
  const thread = unique("thread")
  const written = await story.customerWrites("Is it late?", {
    metadata: { external_id: unique("ext"), external_conversation_id: thread },
  })
  const conversation = `/conversations/${lastSegment((await story.message(written)).body._links.related.conversation)}`
  const ids = { external_id: unique("sent"), external_conversation_id: unique("other") }
  story.partner.answers({ body: { type: "success", ...ids } })
  const json = { body: "Tomorrow." }
  const reply = await call("POST", `${conversation}/messages`, { token: apiToken, json })
  await story.settle()
  expect(await reasonOf(reply)).toMatchObject({ state: "sent" })
  expect((await put(ids.external_conversation_id, ids.external_id, { status: "failed" })).status).toBe(204)
  expect(await reasonOf(reply)).toMatchObject({ state: "failed", error_reason: null })
  // The thread's first id names the same conversation.
  expect((await put(thread, ids.external_id, failed)).status).toBe(204)
  expect(await reasonOf(reply)).toMatchObject({ state: "failed", error_reason: failed.reason })

  const { id } = (await story.message(reply)).body
  // While it is under way.
  story.partner.answers({ body: { type: "success", ...ids }, delayMs: 1_000 })
  expect((await call("POST", `/causeway/messages/${id}/retry`, { token: apiToken })).status).toBe(202)
  expect((await put(thread, ids.external_id, failed)).status).toBe(409)
  await story.settle()
  expect(await reasonOf(reply)).toMatchObject({ state: "sent" })
})

test("saying it twice, or twenty times at once, changes nothing more", async () => {
  const sent = await sentOutside()
  const answers = await Promise.all(Array.from({ length: 20 }, () => put(sent.thread, sent.message, failed)))
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([204]))
  const { version } = (await reasonOf(sent.accepted)) as { version: number }
  expect((await put(sent.thread, sent.message, failed)).status).toBe(204)
  expect(await reasonOf(sent.accepted)).toMatchObject({ version })
  expect(await eventsOf(sent.id)).toHaveLength(3)
})

test("ids with slashes and percent signs are decoded once", async () => {
  const sent = await sentOutside(`m/1 %2F ${unique("x")}`, `t/1 100% ${unique("x")}`)
  expect((await put(sent.thread, sent.message, failed)).status).toBe(204)
})

test("an inbound message, another status, ids that do not belong together and other channels are refused", async () => {
  const metadata = { external_id: unique("ext"), external_conversation_id: unique("thread") }
  await story.customerWrites("Hello?", { metadata })
  const inbound = await put(metadata.external_conversation_id, metadata.external_id, failed)
  expect(inbound.status).toBe(400)
  expect(inbound.body._error.message).toContain("only what was sent can fail")

  const [one, two] = [await sentOutside(), await sentOutside()]
  for (const json of [
    { status: "delivered" },
    {},
    { status: "failed", reason: 7 },
    { status: "failed", reason: "x".repeat(2001) },
  ])
    expect((await put(one.thread, one.message, json)).status).toBe(400)
  const crossed = await put(two.thread, one.message, failed)
  const missing = await put(two.thread, "none", failed)
  expect(crossed.status).toBe(404)
  expect(crossed.text.replace(one.message, "ID")).toBe(missing.text.replace("none", "ID"))

  const second = await story.connect("Second")
  const foreign = await put(one.thread, one.message, failed, {
    channel: second,
    token: story.channelToken({ sub: second }),
  })
  expect(foreign.status).toBe(404)
  expect((await put(one.thread, one.message, failed, { channel: second })).status).toBe(403)
  expect(await reasonOf(one.accepted)).toMatchObject({ state: null })
  expect(await statusOf(one.conversation)).toBe("archived")
})

test("an API token needs messages:write", async () => {
  const sent = await sentOutside()
  const weak = await call("POST", "/causeway/tokens", {
    token: apiToken,
    json: { name: "t", scopes: ["channels:write"] },
  })
  expect((await put(sent.thread, sent.message, failed, { token: weak.body.token })).status).toBe(403)
  expect((await put(sent.thread, sent.message, failed, { token: apiToken })).status).toBe(204)
})
