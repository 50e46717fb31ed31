import { tmpdir } from "node:os"
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest"
import { freshDatabase } from "../../../test/database.ts"
import { type FakePartner, fakePartner } from "../../../test/partner.ts"
import { type OpenDatabase, openDatabase } from "../database/database.ts"
import { createIds } from "../ids.ts"
import { createLog } from "../log.ts"
import { type ControlDeps, callPartner } from "./control.ts"
import { createDialer } from "./dialer.ts"

const log = createLog("silent")
let open: OpenDatabase
let deps: ControlDeps
let partner: FakePartner

beforeAll(async () => {
  open = await openDatabase({ databaseUrl: await freshDatabase(), dataDir: tmpdir() }, log)
  deps = { db: open.db, ids: createIds(open.db), dialer: createDialer({ allowLoopback: true }), log }
  partner = await fakePartner()
  partner.secret = "s3cret"
})
beforeEach(async () => {
  partner.received.length = 0
  partner.answers()
  await open.db.query({ text: "truncate delivery, attempt" })
})
afterAll(async () => {
  await deps.dialer.close()
  await partner.close()
  await open.stop()
})

const body = JSON.stringify({ type: "authorization", payload: { channel_id: "cha_7" } })
const ask = (url = partner.url, own: Partial<ControlDeps> = {}) =>
  callPartner(
    { ...deps, ...own },
    { companyId: 1, channelId: 7, url, secret: "s3cret", authorization: "Bearer key_1", body },
  )

/** The delivery log, as one row. */
const logged = async () => {
  const [row] = await open.db.query({
    text: `select type, sequence, delivery.state, attempts, error_code, error_reason, delivery.finished_at is not null as finished, request_headers, request_body,
             response_status, response_body, outcome, decision
           from delivery join attempt on attempt.company_id = delivery.company_id and attempt.delivery_id = delivery.id and attempt.number = 1`,
  })
  return row
}

test("an authorization is signed, carries the connect key, is answered at once and stands in the log", async () => {
  expect(await ask()).toEqual({
    answered: true,
    status: 200,
    body: `{"type":"success","webhook_url":"${partner.url}/instance"}`,
  })
  expect(partner.received).toMatchObject([
    { method: "POST", verified: true, headers: { authorization: "Bearer key_1" } },
  ])
  const row = await logged()
  expect(row).toMatchObject({
    type: "authorization",
    sequence: "control",
    state: "sent",
    attempts: 1,
    finished: true,
    request_body: body,
  })
  expect(row).toMatchObject({ response_status: 200, outcome: "answered", decision: "sent" })
  expect(JSON.stringify(row.request_headers)).not.toContain("key_1")
})

test("a refusal is an answer, kept with the partner's reason", async () => {
  partner.answers(() => ({ status: 400, body: { type: "bad_request", message: "unknown number" } }))
  expect(await ask()).toMatchObject({ answered: true, status: 400 })
  expect(await logged()).toMatchObject({
    state: "failed",
    error_code: "bad_request",
    error_reason: "unknown number",
    decision: "failed",
  })
})

test.each([
  ["nobody listens", "http://127.0.0.1:1/", "connection_refused", "127.0.0.1 refused the connection on port 1"],
  ["there is no such name", "http://nowhere.invalid/", /^name_/, /^the name nowhere\.invalid /],
  ["the address is nobody's business", "http://169.254.169.254/", "address_blocked", /is not dialled$/],
])("when %s the asker is told in words, and so is the log", async (_what, url, code, said) => {
  const matching = (text: string | RegExp) => (typeof text === "string" ? text : expect.stringMatching(text))
  expect(await ask(url)).toEqual({ answered: false, code: matching(code), said: matching(said) })
  expect(await logged()).toMatchObject({ state: "failed", outcome: matching(code), error_reason: matching(said) })
})

test("a partner that closes or is no web server is told apart from one that refuses", async () => {
  partner.answers(() => "reset")
  expect(await ask()).toMatchObject({ answered: false, said: "127.0.0.1 closed the connection before it answered" })
  expect(await logged()).toMatchObject({ state: "unknown", outcome: "connection_reset" })
})

test("an answer of odd bytes is kept in a form that can be stored", async () => {
  partner.answers(() => ({ body: "a\0b\ud800c" }))
  expect(await ask()).toMatchObject({ answered: true, status: 200 })
  expect(await logged()).toMatchObject({ response_body: "a\ufffdb\ufffdc" })
})

test("the channel can be connected even when the log cannot be written", async () => {
  const db = { ...open.db, query: () => Promise.reject(new Error("disk full")) }
  expect(await ask(partner.url, { db })).toMatchObject({ answered: true, status: 200 })
})
