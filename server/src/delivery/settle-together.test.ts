import { tmpdir } from "node:os"
import { afterAll, expect, test } from "vitest"
import { freshDatabase } from "../../../test/database.ts"
import { openDatabase } from "../database/database.ts"
import { createLog } from "../log.ts"
import type { DeliveryChange } from "./engine.ts"
import type { Settlement } from "./settle.ts"
import { createSettling } from "./settle-together.ts"
import { createTurns } from "./turns.ts"

const { db, stop } = await openDatabase({ databaseUrl: await freshDatabase(), dataDir: tmpdir() }, createLog("silent"))
/** What was told of replies: together, and of one alone. */
const together: DeliveryChange[][] = []
const alone: DeliveryChange[] = []
const settle = createSettling({
  db,
  hooks: {
    onState: async (_tx, change) => void alone.push(change),
    onSettled: async (_tx, _company, changes) => void together.push([...changes]),
  },
  turn: createTurns({ max: 1 }),
})
const lane = { companyId: 1, channelId: 2, token: 7 }

afterAll(stop)

/** A notice that is being sent, and how its attempt ends; another one of its conversation waits behind it. */
async function sentNotice(id: number, over: Partial<Settlement> = {}): Promise<Settlement> {
  await db.query({ text: "insert into conversation (company_id, id, channel_id) values (1, $1, 2)", values: [id] })
  await db.query({
    text: `insert into delivery (company_id, id, channel_id, conversation_id, sequence, type, number, state, due_at, attempts, lease_token, ready)
           values (1, $1, 2, $1, 'notice', 'message_imported', 1, 'sending', now(), 1, 7, true),
             (1, $1 + 1000, 2, $1, 'notice', 'message_imported', 2, 'queued', now(), 0, null, false)`,
    values: [id],
  })
  await db.query({ text: "insert into attempt (company_id, delivery_id, number) values (1, $1, 1)", values: [id] })
  const delivery = {
    companyId: 1,
    id,
    channelId: 2,
    conversationId: id,
    messageId: null,
    sequence: "notice" as const,
    type: "message_imported" as const,
    attempt: 1,
    firstStartedAt: new Date(),
  }
  const row = { outcome: "answered", decision: "sent", response_status: 200, response_body: `{"of":${id}}` }
  return { lane, delivery, step: { state: "sent" }, row, ...over }
}

test("results of notices are written together; of a stale lease nothing is written, and one that cannot be kept fails alone", async () => {
  await db.query({ text: "insert into lane (company_id, channel_id, lease_token) values (1, 2, 7)" })
  const settlements = await Promise.all([
    sentNotice(1),
    sentNotice(2),
    sentNotice(3, { lane: { ...lane, token: 6 } }),
    sentNotice(4, { row: { outcome: "answered", decision: "sent", finished_at: "never" } }),
    sentNotice(5, { step: { state: "failed", code: "gone", reason: "no such number", authentication: false } }),
  ])
  const results = await Promise.allSettled(settlements.map(settle))
  expect(results.map((result) => (result.status === "fulfilled" ? result.value : "refused"))).toEqual([
    true,
    true,
    false,
    "refused",
    true,
  ])
  const rows = await db.query({
    text: `select delivery.state, error_reason, delivery.finished_at is not null as done, (attempt.finished_at is not null) as ended, response_body,
             (select ready from delivery next where next.company_id = 1 and next.id = delivery.id + 1000) as next_may_leave
           from delivery join attempt on attempt.delivery_id = delivery.id where delivery.id < 1000 order by id`,
  })
  const open = {
    state: "sending",
    error_reason: null,
    done: false,
    ended: false,
    response_body: null,
    next_may_leave: false,
  }
  const sent = (id: number) => ({
    state: "sent",
    error_reason: null,
    done: true,
    ended: true,
    response_body: `{"of":${id}}`,
    next_may_leave: true,
  })
  expect(rows).toEqual([sent(1), sent(2), open, open, { ...sent(5), state: "failed", error_reason: "no such number" }])
})

/** A reply that is being sent. */
async function sentReply(id: number): Promise<Settlement> {
  const { delivery, ...settlement } = await sentNotice(id)
  await db.query({
    text: "update delivery set sequence = 'send', type = 'message' where company_id = 1 and conversation_id = $1",
    values: [id],
  })
  return { ...settlement, delivery: { ...delivery, messageId: id, sequence: "send", type: "message" } }
}

test("results of replies are told together, each to its own conversation; of a stale lease nothing is told", async () => {
  const { delivery, ...failed } = await sentReply(13)
  const stale = { ...(await sentReply(12)), lane: { ...lane, token: 6 } }
  const step = { state: "failed", code: "bad_request", reason: "unknown recipient" } as const
  const results = await Promise.all([await sentReply(11), stale, { ...failed, delivery, step }].map(settle))
  expect(results).toEqual([true, false, true])
  const told = together.flat().map(({ delivery: { id }, state, reason }) => ({ id, state, reason }))
  expect(told).toEqual([
    { id: 11, state: "sent" },
    { id: 13, state: "failed", reason: "unknown recipient" },
  ])
  expect(alone).toEqual([])
})

test("a reply whose conversation was merged meanwhile is told alone, where it is now", async () => {
  const [first, moved, stayed] = [await sentReply(23), await sentReply(21), await sentReply(22)]
  await db.query({ text: "update conversation set merged_into = 22 where company_id = 1 and id = 21" })
  together.length = 0
  expect(await Promise.all([first, moved, stayed].map(settle))).toEqual([true, true, true])
  expect(together.flat().map(({ delivery }) => delivery.id)).toEqual([23])
  expect(alone.map(({ delivery }) => [delivery.id, delivery.conversationId]).sort()).toEqual([
    [21, 22],
    [22, 22],
  ])
})
