import { endpoint } from "@causeway/contract/endpoint"
import type { FastifyReply, FastifyRequest } from "fastify"
import { afterAll, expect, test } from "vitest"
import { inbound, startStory } from "../../../test/story.ts"
import type { Principal } from "./callers.ts"
import { HttpError } from "./errors.ts"
import { createRateLimits, type RatePolicy, strictPolicy } from "./rate-limits.ts"

const token: Principal = { kind: "token", companyId: 1, tokenId: 7, scopes: [] }
const operation = (method: "GET" | "POST" | "PATCH", path: string) =>
  endpoint({ method, path, summary: "", callers: ["token"], scope: null, responses: {} })
const list = operation("GET", "/tags")

/** Meters on a clock that the test moves, and what one request gets: 429's sentence, and the headers without their prefix. */
function held(policy: RatePolicy | ((companyId: number) => RatePolicy) = strictPolicy) {
  const clock = { now: 1_000_000_000_000 }
  const limits = createRateLimits(typeof policy === "function" ? policy : () => policy, () => clock.now)
  const meters = new Map<unknown, ReturnType<typeof limits.meter>>()
  return {
    clock,
    send(on = list, options: { by?: Principal | null; params?: object; address?: string } = {}) {
      const headers: Record<string, string> = {}
      const reply = { header: (name: string, value: string) => (headers[name.replace("x-ratelimit-", "")] = value) }
      const meter = meters.get(on) ?? limits.meter(on)
      meters.set(on, meter)
      const request = { params: options.params ?? {}, address: options.address ?? "192.0.2.1" }
      const { by = token } = options
      try {
        meter(request as FastifyRequest, reply as unknown as FastifyReply, by)
        return { refused: null, headers }
      } catch (error) {
        expect(error).toBeInstanceOf(HttpError)
        expect((error as HttpError).status).toBe(429)
        return { refused: (error as HttpError).message, headers }
      }
    },
  }
}

const times = <T>(count: number, work: () => T): T[] => Array.from({ length: count }, work)

test("every answer says the limit, what is left, when the minute ends in epoch seconds, and the burst pool", () => {
  const { send, clock } = held()
  expect(send().headers).toEqual({
    limit: "50",
    remaining: "49",
    reset: String(clock.now / 1000 + 60),
    "burst-limit": "25",
    "burst-remaining": "25",
  })
  clock.now += 500
  expect(send().headers).toMatchObject({ remaining: "48", reset: String(1_000_000_000 + 60) })
})

test("above the limit the burst pool serves, then 429 with the wait in milliseconds and in whole seconds", () => {
  const { send, clock } = held()
  expect(times(75, send).every(({ refused }) => refused === null)).toBe(true)
  clock.now += 10_000.4
  // Ten seconds gave the pool 10/600 of 25: less than one request. The next one is whole at 24 s, before the minute ends.
  const late = send()
  expect(late.refused).toMatch(/^Rate limit exceeded\. Please retry in 14000 milliseconds\.$/)
  expect(late.headers).toMatchObject({ remaining: "0", "burst-remaining": "0", "retry-after": "14" })
  clock.now += 14_000
  expect(send().refused).toBeNull()
  expect(send().refused).not.toBeNull()
})

test("a new minute begins with the request after the last one's end, and the burst pool is full after ten", () => {
  const { send, clock } = held()
  times(80, send)
  clock.now += 60_000
  expect(send().headers).toMatchObject({ remaining: "49", "burst-remaining": "2" })
  clock.now += 600_000
  expect(send().headers).toMatchObject({ remaining: "49", "burst-remaining": "25" })
})

test("a machine's clock that is set back refuses nobody what was left before", () => {
  const { send, clock } = held()
  const write = operation("POST", "/channels/:channel_id/inbound_messages")
  const params = { channel_id: "cha_1" }
  send(write, { params })
  clock.now -= 3_600_000
  expect(send(write, { params }).refused).toBeNull()
  expect(send().headers).toMatchObject({ remaining: "48", reset: String((clock.now + 60_000) / 1000) })
  clock.now += 1_000
  expect(times(5, () => send(write, { params }).refused)).toEqual(Array(5).fill(null))
})

test("a company's API and channel tokens share one budget; other companies, partners and people have their own", () => {
  const { send } = held()
  times(60, send)
  const channel: Principal = { kind: "channel", companyId: 1, channelId: 3, appUid: "5" }
  expect(send(list, { by: channel }).headers).toMatchObject({ remaining: "0", "burst-remaining": "14" })
  expect(send(list, { by: { ...token, companyId: 2 } }).headers.remaining).toBe("49")
  const partner = { ...token, oauthClientId: 9 } as Principal
  expect(send(list, { by: partner }).headers).toMatchObject({ limit: "120", remaining: "119" })
  expect(send(list, { by: { ...partner, oauthClientId: 10 } as Principal }).headers.remaining).toBe("119")
  const person: Principal = {
    kind: "session",
    companyId: 1,
    teammateId: 4,
    role: "admin",
    isDeveloper: true,
    provedAt: 0,
  }
  expect(send(list, { by: person }).headers).toMatchObject({ limit: "6000", remaining: "5999" })
  expect(send(list, { by: null }).headers).toMatchObject({ limit: "600000", remaining: "599999" })
  expect(send(list, { by: null, address: "192.0.2.2" }).headers.remaining).toBe("599999")
})

test("a writing operation is held to five a second on each resource, whatever is left of the budget", () => {
  const { send, clock } = held()
  const path = operation("PATCH", "/conversations/:conversation_id")
  const write = (id = "cnv_1") => send(path, { params: { conversation_id: id } })
  expect(times(5, write).every(({ refused, headers }) => refused === null && headers["x-front-tier"] === "2")).toBe(
    true,
  )
  const sixth = write()
  expect(sixth.refused).toBe("Rate limit exceeded for tier-2 route. Please retry in 200 milliseconds.")
  expect(sixth.headers).toMatchObject({ "x-front-tier": "2", "retry-after": "1", remaining: "45" })
  expect(write("cnv_2").refused).toBeNull()
  expect(
    send(operation("POST", "/conversations/:conversation_id/tags"), { params: { conversation_id: "cnv_1" } }).refused,
  ).toBeNull()
  expect(send(path, { params: { conversation_id: "cnv_1" }, by: { ...token, companyId: 2 } }).refused).toBeNull()
  clock.now += 200
  expect(write().refused).toBeNull()
  expect(write().refused).not.toBeNull()
  const read = operation("GET", "/conversations/:conversation_id")
  expect(times(10, () => send(read, { params: { conversation_id: "cnv_1" } })).at(-1)?.refused).toBeNull()
})

test("searches have two fifths of the limit, and a message is seen ten times an hour", () => {
  const { send, clock } = held()
  const search = operation("GET", "/conversations/search/:query")
  expect(times(20, () => send(search, { params: { query: "x" } })).at(-1)?.refused).toBeNull()
  expect(send(search, { params: { query: "y" } }).refused).toContain(
    "for this route. Please retry in 3000 milliseconds",
  )
  const seen = operation("POST", "/messages/:message_id/seen")
  const look = () => send(seen, { params: { message_id: "msg_1" } })
  expect(times(10, look).at(-1)?.refused).toBeNull()
  clock.now += 1000
  expect(look().refused).toContain("retry in 359000 milliseconds")
})

test("probes are not counted and carry no headers", () => {
  const { send } = held()
  expect(send(operation("GET", "/healthz"), { by: null }).headers).toEqual({})
})

test("a limit that is lowered in the middle of a minute holds from the next request", () => {
  let policy = { ...strictPolicy, perMinute: 100 }
  const { send } = held(() => policy)
  times(40, send)
  policy = { ...strictPolicy, perMinute: 10 }
  expect(send().headers).toMatchObject({ limit: "10", remaining: "0", "burst-limit": "5", "burst-remaining": "4" })
  expect(times(5, send).at(-1)?.refused).not.toBeNull()
})

const story = await startStory({ strictLimits: true })
afterAll(() => story.close())

test("over HTTP: answers and refusals of every kind carry the headers, the page and the probe do not", async () => {
  const { call, apiToken } = story
  const names = ["limit", "remaining", "reset", "burst-limit", "burst-remaining"].map((name) => `x-ratelimit-${name}`)
  const has = ({ headers }: { headers: Headers }) => names.map((name) => /^\d+$/.test(headers.get(name) ?? ""))
  const all = names.map(() => true)
  expect(has(await call("GET", "/me", { token: apiToken }))).toEqual(all)
  expect(has(await call("GET", "/conversations/cnv_1", { token: apiToken }))).toEqual(all)
  expect(has(await call("GET", "/me"))).toEqual(all)
  expect(has(await call("GET", "/me", { token: "cw_wrong" }))).toEqual(all)
  expect(has(await call("PATCH", "/conversations/cnv_1", { token: apiToken, json: { status: 1 } }))).toEqual(all)
  const none = names.map(() => false)
  expect(has(await call("GET", "/healthz"))).toEqual(none)
  expect(has(await call("GET", "/app/"))).toEqual(none)
})

test("over HTTP: a channel that sends faster than five a second is told so in the words that clients parse, and nothing is lost", async () => {
  const { call, channelId } = story
  const sent = times(12, () => inbound("Hello"))
  const answers = await Promise.all(
    sent.map((json) => call("POST", `/channels/${channelId}/inbound_messages`, { token: story.channelToken(), json })),
  )
  const refused = answers.filter(({ status }) => status === 429)
  expect(answers.filter(({ status }) => status === 202).length).toBeGreaterThanOrEqual(5)
  expect(refused.length).toBeGreaterThan(0)
  for (const { body, headers } of refused) {
    expect(body._error).toMatchObject({ status: 429, title: "Too many requests" })
    expect(body._error.message).toMatch(/^Rate limit exceeded for tier-2 route\. Please retry in \d+ milliseconds\.$/)
    expect(headers.get("retry-after")).toBe("1")
    expect(headers.get("x-front-tier")).toBe("2")
    expect(Number(headers.get("x-ratelimit-remaining"))).toBeGreaterThan(0)
  }
})

test("over HTTP: an admin sets the company's limits and takes them back; odd numbers are refused by name", async () => {
  const { call, apiToken } = story
  const path = "/causeway/settings/rate_limits"
  const vendor = { requests_per_minute: 50, partner_requests_per_minute: 120, requests_per_resource_per_second: 5 }
  expect((await call("GET", path, { token: apiToken })).body).toEqual({ ...vendor, strict: true })
  const changed = await call("PATCH", path, { token: apiToken, json: { requests_per_minute: 200 } })
  expect(changed.body).toEqual({ ...vendor, requests_per_minute: 200, strict: true })
  expect((await call("GET", "/me", { token: apiToken })).headers.get("x-ratelimit-limit")).toBe("200")
  const both = { requests_per_resource_per_second: 9, requests_per_minute: null }
  expect((await call("PATCH", path, { token: apiToken, json: both })).body).toEqual({
    ...vendor,
    requests_per_resource_per_second: 9,
    strict: true,
  })
  for (const odd of [0, -1, 1.5, "50", 10_000_001]) {
    const answer = await call("PATCH", path, { token: apiToken, json: { requests_per_minute: odd } })
    expect(answer.status).toBe(400)
    expect(answer.body._error.message).toContain("body.requests_per_minute")
  }
})
