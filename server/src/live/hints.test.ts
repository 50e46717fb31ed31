import { tmpdir } from "node:os"
import { afterAll, beforeAll, expect, test, vi } from "vitest"
import { freshDatabase } from "../../../test/database.ts"
import { type OpenDatabase, openDatabase } from "../database/database.ts"
import { createLog } from "../log.ts"
import type { Sight } from "../presence/presence.ts"
import { type Hints, openHints, type Typing } from "./hints.ts"

const log = createLog("silent")
const opened: OpenDatabase[] = []
const heard: { first: number[][]; second: number[][] } = { first: [], second: [] }
const sights: Sight[] = []
const typings: Typing[] = []
let first: Hints
let second: Hints

const db = () => (opened[0] as OpenDatabase).db
const listeners = async () =>
  (
    await db().query({
      text: "select from pg_stat_activity where query = 'listen causeway_committed' and datname = current_database()",
    })
  ).length

beforeAll(async () => {
  const databaseUrl = await freshDatabase()
  const open = async (onHint: (companyIds: number[]) => void): Promise<Hints> => {
    const database = await openDatabase({ databaseUrl, dataDir: tmpdir() }, log)
    opened.push(database)
    return openHints({
      db: database.db,
      log,
      onHint,
      onSight: (sight) => sights.push(sight),
      onTyping: (typing) => typings.push(typing),
    })
  }
  first = await open((companyIds) => heard.first.push(companyIds))
  second = await open((companyIds) => heard.second.push(companyIds))
  await vi.waitFor(async () => expect(await listeners()).toBe(2))
})
afterAll(async () => {
  await first.close()
  await second.close()
  for (const { stop } of opened) await stop()
})

test("what one process tells, the other hears once and together, and it does not hear itself", async () => {
  for (let i = 0; i < 1000; i++) first.tell([i % 700])
  await vi.waitFor(() => expect(heard.second.flat()).toHaveLength(700), { timeout: 5000 })
  expect(new Set(heard.second.flat()).size).toBe(700)
  expect(heard.second.length).toBeLessThanOrEqual(2)
  expect(heard.first).toEqual([])
})

test("a connection that broke is replaced", async () => {
  heard.first.length = 0
  await db().query({
    text: "select pg_terminate_backend(pid) from pg_stat_activity where query = 'listen causeway_committed' and datname = current_database()",
  })
  await vi.waitFor(async () => expect(await listeners()).toBe(2), { timeout: 5000, interval: 50 })
  second.tell([7])
  await vi.waitFor(() => expect(heard.first).toEqual([[7]]), { timeout: 5000 })
})

test("a notification that is none of ours is passed over", async () => {
  heard.first.length = 0
  await db().query({
    text: "select pg_notify('causeway_committed', payload) from unnest(array['', '{}', 'null', '{\"companies\":1}']) payload",
  })
  second.tell([8])
  await vi.waitFor(() => expect(heard.first).toEqual([[8]]), { timeout: 5000 })
})

test("who is at a conversation is told to the other process, and no commit with it", async () => {
  heard.second.length = 0
  const person = { id: "tea_1", name: "Ana Lee" }
  const sight: Sight = {
    companyId: 1,
    conversationId: 2,
    teammateId: 3,
    person,
    tab: "tab-number-1",
    state: "replying",
  }
  first.saw(sight)
  await vi.waitFor(() => expect(sights).toEqual([sight]), { timeout: 5000 })
  expect(heard.second).toEqual([])
})

test("that a customer is writing is told to the other process in the same way", async () => {
  const typing: Typing = { companyId: 1, conversationId: 2, forMs: 10_000 }
  first.typed(typing)
  await vi.waitFor(() => expect(typings).toEqual([typing]), { timeout: 5000 })
})
