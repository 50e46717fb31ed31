import { parseId } from "@causeway/contract/ids"
import { afterAll, expect, test } from "vitest"
import { startStory, unique } from "../../../test/story.ts"
import { hire, signIn } from "../teammates/people.story.ts"

const story = await startStory()
afterAll(() => story.close())
const bo = await hire(story, "Bo Reed")
const admin = await signIn(story)
const { db } = story.server.services
const companyId = parseId("cmp", story.companyId) as number

const get = (path: string) => story.call("GET", path, { token: story.apiToken })
const call = (method: string, path: string, json: unknown) => story.call(method, path, { token: story.apiToken, json })
const types = (answer: { body: { _results: { type: string }[] } }) => answer.body._results.map(({ type }) => type)

async function conversation(text = "Is my order late?"): Promise<string> {
  const message = await story.message(await story.customerWrites(text))
  return String(message.body._links.related.conversation).split("/").at(-1) as string
}

test("an inbound message is an event from its inbox about the message, whole and the same by its own link", async () => {
  const cnv = await conversation()
  const listed = await get(`/conversations/${cnv}/events`)
  expect(listed.status, listed.text).toBe(200)
  const [event] = listed.body._results
  expect(event).toMatchObject({
    _links: { self: `${story.server.url}/events/${event.id}` },
    id: expect.stringMatching(/^evt_[0-9a-z]+$/),
    type: "inbound",
    emitted_at: expect.any(Number),
    source: { _meta: { type: "inboxes" }, data: [{ id: story.inboxId }] },
    target: { _meta: { type: "message" }, data: { is_inbound: true, text: "Is my order late?" } },
    conversation: { id: cnv, type: "conversation", status: "unassigned" },
  })
  expect((await get(`/events/${event.id}`)).body).toEqual(event)
})

test("what teammates and tokens do names its source and target, newest first", async () => {
  const cnv = await conversation()
  await admin("PATCH", `/conversations/${cnv}`, { json: { assignee_id: bo.id } })
  await call("POST", `/conversations/${cnv}/comments`, { body: "Take it" })
  await call("PATCH", `/conversations/${cnv}`, { status: "archived" })
  const { body } = await get(`/conversations/${cnv}/events`)
  expect(types({ body })).toEqual(["archive", "comment", "assign", "inbound"])
  const [archive, comment, assign] = body._results
  expect(archive).toMatchObject({ source: { _meta: { type: "api" } } })
  expect(archive.target).toBeUndefined()
  expect(comment).toMatchObject({ target: { _meta: { type: "comment" }, data: { body: "Take it" } } })
  expect(assign).toMatchObject({
    source: { _meta: { type: "teammate" }, data: { type: "user" } },
    target: { _meta: { type: "teammate" }, data: { id: bo.id } },
  })
})

test("the company's events come 15 a page at most, and the pages join without a gap in both orders", async () => {
  await Promise.all(Array.from({ length: 20 }, () => conversation()))
  const first = await get("/events?limit=100")
  expect(first.body._results).toHaveLength(15)
  expect((await get("/events")).body._results).toHaveLength(15)
  const walk = async (path: string): Promise<string[]> => {
    const { body } = await get(path)
    const ids = body._results.map(({ id }: { id: string }) => id)
    const { next } = body._pagination
    return next === null ? ids : [...ids, ...(await walk(next.slice(story.server.url.length)))]
  }
  const newest = await walk("/events?limit=7&q[types][]=inbound")
  const oldest = await walk("/events?limit=11&q[types][]=inbound&sort_by=created_at&sort_order=asc")
  expect(newest.length).toBeGreaterThanOrEqual(22)
  expect(new Set(newest).size).toBe(newest.length)
  expect(oldest).toEqual(newest.toReversed())
})

test("types, inboxes, before and after choose, in both forms of q", async () => {
  const start = Date.now() / 1000
  const cnv = await conversation()
  await call("PATCH", `/conversations/${cnv}`, { status: "archived" })
  const q = (value: object) => get(`/events?q=${encodeURIComponent(JSON.stringify(value))}`)
  expect(new Set(types(await q({ types: ["archive", "assign"] })))).toEqual(new Set(["archive", "assign"]))
  expect(types(await q({ after: start }))).toEqual(["archive", "inbound"])
  const [archived] = (await q({ types: ["archive"] })).body._results
  expect(types(await q({ after: archived.emitted_at }))).toEqual([])
  expect(types(await get(`/events?q[after]=${start}&q[before]=${archived.emitted_at}`))).toEqual(["inbound"])
  expect(types(await q({ before: 1 }))).toEqual([])
  expect(types(await q({ inboxes: [story.inboxId], after: start }))).toHaveLength(2)
  expect(types(await q({ inboxes: ["inb_zzzzzz"] }))).toEqual([])
})

test("a filter that makes no sense is refused by name", async () => {
  for (const [query, problem] of [
    ["q[types][]=reply_kept", "query.q.types names reply_kept"],
    ["q[before]=yesterday", "query.q.before must be a time"],
    ["q=before", "query.q must be an object"],
    ["sort_by=type", "query.sort_by must be created_at"],
    ["page_token=abc", "query.page_token"],
  ]) {
    const refused = await get(`/events?${query}`)
    expect(refused.status, query).toBe(400)
    expect(refused.text).toContain(problem)
  }
})

test("what moves only our own browsers is no event to anybody else", async () => {
  const cnv = await conversation()
  await call("POST", `/conversations/${cnv}/messages`, { body: "It ships today.", options: { archive: false } })
  const kept = await db.query<{ id: number; is_public: boolean }>({
    text: "select id, is_public from event where company_id = $1 and type = 'reply_kept' order by position desc limit 1",
    values: [companyId],
  })
  expect(kept[0]?.is_public).toBe(false)
  expect(types(await get(`/conversations/${cnv}/events`))).not.toContain("reply_kept")
  const hidden = await get(`/events/evt_${kept[0]?.id.toString(36)}`)
  const missing = await get("/events/evt_zzzzzz")
  expect([hidden.status, missing.status]).toEqual([404, 404])
})

test("a channel's token reads the events of its own conversations, with its own ids", async () => {
  const cnv = await conversation()
  const own = await story.call("GET", `/conversations/${cnv}/events`, { token: story.channelToken() })
  expect(own.body._results[0].target.data.metadata.external_id).toEqual(expect.any(String))
  const second = story.channelToken({ sub: await story.connect(unique("Second")) })
  expect((await story.call("GET", `/conversations/${cnv}/events`, { token: second })).status).toBe(404)
  expect((await story.call("GET", "/events", { token: second })).status).toBe(403)
})

test("a teammate hears of the inboxes that are open to them", async () => {
  const cnv = await conversation()
  const [event] = (await get(`/conversations/${cnv}/events`)).body._results
  expect((await bo.call("GET", "/events")).body._results.length).toBeGreaterThan(0)
  await db.query({ text: "update inbox set is_public = false where company_id = $1", values: [companyId] })
  try {
    expect((await bo.call("GET", "/events")).body._results).toEqual([])
    expect((await bo.call("GET", `/events/${event.id}`)).status).toBe(404)
    expect((await admin("GET", `/events/${event.id}`)).status).toBe(200)
  } finally {
    await db.query({ text: "update inbox set is_public = true where company_id = $1", values: [companyId] })
  }
})
