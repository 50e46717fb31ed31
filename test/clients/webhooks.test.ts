import { createHmac } from "node:crypto"
import { webhooks } from "@causeway/contract/webhooks"
import { Ajv } from "ajv"
import { afterAll, beforeEach, expect, test } from "vitest"
import type { Received } from "../partner.ts"
import { type Reply, startStory, unique } from "../story.ts"

/** What live integrations need of the webhooks they get, by the codes of docs/compatibility.md. */
const story = await startStory()
afterAll(() => story.close())
const { call, apiToken, partner } = story
beforeEach(() => partner.answers())

const of = (type: string): Received[] => partner.received.filter(({ body }) => body?.type === type)
const last = (type: string): Received => of(type).at(-1) as Received

/** A customer writes and a teammate's session answers; the webhooks of both. */
async function exchange(
  text = "It ships today.",
  json: object = {},
): Promise<{ imported: Received; sent: Received; conversation: string; thread: string; accepted: Reply }> {
  const thread = unique("thread")
  const customer = await story.customerWrites("Is my order late?", {
    sender: { handle: "rosa", name: "Rosa Díaz" },
    metadata: { external_id: unique("e"), external_conversation_id: thread },
  })
  await story.settle()
  const imported = last("message_imported")
  const conversation = new URL((await story.message(customer)).body._links.related.conversation).pathname
  const accepted = await call("POST", `${conversation}/messages`, {
    token: apiToken,
    json: { body: text, author_id: "alt:email:ana@example.test", options: { archive: false }, ...json },
  })
  expect(accepted.status, accepted.text).toBe(202)
  await story.settle()
  return { imported, sent: last("message"), conversation, thread, accepted }
}

test("W1, trap 3: the timestamp is in milliseconds, and the signature is over that very string, a colon and the body", async () => {
  const { sent } = await exchange()
  const timestamp = String(sent.headers["x-front-request-timestamp"])
  expect(Math.abs(Number(timestamp) - Date.now())).toBeLessThan(60_000)
  const signature = createHmac("sha256", story.app.secret).update(`${timestamp}:`).update(sent.raw).digest("base64")
  expect(sent.headers["x-front-signature"]).toBe(signature)
})

test("W2, trap 3: every body is what JSON.stringify makes of it again, odd characters included", async () => {
  await exchange("<p>naïve &amp; “quotes” \u2028 😀 \\u003c /</p>", { subject: 'a "subject"' })
  for (const { raw } of partner.received.filter(({ raw }) => raw.length > 0))
    expect(raw.toString()).toBe(JSON.stringify(JSON.parse(raw.toString())))
})

test("W3: bytes are sent as they were signed: UTF-8, not compressed", async () => {
  const { sent } = await exchange("Größe 😀")
  expect(sent.headers["content-encoding"]).toBeUndefined()
  expect(sent.headers["content-type"]).toMatch(/^application\/json/)
  expect(sent.headers["content-length"]).toBe(String(sent.raw.length))
  expect(sent.body.payload.text).toContain("Größe 😀")
})

test("W4, trap 3: the signature is standard base64 with its padding", async () => {
  const { sent } = await exchange()
  expect(sent.headers["x-front-signature"]).toMatch(/^[A-Za-z0-9+/]{43}=$/)
})

test("W5, traps 15 and 16: a custom channel's webhook is the bare message, signed with SHA-1 over the body alone", async () => {
  const made = await call("POST", `/inboxes/${story.inboxId}/channels`, {
    token: apiToken,
    json: { type: "custom", name: "Bare", settings: { webhook_url: `${partner.url}/bare`, compose_mode: "normal" } },
  })
  expect(made.status, made.text).toBe(204)
  const id = String(made.headers.get("location")).split("/").at(-1)
  const before = partner.received.length
  const accepted = await call("POST", `/channels/${id}/messages`, {
    token: apiToken,
    json: { to: ["mia"], body: "Hello" },
  })
  expect(accepted.status, accepted.text).toBe(202)
  await story.settle()
  const sent = partner.received.slice(before).find(({ path }) => path === "/bare") as Received
  expect(sent.body).toMatchObject({ id: expect.stringMatching(/^msg_/), text: expect.stringContaining("Hello") })
  expect(sent.headers["x-front-request-timestamp"]).toBeUndefined()
  const { secret } = (await call("GET", "/causeway/rules/secret", { token: apiToken })).body
  expect(sent.headers["x-front-signature"]).toBe(createHmac("sha1", secret).update(sent.raw).digest("base64"))
})

test("W6: authorization is signed like everything else", () => {
  expect(of("authorization").every(({ verified }) => verified)).toBe(true)
})

test("W7: the connect key comes as Bearer on every webhook", async () => {
  const app = (
    await call("POST", "/causeway/apps", {
      token: apiToken,
      json: { name: "Keyed", webhook_url: `${partner.url}/keyed`, server_auth: { type: "api_key" } },
    })
  ).body
  const connected = await call("POST", `/inboxes/${story.inboxId}/channels`, {
    token: apiToken,
    json: { type: "custom", name: "Keyed", application_uid: app.uid, credentials: { api_key: "connect-key" } },
  })
  expect(connected.status, connected.text).toBe(204)
  const id = String(connected.headers.get("location")).split("/").at(-1)
  const before = partner.received.length
  await call("POST", `/channels/${id}/messages`, { token: apiToken, json: { to: ["mia"], body: "Hello" } })
  await story.settle()
  await call("DELETE", `/channels/${id}`, { token: apiToken })
  await story.settle()
  const webhooksOfIt = [of("authorization").at(-1) as Received, ...partner.received.slice(before)]
  expect(webhooksOfIt.map(({ body }) => body.type)).toEqual(["authorization", "message", "delete"])
  expect(new Set(webhooksOfIt.map(({ headers }) => headers.authorization))).toEqual(new Set(["Bearer connect-key"]))
})

test("W8: webhooks go to the address that authorization answered; without one, to the app's", async () => {
  const { sent } = await exchange()
  expect(sent.path).toBe("/instance")
})

test.each([
  ["200 as text", { status: 200, body: "OK" }],
  ["200 as JSON", { status: 200, body: {} }],
  ["404", { status: 404, body: "no such hook" }],
])("W9, trap 9: a deletion is an HTTP DELETE with a signed JSON body; whatever comes back (%s), the channel is gone", async (_name, answer) => {
  const id = await story.connect(unique("gone"))
  partner.answers((request: Received) => (request.method === "DELETE" ? answer : { body: { type: "success" } }))
  expect((await call("DELETE", `/channels/${id}`, { token: apiToken })).status).toBe(204)
  await story.settle()
  const heard = partner.received.filter(({ method, body }) => method === "DELETE" && body?.payload.channel_id === id)
  expect(heard.length).toBeGreaterThan(0)
  expect(heard[0]).toMatchObject({ verified: true, body: { type: "delete", payload: { channel_id: id } } })
  expect((await call("GET", `/channels/${id}`, { token: apiToken })).status).toBe(404)
})

test("W10, trap 8: only documented types are ever sent", () => {
  const types = new Set(partner.received.flatMap(({ body }) => (body?.type && !body.id ? [body.type] : [])))
  expect([...types].filter((type) => !(type in webhooks) || type === "list_addresses")).toEqual([])
})

test.each([
  ["W11", "201", { status: 201, body: { type: "success", external_id: "x1", external_conversation_id: "c1" } }],
  ["W12", "an empty object", { body: {} }],
  ["W12, trap 6", "plain OK", { body: "OK" }],
  ["W12", "no type", { body: { external_id: unique("x"), external_conversation_id: "c" } }],
  ["W12", "foreign JSON", { body: { status: "queued" } }],
  ["W13", "no ids", { body: { type: "success" } }],
  ["W13", "null ids", { body: { type: "success", external_id: null, external_conversation_id: null } }],
  ["W13", "joined ids", { body: { type: "success", external_id: "a,b,c", external_conversation_id: "d" } }],
])("%s: a reply answered with %s is sent", async (_code, _name, answer) => {
  partner.answers(answer)
  const { accepted } = await exchange()
  expect((await story.message(accepted)).body).toMatchObject({ is_draft: false, error_type: null })
})

test("W13, trap 21: a new external_conversation_id in the answer is one more key of the same conversation", async () => {
  const fresh = unique("fresh")
  partner.answers({ body: { type: "success", external_id: unique("x"), external_conversation_id: fresh } })
  const { conversation, thread } = await exchange()
  for (const key of [thread, fresh]) {
    const next = await story.customerWrites("Thanks", {
      metadata: { external_id: unique("e"), external_conversation_id: key },
    })
    expect(new URL((await story.message(next)).body._links.related.conversation).pathname).toBe(conversation)
  }
})

test("W14, trap 4: external_conversation_ids is always a list; the singular is there only when the thread has one", async () => {
  const { sent, imported, thread } = await exchange()
  expect(sent.body.metadata).toEqual({ external_conversation_id: thread, external_conversation_ids: [thread] })
  expect(imported.body.metadata).toEqual({ external_conversation_id: thread, external_conversation_ids: [thread] })
  await call("POST", `/channels/${story.channelId}/messages`, {
    token: apiToken,
    json: { to: ["somebody new"], body: "Hello" },
  })
  await story.settle()
  expect(last("message").body.metadata).toEqual({ external_conversation_ids: [] })
})

test("W15: headers.in_reply_to is the external id of what is answered, and null on a new message", async () => {
  const { sent, imported } = await exchange()
  expect(sent.body.payload.metadata.headers.in_reply_to).toBe(imported.body.payload.metadata.external_id)
  await call("POST", `/channels/${story.channelId}/messages`, {
    token: apiToken,
    json: { to: ["another one"], body: "Hello" },
  })
  await story.settle()
  expect(last("message").body.payload.metadata.headers).toEqual({ in_reply_to: null })
})

test("W16: recipients begin with the channel's own address as from, then to", async () => {
  const { sent } = await exchange()
  expect(sent.body.payload.recipients.map(({ role }: { role: string }) => role)).toEqual(["from", "to"])
  expect(sent.body.payload.recipients[1].handle).toBe("rosa")
})

test("W17: text and body are both strings", async () => {
  const { sent, imported } = await exchange()
  for (const { body } of [sent, imported])
    expect([typeof body.payload.text, typeof body.payload.body]).toEqual(["string", "string"])
})

test("W18: a teammate's message carries the whole teammate", async () => {
  const { sent } = await exchange()
  expect(sent.body.payload.author).toMatchObject({
    email: "ana@example.test",
    first_name: "Ana",
    last_name: "Lee",
    username: expect.any(String),
  })
})

test("W20: attachments are always a list, each with id, url, filename, content_type, size and metadata.is_inline", async () => {
  const form = new FormData()
  form.set("body", "See the file")
  form.set("attachments[0]", new File(["abc"], "a.txt", { type: "text/plain" }))
  const { sent, conversation } = await exchange()
  expect(sent.body.payload.attachments).toEqual([])
  await call("POST", `${conversation}/messages`, { token: apiToken, form })
  await story.settle()
  const [file] = last("message").body.payload.attachments
  expect(file).toEqual({
    id: expect.stringMatching(/^fil_/),
    url: expect.stringMatching(/\/messages\/msg_\w+\/download\/fil_\w+$/),
    filename: "a.txt",
    content_type: "text/plain",
    size: 3,
    metadata: { is_inline: false },
  })
})

test("W21: an envelope has type, payload and metadata, and never emitted_at or target", () => {
  for (const { body } of partner.received.filter(({ body }) => body?.type && !body.id))
    expect(Object.keys(body).filter((key) => !["type", "payload", "metadata"].includes(key))).toEqual([])
})

test("W22: the links of a payload are absolute and open with the API token", async () => {
  const { sent } = await exchange()
  const { _links: links } = sent.body.payload
  for (const link of [
    links.self,
    links.related.conversation,
    links.related.message_replied_to,
    links.related.message_seen,
  ]) {
    const url = new URL(link)
    expect((await call("GET", url.pathname, { token: apiToken })).status, link).toBe(200)
  }
})

test("W23: an API call is answered while its webhook is still under way", async () => {
  partner.answers({ delayMs: 1500, body: { type: "success" } })
  const customer = await story.customerWrites("Hi")
  const conversation = new URL((await story.message(customer)).body._links.related.conversation).pathname
  const start = performance.now()
  expect((await call("POST", `${conversation}/messages`, { token: apiToken, json: { body: "Hello" } })).status).toBe(
    202,
  )
  expect(performance.now() - start).toBeLessThan(1000)
  await story.settle()
})

test("W24: a failed message is not tried again by itself; a person's Retry keeps the id and says error_type webhook_error", async () => {
  partner.answers({ status: 500, body: { type: "internal_error", message: "down" } })
  const before = of("message").length
  const { accepted } = await exchange()
  await story.settle()
  expect(of("message")).toHaveLength(before + 1)
  const id = (await story.message(accepted)).body.id
  partner.answers()
  await call("POST", `/causeway/messages/${id}/retry`, { token: apiToken })
  await story.settle()
  expect(of("message")).toHaveLength(before + 2)
  expect(last("message").body.payload).toMatchObject({ id, is_draft: true, error_type: "webhook_error" })
})

test("W25: message_imported carries the partner's own ids back", async () => {
  const externalId = unique("e")
  await story.customerWrites("Hi", { metadata: { external_id: externalId, external_conversation_id: "mine" } })
  await story.settle()
  expect(last("message_imported").body).toMatchObject({
    payload: { metadata: { external_id: externalId } },
    metadata: { external_conversation_id: "mine" },
  })
})

test("every webhook that was sent in these tests has the published shape", () => {
  const ajv = new Ajv({ strict: false })
  const checks = Object.fromEntries(Object.entries(webhooks).map(([type, { body }]) => [type, ajv.compile(body)]))
  const problems = partner.received.flatMap(({ body }) => {
    const check = body && !body.id && checks[body.type]
    return check && !check(body) ? [`${body.type}: ${ajv.errorsText(check.errors)}`] : []
  })
  expect([...new Set(problems)]).toEqual([])
})
