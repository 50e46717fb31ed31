import { afterAll, beforeAll, expect, test } from "vitest"
import { type Story, tellStory } from "./engine.story.ts"
import { type ScriptedPartner, says, scriptedPartner, success } from "./partner.story.ts"
import { removeOld, start } from "./retention.ts"

let story: Story
let acme: ScriptedPartner
let conversation: number

beforeAll(async () => {
  story = await tellStory()
  acme = await scriptedPartner(success)
  conversation = await story.conversation(await story.channel(acme.url))
})
afterAll(async () => {
  await story.end()
  acme.close()
})

const left = async () =>
  (await story.db.query<{ id: number }>({ text: "select id from delivery order by id" })).map((row) => row.id)
const attemptsLeft = async () =>
  (
    await story.db.query<{ id: number }>({
      text: "select distinct delivery_id as id from attempt order by delivery_id",
    })
  ).map((row) => row.id)

async function age(ids: number[], days: number): Promise<void> {
  await story.db.query({
    text: "update delivery set finished_at = finished_at - $2 * interval '1 day', created_at = created_at - $2 * interval '1 day' where id = any($1::bigint[])",
    values: [ids, days],
  })
}

async function removeAll(days: number): Promise<void> {
  for (let place: typeof start | null = start; place !== null; ) place = await removeOld(story.db, days, place)
}

/** The engine's story has no messages of its own. */
async function messageOf(id: number, state: string): Promise<number> {
  const [row] = await story.db.query<{ message_id: number }>({
    text: `insert into message (company_id, id, conversation_id, channel_id, number, uid, direction, origin, body, text, blurb, recipients, created_at, state)
           select company_id, message_id, conversation_id, channel_id, 1, 'uid' || message_id, 'outbound', 'teammate', '', '', '', '[]', now(), $2
           from delivery where id = $1 returning id as message_id`,
    values: [id, state],
  })
  return row?.message_id as number
}

test("what ended more than thirty days ago goes with its attempts; what is younger, or not finished, stays", async () => {
  const old = await story.put(conversation, "send", { count: 3 })
  const young = await story.put(conversation, "send", { count: 2 })
  await story.engine.settle()
  const held = await story.put(conversation, "send", { heldMs: 3_600_000 })
  await age([...old, ...held], 31)
  await age(young, 29)
  await removeAll(30)
  expect(await left()).toEqual([...young, ...held])
  expect(await attemptsLeft()).toEqual(young)
})

test("the newest delivery of a reply that failed or is unknown stays, however old; the ones before it go", async () => {
  acme.answering = says(400, { type: "bad_request", message: "unknown recipient" })
  const [first, second, sentLater] = (await story.put(conversation, "send", { count: 3 })) as [number, number, number]
  await story.engine.settle()
  const messageId = await messageOf(first, "failed")
  await messageOf(sentLater, "sent")
  await story.db.query({ text: "update delivery set message_id = $1 where id = $2", values: [messageId, second] })
  const before = await left()
  await age([first, second, sentLater], 400)
  await removeAll(30)
  expect(await left()).toEqual(before.filter((id) => id !== first && id !== sentLater))
  expect(await attemptsLeft()).toContain(second)
})

test("goes through more than one step's worth, past those that stay", async () => {
  acme.answering = success
  const ids = await story.put(await story.conversation(await story.channel(acme.url)), "notice", { count: 5 })
  await story.engine.settle()
  await story.db.query({
    text: `insert into delivery (company_id, id, channel_id, conversation_id, message_id, sequence, type, state, due_at, finished_at)
           select 1, 9000000000 + i, channel_id, conversation_id, message_id, 'send', 'message', 'failed', now(), now() - interval '99 days'
           from delivery, generate_series(1, 600) i where id = $1`,
    values: [ids[0]],
  })
  await messageOf(ids[0] as number, "failed")
  const newest = 9000000600
  await age(ids, 40)
  await removeAll(30)
  const rest = await left()
  expect(rest).toContain(newest)
  expect(rest.filter((id) => id > 9000000000 || ids.includes(id))).toEqual([newest])
})

test("the lookout removes what is old by itself when it has nothing else to do", async () => {
  const [id] = (await story.put(conversation, "send")) as [number]
  await story.engine.settle()
  await age([id], 31)
  const another = story.startAnother()
  await another.settle()
  expect(await left()).not.toContain(id)
})
