import { verifyWebhook } from "@causeway/contract/signature"
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest"
import { inbound, type Reply, startStory, unique } from "./story.ts"

const story = await startStory()
afterAll(() => story.close())
const { call, apiToken, partner } = story

/** A customer has written; what follows is about answering. */
async function customerWaits(): Promise<{ path: string; thread: string; externalId: string; inboundId: string }> {
  const thread = unique("thread")
  const externalId = unique("ext")
  const message = await story.message(
    await story.customerWrites(
      "Is my order late?",
      inbound("Is my order late?", { external_id: externalId, external_conversation_id: thread }),
    ),
  )
  await story.settle()
  partner.received.length = 0
  return {
    path: new URL(message.body._links.related.conversation).pathname,
    thread,
    externalId,
    inboundId: message.body.id,
  }
}

const reply = (path: string, over: object = {}, headers: Record<string, string> = {}): Promise<Reply> =>
  call("POST", `${path}/messages`, {
    token: apiToken,
    json: { body: "It ships <b>today</b>.", options: { archive: false }, ...over },
    headers,
  })

const read = async (accepted: Reply): Promise<Reply> =>
  call("GET", `/messages/alt:uid:${accepted.body.message_uid}`, { token: story.channelToken() })
const sends = () => partner.received.filter((request) => request.body?.type === "message")
const stateOf = async (accepted: Reply): Promise<{ state: string; code: string | null; reason: string | null }> => {
  const message = await call("GET", `/messages/alt:uid:${accepted.body.message_uid}`, { token: apiToken })
  const rows = await story.server.services.db.query<{
    state: string
    error_code: string | null
    error_reason: string | null
  }>({
    text: "select state, error_code, error_reason from message where uid = $1",
    values: [message.body.message_uid],
  })
  return { state: rows[0]?.state ?? "", code: rows[0]?.error_code ?? null, reason: rows[0]?.error_reason ?? null }
}

beforeEach(() => partner.answers())

describe("a reply", () => {
  test("reaches the partner as the guide says: signed, with the thread's ids, the addressee after the channel's own address", async () => {
    const { path, thread, externalId, inboundId } = await customerWaits()
    const accepted = await reply(path)
    expect(accepted).toMatchObject({ status: 202, body: { status: "accepted", message_uid: expect.any(String) } })
    await story.settle()
    const [send] = sends()
    expect(send?.method).toBe("POST")
    expect(send?.body).toMatchObject({
      type: "message",
      payload: {
        type: "custom",
        is_inbound: false,
        is_draft: true,
        error_type: null,
        body: "It ships <b>today</b>.",
        text: "It ships today.",
        recipients: [{ role: "from" }, { role: "to", handle: "mia" }],
        attachments: [],
        metadata: { headers: { in_reply_to: externalId } },
      },
      metadata: { external_conversation_id: thread, external_conversation_ids: [thread] },
    })
    expect(send?.body.payload._links.related.message_replied_to).toMatch(new RegExp(`/messages/${inboundId}$`))
    expect(send?.body).not.toHaveProperty("emitted_at")
    expect(send?.body).not.toHaveProperty("target")
    const timestamp = String(send?.headers["x-front-request-timestamp"])
    expect(Math.abs(Number(timestamp) - Date.now())).toBeLessThan(60_000)
    const raw = send?.raw.toString() ?? ""
    expect(raw).toBe(JSON.stringify(JSON.parse(raw)))
    expect(
      verifyWebhook(story.app.secret, { timestamp, body: raw, signature: String(send?.headers["x-front-signature"]) }),
    ).toBe(true)
  })

  test("is sent once the partner has answered, and its ids are the partner's", async () => {
    const { path } = await customerWaits()
    partner.answers({
      status: 200,
      body: { type: "success", external_id: "their-1", external_conversation_id: "their-thread-1" },
    })
    const accepted = await reply(path)
    await story.settle()
    expect((await read(accepted)).body).toMatchObject({
      is_draft: false,
      draft_mode: null,
      error_type: null,
      metadata: { external_id: "their-1" },
    })
    const conversation = await call("GET", path, { token: story.channelToken() })
    expect(conversation.body.metadata.external_conversation_ids).toContain("their-thread-1")
    const next = await story.message(
      await story.customerWrites("thanks", inbound("thanks", { external_conversation_id: "their-thread-1" })),
    )
    expect(new URL(next.body._links.related.conversation).pathname).toBe(path)
  })

  test("with an Idempotency-Key is kept once, however often it is posted", async () => {
    const { path } = await customerWaits()
    const key = { "idempotency-key": unique("key") }
    const answers = await Promise.all(Array.from({ length: 8 }, () => reply(path, {}, key)))
    expect(new Set(answers.map((answer) => answer.body.message_uid)).size).toBe(1)
    await story.settle()
    expect(sends()).toHaveLength(1)
  })

  test("of another channel with the same Idempotency-Key is another reply, and is told nothing of the first", async () => {
    const headers = { "idempotency-key": unique("key") }
    const own = await call("POST", `${(await customerWaits()).path}/messages`, {
      token: story.channelToken(),
      json: { body: "from the first" },
      headers,
    })
    const other = await story.connect("Acme SMS of another town")
    const token = story.channelToken({ sub: other })
    const written = await call("POST", `/channels/${other}/inbound_messages`, { token, json: inbound("And here?") })
    const message = await call("GET", `/messages/alt:uid:${written.body.message_uid}`, { token })
    const { pathname } = new URL(message.body._links.related.conversation)
    const reply = await call("POST", `${pathname}/messages`, { token, json: { body: "from the second" }, headers })
    expect([own.status, reply.status]).toEqual([202, 202])
    expect(reply.body.message_uid).not.toBe(own.body.message_uid)
    await story.settle()
    expect(sends().map(({ body }) => body.payload.body)).toEqual(["from the first", "from the second"])
  })

  test("from the API archives the conversation unless told not to", async () => {
    const { path } = await customerWaits()
    await reply(path, { options: undefined })
    expect((await call("GET", path, { token: apiToken })).body.status).toBe("archived")
  })

  test("leaves in the order it was written, 30 at once", async () => {
    const { path } = await customerWaits()
    for (let i = 0; i < 30; i++) await reply(path, { body: `line ${i}` })
    await story.settle()
    expect(sends().map((send) => send.body.payload.text)).toEqual(Array.from({ length: 30 }, (_, i) => `line ${i}`))
  })
})

describe("the partner's answer decides", () => {
  const answers: [string, Parameters<typeof partner.answers>[0], string, string | null, RegExp | null][] = [
    [
      "success with both ids",
      { status: 200, body: { type: "success", external_id: "e1", external_conversation_id: "c1" } },
      "sent",
      null,
      null,
    ],
    ["201 without a type", { status: 201, body: {} }, "sent", null, null],
    ["plain text OK", { status: 200, body: "OK" }, "sent", null, null],
    [
      "ids that are null",
      { status: 200, body: { type: "success", external_id: null, external_conversation_id: null } },
      "sent",
      null,
      null,
    ],
    [
      "bad_request with 400 and a reason",
      { status: 400, body: { type: "bad_request", message: "unknown recipient" } },
      "failed",
      "bad_request",
      /unknown recipient/,
    ],
    [
      "an error type on 200",
      { status: 200, body: { type: "forbidden", message: "window closed" } },
      "failed",
      "forbidden",
      /window closed/,
    ],
    ["a bare 404", { status: 404, body: "gone" }, "failed", "not_found", null],
    ["a bare 500", { status: 500, body: "boom" }, "failed", "internal_error", null],
    ["a redirect", { status: 302, headers: { location: "http://127.0.0.1:1/" }, body: "" }, "failed", null, null],
    ["a reset after the request was read", "reset", "unknown", null, null],
    ["an answer cut off before its status", "cut", "unknown", null, null],
  ]
  test.each(answers)("%s", async (_name, answer, state, code, reason) => {
    const { path } = await customerWaits()
    partner.answers(answer)
    const accepted = await reply(path)
    await story.settle()
    const now = await stateOf(accepted)
    expect(now.state).toBe(state)
    if (code) expect(now.code).toBe(code)
    if (reason) expect(now.reason).toMatch(reason)
    expect(sends()).toHaveLength(1)
  })

  test("a reply of unknown fate is sent once the partner imports it under our id", async () => {
    const { path } = await customerWaits()
    partner.answers("reset")
    const accepted = await reply(path)
    await story.settle()
    const unknown = await read(accepted)
    expect((await stateOf(accepted)).state).toBe("unknown")
    const imported = await call("POST", `/channels/${story.channelId}/outbound_messages`, {
      token: story.channelToken(),
      json: {
        to: [{ handle: "mia" }],
        body: "x",
        metadata: { external_id: unknown.body.id, external_conversation_id: "t" },
      },
    })
    expect(imported.body).toEqual({ status: "accepted", message_uid: accepted.body.message_uid })
    expect((await stateOf(accepted)).state).toBe("sent")
    expect(sends()).toHaveLength(1)
  })

  test("a reply the partner refuses becomes failed with the partner's reason; Retry makes exactly one new delivery with the same message id", async () => {
    const { path } = await customerWaits()
    partner.answers({ status: 400, body: { type: "bad_request", message: "unknown recipient" } })
    const accepted = await reply(path)
    await story.settle()
    const failed = await read(accepted)
    expect(failed.body).toMatchObject({ is_draft: true, error_type: "webhook_error" })
    partner.answers()
    const retried = await call("POST", `/causeway/messages/${failed.body.id}/retry`, { token: apiToken })
    expect(retried).toMatchObject({ status: 202, body: { delivery_id: expect.stringMatching(/^dlv_/) } })
    await story.settle()
    expect((await stateOf(accepted)).state).toBe("sent")
    expect(sends().map((send) => send.body.payload.id)).toEqual([failed.body.id, failed.body.id])
    expect(await call("POST", `/causeway/messages/${failed.body.id}/retry`, { token: apiToken })).toMatchObject({
      status: 409,
    })
  })
})

describe("a reply that waits", () => {
  const ofChannel = (status: "offline" | "ok") =>
    call("PATCH", `/channels/${story.channelId}`, { token: story.channelToken(), json: { status } })
  const cancel = async (accepted: Reply) =>
    call("POST", `/causeway/messages/${(await read(accepted)).body.id}/cancel`, { token: apiToken })
  afterEach(() => ofChannel("ok"))

  test("is cancelled: it never leaves, what is written after it does, and its words are answered", async () => {
    const { path } = await customerWaits()
    await ofChannel("offline")
    const first = await reply(path, { body: "Never mind" })
    const second = await reply(path, { body: "This one" })
    expect(await cancel(first)).toMatchObject({ status: 200, body: { state: "undone", text: "Never mind" } })
    expect((await read(first)).status).toBe(404)
    await ofChannel("ok")
    await story.settle()
    expect(sends().map((send) => send.body.payload.text)).toEqual(["This one"])
    expect((await stateOf(second)).state).toBe("sent")
    expect(await cancel(second)).toMatchObject({
      status: 409,
      body: { _error: { message: expect.stringMatching(/Too late to cancel/) } },
    })
  })

  test("lets the one behind it go, when it was waiting for another try", async () => {
    const { path } = await customerWaits()
    partner.answers({ status: 429, headers: { "retry-after": "30" }, body: "slow down" })
    const first = await reply(path, { body: "First" })
    await reply(path, { body: "Second" })
    await story.settle()
    expect((await stateOf(first)).state).toBe("waiting")
    partner.answers()
    expect((await cancel(first)).body.state).toBe("undone")
    await call("POST", "/causeway/clock", { token: apiToken, json: { advance_seconds: 31 } })
    await story.settle()
    expect(sends().map((send) => send.body.payload.text)).toEqual(["First", "Second"])
    expect((await read(first)).status).toBe(404)
  })

  test("and had failed before is failed again, with the reason that it had", async () => {
    const { path } = await customerWaits()
    partner.answers({ status: 400, body: { type: "bad_request", message: "unknown recipient" } })
    const accepted = await reply(path)
    await story.settle()
    partner.answers()
    await ofChannel("offline")
    await call("POST", `/causeway/messages/${(await read(accepted)).body.id}/retry`, { token: apiToken })
    expect((await stateOf(accepted)).state).toBe("waiting")
    expect((await cancel(accepted)).body.state).toBe("failed")
    expect(await stateOf(accepted)).toMatchObject({ state: "failed", code: "bad_request", reason: "unknown recipient" })
    await ofChannel("ok")
    await story.settle()
    expect(sends()).toHaveLength(1)
  })
})

describe("an offline channel", () => {
  test("keeps replies waiting and taking messages; back online the young ones go out", async () => {
    const { path } = await customerWaits()
    expect(
      (
        await call("PATCH", `/channels/${story.channelId}`, {
          token: story.channelToken(),
          json: { status: "offline" },
        })
      ).status,
    ).toBe(204)
    const accepted = await reply(path)
    expect(accepted.status).toBe(202)
    await story.settle()
    expect(sends()).toHaveLength(0)
    expect((await stateOf(accepted)).state).toBe("waiting")
    expect((await story.customerWrites("still there?")).status).toBe(202)
    await call("PATCH", `/channels/${story.channelId}`, { token: story.channelToken(), json: { status: "ok" } })
    await story.settle()
    expect((await stateOf(accepted)).state).toBe("sent")
  })

  test("is what a 401 makes of a channel", async () => {
    const { path } = await customerWaits()
    partner.answers({ status: 401, body: { type: "authentication_required", message: "token revoked" } })
    const accepted = await reply(path)
    await story.settle()
    expect(await stateOf(accepted)).toMatchObject({
      state: "failed",
      code: "authentication_required",
      reason: expect.stringMatching(/token revoked/),
    })
    expect((await call("GET", `/channels/${story.channelId}`, { token: apiToken })).body.is_valid).toBe(false)
    await call("PATCH", `/channels/${story.channelId}`, { token: story.channelToken(), json: { status: "ok" } })
  })
})
