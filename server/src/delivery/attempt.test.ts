import { verifyWebhook } from "@causeway/contract/signature"
import { afterEach, beforeEach, expect, test } from "vitest"
import { type FakePartner, fakePartner } from "../../../test/partner.ts"
import { systemWall } from "../clock.ts"
import { type Attempt, attemptRow, tryOnce } from "./attempt.ts"
import { createDialer, type Dialer } from "./dialer.ts"

let dialer: Dialer
let partner: FakePartner

beforeEach(async () => {
  dialer = createDialer({ allowLoopback: true })
  partner = await fakePartner()
  partner.secret = "s3cret"
})

afterEach(async () => {
  await dialer.close()
  await partner.close()
})

const body = JSON.stringify({ type: "message", payload: { text: "Grüße, 東京 🎉 </b> a/b", count: 1 } })
const message = (over: Partial<Attempt> = {}): Attempt => ({
  url: `${partner.url}/hooks?channel=1`,
  method: "POST",
  authorization: "Bearer tok_1",
  secret: "s3cret",
  body,
  ...over,
})

test("a webhook arrives byte for byte, signed over its bytes and over what a partner gets by parsing and writing them again", async () => {
  const { exchange } = await tryOnce(dialer, message())
  expect(exchange).toMatchObject({ kind: "answered", status: 200, cut: null })
  const [got] = partner.received
  expect(got).toMatchObject({ method: "POST", path: "/hooks?channel=1", verified: true })
  expect(got?.raw.equals(Buffer.from(body))).toBe(true)
  const signed = {
    signature: String(got?.headers["x-front-signature"]),
    timestamp: String(got?.headers["x-front-request-timestamp"]),
  }
  expect(verifyWebhook("s3cret", { ...signed, body: JSON.stringify(got?.body) })).toBe(true)
  expect(Math.abs(Date.now() - Number(signed.timestamp))).toBeLessThan(5_000)
})

test("a webhook says what it is, how long it is, and whom it comes from", async () => {
  await tryOnce(dialer, message())
  expect(partner.received[0]?.headers).toMatchObject({
    host: new URL(partner.url).host,
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
    "accept-encoding": "identity",
    authorization: "Bearer tok_1",
    "user-agent": expect.stringMatching(/^causeway\//i),
    connection: "close",
  })
})

test("a channel without credentials sends no authorization", async () => {
  await tryOnce(dialer, message({ authorization: null }))
  expect(partner.received[0]?.headers).not.toHaveProperty("authorization")
})

test("a goodbye goes out as DELETE with its signed JSON", async () => {
  const goodbye = JSON.stringify({ type: "delete", payload: { channel_id: "cha_1" } })
  const { exchange } = await tryOnce(dialer, message({ method: "DELETE", body: goodbye, keepAlive: true }))
  expect(exchange).toMatchObject({ kind: "answered", status: 200, body: "OK" })
  expect(partner.received[0]).toMatchObject({ method: "DELETE", verified: true, body: JSON.parse(goodbye) })
})

test.each([
  ["resets the connection", "reset" as const],
  ["breaks off in the status line", "cut" as const],
])("a partner that %s has had the request: nobody knows what became of it", async (_what, script) => {
  partner.answers(script)
  const { exchange, late } = await tryOnce(dialer, message())
  expect(exchange).toMatchObject({ kind: "fault", written: true })
  expect(late).toBeNull()
  expect(partner.received).toHaveLength(1)
})

test("a refused connection has had nothing, and says where", async () => {
  const { url } = partner
  await partner.close()
  const { exchange, report } = await tryOnce(dialer, message({ url }))
  expect(exchange).toMatchObject({
    kind: "fault",
    code: "connection_refused",
    written: false,
    reason: expect.stringContaining("127.0.0.1"),
  })
  expect(report.timing).not.toHaveProperty("sent")
})

test.each([
  ["ftp://partner.test/", "invalid_url"],
  ["not a url", "invalid_url"],
  ["https://user:word@partner.test/", "invalid_url"],
  ["http://169.254.169.254/latest/meta-data/", "address_blocked"],
  ["http://[::ffff:a9fe:a9fe]/", "address_blocked"],
  ["http://0/", "address_blocked"],
  ["http://10.0.0.1/", "address_blocked"],
])("%s is never dialled: %s", async (url, code) => {
  expect((await tryOnce(dialer, message({ url }))).exchange).toMatchObject({ kind: "fault", code, written: false })
})

test("loopback is refused in every spelling when it is not allowed", async () => {
  const public_ = createDialer()
  const { port } = new URL(partner.url)
  for (const host of ["127.0.0.1", "localhost", "a.localhost", "0x7f.1", "2130706433", "[::1]", "[::ffff:127.0.0.1]"]) {
    const { exchange } = await tryOnce(public_, message({ url: `http://${host}:${port}/` }))
    expect([host, exchange]).toEqual([host, expect.objectContaining({ code: "address_blocked", written: false })])
  }
  expect(partner.received).toHaveLength(0)
  await public_.close()
})

test("silence ends at the limit, and the answer that comes after it is still heard", async () => {
  partner.answers({ body: { type: "success", external_id: "x1", external_conversation_id: "c1" }, delayMs: 300 })
  const { exchange, late } = await tryOnce(dialer, message({ answerMs: 100 }))
  expect(exchange).toMatchObject({ kind: "fault", code: "timeout", written: true })
  expect(await late).toMatchObject({ exchange: { kind: "answered", status: 200 } })
  expect(partner.received).toHaveLength(1)
})

test.each([
  [200, { type: "success", external_id: "x1", external_conversation_id: "c1" }],
  [500, "a gateway's words"],
])("an answer %i that is read only after the limit, by a server that stood still until then, is a late one", async (status, answer) => {
  partner.answers({ status, body: answer, delayMs: 60 })
  // Nobody woke it at the limit.
  const frozen = { ...systemWall, after: () => () => {} }
  const { exchange, report, late } = await tryOnce(dialer, message({ answerMs: 50 }), frozen)
  expect(exchange).toMatchObject({ kind: "fault", code: "timeout", written: true })
  expect(report.outcome).toBe(exchange)
  expect(await late).toMatchObject({ exchange: { kind: "answered", status }, late: null })
})

test("nothing is heard after the limit of what may be repeated", async () => {
  partner.answers("silence")
  const { exchange, late } = await tryOnce(dialer, message({ answerMs: 100, keepAlive: true }))
  expect(exchange).toMatchObject({ kind: "fault", code: "timeout", written: true })
  expect(late).toBeNull()
})

test("an attempt keeps what was sent without credentials, and what came back in a form that can be stored", async () => {
  partner.answers({
    status: 400,
    body: `no\0pe ${"é".repeat(5000)}`,
    headers: { "set-cookie": "session=1", "x-trace": "t1" },
  })
  const row = attemptRow(await tryOnce(dialer, message()))
  expect(row).toMatchObject({ request_method: "POST", request_body: body, response_status: 400, outcome: "answered" })
  expect(row.request_headers).not.toHaveProperty("authorization")
  expect(row.response_headers).toMatchObject({ "x-trace": "t1" })
  expect(row.response_headers).not.toHaveProperty("set-cookie")
  expect(row.response_body).toMatch(/^no\ufffdpe é+$/)
  expect(Buffer.byteLength(row.response_body ?? "")).toBeLessThanOrEqual(8192)
  expect(Object.keys(row.timing ?? {}).sort()).toEqual(["connect", "dns", "first_byte", "sent", "total"])
})
