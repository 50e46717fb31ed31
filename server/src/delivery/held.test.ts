import { afterEach, beforeEach, expect, test } from "vitest"
import { type Story, tellStory } from "./engine.story.ts"
import { type ScriptedPartner, scriptedPartner, success } from "./partner.story.ts"

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

const sentTo = (conversation: number) =>
  acme.received.filter((webhook) => webhook.conversation === conversation).map((webhook) => webhook.delivery)

test("held replies of many conversations are let go together, each conversation's in its order", async () => {
  const put = new Map<number, number[]>()
  for (let i = 0; i < 10; i++) {
    const conversation = await story.conversation(channel)
    put.set(conversation, await story.put(conversation, "send", { count: 4, heldMs: 10_000 }))
  }
  await story.engine.settle()
  expect(acme.received).toEqual([])
  story.clock.advance(10_000)
  await story.engine.settle()
  for (const [conversation, ids] of put) expect(sentTo(conversation)).toEqual(ids)
})

test("a conversation that somebody else has locked delays its own held replies and no others", async () => {
  const [locked, free] = [await story.conversation(channel), await story.conversation(channel)]
  const [late] = (await story.put(locked, "send", { heldMs: 10_000 })) as [number]
  const [prompt] = (await story.put(free, "send", { heldMs: 10_000 })) as [number]
  await story.db.tx(async (tx) => {
    await tx.query({ text: "select from conversation where id = $1 for update", values: [locked] })
    story.clock.advance(10_000)
    for (let i = 0; i < 200 && (await story.states([prompt]))[0] !== "sent"; i++)
      await new Promise((resolve) => setTimeout(resolve, 10))
    expect(await story.states([late, prompt])).toEqual(["held", "sent"])
  })
  await story.engine.settle()
  expect(await story.states([late])).toEqual(["sent"])
})

test("a held reply of a channel that went offline meanwhile waits in its place", async () => {
  const conversation = await story.conversation(channel)
  const ids = await story.put(conversation, "send", { count: 2, heldMs: 10_000 })
  await story.setStatus(channel, "offline")
  story.clock.advance(10_000)
  await story.engine.settle()
  expect(await story.states(ids)).toEqual(["waiting", "waiting"])
  const rows = await story.db.query({ text: "select number, waiting_reason, due_at from delivery order by id" })
  expect(rows).toEqual(
    [1, 2].map((number) => ({ number, waiting_reason: "channel_offline", due_at: new Date(8.64e15) })),
  )
})
