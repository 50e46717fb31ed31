import { expect, test } from "vitest"
import { endWith } from "./routes.ts"

test("a stream ends soon after its session did, and outlives a database that is away", async () => {
  const answers: (() => Promise<unknown>)[] = [
    async () => ({}),
    async () => Promise.reject(new Error("the database is away")),
    async () => ({}),
  ]
  let asked = 0
  let ended = 0
  const stop = endWith(
    () => (answers[asked++] ?? (async () => null))(),
    () => ended++,
    5,
  )
  await expect.poll(() => ended).toBe(1)
  expect(asked).toBeGreaterThanOrEqual(4)
  stop()
})
