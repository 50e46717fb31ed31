import { expect, test } from "vitest"
import { readAnswer, retryAfterMs } from "./answer.ts"
import type { Answer } from "./outcome.ts"

const taken = { type: "success", external_id: "m-1", external_conversation_id: "c-1" }
const answered = (status: number, body: unknown, headers: Record<string, string> = {}): Answer => ({
  kind: "answered",
  status,
  headers,
  body: typeof body === "string" ? body : JSON.stringify(body),
  cut: null,
})

test.each([
  ["nothing", "", ["the answer is empty"]],
  ["plain text", "OK", ["the answer is not a JSON object"]],
  ["a list", [], ["the answer is not a JSON object"]],
  [
    "an empty object",
    {},
    ['type is missing (expected "success")', "external_id is missing", "external_conversation_id is missing"],
  ],
  ["a foreign type", { ...taken, type: "ok" }, ['type is "ok" (expected "success")']],
  ["a null id", { ...taken, external_id: null }, ["external_id is missing"]],
  ["an id that is a list", { ...taken, external_id: ["a"] }, ['external_id is ["a"] (expected a string)']],
  ["an over-long id", { ...taken, external_id: "x".repeat(201) }, ["external_id is longer than 200 characters"]],
  ["an id that no column holds", { ...taken, external_id: "a\0b" }, ["external_id contains the character U+0000"]],
])("%s is forgiven, with a warning that becomes the reason where an app is strict", (_what, body, warnings) => {
  const strictProblem = `the answer breaks the protocol: ${warnings.join("; ")}`
  expect(readAnswer(answered(200, body))).toMatchObject({
    errorType: null,
    warnings: warnings.map((problem) => `${problem}; read strictly, the send has failed`),
    strictProblem,
  })
})

test("a custom channel's partner owes no ids, and none of its answers needs forgiving", () => {
  for (const body of ["", "OK", {}, { type: "success" }])
    expect(readAnswer(answered(200, body), false)).toMatchObject({
      errorType: null,
      warnings: [],
      strictProblem: null,
    })
  expect(readAnswer(answered(200, { type: "forbidden", message: "no" }), false)).toMatchObject({
    errorType: "forbidden",
    reason: "no",
  })
})

test("control characters in a partner's reason never reach a screen", () => {
  const answer = answered(400, { type: "bad_request", message: "no\u0000t\u001b[31m\nhere" })
  expect(readAnswer(answer).reason).toBe("no t [31m here")
})

test.each([
  ["120", 120_000],
  ["Mon, 05 Jan 2026 09:00:30 GMT", 30_000],
  ["Mon, 05 Jan 2026 08:00:00 GMT", 0],
  ["soon", null],
  ["-5", null],
  ["1e9999", null],
])("Retry-After: %s is %s ms by the partner's own clock", (value, ms) => {
  expect(retryAfterMs(answered(503, "", { "retry-after": value, date: "Mon, 05 Jan 2026 09:00:00 GMT" }))).toBe(ms)
})

test.each([
  ["size", "the answer is longer than 64 KiB and was not read to its end"],
  ["broken", "the answer broke off before its end"],
  ["time", "the answer had not ended after 30 s"],
] as const)("a body that is not whole (%s) is named as what it is", (cut, words) => {
  expect(readAnswer({ ...answered(200, taken), cut }).strictProblem).toBe(`the answer breaks the protocol: ${words}`)
})

test("ids may have 200 characters, and one that is a number is said to be one", () => {
  expect(readAnswer(answered(200, { ...taken, external_id: "x".repeat(200) })).strictProblem).toBeNull()
  expect(readAnswer(answered(200, { ...taken, external_id: 17 })).strictProblem).toBe(
    "the answer breaks the protocol: external_id is a number (expected a string)",
  )
})

test("a partner's reason is its message, else its error, and is cut to what fits on a screen", () => {
  expect(readAnswer(answered(400, { error: "no such user" })).reason).toBe("no such user")
  expect(readAnswer(answered(400, { message: "x".repeat(600) })).reason).toHaveLength(500)
  expect(readAnswer(answered(400, "y".repeat(300))).reason).toBe(
    `the channel's server answered 400: ${"y".repeat(200)}`,
  )
  expect(readAnswer(answered(300, "")).reason).toBe(
    "the channel's server answered with a redirect (300), which is not followed",
  )
})
