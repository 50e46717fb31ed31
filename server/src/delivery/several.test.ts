import { setTimeout as delay } from "node:timers/promises"
import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { type Story, tellStory } from "./engine.story.ts"
import { type ScriptedPartner, scriptedPartner, success } from "./partner.story.ts"

let story: Story
let acme: ScriptedPartner

beforeEach(async () => {
  story = await tellStory()
  acme = await scriptedPartner((webhook, response) => void setTimeout(success, 5, webhook, response))
})
afterEach(async () => {
  await story.end()
  acme.close()
})

/** Conversations over some channels, and what was put into each, in order. */
async function burden(channels: number, conversations: number, count: number): Promise<Map<number, number[]>> {
  const put = new Map<number, number[]>()
  for (let i = 0; i < channels; i++) {
    const channel = await story.channel(acme.url)
    for (let j = 0; j < conversations; j++) {
      const conversation = await story.conversation(channel)
      put.set(conversation, await story.put(conversation, "send", { count }))
    }
  }
  return put
}

const arrivedAt = (conversation: number) =>
  acme.received.filter((webhook) => webhook.conversation === conversation).map((webhook) => webhook.delivery)

test("three engines on one database deliver everything once and in order", async () => {
  const others = [story.startAnother(), story.startAnother()]
  const put = await burden(6, 4, 10)
  await Promise.all([story.engine, ...others].map((engine) => engine.settle()))
  for (const [conversation, ids] of put) expect(arrivedAt(conversation)).toEqual(ids)
  expect(acme.received).toHaveLength(240)
})

test("an engine that stops finishes what is under way, and another goes on at once", async () => {
  const put = await burden(4, 4, 10)
  await vi.waitFor(() => expect(acme.received.length).toBeGreaterThan(10), { interval: 1 })
  await story.engine.stop()
  const atStop = acme.received.length
  expect(atStop).toBeLessThan(160)
  expect(
    (await story.states(acme.received.map((webhook) => webhook.delivery))).every((state) => state === "sent"),
  ).toBe(true)
  await delay(20)
  expect(acme.received).toHaveLength(atStop)
  const startedMs = Date.now()
  await story.startAnother().settle()
  expect(Date.now() - startedMs).toBeLessThan(8_000) // no lease had to run out
  for (const [conversation, ids] of put) expect(arrivedAt(conversation)).toEqual(ids)
})

test("a claim that commits while its engine is being stopped is found by the next one", async () => {
  await story.engine.stop()
  const { promise: mayCommit, resolve: commit } = Promise.withResolvers<void>()
  const { promise: isClaiming, resolve: claiming } = Promise.withResolvers<void>()
  const another = story.startAnother({
    async onLeaving() {
      claiming()
      await mayCommit
    },
  })
  const [first, second] = [...(await burden(1, 1, 2)).values()][0] as [number, number]
  another.wake()
  await isClaiming
  const stopped = another.stop(0)
  await delay(20)
  commit()
  await stopped
  await story.startAnother().settle()
  expect(await story.states([first, second])).toEqual(["unknown", "sent"])
})

test("an engine that stops before it could settle what another left behind leaves it to the next one", async () => {
  await story.engine.stop()
  const [first, second] = [...(await burden(1, 1, 2)).values()][0] as [number, number]
  await story.db.query({
    text: `with left_behind as (update lane set lease_token = lease_token + 1, leased_by = 'a killed server', leased_until = '-infinity' returning lease_token)
           update delivery set state = 'sending', attempts = 1, first_started_at = now(), lease_token = (select lease_token from left_behind) where id = $1`,
    values: [first],
  })
  const { promise: hasTried, resolve: tried } = Promise.withResolvers<void>()
  const unlucky = story.startAnother({
    async onState() {
      tried()
      throw new Error("it cannot be written just now")
    },
  })
  await hasTried
  await unlucky.stop()
  await story.startAnother().settle()
  expect(await story.states([first, second])).toEqual(["unknown", "sent"])
})

test("engines that come and go, some without a word, lose nothing, double nothing and keep the order", async () => {
  let alive = [story.engine, story.startAnother(), story.startAnother()]
  const put = await burden(5, 4, 12)
  const stops: unknown[] = []
  for (let round = 0; round < 4; round++) {
    await delay(60)
    const [leaving, ...staying] = alive
    stops.push(leaving?.stop(round % 2 === 0 ? 0 : 8000))
    alive = [...staying, story.startAnother()]
  }
  await Promise.all(stops)
  await Promise.all(alive.map((engine) => engine.settle()))
  const all = [...put.values()].flat()
  const states = new Map((await story.states(all)).map((state, i) => [all[i] as number, state]))
  expect([...states.values()].filter((state) => state !== "sent" && state !== "unknown")).toEqual([])
  const arrived = acme.received.map((webhook) => webhook.delivery)
  expect(new Set(arrived).size).toBe(arrived.length)
  for (const [conversation, ids] of put) {
    expect(arrivedAt(conversation)).toEqual(ids.filter((id) => arrived.includes(id)))
    for (const id of ids) expect(arrived.includes(id) || states.get(id) === "unknown").toBe(true)
  }
})
