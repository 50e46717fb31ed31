import { expect, test } from "vitest"
import { ApiError } from "./api.ts"
import { refusalOf, saidHere, unreadOf } from "./refusal.ts"

const raw = "Body did not satisfy requirements: body.name must be shorter"

test.each([
  401, 403, 404, 408, 410, 413, 429, 500, 503, 0,
])("a refusal with status %d is explained without the server's words", (status) => {
  const sentence = refusalOf(new ApiError(status, raw, ["body.name must be shorter"]))
  expect(sentence).not.toContain("must be shorter")
  expect(sentence.length).toBeGreaterThan(30)
})

test("what is to be corrected is quoted, without the part that is for programs", () => {
  for (const error of [new ApiError(400, raw), new ApiError(409, raw, ["body.name must be shorter"])]) {
    const sentence = refusalOf(error)
    expect(sentence).toMatch(/“\u2068name must be shorter\u2069”$/)
    expect(sentence).toContain("Nothing was changed")
  }
})

test("who would rather not say again who they are reads that, and nothing of their role", () => {
  const error = new ApiError(403, raw, [], null, null, "prove")
  expect(refusalOf(error)).toContain("did not confirm")
})

test("what the page says itself is said as it is", () => {
  expect(refusalOf(new ApiError(409, "The message has begun to leave.", [], null, null, saidHere))).toBe(
    "The message has begun to leave.",
  )
})

test("of a change that got no answer it is not said that nothing was changed", () => {
  expect(refusalOf(new ApiError(0, "no answer"))).not.toContain("Nothing was changed")
  expect(unreadOf(new ApiError(0, "no answer"))).toContain("Nothing you wrote is lost")
})
