import { expect, test } from "vitest"
import type { Principal } from "../http/callers.ts"
import { endWith, sameViewer } from "./routes.ts"

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

test("a stream that began as an admin's ends when its person is none any more, and one that began as a teammate's when they become one", () => {
  const as = (role: "admin" | "teammate"): Principal => ({
    kind: "session",
    companyId: 1,
    teammateId: 7,
    role,
    isDeveloper: false,
    provedAt: 0,
  })
  const everything = { viewer: null }
  const theirs = { viewer: 7 }
  expect(sameViewer(as("admin"), everything)).not.toBeNull()
  expect(sameViewer(as("teammate"), everything)).toBeNull()
  expect(sameViewer(as("teammate"), theirs)).not.toBeNull()
  expect(sameViewer(as("admin"), theirs)).toBeNull()
  expect(sameViewer(null, everything)).toBeNull()
})
