import type { SearchResults } from "@causeway/contract/endpoints/inbox-search"
import { afterAll, beforeAll, expect, test } from "vitest"
import { ana, type Reply, type Story, startStory } from "../../../test/story.ts"
import { line, startCallStory } from "../calls/calls.story.ts"
import { begin, make } from "../conversations/conversations.story.ts"
import { searchInbox } from "./find.ts"
import { searchLimits } from "./messages.ts"
import { readInboxSearch } from "./query.ts"

let story: Story
let cookie = ""

const asAna = (method: string, path: string, json?: unknown): Promise<Reply> =>
  story.call(method, path, {
    headers: { cookie, "sec-fetch-site": "same-origin" },
    ...(json !== undefined && { json }),
  })
const ask = (query: Record<string, string>): Promise<Reply> =>
  asAna("GET", `/causeway/search?${new URLSearchParams(query)}`)
async function find(query: Record<string, string>): Promise<SearchResults> {
  const answer = await ask(query)
  if (answer.status !== 200) throw new Error(answer.text)
  return answer.body
}
const idsOf = (hits: SearchResults["messages"]): string[] => hits.map(({ conversation }) => conversation.id)

beforeAll(async () => {
  story = await startStory()
  const signedIn = await story.call("POST", "/causeway/auth/sign-in/email", {
    json: { email: ana.email, password: ana.password },
  })
  cookie = String(signedIn.headers.get("set-cookie")).split(";")[0] as string
})
afterAll(() => story?.close())

test("messages and what teammates wrote are found by all words, the last one as a beginning, and show where", async () => {
  const older = await begin(story, "My bicycle arrived with a bent wheel", { handle: "olga" })
  const newer = await begin(story, "The wheel of my bicycle squeaks", { handle: "nina" })
  await begin(story, "A bicycle, please", { handle: "peer" })
  const both = await find({ q: "bicycle whe" })
  expect(idsOf(both.messages)).toEqual([newer.id, older.id])
  expect(both.messages[0]).toMatchObject({ kind: "message", author: "nina" })
  expect(both.messages[0]?.excerpt).toEqual([
    { text: "The ", is_hit: false },
    { text: "wheel", is_hit: true },
    { text: " of my ", is_hit: false },
    { text: "bicycle", is_hit: true },
    { text: " squeaks", is_hit: false },
  ])
  await asAna("POST", `${older.path}/comments`, { body: "We send a new **derailleur** tomorrow" })
  const comments = await find({ q: "derail" })
  expect(comments.messages).toMatchObject([{ kind: "comment", author: "Ana Lee", conversation: { id: older.id } }])
  expect((await find({ q: "bicycle helicopter" })).messages).toEqual([])
  // What a query language would read otherwise is looked for as words.
  expect((await find({ q: "whe' & | !! (:*" })).messages).toHaveLength(2)
})

test("contacts are found by name and by how a handle begins, with their newest conversation", async () => {
  const { id } = await begin(story, "Hello", { handle: "quentin@example.test" })
  const { contacts } = await find({ q: "quentin@ex" })
  expect(contacts).toMatchObject([{ handles: ["quentin@example.test"], conversation_id: id }])
  expect((await find({ q: "%uentin" })).contacts).toEqual([])
})

test("a search is narrowed by channel, inbox, tag, assignee, sender, state and time", async () => {
  const { id, path } = await begin(story, "Giraffe number one", { handle: "gina" })
  const other = await begin(story, "Giraffe number two", { handle: "gert" })
  const inbox = await make(story, "/inboxes", { name: "Zoo" })
  const tag = await make(story, "/tags", { name: "Tall" })
  await story.call("PATCH", path, { token: story.apiToken, json: { inbox_id: inbox, tag_ids: [tag] } })
  const among = async (narrowed: Record<string, string>): Promise<string[]> =>
    idsOf((await find({ q: "giraffe", ...narrowed })).messages)
  expect(await among({ channel_id: story.channelId })).toEqual([other.id, id])
  expect(await among({ inbox_id: inbox })).toEqual([id])
  expect(await among({ tag_id: tag })).toEqual([id])
  expect(await among({ from: "gert" })).toEqual([other.id])
  expect(await among({ is: "unread" })).toEqual([other.id, id])
  await asAna("PUT", `/causeway/conversations/${id}/read`, { number: 1 })
  expect(await among({ is: "unread" })).toEqual([other.id])
  const tomorrow = String(Math.round(Date.now() / 1000) + 86_400)
  expect(await among({ after: tomorrow })).toEqual([])
  expect(await among({ before: tomorrow })).toEqual([other.id, id])
  const fitting = await find({ tag_id: tag })
  expect(fitting.conversations.map((row) => row.id)).toEqual([id])
  expect(fitting.messages).toEqual([])
})

test("what was said in a call is found, and who it was with", async () => {
  const calls = await startCallStory()
  const id = await calls.begun()
  await calls.post(id, "transcript", { lines: [line("The parcel stands on the balcony.")] })
  const signedIn = await calls.call("POST", "/causeway/auth/sign-in/email", {
    json: { email: ana.email, password: ana.password },
  })
  const headers = { cookie: String(signedIn.headers.get("set-cookie")).split(";")[0] as string }
  const found = (await calls.call("GET", "/causeway/search?q=balcony", { headers })).body as SearchResults
  expect(found.calls).toMatchObject([{ kind: "call", author: "Lena Fuchs" }])
  expect(found.calls[0]?.excerpt).toContainEqual({ text: "balcony", is_hit: true })
  expect(found.messages).toEqual([])
  await calls.close()
})

test("what makes no sense is refused by name", async () => {
  for (const [query, field] of [
    [{ is: "purple" }, "query.is"],
    [{ before: "yesterday" }, "query.before"],
    [{ tag_id: "cha_1" }, "query.tag_id"],
  ] as const) {
    const answer = await ask(query)
    expect([answer.status, answer.text]).toEqual([400, expect.stringContaining(field)])
  }
})

const owner = async () => {
  const [row] = await story.server.services.db.query<{ company_id: number; id: number }>({
    text: "select company_id, id from teammate",
  })
  return { companyId: Number(row?.company_id), teammateId: Number(row?.id), viewer: null }
}

test("words that many messages have are found by walking messages from the newest on, a stretch after the other", async () => {
  const all: string[] = []
  for (const n of [1, 2, 3, 4, 5]) {
    all.unshift((await begin(story, `The saddle of order ${n}`, { handle: `rider-${n}` })).id)
    await begin(story, "Something else", { handle: `other-${n}` })
  }
  const search = readInboxSearch({ q: "saddle" }, 0)
  for (const stretch of [1, 3, 100]) {
    const found = await searchInbox(story.server.services.db, await owner(), search, {
      ...searchLimits,
      rareMax: 2,
      stretch,
    })
    expect(idsOf(found.messages)).toEqual(all)
    expect(found.is_partial).toBe(false)
  }
})

test("what takes too long is left out, and the answer says so and has the rest", async () => {
  const { id } = await begin(story, "Where is my unicycle?", { handle: "zacharias" })
  const search = readInboxSearch({ q: "unicycle" }, 0)
  const { db } = story.server.services
  await db.tx(async (tx) => {
    await tx.query({ text: "lock table call in access exclusive mode" })
    const found = await searchInbox(db, await owner(), search, { ...searchLimits, timeoutMs: 200 })
    expect(found.is_partial).toBe(true)
    expect(found.calls).toEqual([])
    expect(idsOf(found.messages)).toEqual([id])
  })
})
