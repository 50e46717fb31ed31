import { setTimeout as delay } from "node:timers/promises"
import { signCustom } from "@causeway/contract/signature"
import { afterAll, afterEach, beforeAll, expect, test } from "vitest"
import { type FakePartner, fakePartner, type Received, type Script } from "../../../test/partner.ts"
import { type Reply, type Story, startStory, unique } from "../../../test/story.ts"

let story: Story
let receivers: FakePartner[] = []

beforeAll(async () => {
  story = await startStory()
})
afterAll(() => story.close())
afterEach(async () => {
  for (const one of (await call("GET", `/causeway/apps/${story.app.uid}/webhooks`)).body.webhooks)
    await call("DELETE", `/causeway/webhooks/${one.id}`)
  for (const receiver of receivers) await receiver.close()
  receivers = []
})

const call = (method: string, path: string, json?: unknown): Promise<Reply> =>
  story.call(method, path, { token: story.apiToken, json })

const echo = (request: Received): Script => ({ body: { challenge: request.headers["x-front-challenge"] } })

/** A receiver that answers challenges, and events as `script` says. */
async function receiver(script: (request: Received) => Script = () => ({ body: {} })): Promise<FakePartner> {
  const one = await fakePartner()
  one.secret = story.app.secret
  one.answers((request) => (request.body?.type === "sync" ? echo(request) : script(request)))
  receivers.push(one)
  return one
}

const subscribe = (to: FakePartner, over: object = {}): Promise<Reply> =>
  call("POST", `/causeway/apps/${story.app.uid}/webhooks`, { url: `${to.url}/events`, ...over })

const events = (of: FakePartner) => of.received.filter((request) => request.body?.type !== "sync")
const typesOf = (of: FakePartner) => events(of).map((request) => request.body.type)
const advance = (ms: number) => story.server.services.clock.advance(ms)
const write = (text = "Hello") => story.customerWrites(text)

test("subscribing asks a signed challenge, and takes its word back as JSON or as plain text", async () => {
  const polite = await receiver()
  const made = await subscribe(polite)
  expect(made).toMatchObject({ status: 201, body: { app_uid: story.app.uid, state: "active", event_types: [] } })
  const [asked] = polite.received
  expect(asked).toMatchObject({ verified: true, method: "POST" })
  expect(asked?.body).toEqual({ type: "sync", authorization: { id: story.companyId } })
  const plain = await receiver()
  plain.answers((request) => ({ body: String(request.headers["x-front-challenge"]) }))
  expect((await subscribe(plain)).status).toBe(201)
  const log = await call("GET", `/causeway/deliveries?webhook_id=${made.body.id}`)
  expect(log.body.deliveries).toMatchObject([
    { type: "webhook_challenge", status: "sent", channel_id: null, attempts: [{ response: { status: 200 } }] },
  ])
})

test("a subscription is tested by another challenge, which says what came instead of the proof", async () => {
  const polite = await receiver()
  const { id } = (await subscribe(polite)).body
  const good = await call("POST", `/causeway/webhooks/${id}/test`)
  expect(good).toMatchObject({ status: 200, body: { took_ms: expect.any(Number) } })
  expect(polite.received.map(({ verified }) => verified)).toEqual([true, true])
  polite.answers(() => ({ status: 503 }))
  const bad = await call("POST", `/causeway/webhooks/${id}/test`)
  expect([bad.status, bad.body._error?.message]).toEqual([400, expect.stringContaining("answered 503")])
  const listed = async (state: string) =>
    (await call("GET", `/causeway/webhooks?state=${state}`)).body.webhooks.map((one: { id: string }) => one.id)
  expect([await listed("active"), await listed("paused")]).toEqual([[id], []])
  await call("POST", `/causeway/webhooks/${id}/pause`)
  expect([await listed("active"), await listed("paused")]).toEqual([[], [id]])
  await call("DELETE", `/causeway/webhooks/${id}`)
})

test("an address that does not repeat the challenge is not subscribed, and the reason is said", async () => {
  const rude = await receiver()
  const refusals: [Script, string][] = [
    [{ body: { challenge: "something else" } }, "does not repeat"],
    [{ status: 403, body: "no" }, "answered 403"],
    ["reset", "connection"],
  ]
  for (const [script, reason] of refusals) {
    rude.answers(() => script)
    const refused = await subscribe(rude)
    expect([refused.status, refused.body._error?.message]).toEqual([400, expect.stringContaining(reason)])
  }
  expect((await subscribe(rude, { event_types: ["made_up"] })).status).toBe(400)
  expect((await subscribe(rude, { url: "javascript:1" })).status).toBe(400)
  expect((await call("GET", `/causeway/apps/${story.app.uid}/webhooks`)).body.webhooks).toEqual([])
  const foreign = await call("POST", "/causeway/apps/999999999999999/webhooks", { url: rude.url })
  expect(foreign.status).toBe(404)
  for (const path of ["/causeway/webhooks/whk_zzzz", "/causeway/webhooks/nonsense"])
    expect((await call("GET", path)).status).toBe(404)
})

test("events are told in order, signed, with the long name outside and the whole event inside", async () => {
  const one = await receiver()
  await subscribe(one)
  const accepted = await write("Where is it?")
  const conversation = new URL((await story.message(accepted)).body._links.related.conversation).pathname
  await call("PATCH", conversation, { assignee_id: "alt:email:ana@example.test" })
  await call("PATCH", conversation, { status: "archived" })
  await call("POST", `${conversation}/messages`, { body: "On its way." })
  await story.settle()
  expect(typesOf(one)).toEqual(["inbound_received", "assignee_changed", "conversation_archived", "outbound_sent"])
  expect(events(one).every((request) => request.verified)).toBe(true)
  const [inbound, assigned, archived, replied] = events(one).map((request) => request.body)
  expect(Object.keys(inbound)).toEqual(["type", "authorization", "payload"])
  expect(inbound.authorization).toEqual({ id: story.companyId })
  expect(inbound.payload).toMatchObject({
    id: expect.stringMatching(/^evt_/),
    type: "inbound",
    source: { _meta: { type: "inboxes" }, data: [{ id: story.inboxId }] },
    target: { _meta: { type: "message" }, data: { is_inbound: true, text: "Where is it?" } },
    conversation: { id: conversation.split("/").at(-1), _links: { self: expect.stringContaining(conversation) } },
  })
  expect(assigned.payload).toMatchObject({ type: "assign", target: { _meta: { type: "teammate" } } })
  expect(archived.payload).toMatchObject({ type: "archive", source: { _meta: { type: "api" } } })
  expect(replied.payload).toMatchObject({ type: "out_reply", target: { data: { is_inbound: false } } })
})

test("a subscription gets only what it asked for, and a preview where it wants no more", async () => {
  const one = await receiver()
  const made = await subscribe(one, { event_types: ["conversation_archived", "inbound_received"], payload: "preview" })
  const accepted = await write()
  const conversation = new URL((await story.message(accepted)).body._links.related.conversation).pathname
  await call("PATCH", conversation, { assignee_id: "alt:email:ana@example.test", status: "archived" })
  await story.settle()
  expect(typesOf(one)).toEqual(["inbound_received", "conversation_archived"])
  const { payload } = events(one)[0]?.body ?? {}
  const messageId = (await story.message(accepted)).body.id
  expect(payload.target).toEqual({
    _meta: { type: "message" },
    _links: { self: expect.stringContaining(messageId) },
    id: messageId,
  })
  expect(Object.keys(payload.conversation)).toEqual(["_links", "id"])
  await call("PATCH", `/causeway/webhooks/${made.body.id}`, { event_types: ["outbound_sent"] })
  await write()
  await story.settle()
  expect(events(one)).toHaveLength(2)
})

test("what a rule did is told with the rule as its source and the tag whole", async () => {
  const one = await receiver()
  await subscribe(one, { event_types: ["tag_added"] })
  const tag = (await call("POST", "/tags", { name: unique("VIP") })).body
  const actions = [{ type: "tag", tag_id: tag.id }]
  const rule = (await call("POST", "/causeway/rules", { name: "Tag all", actions })).body
  await write()
  await story.settle()
  expect(typesOf(one)).toEqual(["tag_added"])
  expect(events(one)[0]?.body.payload).toMatchObject({
    type: "tag",
    source: { _meta: { type: "rule" }, data: { id: rule.id, name: "Tag all", actions: [`Tag with ${tag.name}`] } },
    target: { _meta: { type: "tag" }, data: { id: tag.id, name: tag.name } },
  })
  await call("DELETE", `/causeway/rules/${rule.id}`)
})

test("what happens in a private inbox is not told", async () => {
  const one = await receiver()
  await subscribe(one)
  const { db } = story.server.services
  await db.query({ text: "update inbox set is_private = true" })
  await write("private")
  await story.settle()
  await db.query({ text: "update inbox set is_private = false" })
  await write("shared")
  await story.settle()
  expect(events(one).map((request) => request.body.payload.target.data.text)).toEqual(["shared"])
})

test("an event whose teller died is told again, and the log says that a try was interrupted", async () => {
  const one = await receiver()
  const { id } = (await subscribe(one)).body
  const { db } = story.server.services
  await call("POST", `/causeway/webhooks/${id}/pause`, {})
  await write("twice, to be sure")
  // What a process leaves that is killed between the request and its answer: a started attempt and a lease that runs out.
  const number = Number.parseInt(id.slice(4), 36)
  const position = "(select position from company_feed limit 1)"
  await db.query({
    text: `with started as (insert into delivery (company_id, id, webhook_id, sequence, type, state, due_at, attempts, conversation_id, message_id, event_position)
             select company_id, 999, $1, 'event', 'application_webhook', 'sending', '-infinity', 1, conversation_id, message_id, position
             from event where position = ${position} returning company_id, id),
           tried as (insert into attempt (company_id, delivery_id, number) select company_id, id, 1 from started)
           update webhook set position = ${position} where id = $1`,
    values: [number],
  })
  await call("POST", `/causeway/webhooks/${id}/resume`, {})
  await story.settle()
  expect(events(one).map((request) => request.body.payload.target.data.text)).toEqual(["twice, to be sure"])
  const log = await call("GET", `/causeway/deliveries?webhook_id=${id}&status=sent`)
  const told = log.body.deliveries.find((delivery: { type: string }) => delivery.type === "application_webhook")
  expect(told.attempts).toMatchObject([{ outcome: "interrupted", decision: "retry" }, { decision: "sent" }])
})

test("an event is told again up to three times, the ones behind it wait, and the log holds every try", async () => {
  let failures = 3
  const one = await receiver(() => (failures-- > 0 ? { status: 503, body: "busy" } : { body: {} }))
  const made = await subscribe(one)
  await write("first")
  await write("second")
  await story.settle()
  expect(events(one)).toHaveLength(1)
  for (const ms of [6_000, 36_000, 144_000]) {
    advance(ms)
    await story.settle()
  }
  const ids = events(one).map((request) => request.body.payload.id)
  expect(ids).toHaveLength(5)
  expect(new Set(ids.slice(0, 4)).size).toBe(1)
  expect(events(one).map((request) => request.body.payload.target.data.text)).toEqual([
    ...Array(4).fill("first"),
    "second",
  ])
  const log = await call("GET", `/causeway/deliveries?webhook_id=${made.body.id}`)
  const [, first] = log.body.deliveries
  expect(first).toMatchObject({ type: "application_webhook", status: "sent" })
  expect(first.attempts.map((attempt: { decision: string }) => attempt.decision)).toEqual([
    ...Array(3).fill("retry"),
    "sent",
  ])
  expect((await call("GET", `/causeway/webhooks/${made.body.id}`)).body.failures).toBe(0)
})

test("a lasting failure pauses the subscription with a notice; resumed, it goes on with what was never told", async () => {
  let isBroken = true
  const one = await receiver(() => (isBroken ? { status: 500, body: "broken" } : { body: {} }))
  const { id } = (await subscribe(one)).body
  for (let i = 0; i < 7; i++) await write(`message ${i}`)
  for (let i = 0; i < 20; i++) {
    await story.settle()
    advance(150_000)
  }
  const paused = await call("GET", `/causeway/webhooks/${id}`)
  expect(paused.body).toMatchObject({ state: "paused", failures: 5 })
  expect(paused.body.state_reason).toBe("5 events in a row could not be told; the last one: the receiver answered 500")
  expect(events(one)).toHaveLength(20)
  const { db } = story.server.services
  const notices = await db.query({
    text: "select is_public from event where type = 'webhook_paused' and target ? 'reason'",
  })
  expect(notices).toEqual([{ is_public: false }])
  isBroken = false
  await write("message 7")
  await story.settle()
  expect(events(one)).toHaveLength(20)
  expect(await call("POST", `/causeway/webhooks/${id}/resume`, {})).toMatchObject({
    status: 200,
    body: { state: "active" },
  })
  await story.settle()
  const told = events(one).slice(20)
  expect(told.map((request) => request.body.payload.target.data.text)).toEqual(
    Array.from({ length: 8 }, (_, i) => `message ${i}`),
  )
  expect((await call("POST", `/causeway/webhooks/${id}/resume`, {})).status).toBe(409)
})

test("an event that is refused for good is not told again, and the next one is", async () => {
  const one = await receiver((request) => ({
    status: request.body.payload.target.data.text === "bad" ? 400 : 200,
    body: {},
  }))
  const { id } = (await subscribe(one)).body
  await write("bad")
  await write("good")
  await story.settle()
  expect(events(one).map((request) => request.body.payload.target.data.text)).toEqual(["bad", "good"])
  const failed = await call("GET", `/causeway/deliveries?webhook_id=${id}&status=failed`)
  expect(failed.body.deliveries).toMatchObject([{ error_code: "http_400", reason: "the receiver answered 400" }])
  const replayed = await call("POST", `/causeway/deliveries/${failed.body.deliveries[0].id}/replay`, {})
  expect(replayed.status).toBe(202)
  await story.settle()
  expect(events(one)).toHaveLength(3)
})

test("a receiver that says 410 is left alone at once", async () => {
  const one = await receiver(() => ({ status: 410, body: {} }))
  const { id } = (await subscribe(one)).body
  await write()
  await story.settle()
  expect((await call("GET", `/causeway/webhooks/${id}`)).body).toMatchObject({ state: "paused", failures: 1 })
})

test("a receiver that hangs delays neither other receivers nor the partner", async () => {
  const hung = await Promise.all([receiver(() => "silence"), receiver(() => "silence"), receiver(() => "silence")])
  const healthy = await receiver()
  for (const one of [...hung, healthy]) await subscribe(one)
  story.partner.received.length = 0
  const started = Date.now()
  await write("to everybody")
  await write("and again")
  while ((events(healthy).length < 2 || story.partner.received.length < 2) && Date.now() - started < 3_000)
    await delay(5)
  expect(Date.now() - started).toBeLessThan(2_500)
  for (const one of hung) expect(events(one).length).toBeLessThan(2)
  for (const one of hung) await one.close() // what hangs ends with its connection
})

test("what happens while the server is down is told after the next start", async () => {
  const one = await receiver()
  await subscribe(one)
  await write("before")
  await story.restart()
  await write("after")
  await story.settle()
  expect(events(one).map((request) => request.body.payload.target.data.text)).toEqual(["before", "after"])
})

test("a rule's webhook gets the bare event, signed with SHA-1 over the body alone, once", async () => {
  const one = await receiver(() => ({ status: 500, body: "no" }))
  const made = await call("POST", "/causeway/rules", {
    name: "Tell the back end",
    actions: [{ type: "webhook", url: `${one.url}/rule`, bearer: "s3cret" }],
  })
  expect(made.body.actions).toMatchObject([{ type: "webhook", has_bearer: true, payload: "full" }])
  expect(made.text).not.toContain("s3cret")
  await write("To the rule")
  await story.settle()
  advance(600_000)
  await story.settle()
  const [sent] = one.received
  expect(one.received).toHaveLength(1)
  expect(sent?.body).toMatchObject({
    type: "inbound",
    id: expect.stringMatching(/^evt_/),
    target: { data: { text: "To the rule" } },
    conversation: { id: expect.stringMatching(/^cnv_/) },
  })
  const { secret } = (await call("GET", "/causeway/rules/secret")).body
  expect(sent?.headers["x-front-signature"]).toBe(signCustom(secret, String(sent?.raw)))
  expect(sent?.headers).not.toHaveProperty("x-front-request-timestamp")
  expect(sent?.headers.authorization).toBe("Bearer s3cret")
  const { webhook_id } = made.body.actions[0]
  const log = await call("GET", `/causeway/deliveries?webhook_id=${webhook_id}`)
  expect(log.body.deliveries).toMatchObject([{ type: "rule_webhook", status: "failed", error_code: "http_500" }])
  expect(log.text).not.toContain("s3cret")
  // The same address goes on with the same queue and credential; another is another.
  const kept = await call("PATCH", `/causeway/rules/${made.body.id}`, {
    actions: [{ type: "webhook", url: `${one.url}/rule`, payload: "preview" }],
  })
  expect(kept.body.actions).toMatchObject([{ webhook_id, has_bearer: true }])
  await write(unique("preview"))
  await story.settle()
  expect(one.received[1]?.headers.authorization).toBe("Bearer s3cret")
  expect(Object.keys(one.received[1]?.body.conversation)).toEqual(["_links", "id"])
  await call("DELETE", `/causeway/rules/${made.body.id}`)
  await write()
  await story.settle()
  expect(one.received).toHaveLength(2)
})
