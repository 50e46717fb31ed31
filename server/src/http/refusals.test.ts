import { afterAll, expect, test } from "vitest"
import { createLog } from "../log.ts"
import { HttpError } from "./errors.ts"
import { createRefusalLog } from "./refusals.ts"
import { createHttpServer } from "./server.ts"

const lines: string[] = []
const log = createLog("info", { write: (line) => void lines.push(line) })
const app = createHttpServer(log)
afterAll(() => app.close())
app.get("/forbidden", (request) => {
  request.principal = { kind: "token", companyId: 1, tokenId: 36, scopes: [] }
  throw new HttpError(403, "This token lacks the scope tags:read")
})
app.get("/bad", () => {
  throw new HttpError(400, "wrong")
})
const url = await app.listen({ port: 0, host: "127.0.0.1" })

test("what somebody may not do is a line that says who and why; wrong input and missing pages are none", async () => {
  for (const path of ["/forbidden?token=secret", "/bad", "/nowhere"]) await fetch(url + path)
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    expect.objectContaining({
      msg: "http.refused",
      method: "GET",
      path: "/forbidden",
      status: 403,
      caller: "tok_10",
      address: "127.0.0.1",
      reason: "This token lacks the scope tags:read",
      request_id: expect.stringMatching(/^[\da-f-]{36}$/),
    }),
  ])
  expect(lines.join("")).not.toContain("secret")
})

test("a flood of refused requests is no flood of lines", () => {
  lines.length = 0
  let now = 1000
  const refuse = createRefusalLog(log, () => now)
  const request = { id: "x", method: "GET", principal: null, address: "192.0.2.1", headers: {} } as never
  for (let i = 0; i < 500; i++) refuse(request, { status: 429, message: "Too many" })
  now = 2000
  refuse(request, { status: 429, message: "Too many" })
  const told = lines.map((line) => JSON.parse(line))
  expect(told.filter(({ msg }) => msg === "http.refused")).toHaveLength(21)
  expect(told.filter(({ msg }) => msg === "http.refused_more").map(({ count }) => count)).toEqual([480])
})
