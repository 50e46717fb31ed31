import type { TimelineItem } from "@causeway/contract/inbox"
import { afterAll, expect, test } from "vitest"
import { startStory, unique } from "../../../test/story.ts"
import { noon, startCallStory } from "../calls/calls.story.ts"
import { listen } from "../live/live.story.ts"
import { hire, signIn } from "../teammates/people.story.ts"

const story = await startStory()
afterAll(() => story.close())
const ana = { call: await signIn(story) }
const bo = await hire(story, "Bo Reed")

const call = (method: string, path: string, json?: unknown) =>
  story.call(method, path, { token: story.apiToken, ...(json !== undefined && { json }) })
const lastSegment = (url: unknown): string => String(url).split("/").at(-1) as string

async function conversation(text = "Is my order late?", over: Record<string, unknown> = {}): Promise<string> {
  const message = await story.message(await story.customerWrites(text, over))
  return lastSegment(message.body._links.related.conversation)
}
async function timeline(id: string, query = ""): Promise<{ items: TimelineItem[]; older: string | null }> {
  const answer = await ana.call("GET", `/causeway/conversations/${id}/timeline${query}`)
  expect(answer.status, answer.text).toBe(200)
  return answer.body
}
async function activitiesOf(id: string) {
  const { items } = await timeline(id)
  return items.flatMap((item) => (item.kind === "activity" ? [item.activity] : [])).reverse()
}
/** One line for each item, oldest first. */
const told = (items: readonly TimelineItem[]): string[] =>
  items
    .map((item) =>
      item.kind === "message"
        ? `${item.message.direction}: ${item.message.text}`
        : item.kind === "comment"
          ? `${item.comment.author.name} noted: ${item.comment.body}`
          : `${item.activity.actor.name ?? item.activity.actor.kind} ${item.activity.type} ${item.activity.subject?.name ?? ""}`.trim(),
    )
    .reverse()

test("messages, comments and what was done stand in one order, and pages of any size join to the same whole", async () => {
  const cnv = await conversation()
  await ana.call("PATCH", `/conversations/${cnv}`, { json: { assignee_id: bo.id } })
  await bo.call("POST", `/conversations/${cnv}/comments`, { json: { body: "I ask the depot" } })
  const tag = (await call("POST", "/tags", { name: "late" })).body.id
  await bo.call("POST", `/conversations/${cnv}/tags`, { json: { tag_ids: [tag] } })
  await bo.call("POST", `/conversations/${cnv}/messages`, {
    json: { body: "It ships today.", options: { archive: false } },
  })
  await bo.call("PATCH", `/conversations/${cnv}`, { json: { status: "archived" } })
  await expect.poll(async () => JSON.stringify(await timeline(cnv))).toContain('"state":"sent"')
  const whole = await timeline(cnv)
  expect(told(whole.items)).toEqual([
    "inbound: Is my order late?",
    "Ana Lee assign Bo Reed",
    "Bo Reed noted: I ask the depot",
    "Bo Reed tag late",
    "outbound: It ships today.",
    "Bo Reed archive",
  ])
  expect(whole.older).toBeNull()
  for (const limit of [1, 2, 5]) {
    const items: TimelineItem[] = []
    for (let query: string | null = `?limit=${limit}`; query !== null; ) {
      const page = await timeline(cnv, query)
      expect(page.items.length).toBeLessThanOrEqual(limit)
      items.push(...page.items)
      query = page.older === null ? null : `?limit=${limit}&before=${page.older}`
    }
    expect(items).toEqual(whole.items)
  }
  const odd = await ana.call("GET", `/causeway/conversations/${cnv}/timeline?before=yesterday`)
  expect(odd.status).toBe(400)
  expect(odd.text).toContain("query.before")
})

test("a conversation that a failed reply or a customer brings back says so, and names the rule that acted", async () => {
  const thread = { external_conversation_id: unique("thread") }
  const cnv = await conversation("First", { metadata: { external_id: unique("ext"), ...thread } })
  story.partner.answers({ status: 400, body: { type: "bad_request", message: "too long" } })
  const reply = await ana.call("POST", `/conversations/${cnv}/messages`, {
    json: { body: "Long words", options: { archive: true } },
  })
  expect(reply.status).toBe(202)
  await expect.poll(async () => (await activitiesOf(cnv)).map(({ type }) => type)).toContain("reopen")
  story.partner.answers()
  await ana.call("PATCH", `/conversations/${cnv}`, { json: { status: "archived" } })
  const rule = await call("POST", "/causeway/rules", {
    name: "Bo takes orders",
    actions: [{ type: "assign", assignee_id: bo.id }],
  })
  expect(rule.status, rule.text).toBe(201)
  await story.customerWrites("Where is my order?", { metadata: { external_id: unique("ext"), ...thread } })
  await story.settle()
  await expect
    .poll(async () => (await activitiesOf(cnv)).map(({ actor, type, cause }) => [type, actor.kind, actor.name, cause]))
    .toEqual(
      expect.arrayContaining([
        ["reopen", "system", null, "reply_failed"],
        ["reopen", "system", null, "message"],
        ["assign", "rule", "Bo takes orders", null],
      ]),
    )
  const failed = (await activitiesOf(cnv)).find(({ cause }) => cause === "reply_failed")
  expect(failed?.message_id).toMatch(/^msg_/)
})

test("snoozes say until when, mergers how many, offline channels why; tags that are somebody's own are not told", async () => {
  const [one, two] = [await conversation(), await conversation("The same again")]
  const until = Math.floor(Date.now() / 1000) + 86_400
  await ana.call("PATCH", `/conversations/${one}/reminders`, {
    json: { teammate_id: bo.id, scheduled_at: until },
  })
  const own = (await ana.call("POST", `/teammates/${bo.id}/tags`, { json: { name: "my own" } })).body.id
  await bo.call("POST", `/conversations/${one}/tags`, { json: { tag_ids: [own] } })
  await ana.call("PATCH", `/channels/${story.channelId}`, { json: { status: "offline" } })
  await call("POST", `/causeway/conversations/${one}/merge`, { conversation_ids: [two] })
  const found = await activitiesOf(one)
  expect(found.find(({ type }) => type === "snooze")).toMatchObject({ until, subject: { id: bo.id, name: "Bo Reed" } })
  expect(found.find(({ type }) => type === "conversations_merged")).toMatchObject({
    count: 1,
    actor: { kind: "integration" },
  })
  expect(found.map(({ subject }) => subject?.name)).not.toContain("my own")
})

test("an open timeline hears of what is done as it reads it afterwards, and of calls as they go", async () => {
  const phone = await startCallStory()
  const heard = await listen(phone)
  const id = await phone.begun()
  const started = await heard.next("call_started")
  expect(started.message?.call).toMatchObject({ external_id: id, status: "ringing" })
  await phone.move(id, "connected", 9)
  expect((await heard.next("call_connected")).message?.call).toMatchObject({
    status: "connected",
    connected_at: noon / 1000 + 9,
  })
  const cnv = await phone.conversationOf(id)
  await phone.call("PATCH", `/conversations/${cnv}`, { token: phone.apiToken, json: { status: "archived" } })
  const { activity } = await heard.next("archive")
  const asAna = await signIn(phone)
  const { items } = (await asAna("GET", `/causeway/conversations/${cnv}/timeline`)).body
  expect(items[0]).toEqual({ kind: "activity", activity })
  expect(items[1].message.call.version).toBe(items[1].message.version)
  heard.close()
  await phone.close()
})
