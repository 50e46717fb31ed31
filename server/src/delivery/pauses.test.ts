import { afterEach, beforeEach, expect, test, vi } from "vitest"
import { type Story, tellStory } from "./engine.story.ts"
import { hasten } from "./outbox.ts"
import { hangsUp, type ScriptedPartner, says, scriptedPartner, silence, success } from "./partner.story.ts"

let story: Story
let acme: ScriptedPartner
let channel: number

beforeEach(async () => {
  story = await tellStory()
  acme = await scriptedPartner(success)
  channel = await story.channel(acme.url)
})
afterEach(async () => {
  await story.end()
  acme.close()
})

const seconds = (count: number) => count * 1000
const received = () => acme.received.map((webhook) => webhook.delivery)

/** One reply in each of so many new conversations. */
async function replies(count: number): Promise<number[]> {
  const ids: number[] = []
  for (let i = 0; i < count; i++) ids.push(...(await story.put(await story.conversation(channel), "send")))
  return ids
}

async function lane(): Promise<{ paused: boolean; from: Date; due: Date; cap: number; leased_by: string | null }> {
  const [row] = await story.db.query({
    text: `select health #> '{send,pause}' <> 'null' as paused, sends_from as from, due_at as due, cap, leased_by from lane where channel_id = $1`,
    values: [channel],
  })
  return row
}

const attempts = async (): Promise<number> =>
  (await story.db.query<{ count: number }>({ text: "select count(*)::int as count from attempt" }))[0]?.count as number

/** Moves the clock to the end of the pause and a little further. */
async function endPause(): Promise<void> {
  story.clock.advance(Math.max(0, (await lane()).from.getTime() - story.clock.now().getTime()))
  await story.engine.settle()
}

test("a partner that cannot be reached is left alone: its lane rests as one row, and what waits uses up no attempts", async () => {
  await acme.goAway()
  const ids = await replies(20)
  await story.engine.settle()
  expect(await lane()).toMatchObject({ paused: true, leased_by: null })
  const made = await attempts()
  expect(made).toBeLessThan(10)
  for (let i = 0; i < 4; i++) {
    story.clock.advance(seconds(1))
    await story.engine.settle()
  }
  await story.put(await story.conversation(channel), "send")
  await story.engine.settle()
  expect(await attempts()).toBe(made)
  expect((await story.states(ids)).filter((state) => state === "queued").length).toBeGreaterThan(10)
  expect((await lane()).due).toEqual((await lane()).from)
})

test("when the pause ends one delivery tries; the next pause is longer, and the first success lets everything go, in order", async () => {
  await acme.goAway()
  const conversations = [await story.conversation(channel), await story.conversation(channel)]
  const put = new Map<number, number[]>()
  for (const conversation of conversations) put.set(conversation, await story.put(conversation, "send", { count: 12 }))
  for (let i = 0; i < 6 && !(await lane()).paused; i++) {
    await story.engine.settle()
    story.clock.advance(seconds(5))
  }
  await story.engine.settle()
  const first = await lane()
  const made = await attempts()
  story.clock.advance(seconds(20)) // the pause is over, and both heads are due again
  await story.engine.settle()
  expect(await attempts()).toBe(made + 1)
  const second = await lane()
  expect(second.from.getTime() - story.clock.now().getTime()).toBeGreaterThan(seconds(8))
  expect(second.from.getTime()).toBeGreaterThan(first.from.getTime())
  await acme.comeBack()
  await endPause()
  story.clock.advance(seconds(60))
  await story.engine.settle()
  expect(await lane()).toMatchObject({ paused: false })
  for (const [conversation, ids] of put) {
    const states = await story.states(ids)
    const arrived = ids.filter((_, i) => states[i] === "sent")
    expect(states.filter((state) => state !== "sent" && state !== "failed")).toEqual([])
    expect(acme.received.filter((webhook) => webhook.conversation === conversation).map((one) => one.delivery)).toEqual(
      arrived,
    )
    expect(arrived.length).toBeGreaterThan(6)
  }
})

test("a notice tries whether the partner is back, so that no reply is used up for it", async () => {
  await acme.goAway()
  const notices = []
  for (let i = 0; i < 6; i++) notices.push(...(await story.put(await story.conversation(channel), "notice")))
  await story.engine.settle()
  const ids = await replies(6)
  await story.engine.settle()
  for (let i = 0; i < 5; i++) await endPause()
  expect(new Set(await story.states(ids))).toEqual(new Set(["queued"]))
  await acme.comeBack()
  await endPause()
  expect(new Set(await story.states(ids))).toEqual(new Set(["sent"]))
})

test("a person who hurries a waiting reply makes one delivery try at once, and that ends the pause when the partner is back", async () => {
  await acme.goAway()
  const ids = await replies(8)
  await story.engine.settle()
  const queued = ids[(await story.states(ids)).lastIndexOf("queued")] as number
  const [row] = await story.db.query<{ message_id: number }>({
    text: "select message_id from delivery where id = $1",
    values: [queued],
  })
  const hurry = async (): Promise<boolean> => {
    const hurried = await story.db.tx((tx) => hasten(tx, 1, row?.message_id as number, story.clock.now()))
    await story.engine.settle()
    return hurried
  }
  const made = await attempts()
  expect(await hurry()).toBe(true)
  expect(await attempts()).toBe(made + 1)
  expect((await lane()).paused).toBe(true)
  await acme.comeBack()
  expect(await hurry()).toBe(true)
  expect(await story.states([queued])).toEqual(["sent"])
  expect((await lane()).paused).toBe(false)
})

test("a pause outlives the process: another one neither tries early nor forgets how long it was", async () => {
  await acme.goAway()
  await replies(8)
  await story.engine.settle()
  await endPause()
  await story.engine.stop()
  const before = await lane()
  const made = await attempts()
  const another = story.startAnother()
  await another.settle()
  expect(await attempts()).toBe(made)
  expect(await lane()).toMatchObject({ paused: true, from: before.from })
  story.clock.advance(before.from.getTime() - story.clock.now().getTime())
  await another.settle()
  expect(await attempts()).toBe(made + 1)
  expect((await lane()).from.getTime() - story.clock.now().getTime()).toBeGreaterThan(seconds(16)) // the third pause
})

test("a process that is killed while it tries leaves the pause behind", async () => {
  await acme.goAway()
  await replies(8)
  await story.engine.settle()
  await acme.comeBack()
  acme.answering = silence
  story.clock.advance(seconds(7))
  await vi.waitFor(() => expect(acme.received).toHaveLength(1))
  await story.engine.stop(0)
  expect(await lane()).toMatchObject({ paused: true })
  acme.answering = success
  await story.startAnother().settle()
  expect(new Set(received()).size).toBe(acme.received.length)
  expect((await lane()).paused).toBe(false)
})

test("notices that are answered 500 pause by themselves, and replies leave as if nothing were", async () => {
  acme.answering = (webhook, response) => (webhook.type === "message" ? success : says(500, {}))(webhook, response)
  for (let i = 0; i < 20; i++) await story.put(await story.conversation(channel), "notice")
  await story.engine.settle()
  expect(acme.received.length).toBeLessThan(10)
  const ids = await replies(5)
  await story.engine.settle()
  expect(new Set(await story.states(ids))).toEqual(new Set(["sent"]))
})

test("a partner that refuses every message, and even answers 500 to it, is never left alone", async () => {
  acme.answering = says(400, { type: "bad_request", message: "unknown recipient" })
  const refused = await replies(10)
  await story.engine.settle()
  acme.answering = says(500, {})
  const broken = await replies(10)
  await story.engine.settle()
  expect(new Set(await story.states([...refused, ...broken]))).toEqual(new Set(["failed"]))
  expect((await lane()).paused).not.toBe(true)
  expect(story.pauses).toEqual([])
})

test("connections that break off in the middle pause the channel: five replies are unknown, the others wait", async () => {
  acme.answering = hangsUp
  const ids = await replies(12)
  await story.engine.settle()
  const states = await story.states(ids)
  const unknown = states.filter((state) => state === "unknown").length
  expect(unknown).toBeGreaterThanOrEqual(5)
  expect(unknown).toBeLessThanOrEqual(6)
  expect(states.filter((state) => state === "queued")).toHaveLength(12 - unknown)
  expect(story.pauses).toEqual([channel])
})

test("429 with Retry-After holds the whole channel for that long, costs the others no attempt, and then all arrive", async () => {
  let isFirst = true
  acme.answering = (webhook, response) => {
    const answer = isFirst ? says(429, {}, { "retry-after": "30" }) : success
    isFirst = false
    answer(webhook, response)
  }
  const [first] = await replies(1)
  await story.engine.settle()
  const others = await replies(4)
  await story.engine.settle()
  expect(received()).toEqual([first])
  story.clock.advance(seconds(29))
  await story.engine.settle()
  expect(received()).toEqual([first])
  story.clock.advance(seconds(1))
  await story.engine.settle()
  expect(new Set(await story.states([first as number, ...others]))).toEqual(new Set(["sent"]))
})

test("a quick partner is given more at once, 16 at most, and the lane remembers it", async () => {
  const conversations: number[] = []
  for (let i = 0; i < 24; i++) conversations.push(await story.conversation(channel))
  for (const conversation of conversations) await story.put(conversation, "send", { count: 6 })
  await story.engine.settle()
  expect((await lane()).cap).toBe(16)
  const held: (() => void)[] = []
  acme.answering = (webhook, response) => void held.push(() => success(webhook, response))
  for (const conversation of conversations) await story.put(conversation, "send")
  await vi.waitFor(() => expect(held).toHaveLength(16), { timeout: 5000 })
  acme.answering = success
  for (const answer of held) answer()
  await story.engine.settle()
  expect(acme.mostAtOnce).toBe(16)
  expect(acme.received).toHaveLength(24 * 7)
})
