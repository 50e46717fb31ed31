import { tmpdir } from "node:os"
import { afterAll, expect, test, vi } from "vitest"
import { freshDatabase } from "../../../test/database.ts"
import type { Channel } from "../channels/store.ts"
import { type Database, openDatabase } from "../database/database.ts"
import { createPendingWords } from "../database/pending-words.ts"
import { createStatistics } from "../database/statistics.ts"
import { createIds } from "../ids.ts"
import { createLog } from "../log.ts"
import { createAcceptor } from "./accept.ts"
import type { Incoming } from "./batch.ts"
import { readBody } from "./html.ts"
import { newUid } from "./reply.ts"

const log = createLog("silent")
const { db, stop } = await openDatabase({ databaseUrl: await freshDatabase(), dataDir: tmpdir() }, log)
const statistics = createStatistics(db, log)
const acceptor = createAcceptor({
  db,
  ids: createIds(db),
  log,
  now: () => new Date(),
  committed: () => {},
  wrote: statistics.wrote,
})

afterAll(async () => {
  await acceptor.drain()
  await stop()
})

const channel = (id: number) =>
  ({ companyId: 1, id, inboxId: 1, appUid: "1", address: `channel-${id}`, contactType: "custom" }) as Channel

const message = (channelId: number, thread: string, n: number, over: Partial<Incoming> = {}): Incoming => ({
  channel: channel(channelId),
  direction: "inbound",
  uid: newUid(),
  externalId: `${thread}-${n}`,
  threadKey: { kind: "ref", key: thread },
  people: [{ handle: "alice", name: "Alice", email: null }],
  senderName: null,
  authorId: null,
  subject: "",
  body: readBody(`message ${n}`),
  headers: {},
  createdAt: new Date(),
  repliesToExternalId: null,
  files: [],
  ...over,
})

const textsOf = async (thread: string) =>
  (
    await db.query<{ text: string }>({
      text: "select text from message where company_id = 1 and external_conversation_id = $1 order by number",
      values: [thread],
    })
  ).map((row) => row.text)

test("of what comes over two channels at once, each channel's messages are kept in the order they came, with one contact for both", async () => {
  const order = Array.from({ length: 300 }, (_, n) => n)
  await Promise.all(order.flatMap((n) => [2, 3].map((id) => acceptor.accept(message(id, `thread-${id}`, n)))))
  for (const id of [2, 3]) expect(await textsOf(`thread-${id}`)).toEqual(order.map((n) => `message ${n}`))
  expect(await db.query({ text: "select name from contact" })).toEqual([{ name: "Alice" }])
})

test("a message that the database refuses fails alone, and those beside it are kept", async () => {
  const results = await Promise.allSettled(
    [0, 1, 2, 3].map((n) => acceptor.accept(message(4, "one-bad", n, n === 2 ? { subject: "\u0000" } : {}))),
  )
  expect(results.map((result) => result.status)).toEqual(["fulfilled", "fulfilled", "rejected", "fulfilled"])
  expect(await textsOf("one-bad")).toEqual(["message 0", "message 1", "message 3"])
})

test("a new database counts its rows when the first messages have come", async () => {
  const counted = async () =>
    (
      await db.query<{ rows: number }>({
        text: "select reltuples::int as rows from pg_class where relname = 'message'",
      })
    )[0]?.rows
  await vi.waitFor(async () => expect(await counted()).toBeGreaterThanOrEqual(500), { timeout: 30_000 })
})

test("what searches walk takes in new messages beside those who write, two thousand at a time", async () => {
  await Promise.all([0, 1, 2].map((n) => acceptor.accept(message(5, "words", n))))
  const merged: Promise<unknown[]>[] = []
  const watched: Database = {
    ...db,
    query(statement) {
      const rows = db.query(statement)
      merged.push(rows)
      return rows as ReturnType<typeof db.query<never>>
    },
  }
  const words = createPendingWords(watched, log)
  words.wrote(1_999)
  expect(merged).toHaveLength(0)
  words.wrote(1)
  words.wrote(2_000) // while it is at it: nothing is begun twice
  await vi.waitFor(() => expect(merged).toHaveLength(2))
  const pages = (await Promise.all(merged)).map(([row]) => Object.values(row as object)[0])
  expect(pages.every((count) => Number(count) > 0)).toBe(true)
  expect(await db.query({ text: "select gin_clean_pending_list('message_words') as pages" })).toEqual([{ pages: 0 }])
})
