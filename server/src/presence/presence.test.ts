import { afterAll, beforeEach, expect, test } from "vitest"
import { startStory } from "../../../test/story.ts"
import { begin } from "../conversations/conversations.story.ts"
import { listen } from "../live/live.story.ts"
import { hire } from "../teammates/people.story.ts"
import { createPresence, type Sight } from "./presence.ts"

const story = await startStory()
afterAll(() => story.close())

let now = 0
const seen: string[] = []
const presence = createPresence({
  now: () => now,
  onChange: (_, conversationId, teammates) =>
    seen.push(`${conversationId}: ${teammates.map(({ name, state }) => `${name} ${state}`).join(", ") || "nobody"}`),
})
afterAll(() => presence.stop())
beforeEach(() => {
  now += 1_000_000
  presence.sweep()
  seen.length = 0
})
const sight = (over: Partial<Sight>): Sight => ({
  companyId: 1,
  conversationId: 10,
  teammateId: 3,
  person: { id: "tea_3", name: "Ana" },
  tab: "tab-number-1",
  state: "viewing",
  ...over,
})
const ben = { teammateId: 4, person: { id: "tea_4", name: "Ben" } }

test("a person is shown by the busiest of their tabs, and whoever replies comes first", () => {
  presence.note(sight({}))
  presence.note(sight({ tab: "tab-number-2", state: "away" }))
  presence.note(sight({ ...ben, state: "replying" }))
  expect(presence.at(1, 10).map(({ name, state }) => [name, state])).toEqual([
    ["Ben", "replying"],
    ["Ana", "viewing"],
  ])
  expect(seen).toEqual(["10: Ana viewing", "10: Ben replying, Ana viewing"])
})

test("a tab that goes to another conversation has left the first, and a late goodbye changes nothing", () => {
  presence.note(sight({}))
  presence.note(sight({ conversationId: 11 }))
  presence.note(sight({ state: "gone" }))
  expect(seen).toEqual(["10: Ana viewing", "11: Ana viewing", "10: nobody"])
  presence.note(sight({ conversationId: 11, state: "gone" }))
  expect(seen.at(-1)).toBe("11: nobody")
})

test("saying the same again is not told again, and keeps a tab from being forgotten", () => {
  presence.note(sight({}))
  now += 60_000
  presence.note(sight({}))
  now += 60_000
  presence.sweep()
  expect(seen).toEqual(["10: Ana viewing"])
  now += 15_000
  presence.sweep()
  expect(seen).toEqual(["10: Ana viewing", "10: nobody"])
})

test("another company's people are not there", () => {
  presence.note(sight({ companyId: 2 }))
  expect(presence.at(1, 10)).toEqual([])
  expect(presence.conversations(2)).toEqual([10])
})

test("colleagues hear over the live stream who is at a conversation that is open to them", async () => {
  const [bea, cleo] = [await hire(story, "Bea Moss"), await hire(story, "Cleo Park", "observer")]
  const thread = await begin(story)
  const heard = await listen(story, cleo.email)
  const at = `/causeway/conversations/${thread.id}/presence`
  const report = await bea.call("POST", at, { json: { state: "replying", tab: "tab-of-bea" } })
  const expected = {
    conversation_id: thread.id,
    teammates: [{ id: bea.id, name: "Bea Moss", state: "replying" }],
  }
  expect(report).toMatchObject({ status: 200, body: expected })
  expect(await heard.nextPresence()).toEqual(expected)
  expect((await cleo.call("GET", "/causeway/presence")).body.conversations).toEqual([expected])

  await bea.call("POST", at, { json: { state: "gone", tab: "tab-of-bea" } })
  expect(await heard.nextPresence()).toEqual({ conversation_id: thread.id, teammates: [] })
  heard.close()
})

test("a channel is told in which of its conversations somebody writes a reply, and by their first name only", async () => {
  const vera = await hire(story, "Vera Lund")
  const thread = await begin(story)
  const at = `/causeway/conversations/${thread.id}/presence`
  const typing = async (token = story.channelToken()) =>
    (await story.call("GET", `/causeway/channels/${story.channelId}/typing`, { token })).body
  await vera.call("POST", at, { json: { state: "viewing", tab: "tab-of-vera" } })
  expect(await typing()).toEqual({ typing: [] })
  await vera.call("POST", at, { json: { state: "replying", tab: "tab-of-vera" } })
  expect(await typing()).toEqual({ typing: [{ external_conversation_ids: [thread.key], name: "Vera" }] })
  expect(await typing(story.apiToken)).toEqual(await typing())
  const elsewhere = await story.connect("Another line")
  const foreign = await story.call("GET", `/causeway/channels/${elsewhere}/typing`, { token: story.apiToken })
  expect(foreign.body).toEqual({ typing: [] })
  await vera.call("POST", at, { json: { state: "gone", tab: "tab-of-vera" } })
})

test("teammates hear over the live stream that a customer is writing, in a conversation of that channel that is open to them", async () => {
  const eli = await hire(story, "Eli Rask")
  const [thread, closed] = [await begin(story), await begin(story, "Confidential")]
  const heard = await listen(story, eli.email)
  const at = `/causeway/channels/${story.channelId}/typing`
  const report = (json: object, token = story.channelToken(), path = at) =>
    story.call("POST", path, { token, json: { external_conversation_id: thread.key, typing: true, ...json } })
  expect((await report({})).status).toBe(204)
  expect(await heard.nextTyping()).toEqual({ conversation_id: thread.id, for_ms: 10_000 })

  expect((await report({ external_conversation_id: "nobody" })).status).toBe(404)
  const elsewhere = await story.connect("Another line")
  expect((await report({}, story.apiToken, at.replace(story.channelId, elsewhere))).status).toBe(404)
  expect((await report({ typing: "yes" })).text).toContain("typing")
  const token = story.apiToken
  const board = await story.call("POST", "/inboxes", { token, json: { name: "Board", is_public: false } })
  expect((await story.call("PATCH", closed.path, { token, json: { inbox_id: board.body.id } })).status).toBe(204)
  expect((await report({ external_conversation_id: closed.key })).status).toBe(204)
  expect((await report({ typing: false })).status).toBe(204)
  expect(await heard.nextTyping()).toEqual({ conversation_id: thread.id, for_ms: 0 })
  heard.close()
})

test("of a conversation in a closed inbox nothing is told to those outside it", async () => {
  const dora = await hire(story, "Dora Lind")
  const thread = await begin(story, "Confidential")
  await story.server.services.db.query({ text: "update inbox set is_public = false" })
  const outside = await dora.call("POST", `/causeway/conversations/${thread.id}/presence`, {
    json: { state: "viewing", tab: "tab-of-dora" },
  })
  expect(outside.status).toBe(404)
  await story.server.services.db.query({ text: "update inbox set is_public = true" })
})
