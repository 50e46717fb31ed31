import { afterAll, beforeEach, describe, expect, test } from "vitest"
import { ana, inbound, type Reply, startStory } from "./story.ts"

const story = await startStory()
afterAll(() => story.close())
const { call, apiToken, partner } = story

const signedIn = await call("POST", "/causeway/auth/sign-in/email", {
  json: { email: ana.email, password: ana.password },
})
const cookie = signedIn.headers
  .getSetCookie()
  .map((one) => one.split(";")[0])
  .join("; ")
const asTeammate = (path: string): Promise<Reply> => call("GET", path, { headers: { cookie } })

/** So many customers have written, and nobody has answered yet: the paths of their conversations. */
async function customersWait(count: number): Promise<string[]> {
  const paths: string[] = []
  for (let i = 0; i < count; i++) {
    const message = await story.message(await story.customerWrites("Hello?", inbound("Hello?")))
    paths.push(new URL(message.body._links.related.conversation).pathname)
  }
  await story.settle()
  return paths
}

const reply = (path: string, text = "It ships today."): Promise<Reply> =>
  call("POST", `${path}/messages`, { token: apiToken, json: { body: text, options: { archive: false } } })

const channel = async () =>
  (await asTeammate("/causeway/channels")).body.channels.find((one: { id: string }) => one.id === story.channelId)

const lastMessage = async (path: string) => (await asTeammate(`/causeway${path}`)).body.messages.at(-1)

beforeEach(() => partner.answers())

describe("a partner that breaks every connection off", () => {
  test("makes its channel pause: people see since when, why and until when, and what waits", async () => {
    const paths = await customersWait(9)
    expect((await channel()).delivery).toEqual({
      state: "ok",
      since: null,
      next_probe_at: null,
      reason: null,
      waiting: 0,
    })
    partner.answers("reset")
    for (const path of paths) {
      expect((await reply(path)).status).toBe(202)
      await story.settle()
    }
    const now = story.server.services.clock.now().getTime() / 1000
    const { status, delivery } = await channel()
    expect(status).toBe("ok")
    expect(delivery).toMatchObject({
      state: "pausing",
      since: now,
      reason: "127.0.0.1 closed the connection before it answered",
      waiting: 4,
    })
    expect(delivery.next_probe_at - now).toBeGreaterThanOrEqual(4)
    expect(delivery.next_probe_at - now).toBeLessThanOrEqual(6)
    expect(await lastMessage(paths[0] as string)).toMatchObject({ state: "unknown", error: { code: "no_answer" } })
    expect(await lastMessage(paths[8] as string)).toMatchObject({
      state: "waiting",
      due_at: delivery.next_probe_at,
      error: { code: "connection_reset", reason: delivery.reason },
    })
  })

  test("is told everything that waited, once it takes one again", async () => {
    partner.answers()
    partner.received.length = 0
    story.server.services.clock.advance(6000)
    await story.settle()
    expect((await channel()).delivery).toMatchObject({ state: "ok", waiting: 0 })
    expect(partner.received.filter(({ body }) => body.type === "message")).toHaveLength(4)
  })
})

describe("what failed is told again", () => {
  const redrive = (json: object, options: object = { token: apiToken }) =>
    call("POST", "/causeway/deliveries/redrive", {
      json: { channel_id: story.channelId, since: 0, ...json },
      ...options,
    })
  const textsOf = () =>
    partner.received.filter(({ body }) => body.type === "message").map(({ body }) => String(body.payload.text).trim())

  test("first it is counted, and with confirm it goes out in each conversation's order, 20 a second", async () => {
    const paths = (await customersWait(5)) as [string, ...string[]]
    partner.answers({ status: 400, body: { type: "bad_request", message: "down for repairs" } })
    for (let i = 0; i < 6; i++) for (const [n, path] of paths.entries()) await reply(path, `${n}:${i}`)
    await story.settle()
    partner.answers()
    const nothing = { sent: 0, failed: 0, unknown: 0, under_way: 0 }
    const counted = await redrive({})
    expect(counted).toMatchObject({ status: 200, body: { count: 30, oldest_at: expect.any(Number), told: nothing } })
    const told = async () => (await redrive({ until: counted.body.counted_at })).body.told
    partner.received.length = 0
    const begun = await redrive({ confirm: true })
    expect(begun).toMatchObject({ status: 202, body: { count: 30, left: 0 } })
    expect((await redrive({ confirm: true })).body).toEqual({ count: 0, left: 0 })
    await story.settle()
    expect(textsOf()).toHaveLength(20)
    expect(await told()).toEqual({ ...nothing, sent: 20, under_way: 10 })
    story.server.services.clock.advance(1000)
    await story.settle()
    for (const n of paths.keys())
      expect(textsOf().filter((text) => text.startsWith(`${n}:`))).toEqual([0, 1, 2, 3, 4, 5].map((i) => `${n}:${i}`))
    expect(await lastMessage(paths[0])).toMatchObject({ state: "sent" })
    expect((await redrive({})).body).toMatchObject({ count: 0, oldest_at: null, told: nothing })
    expect(await told()).toEqual({ ...nothing, sent: 30 })
  })

  test("only what ended in the span, only what failed unless unknown is asked for, and nothing twice", async () => {
    const [path] = (await customersWait(1)) as [string]
    partner.answers({ status: 400, body: { type: "bad_request" } }, "reset", { status: 403, body: {} })
    for (const text of ["first", "second", "third"]) await reply(path, text)
    await story.settle()
    partner.answers()
    const now = Date.now() / 1000
    expect((await redrive({ since: now - 60, until: now + 60 })).body).toMatchObject({ count: 2 })
    expect((await redrive({ since: now + 60 })).body).toMatchObject({ count: 0 })
    expect((await redrive({ until: now - 60 })).body).toMatchObject({ count: 0 })
    expect((await redrive({ since: now - 60, status: ["unknown"] })).body.count).toBeGreaterThanOrEqual(1)
  })

  test("a channel that does not exist, or is another company's, has nothing to tell; bad input is refused", async () => {
    const foreign = await redrive({ channel_id: "cha_1a" })
    const missing = await redrive({ channel_id: "cha_zzzz1" })
    expect(foreign.status).toBe(404)
    expect({ ...missing.body._error, message: "" }).toEqual({ ...foreign.body._error, message: "" })
    expect((await redrive({ channel_id: "x" })).status).toBe(404)
    for (const bad of [
      { since: -1 },
      { since: "today" },
      { since: 1e300 },
      { status: [] },
      { status: ["sent"] },
      { confirm: "yes" },
    ])
      expect((await redrive(bad)).status, JSON.stringify(bad)).toBe(400)
    expect((await redrive({}, {})).status).toBe(401)
    expect((await redrive({}, { token: story.channelToken() })).status).toBe(403)
  })
})
