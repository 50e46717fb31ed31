import { afterAll, describe, expect, test } from "vitest"
import { inbound, startStory, unique } from "./story.ts"

const story = await startStory()
afterAll(() => story.close())
const { call, channelToken, channelId, apiToken } = story
const sync = (json: unknown, token = channelToken()) =>
  call("POST", `/channels/${channelId}/inbound_messages`, { token, json })

describe("a customer's message", () => {
  test("is answered 202 with a uid, a Content-Length, and can be read at once", async () => {
    const accepted = await story.customerWrites("Is my order late?")
    expect(accepted).toMatchObject({
      status: 202,
      body: { status: "accepted", message_uid: expect.stringMatching(/^.{32}$/) },
    })
    expect(Number(accepted.headers.get("content-length"))).toBe(accepted.text.length)
    const message = await story.message(accepted)
    expect(message.body).toMatchObject({
      is_inbound: true,
      type: "custom",
      body: "Is my order late?",
      text: "Is my order late?",
      author: null,
      error_type: null,
    })
    expect(message.body.recipients.map((r: { role: string; handle: string }) => [r.role, r.handle])).toEqual([
      ["from", "mia"],
      ["to", expect.any(String)],
    ])
  })

  test("opens a conversation that channel, token and list all show", async () => {
    const thread = unique("thread")
    const accepted = await sync(inbound("Hello", { external_conversation_id: thread }))
    const message = await story.message(accepted)
    const conversationId = message.body._links.related.conversation.split("/").at(-1)
    const asChannel = await call("GET", `/conversations/${conversationId}`, { token: channelToken() })
    expect(asChannel.body).toMatchObject({
      id: conversationId,
      status: "unassigned",
      recipient: { handle: "mia" },
      metadata: { external_conversation_ids: [thread] },
    })
    const asToken = await call("GET", `/conversations/${conversationId}`, { token: apiToken })
    expect(asToken.body.metadata).toEqual({})
    const list = await call("GET", `/conversations/${conversationId}/messages`, { token: apiToken })
    expect(list.body).toMatchObject({ _pagination: { next: null }, _results: [{ id: message.body.id }] })
  })

  test("with the same external_conversation_id joins the conversation; another id opens another", async () => {
    const thread = unique("thread")
    const first = await story.message(await sync(inbound("one", { external_conversation_id: thread })))
    const second = await story.message(await sync(inbound("two", { external_conversation_id: thread })))
    const third = await story.message(await sync(inbound("three")))
    const link = (m: typeof first) => m.body._links.related.conversation
    expect(link(second)).toBe(link(first))
    expect(link(third)).not.toBe(link(first))
  })

  test("a repeated external_id is accepted once and answered with the first message_uid", async () => {
    const message = inbound("once")
    const first = await sync(message)
    const again = await sync({ ...message, body: "another text" })
    expect(again).toMatchObject({ status: 202, body: { message_uid: first.body.message_uid } })
    expect((await story.message(again)).body.text).toBe("once")
  })

  test("64 parallel copies of one external id make one message", async () => {
    const message = inbound("storm")
    const answers = await Promise.all(Array.from({ length: 64 }, () => sync(message)))
    expect(answers.map((a) => a.status)).toEqual(Array(64).fill(202))
    expect(new Set(answers.map((a) => a.body.message_uid)).size).toBe(1)
    const link = (await story.message(answers[0] as never)).body._links.related.conversation
    expect((await call("GET", new URL(`${link}/messages`).pathname, { token: apiToken })).body._results).toHaveLength(1)
  })

  test("64 parallel first messages of one thread make one conversation", async () => {
    const thread = unique("thread")
    const answers = await Promise.all(
      Array.from({ length: 64 }, (_, i) => sync(inbound(`m${i}`, { external_conversation_id: thread }))),
    )
    const links = await Promise.all(answers.map(async (a) => (await story.message(a)).body._links.related.conversation))
    expect(new Set(links).size).toBe(1)
  })

  test("brings an archived conversation back to the open list", async () => {
    const thread = unique("thread")
    const first = await story.message(await sync(inbound("one", { external_conversation_id: thread })))
    const path = new URL(first.body._links.related.conversation).pathname
    expect((await call("PATCH", path, { token: apiToken, json: { status: "archived" } })).status).toBe(204)
    expect((await call("GET", path, { token: apiToken })).body.status).toBe("archived")
    await sync(inbound("two", { external_conversation_id: thread }))
    expect((await call("GET", path, { token: apiToken })).body.status).toBe("unassigned")
  })

  test("is announced to the partner as message_imported, with both ids", async () => {
    const thread = unique("thread")
    await sync(inbound("tell me", { external_id: "mine-1", external_conversation_id: thread }))
    await story.settle()
    const notice = story.partner.received.find(
      (r) => r.body?.type === "message_imported" && r.body.payload.metadata.external_id === "mine-1",
    )
    expect(notice?.body).toMatchObject({
      payload: { is_inbound: true },
      metadata: { external_conversation_id: thread, external_conversation_ids: [thread] },
    })
  })
})

describe("what does not hold is refused in the vendor's form", () => {
  const cases: [string, unknown, number, RegExp][] = [
    ["no sender", { ...inbound("x"), sender: undefined }, 400, /body\.sender is required/],
    ["a null body", { ...inbound("x"), body: null }, 400, /body\.body must be a string, was null/],
    ["a number as handle", { ...inbound("x"), sender: { handle: 7 } }, 400, /body\.sender\.handle must be a string/],
    [
      "an external id of 201 characters",
      inbound("x", { external_id: "a".repeat(201) }),
      400,
      /body\.metadata\.external_id is longer than 200/,
    ],
    ["no metadata", { ...inbound("x"), metadata: undefined }, 400, /body\.metadata is required/],
    ["a string as delivered_at", { ...inbound("x"), delivered_at: "soon" }, 400, /body\.delivered_at must be/],
    ["an array instead of an object", [], 400, /body must be an object/],
  ]
  test.each(cases)("%s", async (_name, json, status, sentence) => {
    const answer = await sync(json)
    expect(answer).toMatchObject({
      status,
      body: { _error: { status, title: "Bad request", message: expect.stringMatching(sentence) } },
    })
  })

  test("malformed JSON, a key named __proto__, 26 MB, a foreign content type", async () => {
    const post = (raw: string | Buffer, headers: Record<string, string> = { "content-type": "application/json" }) =>
      call("POST", `/channels/${channelId}/inbound_messages`, { token: channelToken(), raw, headers })
    expect((await post("{")).body._error.message).toMatch(/not JSON/)
    expect((await post('{"__proto__":{}}')).body._error.message).toMatch(/__proto__/)
    expect((await post(Buffer.alloc(26 * 1024 * 1024, 32))).status).toBe(413)
    expect((await post("x", { "content-type": "application/xml" })).status).toBe(415)
    expect((await post("")).status).toBe(400)
  })
})
