import { createHmac } from "node:crypto"
import { afterAll, expect, test } from "vitest"
import { fakePartner, type Received, type Script } from "../partner.ts"
import { startStory } from "../story.ts"

/** What live integrations need of application webhooks, rule webhooks and auto-replies, by the codes of docs/compatibility.md. */
const story = await startStory()
const receiver = await fakePartner()
receiver.secret = story.app.secret
afterAll(async () => {
  await receiver.close()
  await story.close()
})
const { call, apiToken, partner } = story
const post = (path: string, json: unknown) => call("POST", path, { token: apiToken, json })

/** How the receiver answers events; challenges are echoed. */
let answer: Script = { body: {} }
receiver.answers((request) =>
  request.body?.type === "sync" ? { body: { challenge: request.headers["x-front-challenge"] } } : answer,
)
const subscribe = (over: object = {}) =>
  post(`/causeway/apps/${story.app.uid}/webhooks`, { url: `${receiver.url}/events`, ...over })
const events = (): Received[] =>
  receiver.received.filter(({ path, body }) => path === "/events" && body?.type !== "sync")
const subscription = (await subscribe()).body

test.each([
  ["JSON", (challenge: string): Script => ({ body: { challenge } })],
  ["plain text", (challenge: string): Script => ({ body: challenge })],
])("A1, trap 39: a signed challenge, in a JSON body, may be answered as %s", async (_name, echo) => {
  const one = await fakePartner()
  one.secret = story.app.secret
  one.answers((request) => echo(String(request.headers["x-front-challenge"])))
  const made = await subscribe({ url: one.url })
  expect(made.status, made.text).toBe(201)
  expect(one.received[0]).toMatchObject({
    verified: true,
    body: { type: "sync", authorization: { id: story.companyId } },
  })
  await call("DELETE", `/causeway/webhooks/${made.body.id}`, { token: apiToken })
  await one.close()
})

test("A2, A3 and A4, traps 40 and 41: the long name and the company outside, the whole event with its own name inside", async () => {
  await story.customerWrites("Hello", { sender: { handle: "rosa", name: "Rosa Díaz" } })
  await story.settle()
  const told = events().find(({ body }) => body.type === "inbound_received") as Received
  expect(told.verified).toBe(true)
  expect(told.body).toMatchObject({
    authorization: { id: story.companyId },
    payload: {
      id: expect.stringMatching(/^evt_/),
      type: "inbound",
      emitted_at: expect.any(Number),
      conversation: { id: expect.stringMatching(/^cnv_/), assignee: null },
      source: { _meta: { type: "inboxes" } },
      target: { _meta: { type: "message" }, data: { id: expect.stringMatching(/^msg_/), text: "Hello" } },
    },
  })
})

test("A5: an event is told up to three times more, and a timestamp is never in the future", async () => {
  answer = { status: 500, body: "down" }
  const before = events().length
  await story.customerWrites("Again")
  await story.settle()
  for (let i = 0; i < 6; i++) {
    await story.server.services.clock.advance(3_600_000)
    await story.settle()
  }
  const tries = events().slice(before)
  const first = tries[0] as Received
  expect(tries.filter(({ body }) => body.payload.id === first.body.payload.id)).toHaveLength(4)
  for (const request of receiver.received)
    expect(Number(request.headers["x-front-request-timestamp"])).toBeLessThanOrEqual(request.at)
  answer = { body: {} }
  await call("DELETE", `/causeway/webhooks/${subscription.id}`, { token: apiToken })
})

test("A6: a rule's webhook is the bare event, SHA-1 over the body with the company's secret, without a timestamp", async () => {
  const { secret } = (await call("GET", "/causeway/rules/secret", { token: apiToken })).body
  const rule = await post("/causeway/rules", {
    name: "Tell",
    conditions: [{ type: "text_contains", words: ["urgent"] }],
    actions: [{ type: "webhook", url: `${receiver.url}/rule` }],
  })
  expect(rule.status, rule.text).toBe(201)
  await story.customerWrites("This is urgent")
  await story.settle()
  const told = receiver.received.find(({ path }) => path === "/rule") as Received
  expect(told.body).toMatchObject({ id: expect.stringMatching(/^evt_/), type: "inbound", conversation: {}, target: {} })
  expect(told.headers["x-front-request-timestamp"]).toBeUndefined()
  expect(told.headers["x-front-signature"]).toBe(createHmac("sha1", secret).update(told.raw).digest("base64"))
})

test("W19, traps 16 and 38: an auto-reply has no id and no author, says auto_reply, and links to what it answers", async () => {
  const rule = await post("/causeway/rules", {
    name: "Away",
    conditions: [{ type: "text_contains", words: ["hours"] }],
    actions: [{ type: "auto_reply", body: "We open at nine." }],
  })
  expect(rule.status, rule.text).toBe(201)
  const customer = await story.customerWrites("What are your hours?")
  await story.settle()
  const sent = partner.received.find(({ body }) => body?.type === "message_autoreply") as Received
  const { id } = (await story.message(customer)).body
  expect(sent.body.payload).toMatchObject({ type: "auto_reply", is_inbound: false, text: "We open at nine." })
  for (const absent of ["id", "author", "blurb", "version"]) expect(sent.body.payload).not.toHaveProperty(absent)
  expect(sent.body.payload._links.related.message_replied_to.split("/").at(-1)).toBe(id)
  const imported = partner.received.filter(({ body }) => body?.type === "message_imported").at(-1) as Received
  expect(imported.body.payload).toMatchObject({ id: expect.stringMatching(/^msg_/), author: { type: "rule" } })
})
