import { parseId } from "@causeway/contract/ids"
import { afterAll, expect, test } from "vitest"
import { inbound, startStory } from "../../../test/story.ts"
import { listen } from "../live/live.story.ts"
import { hire } from "../teammates/people.story.ts"
import { begin, idsOf, make, publicEvents, write } from "./conversations.story.ts"

const story = await startStory()
afterAll(() => story.close())

const call = (method: string, path: string, json?: unknown) =>
  story.call(method, path, { token: story.apiToken, ...(json !== undefined && { json }) })
const merge = async (into: { id: string }, ...others: { id: string }[]) => {
  const answer = await call("POST", `/causeway/conversations/${into.id}/merge`, {
    conversation_ids: others.map(({ id }) => id),
  })
  expect(answer.status, answer.text).toBe(204)
}
const textsOf = async (path: string) =>
  (await call("GET", `${path}/messages?sort_order=asc`)).body._results.map(({ text }: { text: string }) => text)

test("messages, comments, tags, links, followers and events go on in the survivor, in their order", async () => {
  const bo = await hire(story, "Bo Reed")
  const survivor = await begin(story, "one")
  const loser = await begin(story, "two")
  await write(story, "three", survivor.key)
  await write(story, "four", loser.key)
  const tag = await make(story, "/tags", { name: "kept" })
  await call("POST", `${loser.path}/tags`, { tag_ids: [tag] })
  await call("POST", `${survivor.path}/tags`, { tag_ids: [tag] })
  await call("POST", `${loser.path}/links`, { link_external_urls: ["https://crm.example/7"] })
  await call("POST", `${loser.path}/followers`, { teammate_ids: [bo.id] })
  await call("POST", `${loser.path}/comments`, { body: "A note" })
  await call("PUT", `${loser.path}/assignee`, { assignee_id: bo.id })
  await call("PATCH", survivor.path, { status: "archived" })
  await merge(survivor, loser)
  expect(await textsOf(survivor.path)).toEqual(["one", "two", "three", "four"])
  const merged = (await call("GET", survivor.path)).body
  expect(merged).toMatchObject({
    status: "assigned",
    assignee: { id: bo.id },
    tags: [{ id: tag }],
    links: [{ external_url: "https://crm.example/7" }],
  })
  expect(idsOf(await call("GET", `${survivor.path}/followers`))).toEqual([bo.id])
  expect((await call("GET", `${survivor.path}/comments`)).body._results).toMatchObject([{ body: "A note" }])
  const events = await publicEvents(story, survivor.id)
  expect(events.at(-1)).toBe("conversations_merged")
  expect(events.filter((type) => type === "inbound")).toHaveLength(4)
  const [event] = (await call("GET", `${survivor.path}/events?limit=1`)).body._results
  expect(event).toMatchObject({ type: "conversations_merged", target: { _meta: { type: "deleted_conversation_ids" } } })
})

test("whatever is under a merged conversation answers 301 with the same place under the survivor, through any number of mergers", async () => {
  const [first, second, third] = [await begin(story), await begin(story), await begin(story)]
  await merge(second, first)
  await merge(third, second)
  for (const [method, part, json] of [
    ["GET", ""],
    ["PATCH", "", { status: "archived" }],
    ["GET", "/messages?limit=3"],
    ["POST", "/messages", { body: "x" }],
    ["GET", "/comments"],
    ["GET", "/drafts"],
    ["GET", "/events"],
    ["GET", "/followers"],
    ["POST", "/followers", { teammate_ids: [] }],
    ["GET", "/inboxes"],
    ["POST", "/tags", { tag_ids: [] }],
    ["PUT", "/assignee", { assignee_id: null }],
  ] as const) {
    const moved = await call(method, `${first.path}${part}`, json)
    expect(moved.status, `${method} ${part}`).toBe(301)
    expect(moved.headers.get("location")).toBe(`${story.server.url}${third.path}${part}`)
  }
  const viaReference = await call("GET", `/causeway/conversations/${first.id}`)
  expect(viaReference.status).toBe(403) // a session's operation
  expect(idsOf(await call("GET", "/conversations"))).not.toContain(first.id)
})

test("what is threaded to a merged conversation lands in the survivor, and its messages' links lead there", async () => {
  const survivor = await begin(story, "one")
  const loser = await begin(story, "two")
  const accepted = await write(story, "three", loser.key)
  await merge(survivor, loser)
  await write(story, "four", loser.key)
  expect(await textsOf(survivor.path)).toEqual(["one", "two", "three", "four"])
  const message = await story.message(accepted)
  expect(message.body._links.related.conversation).toBe(`${story.server.url}${survivor.path}`)
  const asChannel = await story.call("GET", survivor.path, { token: story.channelToken() })
  expect(asChannel.body.metadata.external_conversation_ids).toEqual([survivor.key, loser.key])
})

test("after a merger across channels each channel's token reaches the survivor, and in it what went over its own channel", async () => {
  const other = await story.connect("Second line")
  const theirs = { token: story.channelToken({ sub: other }) }
  const survivor = await begin(story, "over the first")
  const accepted = await story.call("POST", `/channels/${other}/inbound_messages`, {
    ...theirs,
    json: inbound("over the second"),
  })
  const message = await story.call("GET", `/messages/alt:uid:${accepted.body.message_uid}`, theirs)
  const loser = { id: String(message.body._links.related.conversation).split("/").at(-1) as string }
  await merge(survivor, loser)
  const moved = await story.call("GET", `/conversations/${loser.id}`, theirs)
  expect([moved.status, moved.headers.get("location")]).toEqual([301, `${story.server.url}${survivor.path}`])
  const seen = await story.call("GET", survivor.path, theirs)
  expect(seen.body.metadata.external_conversation_ids).toHaveLength(1)
  expect(seen.body.metadata.external_conversation_ids).not.toContain(survivor.key)
  const messages = await story.call("GET", `${survivor.path}/messages`, theirs)
  expect(messages.body._results.map(({ text }: { text: string }) => text)).toEqual(["over the second"])
})

test("replies that are queued in a merged conversation leave behind the survivor's own, in their order", async () => {
  const survivor = await begin(story, "one")
  const loser = await begin(story, "two", { handle: "leo" })
  await story.settle()
  story.partner.answers(
    { delayMs: 30, body: { type: "success", external_id: "a", external_conversation_id: survivor.key } },
    {
      delayMs: 30,
      body: { type: "success", external_id: "b", external_conversation_id: survivor.key },
    },
  )
  const before = story.partner.received.length
  // Offline, so that all of them wait.
  await story.call("PATCH", `/channels/${story.channelId}`, {
    token: story.channelToken(),
    json: { status: "offline" },
  })
  for (const [thread, body] of [
    [loser, "l1"],
    [survivor, "s1"],
    [loser, "l2"],
    [survivor, "s2"],
  ] as const)
    expect((await call("POST", `${thread.path}/messages`, { body })).status).toBe(202)
  await merge(survivor, loser)
  await story.call("PATCH", `/channels/${story.channelId}`, { token: story.channelToken(), json: { status: "ok" } })
  await story.settle()
  const sends = story.partner.received.slice(before).filter(({ body }) => body?.type === "message")
  expect(sends.map(({ body }) => body.payload.text)).toEqual(["s1", "s2", "l1", "l2"])
  expect(sends.every(({ body }) => body.metadata.external_conversation_ids.length === 2)).toBe(true)
  const states = (await call("GET", `${survivor.path}/messages`)).body._results.map(
    (row: { is_draft: boolean }) => row.is_draft,
  )
  expect(states).not.toContain(true)
  story.partner.answers()
})

test("a reply that is under way while its conversation is merged is settled in the survivor, and the next one follows", async () => {
  const survivor = await begin(story, "one")
  const loser = await begin(story, "two")
  await story.settle()
  let arrived = () => {}
  const underWay = new Promise<void>((resolve) => {
    arrived = resolve
  })
  story.partner.answers((request) => {
    if (request.body.payload.text === "l1") arrived()
    return {
      delayMs: 150,
      body: { type: "success", external_id: `x_${request.body.payload.id}`, external_conversation_id: loser.key },
    }
  })
  for (const body of ["l1", "l2"]) await call("POST", `${loser.path}/messages`, { body })
  await underWay
  await merge(survivor, loser)
  await story.settle()
  const replies = (await call("GET", `${survivor.path}/messages`)).body._results.filter(
    (row: { is_inbound: boolean }) => !row.is_inbound,
  )
  expect(replies.map((row: { text: string; is_draft: boolean }) => [row.text, row.is_draft])).toEqual([
    ["l2", false],
    ["l1", false],
  ])
  story.partner.answers()
})

test("inbound messages that arrive during mergers are all kept, once, in the survivor", async () => {
  const survivor = await begin(story, "start")
  const losers = await Promise.all(Array.from({ length: 4 }, () => begin(story, "start")))
  const writing = losers.flatMap(({ key }, i) => Array.from({ length: 10 }, (_, n) => write(story, `${i}.${n}`, key)))
  await Promise.all([...writing, ...losers.map((loser) => merge(survivor, loser))])
  await story.settle()
  const texts = await textsOf(`${survivor.path}`)
  expect(texts.toSorted()).toEqual(
    [
      ...Array(5).fill("start"),
      ...losers.flatMap((_, i) => Array.from({ length: 10 }, (_, n) => `${i}.${n}`)),
    ].toSorted(),
  )
  const numbers = await story.server.services.db.query<{ number: number }>({
    text: "select number from message where conversation_id = $1 order by number",
    values: [parseId("cnv", survivor.id)],
  })
  expect(numbers.map(({ number }) => number)).toEqual(Array.from({ length: 45 }, (_, i) => i + 1))
  const open = await story.server.services.db.query({
    text: "select from delivery where state in ('queued', 'waiting', 'sending', 'held')",
  })
  expect(open).toEqual([])
})

test("a conversation merged twice, into itself, or with a discussion is refused or left as it is", async () => {
  const [one, two] = [await begin(story), await begin(story)]
  await merge(one, two)
  await merge(one, two)
  await merge(one, one)
  expect(await textsOf(one.path)).toHaveLength(2)
  const discussion = await make(story, "/conversations", {
    type: "discussion",
    subject: "x",
    inbox_id: story.inboxId,
    comment: { body: "y" },
  })
  const at = `/causeway/conversations/${one.id}/merge`
  expect((await call("POST", at, { conversation_ids: [discussion] })).status).toBe(400)
  expect((await call("POST", at, { conversation_ids: ["cnv_zzzzzzzz"] })).status).toBe(400)
  expect((await call("POST", at, { conversation_ids: [] })).status).toBe(400)
})

test("browsers hear where a merged conversation went, and that one which moved behind a closed door is gone", async () => {
  const [survivor, loser] = [await begin(story), await begin(story)]
  const closed = await make(story, "/inboxes", { name: "Board", is_public: false })
  const cem = await hire(story, "Cem Aksoy")
  const [anas, cems] = [await listen(story), await listen(story, cem.email)]
  await merge(survivor, loser)
  for (const heard of [await anas.next("conversation_deleted"), await cems.next("conversation_deleted")])
    expect(heard).toMatchObject({ conversation: null, gone: { id: loser.id, merged_into: survivor.id } })
  await call("PATCH", survivor.path, { inbox_id: closed })
  await call("PATCH", survivor.path, { status: "archived" })
  const other = await begin(story)
  expect((await anas.next("move")).conversation?.id).toBe(survivor.id)
  expect(await cems.next("move")).toMatchObject({ conversation: null, gone: { id: survivor.id, merged_into: null } })
  // What happened behind the door is passed over.
  expect((await cems.next("archive", "inbound")).conversation?.id).toBe(other.id)
  anas.close()
  cems.close()
})
