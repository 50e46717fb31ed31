import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { type Story, tellStory } from "./engine.story.ts"
import { cancelHeld, hasten, parkSends, releaseSends } from "./outbox.ts"
import {
  type Answering,
  type ScriptedPartner,
  says,
  scriptedPartner,
  silence,
  success,
  type Webhook,
} from "./partner.story.ts"

let story: Story
let closers: (() => void)[] = []

beforeEach(async () => {
  story = await tellStory()
})
afterEach(async () => {
  await story.end()
  for (const close of closers) close()
  closers = []
})

async function partner(answering: Answering): Promise<ScriptedPartner> {
  const one = await scriptedPartner(answering)
  closers.push(one.close)
  return one
}

const received = (webhooks: Webhook[]) => webhooks.map((webhook) => webhook.delivery)
const statesToldOf = (id: number) =>
  story.changes.filter((change) => change.delivery.id === id).map((change) => change.state)
const seconds = (count: number) => count * 1000

test("1,000 sends over 20 conversations reach the partner once each and in order per conversation", async () => {
  const acme = await partner(success)
  const channel = await story.channel(acme.url)
  const put = new Map<number, number[]>()
  for (let i = 0; i < 20; i++) {
    const conversation = await story.conversation(channel)
    put.set(conversation, await story.put(conversation, "send", { count: 50 }))
  }
  const startedMs = Date.now()
  await story.engine.settle()
  console.info(`1,000 sends in ${Date.now() - startedMs} ms`)
  expect(acme.received).toHaveLength(1000)
  for (const [conversation, ids] of put) {
    expect(received(acme.received.filter((webhook) => webhook.conversation === conversation))).toEqual(ids)
  }
  expect(new Set(await story.states([...put.values()].flat()))).toEqual(new Set(["sent"]))
}, 60_000)

test("a send is told as sending, then sent with the ids the partner returned", async () => {
  const acme = await partner(success)
  const [id] = await story.put(await story.conversation(await story.channel(acme.url)), "send")
  await story.engine.settle()
  expect(statesToldOf(id as number)).toEqual(["sending", "sent"])
  expect(story.changes.at(-1)).toMatchObject({ externalId: "e1", externalConversationId: "c1" })
})

test("a partner that does not answer delays its own channel and no other", async () => {
  const [hung, quick] = [await partner(silence), await partner(success)]
  const hungChannel = await story.channel(hung.url)
  for (let i = 0; i < 10; i++) await story.put(await story.conversation(hungChannel), "send", { count: 3 })
  const channel = await story.channel(quick.url)
  await vi.waitFor(() => expect(hung.received).toHaveLength(2))
  const startedMs = Date.now()
  const ids = await story.put(await story.conversation(channel), "send", { count: 5 })
  await vi.waitFor(async () => expect(await story.states(ids)).toEqual(Array(5).fill("sent")), {
    timeout: 2000,
    interval: 10,
  })
  expect(Date.now() - startedMs).toBeLessThan(1000)
  expect(hung.received).toHaveLength(2)
})

test("a partner that answers 500 to every notice still gets a send within a second", async () => {
  const acme = await partner((webhook, response) =>
    (webhook.type === "message" ? success : says(500, {}))(webhook, response),
  )
  const channel = await story.channel(acme.url)
  for (let i = 0; i < 50; i++) await story.put(await story.conversation(channel), "notice", { count: 5 })
  const startedMs = Date.now()
  const ids = await story.put(await story.conversation(channel), "send")
  await vi.waitFor(async () => expect(await story.states(ids)).toEqual(["sent"]), { timeout: 2000, interval: 10 })
  expect(Date.now() - startedMs).toBeLessThan(1000)
})

test("a partner that hangs on every notice still gets a send within a second", async () => {
  const acme = await partner((webhook, response) => (webhook.type === "message" ? success : silence)(webhook, response))
  const channel = await story.channel(acme.url)
  for (let i = 0; i < 5; i++) await story.put(await story.conversation(channel), "notice", { count: 2 })
  await vi.waitFor(() => expect(acme.received).toHaveLength(1))
  const startedMs = Date.now()
  const ids = await story.put(await story.conversation(channel), "send")
  await vi.waitFor(async () => expect(await story.states(ids)).toEqual(["sent"]), { timeout: 2000, interval: 10 })
  expect(Date.now() - startedMs).toBeLessThan(1000)
})

test("a failing notice is tried again when its time has come, and lets the ones after it pass within a minute", async () => {
  const acme = await partner(success)
  const conversation = await story.conversation(await story.channel(acme.url))
  const [first, second] = (await story.put(conversation, "notice", { count: 2 })) as [number, number]
  acme.answering = (webhook, response) => (webhook.delivery === first ? says(503, {}) : success)(webhook, response)
  await story.engine.settle()
  expect(received(acme.received)).toEqual([first])
  story.clock.advance(seconds(3))
  await story.engine.settle()
  expect(received(acme.received)).toEqual([first])
  story.clock.advance(seconds(4))
  await story.engine.settle()
  expect(received(acme.received)).toEqual([first, first])
  story.clock.advance(seconds(40))
  await story.engine.settle()
  expect(received(acme.received)).toEqual([first, first, first, second])
  expect(await story.states([first, second])).toEqual(["waiting", "sent"])
  acme.answering = success
  story.clock.advance(seconds(150))
  await story.engine.settle()
  expect(await story.states([first, second])).toEqual(["sent", "sent"])
})

test("a send whose worker died is unknown and not repeated; what came after it in the conversation is sent", async () => {
  const acme = await partner(silence)
  const ids = await story.put(await story.conversation(await story.channel(acme.url)), "send", { count: 2 })
  await vi.waitFor(() => expect(acme.received).toHaveLength(1))
  await story.engine.stop(0)
  acme.answering = success
  await story.startAnother().settle()
  expect(await story.states(ids)).toEqual(["unknown", "sent"])
  expect(received(acme.received)).toEqual(ids)
  expect(statesToldOf(ids[0] as number)).toEqual(["sending", "unknown"])
})

test("a notice whose worker died is tried again", async () => {
  const acme = await partner(silence)
  const [id] = (await story.put(await story.conversation(await story.channel(acme.url)), "notice")) as [number]
  await vi.waitFor(() => expect(acme.received).toHaveLength(1))
  await story.engine.stop(0)
  acme.answering = success
  await story.startAnother().settle()
  expect(await story.states([id])).toEqual(["sent"])
  expect(received(acme.received)).toEqual([id, id])
})

test("a result that comes under a stale lease writes nothing", async () => {
  let finish = () => {}
  const acme = await partner((webhook, response) => {
    finish = () => success(webhook, response)
  })
  const channel = await story.channel(acme.url)
  const [id] = (await story.put(await story.conversation(channel), "send")) as [number]
  await vi.waitFor(() => expect(acme.received).toHaveLength(1))
  await story.db.query({
    text: "update lane set lease_token = lease_token + 1 where channel_id = $1",
    values: [channel],
  })
  finish()
  await vi.waitFor(() => expect(story.engine.idle).toBe(true))
  expect(await story.states([id])).toEqual(["sending"])
  expect(statesToldOf(id)).toEqual(["sending"])
})

test("sends of an offline channel wait, notices go on, and the sends leave in order when it is back", async () => {
  const acme = await partner(success)
  const channel = await story.channel(acme.url)
  const conversation = await story.conversation(channel)
  await story.engine.stop()
  const before = await story.put(conversation, "send")
  await story.setStatus(channel, "offline")
  await story.db.tx((tx) => parkSends(tx, 1, channel))
  const after = await story.put(conversation, "send")
  const notices = await story.put(conversation, "notice")
  const engine = story.startAnother()
  await engine.settle()
  expect(await story.states([...before, ...after, ...notices])).toEqual(["waiting", "waiting", "sent"])
  await story.setStatus(channel, "ok")
  expect(await story.db.tx((tx) => releaseSends(tx, 1, channel, { youngerThanMs: 600_000 }))).toBe(2)
  await engine.settle()
  expect(received(acme.received)).toEqual([...notices, ...before, ...after])
})

test("replies that waited too long stay for a person, hold no later reply up, and then go to the end", async () => {
  const acme = await partner(success)
  const channel = await story.channel(acme.url)
  const conversation = await story.conversation(channel)
  await story.setStatus(channel, "offline")
  const old = await story.put(conversation, "send", { count: 3 })
  await story.db.query({ text: "update delivery set created_at = now() - interval '11 minutes'" })
  const young = await story.put(conversation, "send")
  await story.setStatus(channel, "ok")
  expect(await story.db.tx((tx) => releaseSends(tx, 1, channel, { youngerThanMs: 600_000 }))).toBe(1)
  await story.engine.settle()
  expect(received(acme.received)).toEqual(young)
  const [first, second, third] = old as [number, number, number]
  await story.db.tx(async (tx) => {
    const rows = await tx.query<{ message_id: number }>({
      text: "select message_id from delivery where id = $1",
      values: [second],
    })
    expect(await hasten(tx, 1, rows[0]?.message_id as number, story.clock.now())).toBe(true)
  })
  await story.engine.settle()
  expect(await story.db.tx((tx) => releaseSends(tx, 1, channel, {}))).toBe(2)
  await story.engine.settle()
  expect(received(acme.received)).toEqual([...young, second, first, third])
})

test("a channel whose partner refuses our credentials goes offline, and the replies after it wait", async () => {
  const acme = await partner(says(401, {}))
  const ids = await story.put(await story.conversation(await story.channel(acme.url)), "send", { count: 2 })
  await story.engine.settle()
  expect(await story.states(ids)).toEqual(["failed", "queued"])
  expect(acme.received).toHaveLength(1)
})

test("a held reply leaves when its window ends, after what was sent meanwhile, unless it was taken back", async () => {
  const acme = await partner(success)
  const conversation = await story.conversation(await story.channel(acme.url))
  const [held] = (await story.put(conversation, "send", { heldMs: seconds(10) })) as [number]
  const [undone] = (await story.put(conversation, "send", { heldMs: seconds(10) })) as [number]
  const [direct] = (await story.put(conversation, "send")) as [number]
  await story.engine.settle()
  expect(received(acme.received)).toEqual([direct])
  await story.db.tx(async (tx) => {
    const rows = await tx.query<{ message_id: number }>({
      text: "select message_id from delivery where id = $1",
      values: [undone],
    })
    expect(await cancelHeld(tx, 1, rows[0]?.message_id as number)).toBe(true)
  })
  story.clock.advance(seconds(10))
  await story.engine.settle()
  expect(received(acme.received)).toEqual([direct, held])
  expect(statesToldOf(held)).toEqual(["sending", "sent"])
  expect(await story.states([undone])).toEqual(["cancelled"])
})

test("no answer in time is unknown and lets the next send go; an answer that comes late settles it", async () => {
  let finish = () => {}
  const acme = await partner((webhook, response) => {
    finish = () => success(webhook, response)
    acme.answering = success
  })
  const [first, second] = (await story.put(await story.conversation(await story.channel(acme.url)), "send", {
    count: 2,
  })) as [number, number]
  await story.engine.settle()
  expect(await story.states([first, second])).toEqual(["unknown", "sent"])
  finish()
  await vi.waitFor(async () => expect(await story.states([first])).toEqual(["sent"]), { timeout: 3000 })
  expect(statesToldOf(first)).toEqual(["sending", "unknown", "sent"])
})

test("a send that cannot connect waits and is tried again, three times at most", async () => {
  const ids = await story.put(await story.conversation(await story.channel("http://127.0.0.1:1/")), "send")
  await story.engine.settle()
  expect(await story.states(ids)).toEqual(["waiting"])
  for (let i = 0; i < 6; i++) {
    story.clock.advance(seconds(20))
    await story.engine.settle()
  }
  expect(await story.states(ids)).toEqual(["failed"])
})

test("two processes on one database deliver everything once", async () => {
  const acme = await partner(success)
  const another = story.startAnother()
  const put: number[] = []
  for (let i = 0; i < 8; i++) {
    const channel = await story.channel(acme.url)
    put.push(...(await story.put(await story.conversation(channel), "send", { count: 10 })))
  }
  await Promise.all([story.engine.settle(), another.settle()])
  expect(received(acme.received).toSorted()).toEqual(put.toSorted())
})
