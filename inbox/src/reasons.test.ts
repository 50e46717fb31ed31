import { expect, test } from "vitest"
import { failureWords } from "./reasons.ts"

const protocolTypes = [
  "bad_request",
  "authentication_required",
  "forbidden",
  "not_found",
  "request_timeout",
  "too_many_requests",
  "internal_error",
]

test("each error type of the protocol has its own words, and its reason is the channel's", () => {
  const said = protocolTypes.map(failureWords)
  expect(new Set(said.map(({ heading }) => heading)).size).toBe(protocolTypes.length)
  expect(said.every(({ isFromChannel }) => isFromChannel)).toBe(true)
})

test("what the server found out itself is not put into the channel's mouth", () => {
  for (const code of ["no_answer", "invalid_answer", "connection_refused", "tls_expired", "name_not_found"]) {
    expect(failureWords(code).isFromChannel).toBe(false)
  }
  expect(failureWords("connect_timeout").heading).toBe("Could not reach the channel")
  expect(failureWords("no_answer").explanation).toMatch(/may still have arrived/)
})

test("a code that nobody foresaw still has words, and none is taken from an object's own names", () => {
  expect(failureWords("something_new").heading).toBe("The message was not delivered")
  expect(failureWords("constructor").heading).toBe("The message was not delivered")
})
