import { afterAll, expect, test } from "vitest"
import { startStory } from "../../../test/story.ts"
import { hire } from "../teammates/people.story.ts"
import { begin, idsOf, make, write } from "./conversations.story.ts"
import { parseSearch } from "./search-query.ts"

const story = await startStory()
afterAll(() => story.close())
const bo = await hire(story, "Bo Reed")

const call = (method: string, path: string, json?: unknown) =>
  story.call(method, path, { token: story.apiToken, ...(json !== undefined && { json }) })
const search = (query: string, more = "") => call("GET", `/conversations/search/${encodeURIComponent(query)}${more}`)
const found = async (query: string) => {
  const answer = await search(query)
  expect(answer.status, answer.text).toBe(200)
  return idsOf(answer)
}

const lamp = await begin(story, "The green lamp is broken", { handle: "mia" })
const chair = await begin(story, "A broken chair, with paint that is green", { handle: "leo@example.test" })
const tag = await make(story, "/tags", { name: "urgent" })
await call("POST", `${chair.path}/tags`, { tag_ids: [tag] })
await write(story, "Still waiting", lamp.key)

test("words are found in one message, all of them, newest activity first, with how many there are", async () => {
  const answer = await search("broken green")
  expect(idsOf(answer)).toEqual([lamp.id, chair.id])
  expect(answer.body._total).toBe(2)
  expect(answer.body._pagination).toEqual({ next: null })
  expect(await found("green waiting")).toEqual([])
  expect(await found('"green lamp"')).toEqual([lamp.id])
  expect(await found("nothing of the kind")).toEqual([])
  expect(await found("!!!")).toEqual([])
})

test("a page goes on where the last one ended", async () => {
  const first = await search("broken", "?limit=1")
  expect(idsOf(first)).toEqual([lamp.id])
  const next = String(first.body._pagination.next).replace(story.server.url, "")
  const second = await call("GET", next)
  expect(idsOf(second)).toEqual([chair.id])
  expect(second.body._total).toBe(2)
})

test("handles are found by the part they had, or any", async () => {
  expect(await found("from:mia")).toEqual([lamp.id])
  expect(await found("to:mia")).toEqual([])
  expect(await found("recipient:mia")).toEqual([lamp.id])
  expect(await found("recipient:leo@example.test broken")).toEqual([chair.id])
})

test("filters narrow one another: tag, inbox, assignee, contact, state, time", async () => {
  expect(await found(`broken tag:${tag}`)).toEqual([chair.id])
  expect(await found("broken tag:tag_zzzzzzzz")).toEqual([])
  expect(await found(`inbox:${story.inboxId} broken`)).toHaveLength(2)
  expect(await found("contact:alt:custom:mia")).toEqual([lamp.id])
  await call("PUT", `${lamp.path}/assignee`, { assignee_id: bo.id })
  expect(await found(`assignee:${bo.id}`)).toEqual([lamp.id])
  expect(await found(`participant:alt:email:${bo.email} is:assigned is:open`)).toEqual([lamp.id])
  expect(await found("is:unassigned broken")).toEqual([chair.id])
  expect(await found("is:unreplied broken")).toHaveLength(2)
  const now = Math.floor(Date.now() / 1000)
  expect(await found(`broken after:${now - 1000} before:${now + 1000} during:${now}`)).toHaveLength(2)
  expect(await found(`broken before:${now - 1000}`)).toEqual([])
})

test("snoozed is neither open nor archived, and what is in the trash is found as trashed", async () => {
  const chairs = async () =>
    Promise.all(["open", "archived", "snoozed", "trashed"].map((state) => found(`chair is:${state}`)))
  const scheduled_at = Math.ceil(story.server.services.clock.now().getTime() / 1000) + 60
  await call("PATCH", `${chair.path}/reminders`, { teammate_id: bo.id, scheduled_at })
  expect(await chairs()).toEqual([[], [], [chair.id], []])
  await call("PATCH", `${chair.path}/reminders`, { teammate_id: bo.id, scheduled_at: null })
  await call("PATCH", chair.path, { status: "spam" })
  expect(await chairs()).toEqual([[], [], [], [chair.id]])
  await call("PATCH", chair.path, { status: "open" })
})

test("a discussion is found by its subject, a comment by who wrote it or is named in it", async () => {
  const comment = { body: "@nobody look", author_id: bo.id }
  const id = await make(story, "/conversations", {
    type: "discussion",
    subject: "Warehouse move",
    inbox_id: story.inboxId,
    comment,
  })
  expect(await found("warehouse")).toEqual([id])
  expect(await found(`commenter:${bo.id}`)).toEqual([id])
  expect(await found(`mention:${bo.id}`)).toEqual([])
})

test("a word that very many messages have is found by walking the list, with the same answer", async () => {
  await story.server.services.db.query({
    text: `insert into message (company_id, id, conversation_id, channel_id, number, uid, direction, origin, body, text, blurb, recipients, created_at)
           select company_id, 1 + row_number() over () , conversation_id, channel_id, 100 + n, md5(n::text), direction, origin, 'x', 'commonplace', 'x', recipients, created_at
           from (select * from message where text like 'The green%' limit 1) one, generate_series(1, 5100) n`,
  })
  const answer = await search("commonplace")
  expect(idsOf(answer)).toEqual([lamp.id])
  expect(answer.body._total).toBe(1)
  expect(await found("commonplace from:mia is:open")).toEqual([lamp.id])
  expect(await found(`commonplace tag:${tag}`)).toEqual([])
})

test("a teammate finds only what is open to them", async () => {
  const closed = await make(story, "/inboxes", { name: "Board", is_public: false })
  const hidden = await begin(story, "Confidential figures")
  await call("PATCH", hidden.path, { inbox_id: closed })
  const asBo = await bo.call("GET", "/conversations/search/confidential")
  expect(asBo.body).toMatchObject({ _results: [], _total: 0 })
  expect(await found("confidential")).toEqual([hidden.id])
})

test.each([
  ["-broken"],
  ["is:lost"],
  ["before:yesterday"],
  ["custom_field:x"],
  ["   "],
])("%j is refused with the reason", async (query) => {
  const refused = await search(query)
  expect(refused.status).toBe(400)
  expect(refused.body._error.message).toContain("query")
})

test("what has a colon and no filter's name before it is words", () => {
  expect(parseSearch('re:order tag:tag_1 "two words" custom_field:"City name=Graz" https://x.test')).toEqual({
    words: 're:order "two words" https://x.test',
    filters: [
      { name: "tag", value: "tag_1" },
      { name: "custom_field", value: "City name=Graz" },
    ],
  })
})
