import { expect, test } from "vitest"
import type { Database } from "./database/database.ts"
import { createIds } from "./ids.ts"

/** A database that has nothing but the sequence. */
function sequence() {
  let block = 0
  const asked: number[] = []
  const query = async ({ values }: { values?: unknown[] }) => {
    const count = values?.[0] as number
    asked.push(count)
    return Array.from({ length: count }, () => ({ block: ++block }))
  }
  return { db: { query } as unknown as Database, asked }
}

test("many who ask for a few numbers at the same moment all get them, whatever is left", async () => {
  const ids = createIds(sequence().db)
  const taken: number[] = []
  for (let round = 0; round < 60; round++) {
    await Promise.all(
      Array.from({ length: 40 }, async () => {
        await ids.reserve(7)
        await Promise.resolve() // everybody was promised before anybody takes
        for (let i = 0; i < 7; i++) taken.push(ids.take())
      }),
    )
  }
  expect(new Set(taken).size).toBe(60 * 40 * 7)
})

test("numbers are fetched before the last ones are needed, in blocks of a thousand", async () => {
  const { db, asked } = sequence()
  const ids = createIds(db)
  for (let i = 0; i < 20_000; i++) {
    await ids.reserve(1)
    ids.take()
  }
  expect(asked.length).toBeLessThan(25)
  expect(asked.reduce((sum, count) => sum + count, 0)).toBeLessThan(25)
})

test("numbers that cannot be fetched are refused to whoever waits for them, and fetched when the database is back", async () => {
  const { db } = sequence()
  let isDown = true
  const query: Database["query"] = (statement) =>
    isDown ? Promise.reject(new Error("the database does not answer")) : db.query(statement)
  const ids = createIds({ query } as Database)
  await expect(ids.reserve(1)).rejects.toThrow("the database does not answer")
  isDown = false
  await ids.reserve(1)
  expect(ids.take()).toBeGreaterThan(0)
})
