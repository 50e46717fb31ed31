import { formatId } from "@causeway/contract/ids"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type SmallServer, startSmallServer } from "../../../test/small-server.ts"
import { runningClock } from "../clock.ts"
import type { DeliveryChange } from "./engine.ts"
import { deliveryRoutes } from "./routes.ts"

const changes: DeliveryChange[] = []
let server: SmallServer
let token: string

beforeAll(async () => {
  const hooks = {
    async onState(_tx: unknown, change: DeliveryChange) {
      changes.push(change)
    },
  }
  server = await startSmallServer((parts) =>
    deliveryRoutes({ ...parts, clock: runningClock(), hooks, committed: () => {} }),
  )
  token = (await server.setUp()).token
  const { db } = server
  const [company] = await db.query<{ id: number }>({ text: "select id from company" })
  const companyId = company?.id as number
  await db.query({
    text: "insert into channel (company_id, id, inbox_id, name, address) values ($1, 40, 1, 'Acme SMS', '+15550001')",
    values: [companyId],
  })
  await db.query({
    text: "insert into conversation (company_id, id, inbox_id, channel_id, last_send) values ($1, 50, 1, 40, 2)",
    values: [companyId],
  })
  await db.query({
    text: `insert into delivery (company_id, id, channel_id, conversation_id, message_id, sequence, type, number, state, due_at, attempts, error_code, error_reason, finished_at)
           values ($1, 60, 40, 50, 70, 'send', 'message', 1, 'failed', now(), 1, 'bad_request', 'unknown recipient', now()),
             ($1, 61, 40, 50, 71, 'send', 'message', 2, 'queued', now(), 0, null, null, null),
             ($1 + 1, 62, 40, 50, 70, 'send', 'message', 1, 'failed', now(), 1, null, null, now())`,
    values: [companyId],
  })
  await db.query({
    text: `insert into attempt (company_id, delivery_id, number, finished_at, request_method, request_url, request_body, response_status, response_body, outcome, decision)
           values ($1, 60, 1, now(), 'POST', 'https://hooks.acme.test/', '{"type":"message"}', 400, '{"type":"bad_request"}', 'answered', 'failed')`,
    values: [companyId],
  })
})
afterAll(() => server.close())

const list = (query: string) => server.call("GET", `/causeway/deliveries${query}`, { as: token })
const replay = (id: string) => server.call("POST", `/causeway/deliveries/${id}/replay`, { as: token })
const failed = formatId("dlv", 60)

test("deliveries are listed newest first with what was sent and what came back", async () => {
  const { status, body } = await list("")
  expect(status).toBe(200)
  expect(body.deliveries.map((one: { id: string }) => one.id)).toEqual([formatId("dlv", 61), failed])
  expect(body.deliveries[1]).toMatchObject({
    status: "failed",
    error_code: "bad_request",
    reason: "unknown recipient",
    attempts: [
      {
        number: 1,
        request: { url: "https://hooks.acme.test/", body: '{"type":"message"}' },
        response: { status: 400 },
        decision: "failed",
      },
    ],
  })
})

test("the list is filtered by channel, message and status, and paged", async () => {
  expect((await list(`?message_id=${formatId("msg", 70)}&status=failed`)).body.deliveries).toHaveLength(1)
  expect((await list(`?channel_id=${formatId("cha", 41)}`)).body.deliveries).toEqual([])
  const first = (await list("?limit=1")).body
  expect((await list(`?limit=1&before=${first.next}`)).body).toMatchObject({ deliveries: [{ id: failed }], next: null })
  expect((await list("?channel_id=40")).status).toBe(400)
  expect((await list("?status=lost")).status).toBe(400)
})

test("a delivery on its way is not replayed, a foreign one does not exist", async () => {
  expect((await replay(formatId("dlv", 61))).status).toBe(409)
  expect((await replay(formatId("dlv", 62))).status).toBe(404)
  expect((await replay("dlv_zzzzzz")).status).toBe(404)
})

test("a replay is a new delivery at the end of its conversation, and a second one is refused while it is on its way", async () => {
  const { status, body } = await replay(failed)
  expect(status).toBe(202)
  expect(changes).toMatchObject([{ delivery: { messageId: 70 }, state: "queued" }])
  const [row] = await server.db.query({
    text: "select number, state, ready, replay_of from delivery where replay_of = 60",
  })
  expect(row).toEqual({ number: 3, state: "queued", ready: false, replay_of: 60 })
  expect((await list("?limit=1")).body.deliveries[0]).toMatchObject({ id: body.delivery_id, replay_of: failed })
  expect((await replay(failed)).status).toBe(409)
})
