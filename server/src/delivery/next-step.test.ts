import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { errorTypes, strictly } from "./answer.ts"
import { seeded } from "./jitter.ts"
import { lateStep, nextStep, noticeRetryMs, type Situation, sendRetryMs } from "./next-step.ts"
import type { Answer, Fault, FaultCode, Outcome } from "./outcome.ts"

const now = new Date("2026-01-05T09:00:00Z")
const after = (ms: number) => new Date(now.getTime() + ms)
const taken = { type: "success", external_id: "m-1", external_conversation_id: "c-1" }

const answered = (
  status: number,
  body: unknown = "",
  headers: Record<string, string> = {},
  cut: Answer["cut"] = null,
): Answer => ({
  kind: "answered",
  status,
  headers,
  body: typeof body === "string" ? body : JSON.stringify(body),
  cut,
})
const fault = (code: FaultCode, written: boolean): Fault => ({
  kind: "fault",
  code,
  reason: "hooks.acme.test refused the connection on port 443",
  written,
  phase: written ? "headers" : "connect",
})
const situation = (exchange: Outcome, change: Partial<Situation> = {}): Situation => ({
  sequence: "send",
  exchange,
  attempts: 1,
  firstStartedAt: now,
  now,
  strict: false,
  random: () => 0.5,
  ...change,
})
const sendStep = (exchange: Outcome, change: Partial<Situation> = {}) => nextStep(situation(exchange, change))
const noticeStep = (exchange: Outcome, change: Partial<Situation> = {}) =>
  nextStep(situation(exchange, { sequence: "notice", ...change }))

describe("a send", () => {
  test("the partner took is sent, with the ids it returned and nothing to warn of", () => {
    const step = { state: "sent", externalId: "m-1", externalConversationId: "c-1", warnings: [] }
    expect(sendStep(answered(200, taken))).toEqual(step)
    expect(sendStep(answered(201, taken))).toEqual(step)
  })

  test("whose ids are numbers or joined by commas keeps them as they are", () => {
    expect(sendStep(answered(200, { ...taken, external_id: 17 }))).toMatchObject({ externalId: "17" })
    expect(sendStep(answered(200, { ...taken, external_id: "1,2" }))).toMatchObject({ externalId: "1,2", warnings: [] })
  })

  test.each([
    "size",
    "broken",
    "time",
  ] as const)("answered 2xx with a body that is not whole (%s) is sent, with a warning", (cut) => {
    expect(sendStep(answered(200, '{"type":"succ', {}, cut))).toMatchObject({ state: "sent", warnings: { length: 2 } })
  })

  test.each(
    errorTypes.flatMap((type) => [200, 400, 429, 500].map((status) => ({ type, status }))),
  )("answered $status with the error type $type has failed with it and the partner's reason", ({ type, status }) => {
    const step = sendStep(answered(status, { type, message: "unknown recipient" }, { "retry-after": "1" }))
    expect(step).toMatchObject({ state: "failed", code: type, reason: "unknown recipient" })
    expect("authentication" in step).toBe(type === "authentication_required")
  })

  test("refused without a reason says so", () => {
    expect(sendStep(answered(400, { type: "forbidden" }))).toMatchObject({
      reason: "the channel's server refused (forbidden) and gave no reason",
    })
  })

  test("answered 401 has failed, and takes the channel offline", () => {
    expect(sendStep(answered(401, "no"))).toEqual({
      state: "failed",
      code: "authentication_required",
      reason: "the channel's server answered 401: no",
      authentication: true,
    })
  })

  test.each([
    [302, "redirected", "the channel's server answered with a redirect (302), which is not followed"],
    [400, "bad_request", "the channel's server answered 400: Bad Request"],
    [403, "forbidden", "the channel's server answered 403: Bad Request"],
    [404, "not_found", "the channel's server answered 404: Bad Request"],
    [410, "not_found", "the channel's server answered 410: Bad Request"],
    [418, "bad_request", "the channel's server answered 418: Bad Request"],
    [500, "internal_error", "the channel's server answered 500: Bad Request"],
    [504, "internal_error", "the channel's server answered 504: Bad Request"],
  ])("answered %i without a type has failed with %s", (status, code, reason) => {
    expect(sendStep(answered(status, "Bad Request"))).toEqual({ state: "failed", code, reason })
  })

  test("answered with a page of markup shows the status and not the page", () => {
    expect(sendStep(answered(502, "<html>Bad gateway</html>"))).toMatchObject({
      reason: "the channel's server answered 502",
    })
  })

  test.each([
    ["0", 0],
    ["60", 60_000],
    ["Mon, 05 Jan 2026 09:00:30 GMT", 30_000],
  ])("answered 429 with Retry-After %s waits that long, once", (retryAfter, waitMs) => {
    const answer = answered(429, "slow down", { "retry-after": retryAfter, date: "Mon, 05 Jan 2026 09:00:00 GMT" })
    expect(sendStep(answer)).toMatchObject({ state: "retry", at: after(waitMs) })
    expect(sendStep(answer, { attempts: 2 })).toMatchObject({ state: "failed", code: "too_many_requests" })
  })

  test.each(["61", "soon", "-1", undefined])("answered 429 with Retry-After %s has failed", (retryAfter) => {
    const headers: Record<string, string> = retryAfter === undefined ? {} : { "retry-after": retryAfter }
    expect(sendStep(answered(429, "", headers))).toMatchObject({ state: "failed", code: "too_many_requests" })
  })

  test("that did not leave us is tried again three times, then has failed with what was in the way", () => {
    for (const [i, waitMs] of sendRetryMs.entries())
      expect(sendStep(fault("connection_refused", false), { attempts: i + 1 })).toMatchObject({
        state: "retry",
        at: after(waitMs),
      })
    expect(sendStep(fault("connection_refused", false), { attempts: 4 })).toEqual({
      state: "failed",
      code: "connection_refused",
      reason: "hooks.acme.test refused the connection on port 443",
    })
  })

  test("is not tried again later than a minute after its first try", () => {
    const late = { attempts: 3, firstStartedAt: after(-46_000) }
    expect(sendStep(fault("name_failed", false), late)).toMatchObject({ state: "failed" })
  })

  test.each([
    "address_blocked",
    "invalid_url",
  ] as const)("that our own rules keep in (%s) has failed at once", (code) => {
    expect(sendStep(fault(code, false))).toMatchObject({ state: "failed", code })
  })

  test.each([
    "tls_expired",
    "tls_self_signed",
    "tls_wrong_name",
  ] as const)("that met a certificate nobody should trust (%s) has failed at once, where a notice waits for a better one", (code) => {
    expect(sendStep(fault(code, false))).toMatchObject({ state: "failed", code })
    expect(noticeStep(fault(code, false))).toMatchObject({ state: "retry" })
  })

  test.each([
    "timeout",
    "connection_reset",
    "bad_answer",
  ] as const)("whose first byte was written and that ends in %s is unknown", (code) => {
    expect(sendStep(fault(code, true))).toMatchObject({ state: "unknown", code: "no_answer" })
  })

  test("is never tried again by itself once a byte was written, but for 429", () => {
    const outcomes = fc.oneof(
      fc.record({
        kind: fc.constant("fault" as const),
        code: fc.constantFrom<FaultCode>("timeout", "connection_reset", "bad_answer"),
        reason: fc.string(),
        written: fc.constant(true),
        phase: fc.constant("body" as const),
      }),
      fc.record({
        kind: fc.constant("answered" as const),
        status: fc.integer({ min: 200, max: 599 }),
        headers: fc.constantFrom<Record<string, string>>({}, { "retry-after": "1" }),
        body: fc.oneof(
          fc.string(),
          fc.json(),
          fc.constantFrom(...errorTypes).map((type) => JSON.stringify({ type })),
        ),
        cut: fc.constantFrom("size" as const, "broken" as const, "time" as const, null),
      }),
    )
    const situations = fc.record({
      exchange: outcomes,
      attempts: fc.integer({ min: 1, max: 20 }),
      strict: fc.boolean(),
    })
    fc.assert(
      fc.property(situations, ({ exchange, attempts, strict }) => {
        const step = sendStep(exchange, { attempts, strict })
        if (step.state === "retry") expect(exchange).toMatchObject({ kind: "answered", status: 429 })
        if (exchange.kind === "fault") expect(step.state).toBe("unknown")
      }),
    )
  })
})

test("what is tried again waits as documented: a send 1, 5 and 15 s, a notice up to 8 h", () => {
  expect(sendRetryMs).toEqual([1_000, 5_000, 15_000])
  expect(noticeRetryMs.map((ms) => ms / 1000)).toEqual([0, 5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800])
})

describe("at the edges of what is promised", () => {
  test("a send is tried again up to a minute after its first try, to the millisecond", () => {
    const fourth = (ms: number) => ({ attempts: 3, firstStartedAt: after(-ms) })
    expect(sendStep(fault("name_failed", false), fourth(45_000))).toMatchObject({ state: "retry", at: after(15_000) })
    expect(sendStep(fault("name_failed", false), fourth(45_001))).toMatchObject({ state: "failed" })
  })

  test("a send waits 60 s for a partner that asks, and no longer", () => {
    const asking = (date: string) => answered(429, "", { date, "retry-after": "Mon, 05 Jan 2026 09:01:00 GMT" })
    expect(sendStep(asking("Mon, 05 Jan 2026 09:00:00 GMT"))).toMatchObject({
      state: "retry",
      warnings: [strictly("429 with Retry-After was taken for a request to wait")],
    })
    expect(sendStep(asking("Mon, 05 Jan 2026 08:59:59 GMT"))).toMatchObject({ state: "failed" })
  })

  test("2xx ends at 299, for sends, notices and late answers", () => {
    expect(sendStep(answered(299, taken))).toMatchObject({ state: "sent" })
    expect(sendStep(answered(300, taken))).toMatchObject({ state: "failed", code: "redirected" })
    expect(noticeStep(answered(299))).toEqual({ state: "sent", warnings: [] })
    expect(noticeStep(answered(300))).toMatchObject({ state: "retry" })
    expect(lateStep(answered(299, taken), false)).toMatchObject({ state: "sent" })
    expect(lateStep(answered(300, taken), false)).toBeNull()
  })

  test("4xx ends at 499: a notice is repeated from 500 on", () => {
    expect(noticeStep(answered(499))).toMatchObject({ state: "failed", code: "bad_request" })
    expect(sendStep(answered(499))).toMatchObject({ code: "bad_request" })
    expect(noticeStep(answered(500), { attempts: 10 })).toMatchObject({ state: "failed", code: "internal_error" })
    expect(sendStep(answered(408))).toMatchObject({ code: "request_timeout" })
    expect(noticeStep(answered(429), { attempts: 10 })).toMatchObject({ code: "too_many_requests" })
  })

  test("what people read of an unknown send and of a late answer says what happened", () => {
    expect(sendStep({ ...fault("timeout", true), reason: "it took 7 s" })).toMatchObject({
      reason: "it took 7 s: the message may have arrived",
    })
    expect(lateStep(answered(200, taken), false)).toMatchObject({
      state: "sent",
      warnings: [strictly("the answer came after 7 s")],
    })
  })
})

describe("a send of a strict app", () => {
  test("is sent when the answer keeps the vendor's rule", () => {
    expect(sendStep(answered(200, taken), { strict: true })).toMatchObject({ state: "sent", externalId: "m-1" })
  })

  test.each([
    [""],
    ["OK"],
    [{}],
    [{ ...taken, type: undefined }],
    [{ ...taken, external_id: undefined }],
    [{ ...taken, external_conversation_id: "" }],
  ])("has failed when the answer is %j", (body) => {
    expect(sendStep(answered(200, body), { strict: true })).toMatchObject({ state: "failed", code: "invalid_answer" })
  })
})

describe("a notice", () => {
  test.each([["{}"], ["OK"], [""], ['{"type":"bad_request"}']])("answered 2xx with %s has arrived", (body) => {
    expect(noticeStep(answered(202, body))).toEqual({ state: "sent", warnings: [] })
  })

  test.each([
    answered(500),
    answered(302),
    answered(408),
    answered(425),
    answered(429),
    fault("timeout", true),
    fault("name_failed", false),
  ])("that meets %o is tried again on the schedule, and fails after its last try", (exchange) => {
    const waits = noticeRetryMs.slice(1).map((_, i) => noticeStep(exchange, { attempts: i + 1 }))
    expect(waits).toMatchObject(noticeRetryMs.slice(1).map((ms) => ({ state: "retry", at: after(ms) })))
    expect(noticeStep(exchange, { attempts: noticeRetryMs.length })).toMatchObject({ state: "failed" })
  })

  test("waits a fifth longer or shorter than the schedule, at random", () => {
    expect(noticeStep(answered(500), { random: () => 0 })).toMatchObject({ at: after(4_000) })
    expect(noticeStep(answered(500), { random: () => 0.999999999 })).toMatchObject({ at: after(6_000) })
  })

  test("waits the same whenever its number and its attempt are the same, so a log can be computed again", () => {
    const waitOf = (id: number, attempt: number) => {
      const step = noticeStep(answered(500), { attempts: attempt, random: seeded(id, attempt) })
      return step.state === "retry" ? step.at.getTime() - now.getTime() : 0
    }
    const waits = Array.from({ length: 200 }, (_, id) => waitOf(id, 3))
    expect(Array.from({ length: 200 }, (_, id) => waitOf(id, 3))).toEqual(waits)
    expect(new Set(waits).size).toBeGreaterThan(190)
    expect([Math.min(...waits) >= 96_000, Math.max(...waits) <= 144_000]).toEqual([true, true])
  })

  test("waits as long as the partner asks, an hour at most", () => {
    expect(noticeStep(answered(503, "", { "retry-after": "90" }))).toMatchObject({ at: after(90_000) })
    expect(noticeStep(answered(503, "", { "retry-after": "1" }))).toMatchObject({ at: after(5_000) })
    expect(noticeStep(answered(503, "", { "retry-after": "86400" }))).toMatchObject({ at: after(3_600_000) })
  })

  test.each([400, 401, 403, 404, 405, 410, 413, 422, 451])("answered %i has failed for good", (status) => {
    expect(noticeStep(answered(status, "no"))).toMatchObject({ state: "failed" })
  })

  test("may go to nobody when our own rules keep it in", () => {
    expect(noticeStep(fault("address_blocked", false))).toMatchObject({ state: "failed", code: "address_blocked" })
  })
})

test("a goodbye is delivered by any answer but a server error, as handling it is optional", () => {
  const control = { sequence: "control" as const }
  expect(sendStep(answered(200, "OK"), control)).toMatchObject({ state: "sent" })
  expect(sendStep(answered(404), control)).toMatchObject({
    state: "sent",
    warnings: ["the channel's server answered 404"],
  })
  expect(sendStep(answered(500), control)).toMatchObject({ state: "retry" })
})

describe("an answer after the time limit", () => {
  test("settles the send as sent when it is a success", () => {
    expect(lateStep(answered(200, taken), false)).toMatchObject({ state: "sent", externalId: "m-1" })
    expect(lateStep(answered(200, "", {}, "time"), false)).toMatchObject({ state: "sent" })
  })

  test("settles the send as failed when it is one of the seven error types, or 401", () => {
    expect(lateStep(answered(500, { type: "internal_error", message: "sorry" }), false)).toMatchObject({
      state: "failed",
      reason: "sorry",
    })
    expect(lateStep(answered(401), false)).toMatchObject({ state: "failed", authentication: true })
    expect(lateStep(answered(200, "OK"), true)).toMatchObject({ state: "failed", code: "invalid_answer" })
  })

  test.each([
    answered(504, "gateway timeout"),
    answered(429),
    fault("connection_reset", true),
  ])("that is %o leaves it unknown", (exchange) => {
    expect(lateStep(exchange, false)).toBeNull()
  })
})
