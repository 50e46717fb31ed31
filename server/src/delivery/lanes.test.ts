import { tmpdir } from "node:os"
import { afterAll, beforeAll, expect, test } from "vitest"
import { freshDatabase } from "../../../test/database.ts"
import { type OpenDatabase, openDatabase } from "../database/database.ts"
import { createLog } from "../log.ts"
import { findUnheard } from "./claim.ts"
import { holdLane, LeaseLostError, leaseDueLanes, noteDue, renewLeases } from "./lanes.ts"

let opened: OpenDatabase

beforeAll(async () => {
  opened = await openDatabase({ databaseUrl: await freshDatabase(), dataDir: tmpdir() }, createLog("silent"))
})
afterAll(() => opened.stop())

test("a lane that was given back is free, although its last holder still tries to renew it", async () => {
  const { db } = opened
  const now = new Date()
  await db.query({ text: "insert into lane (company_id, channel_id, due_at) values (1, 1, '-infinity')" })
  const [lane] = await leaseDueLanes(db, "one", now, 1)
  if (lane === undefined) throw new Error("the lane was not leased")
  expect(await renewLeases(db, [lane])).toEqual(new Set(["1/1"]))
  await noteDue(db, lane, lane.health, { rest: true, withSends: true, withNotices: true })
  expect(await renewLeases(db, [lane])).toEqual(new Set())
  await db.query({ text: "update lane set due_at = '-infinity'" })
  expect(await leaseDueLanes(db, "two", now, 1)).toHaveLength(1)
})

test("what a claim took whose commit nobody heard of is found by the holder of the lane, and by nobody after the lease", async () => {
  const { db } = opened
  await db.query({ text: "insert into lane (company_id, channel_id, due_at) values (1, 2, '-infinity')" })
  const [lane] = await leaseDueLanes(db, "one", new Date(0), 1)
  if (lane?.channelId !== 2) throw new Error("the lane was not leased")
  for (const [id, token] of [
    [11, lane.token],
    [12, lane.token],
    [13, lane.token - 1],
  ])
    await db.query({
      text: `insert into delivery (company_id, id, channel_id, sequence, type, state, due_at, attempts, first_started_at, lease_token)
             values (1, $1, 2, 'notice', 'message_imported', 'sending', now(), 1, now(), $2)`,
      values: [id, token],
    })
  expect(await findUnheard(db, lane, [11])).toMatchObject([{ id: 12, channelId: 2, attempt: 1, sequence: "notice" }])
  expect((await findUnheard(db, lane, [])).map(({ id }) => id)).toEqual([11, 12])
  await noteDue(db, lane, lane.health, { rest: true, withSends: true, withNotices: true })
  await expect(findUnheard(db, lane, [])).rejects.toThrow(LeaseLostError)
  await expect(db.tx((tx) => holdLane(tx, lane))).rejects.toThrow(LeaseLostError)
})
