import { tmpdir } from "node:os"
import { afterAll, beforeAll, expect, test } from "vitest"
import { freshDatabase } from "../../../test/database.ts"
import { type OpenDatabase, openDatabase } from "../database/database.ts"
import { createLog } from "../log.ts"
import { leaseDueLanes, noteDue, renewLeases } from "./lanes.ts"

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
