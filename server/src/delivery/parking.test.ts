import { afterEach, beforeEach, expect, test } from "vitest"
import { setChannelStatus } from "../channels/status.ts"
import { findChannelViews } from "../channels/views.ts"
import { type Story, tellStory } from "./engine.story.ts"
import { enqueue } from "./outbox.ts"
import { moveNextPortion, releaseSends } from "./parking.ts"
import { type ScriptedPartner, scriptedPartner, success } from "./partner.story.ts"

const conversations = process.env.CAUSEWAY_FULL ? 250 : 6
const perConversation = 20
const all = conversations * perConversation
/** Several are needed for all of them. */
const portion = 25

let story: Story
let acme: ScriptedPartner
let channel: number
let put: Map<number, number[]>

beforeEach(async () => {
  story = await tellStory()
  acme = await scriptedPartner(success)
  channel = await story.channel(acme.url, { cap: 16 })
  await story.engine.stop()
  put = new Map()
  for (let i = 0; i < conversations; i++) {
    const conversation = await story.conversation(channel)
    put.set(conversation, await story.put(conversation, "send", { count: perConversation }))
  }
})
afterEach(async () => {
  await story.end()
  acme.close()
})

let eventId = 1
const setStatus = (status: "ok" | "offline") =>
  story.db.tx((tx) =>
    setChannelStatus(tx, { companyId: 1, channelId: channel, status, reason: null, eventId: eventId++, portion }),
  )

async function count(where: string): Promise<number> {
  const [row] = await story.db.query<{ count: number }>({
    text: `select count(*)::int as count from delivery where ${where}`,
  })
  return row?.count ?? 0
}
const parked = () => count("due_at = 'infinity'")

const left = async () => {
  const rows = await story.db.query<{ parking: string | null }>({
    text: "select parking from channel where id = $1",
    values: [channel],
  })
  return rows[0]?.parking
}

/** How many the inbox says are waiting for somebody. */
const shown = async () => (await findChannelViews(story.db, 1, [channel]))[0]?.waiting_count

/** Somebody begins to move a portion, and its process dies before the end: the database sees the connection break. */
async function dieWithinPortion(): Promise<void> {
  const locked = Promise.withResolvers<void>()
  const done = Promise.withResolvers<void>()
  const busy = story.db.tx(async (tx) => {
    await tx.query({ text: "select id from conversation for update" })
    locked.resolve()
    await done.promise
  })
  await locked.promise
  const dying = expect(moveNextPortion(story.db, portion)).rejects.toThrow()
  const waiting = "from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
  await expect.poll(() => story.db.query({ text: `select pid ${waiting}` }), { timeout: 30_000 }).toHaveLength(1)
  await story.db.query({ text: `select pg_terminate_backend(pid) ${waiting}` })
  await dying
  done.resolve()
  await busy
}

test("thousands of replies are parked and released in portions: the inbox tells the truth meanwhile, a kill leaves the rest to others, and the order holds", async () => {
  await setStatus("offline")
  expect([await parked(), await left(), await shown()]).toEqual([portion, "park", all])
  await dieWithinPortion()
  expect([await parked(), await left()]).toEqual([portion, "park"])
  const second = story.startAnother()
  await expect.poll(left, { timeout: 30_000 }).toBeNull()
  expect([await parked(), await shown()]).toEqual([all, all])
  await second.stop()

  const [firstIds = []] = put.values()
  const old = firstIds.slice(0, 5)
  await story.db.query({
    text: "update delivery set created_at = now() - interval '11 minutes' where id = any($1::bigint[])",
    values: [old],
  })
  await setStatus("ok")
  expect(await count("state = 'queued' or stepped_aside")).toBe(portion)
  expect([await left(), await shown()]).toEqual(["release", old.length])
  await dieWithinPortion()
  const third = story.startAnother()
  await expect.poll(() => count("state = 'sent'"), { timeout: 60_000 }).toBe(all - old.length)
  expect([await left(), await parked(), await shown()]).toEqual([null, old.length, old.length])
  expect(await story.db.tx((tx) => releaseSends(tx, 1, channel, { portion: 2 }))).toBe(old.length)
  expect([await left(), await shown()]).toEqual(["release", 0])
  await expect.poll(() => count("state = 'sent'"), { timeout: 30_000 }).toBe(all)
  await third.stop()
  for (const [conversation, ids] of put) {
    const arrived = acme.received.filter((webhook) => webhook.conversation === conversation)
    const inOrder = ids.includes(old[0] as number) ? [...ids.slice(old.length), ...old] : ids
    expect(arrived.map((webhook) => webhook.delivery)).toEqual(inOrder)
  }
})

test("a channel that comes back before all of its replies were parked lets every one of them leave in its order", async () => {
  await setStatus("offline")
  await setStatus("ok")
  expect(await left()).toBe("release")
  story.startAnother()
  await expect.poll(() => count("state = 'sent'"), { timeout: 60_000 }).toBe(all)
  expect(await left()).toBeNull()
  for (const [conversation, ids] of put)
    expect(
      acme.received.filter((webhook) => webhook.conversation === conversation).map((webhook) => webhook.delivery),
    ).toEqual(ids)
})

test("replies whose writers took their channel for online as its last portion was parked, or for offline as it came back, do not stay where they are", async () => {
  await setStatus("offline")
  while (await moveNextPortion(story.db, portion));
  expect(await parked()).toBe(all)
  const [conversation] = put.keys()
  const late = {
    companyId: 1,
    channelId: channel,
    conversationId: conversation as number,
    sequence: "send",
    type: "message",
    state: "queued",
  } as const
  const write = (id: number, channelOffline: boolean) =>
    story.db.tx((tx) =>
      enqueue(tx, [{ ...late, id, messageId: id, number: id, dueAt: story.clock.now(), channelOffline }]),
    )
  await write(2_000_000, false)
  expect(await count("state = 'queued'")).toBe(1)
  expect(await moveNextPortion(story.db, portion)).toBe(true)
  expect(await count("state = 'waiting' and due_at = 'infinity' and waiting_reason = 'channel_offline'")).toBe(all + 1)
  expect(await moveNextPortion(story.db, portion)).toBe(false)
  await setStatus("ok")
  while (await moveNextPortion(story.db, portion));
  await write(2_000_001, true)
  expect(await parked()).toBe(0)
})
