import { afterAll, expect, test } from "vitest"
import { startStory } from "../../../test/story.ts"
import { hire, signIn } from "../teammates/people.story.ts"
import { begin, idsOf, make, publicEvents } from "./conversations.story.ts"

const story = await startStory()
afterAll(() => story.close())
const bo = await hire(story, "Bo Reed")
const ola = await hire(story, "Ola Marsh", "observer")
const admin = await signIn(story)

const call = (method: string, path: string, json?: unknown) =>
  story.call(method, path, { token: story.apiToken, ...(json !== undefined && { json }) })
const expectDone = async (method: string, path: string, json?: unknown) => {
  const answer = await call(method, path, json)
  expect(answer.status, answer.text).toBe(204)
}

test("a conversation is shown with everything it has, its links on the origin that was called", async () => {
  const { path, id } = await begin(story)
  const { body } = await call("GET", path)
  const self = `${story.server.url}${path}`
  expect(body).toMatchObject({
    _links: {
      self,
      related: { followers: `${self}/followers`, last_message: expect.stringContaining("?referer=conversation") },
    },
    id,
    type: "conversation",
    status: "unassigned",
    ticket_ids: [],
    assignee: null,
    recipient: { handle: "mia", name: "Mia Kovač", role: "from" },
    tags: [],
    links: [],
    custom_fields: {},
    is_private: false,
    scheduled_reminders: [],
    metadata: {},
  })
  const asChannel = await story.call("GET", path, { token: story.channelToken() })
  expect(asChannel.body.metadata.external_conversation_ids).toHaveLength(1)
})

test("the list of all is paged by activity, in both orders, and filtered by the vendor's words in both forms", async () => {
  const older = await begin(story)
  const newer = await begin(story)
  await expectDone("PATCH", older.path, { status: "archived" })
  const first = await call("GET", "/conversations?limit=1")
  expect(idsOf(first)).toEqual([newer.id])
  const next = String(first.body._pagination.next).replace(story.server.url, "")
  expect(next).toContain("limit=1&page_token=")
  expect(idsOf(await call("GET", next))).toEqual([older.id])
  const all = idsOf(await call("GET", "/conversations"))
  expect(idsOf(await call("GET", "/conversations?sort_by=date&sort_order=asc"))).toEqual(all.toReversed())
  for (const q of [
    'q={"statuses":["archived"]}',
    "q[statuses][]=archived",
    "q[statuses]=archived&q[statuses]=trashed",
  ]) {
    const found = idsOf(await call("GET", `/conversations?${q}`))
    expect(found, q).toContain(older.id)
    expect(found, q).not.toContain(newer.id)
  }
  for (const bad of ["q[statuses]=lost", "sort_by=subject", "page_token=x", "q[status_ids]=sts_1"])
    expect((await call("GET", `/conversations?${bad}`)).status, bad).toBe(400)
})

test("a change tells one event for each thing that changed, and none for what is as asked already", async () => {
  const { path, id } = await begin(story)
  const inbox = await make(story, "/inboxes", { name: "Second" })
  const tag = await make(story, "/tags", { name: "urgent" })
  const all = { assignee_id: bo.id, inbox_id: inbox, status: "archived", tag_ids: [tag] }
  await expectDone("PATCH", path, all)
  await expectDone("PATCH", path, all)
  expect(await publicEvents(story, id)).toEqual(["inbound", "archive", "assign", "move", "tag"])
  const changed = (await call("GET", path)).body
  expect(changed).toMatchObject({ status: "archived", assignee: { id: bo.id }, tags: [{ id: tag }] })
  expect(idsOf(await call("GET", `${path}/inboxes`))).toEqual([inbox])
  await expectDone("PATCH", path, { tag_ids: [], status: "deleted" })
  await expectDone("PUT", `${path}/assignee`, { assignee_id: null })
  await expectDone("PATCH", path, { status: "open" })
  expect((await publicEvents(story, id)).slice(5)).toEqual(["trash", "untag", "unassign", "restore"])
})

test.each([
  [{ assignee_id: "tea_zzzzzzzz" }, "body.assignee_id names no teammate"],
  [{ inbox_id: "inb_zzzzzzzz" }, "body.inbox_id names no inbox"],
  [{ tag_ids: ["tag_zzzzzzzz"] }, "body.tag_ids[0] names no tag"],
  [{ status_id: "sts_1" }, "ticketing is off"],
  [{ status: "open", description: "x" }, "is only for tasks"],
  [{ custom_fields: { nope: 1 } }, "is no custom field of a conversation"],
])("a change to %j is refused and changes nothing", async (json, message) => {
  const { path, id } = await begin(story)
  const refused = await call("PATCH", path, { status: "archived", ...json })
  expect(refused.status).toBe(400)
  expect(refused.body._error.message).toContain(message)
  expect(await publicEvents(story, id)).toEqual(["inbound"])
})

test("custom fields are replaced as a whole, and each that changes is told", async () => {
  for (const [name, type] of [
    ["city", "string"],
    ["vip", "boolean"],
  ])
    expect((await call("POST", "/causeway/custom_fields", { resource: "conversation", name, type })).status).toBe(201)
  const { path, id } = await begin(story)
  await expectDone("PATCH", path, { custom_fields: { city: "Graz", vip: true } })
  await expectDone("PATCH", path, { custom_fields: { city: "Graz" } })
  expect((await call("GET", path)).body.custom_fields).toEqual({ city: "Graz" })
  expect(await publicEvents(story, id)).toEqual(["inbound", ...Array(3).fill("custom_field_updated")])
})

test("tags are added and taken off, for a channel's token too, and an unknown one is refused", async () => {
  const { path } = await begin(story)
  const [one, two] = [await make(story, "/tags", { name: "one" }), await make(story, "/tags", { name: "two" })]
  await expectDone("POST", `${path}/tags`, { tag_ids: [one, two, one] })
  const token = story.channelToken()
  expect((await story.call("DELETE", `${path}/tags`, { token, json: { tag_ids: [one] } })).status).toBe(204)
  expect((await call("GET", path)).body.tags.map((tag: { id: string }) => tag.id)).toEqual([two])
  expect(idsOf(await call("GET", `/tags/${two}/conversations`))).toEqual([path.split("/").at(-1)])
  expect((await call("POST", `${path}/tags`, { tag_ids: ["tag_zzzzzzzz"] })).status).toBe(400)
})

test("a teammate's own tag is on a conversation for them and for nobody else in a browser", async () => {
  const { path } = await begin(story)
  const own = await make(story, `/teammates/${bo.id}/tags`, { name: "mine" })
  expect((await bo.call("POST", `${path}/tags`, { json: { tag_ids: [own] } })).status).toBe(204)
  expect((await bo.call("GET", path)).body.tags).toHaveLength(1)
  expect((await admin("GET", path)).body.tags).toEqual([])
  expect((await admin("PATCH", path, { json: { tag_ids: [] } })).status).toBe(204)
  expect((await bo.call("GET", path)).body.tags).toHaveLength(1)
})

test("links are added by id or by URL, never both, and taken off by id", async () => {
  const { path, id } = await begin(story)
  const known = await make(story, "/links", { external_url: "https://crm.example/1" })
  await expectDone("POST", `${path}/links`, { link_ids: [known] })
  await expectDone("POST", `${path}/links`, { link_external_urls: ["https://crm.example/2", "https://crm.example/1"] })
  const links = (await call("GET", path)).body.links
  expect(links.map((link: { external_url: string }) => link.external_url)).toEqual([
    "https://crm.example/1",
    "https://crm.example/2",
  ])
  expect(idsOf(await call("GET", `/links/${known}/conversations`))).toEqual([id])
  await expectDone("DELETE", `${path}/links`, { link_ids: [known] })
  expect((await call("GET", path)).body.links).toHaveLength(1)
  for (const bad of [
    {},
    { link_ids: [known], link_external_urls: [] },
    { link_ids: ["top_zzzzzzzz"] },
    { link_external_urls: ["javascript:1"] },
  ])
    expect((await call("POST", `${path}/links`, bad)).status, JSON.stringify(bad)).toBe(400)
  expect((await publicEvents(story, id)).slice(1)).toEqual(["link_added", "link_added", "link_removed"])
})

test("followers are teammates by id or address; one who is nobody stops the request unless errors are ignored", async () => {
  const { path } = await begin(story)
  const ids = [bo.id, `alt:email:${ola.email}`]
  await expectDone("POST", `${path}/followers`, { teammate_ids: ids })
  expect(idsOf(await call("GET", `${path}/followers`)).toSorted()).toEqual([bo.id, ola.id].toSorted())
  await expectDone("DELETE", `${path}/followers`, { teammate_ids: ids })
  const withNobody = { teammate_ids: ["tea_zzzzzzzz", bo.id] }
  expect((await call("POST", `${path}/followers`, withNobody)).status).toBe(400)
  expect(idsOf(await call("GET", `${path}/followers`))).toEqual([])
  await expectDone("POST", `${path}/followers?ignore_errors=true`, withNobody)
  expect(idsOf(await call("GET", `${path}/followers`))).toEqual([bo.id])
})

test("a snoozed conversation is archived with its reminder, and open again when that is due", async () => {
  const { path, id } = await begin(story)
  const at = Math.ceil(story.server.services.clock.now().getTime() / 1000) + 3600
  await expectDone("PATCH", `${path}/reminders`, { teammate_id: bo.id, scheduled_at: at })
  const snoozed = (await call("GET", path)).body
  expect(snoozed.status).toBe("archived")
  expect(snoozed.scheduled_reminders).toEqual([
    {
      _links: { related: { owner: `${story.server.url}/teammates/${bo.id}` } },
      created_at: expect.any(Number),
      scheduled_at: at,
      updated_at: expect.any(Number),
    },
  ])
  story.server.services.clock.advance(3_590_000)
  await story.settle()
  expect((await call("GET", path)).body.status).toBe("archived")
  story.server.services.clock.advance(20_000)
  await story.settle()
  expect((await call("GET", path)).body).toMatchObject({ status: "unassigned", scheduled_reminders: [] })
  expect(await publicEvents(story, id)).toEqual(["inbound", "snooze", "archive", "reminder"])
})

test("a snooze that is taken back opens the conversation; a time that is past or absurd is refused", async () => {
  const { path } = await begin(story)
  const now = story.server.services.clock.now().getTime() / 1000
  const snooze = (scheduled_at: number | null, teammate_id = bo.id) =>
    call("PATCH", `${path}/reminders`, { teammate_id, scheduled_at })
  expect((await snooze(now + 60)).status).toBe(204)
  expect((await snooze(null)).status).toBe(204)
  expect((await call("GET", path)).body).toMatchObject({ status: "unassigned", scheduled_reminders: [] })
  for (const bad of [now - 60, now + 51 * 366 * 86_400, 1e300])
    expect((await snooze(bad)).status, String(bad)).toBe(400)
  expect((await snooze(now + 60, "tea_zzzzzzzz")).status).toBe(400)
})

test("a conversation is deleted for good from the trash only; a repeat still gets its first answer and its thread begins anew", async () => {
  const { path, key } = await begin(story, "secret words")
  const [message] = (await story.call("GET", `${path}/messages`, { token: story.channelToken() })).body._results
  expect((await call("DELETE", path)).status).toBe(400)
  await expectDone("PATCH", path, { status: "deleted" })
  expect((await bo.call("DELETE", path)).status).toBe(403)
  await expectDone("DELETE", path)
  for (const gone of [path, `${path}/messages`, `/messages/${message.id}`, `/messages/alt:uid:${message.message_uid}`])
    expect((await call("GET", gone)).status, gone).toBe(404)
  const repeat = await story.customerWrites("secret words", {
    metadata: { external_id: message.metadata.external_id, external_conversation_id: key },
  })
  expect(repeat.body.message_uid).toBe(message.message_uid)
  const again = await begin(story, "hello again", { key })
  expect(again.path).not.toBe(path)
  await story.settle()
  const kept = await story.server.services.db.query({
    text: "select from attempt where request_body like '%secret words%' union all select from message where text like '%secret words%'",
  })
  expect(kept).toEqual([])
})

test("what a partner still says of a message that was deleted for good finds nothing, and breaks nothing", async () => {
  const token = story.channelToken()
  const { path, key } = await begin(story)
  const sent = await call("POST", `${path}/messages`, { body: "On its way", options: { archive: false } })
  expect(sent.status).toBe(202)
  await story.settle()
  const [reply] = (await story.call("GET", `${path}/messages`, { token })).body._results
  await expectDone("PATCH", path, { status: "deleted" })
  await expectDone("DELETE", path)
  const status = `/channels/${story.channelId}/conversations/${key}/messages/${reply.metadata.external_id}/status`
  expect((await story.call("PUT", status, { token, json: { status: "failed" } })).status).toBe(404)
  expect((await call("POST", `/causeway/messages/${reply.id}/retry`)).status).toBe(404)
})

test("a teammate reaches what the inboxes open to them hold, and everything else is missing", async () => {
  const closed = await make(story, "/inboxes", { name: "Board", is_public: false })
  const { path, id } = await begin(story)
  const [message] = (await bo.call("GET", `${path}/messages`)).body._results
  await expectDone("PATCH", path, { inbox_id: closed })
  for (const gone of [
    path,
    `${path}/messages`,
    `/messages/${message.id}`,
    `/causeway/conversations/${id}`,
    `${path}/followers`,
  ])
    expect((await bo.call("GET", gone)).status, gone).toBe(404)
  expect((await bo.call("PATCH", path, { json: { status: "open" } })).status).toBe(404)
  expect(idsOf(await bo.call("GET", "/conversations"))).not.toContain(id)
  const views = (await bo.call("GET", "/causeway/conversations?view=open")).body.conversations
  expect(views.map((row: { id: string }) => row.id)).not.toContain(id)
  expect((await admin("GET", path)).status).toBe(200)
  expect((await call("PATCH", path, { assignee_id: bo.id })).body._error.message).toContain("may not open")
  await expectDone("POST", `/inboxes/${closed}/teammates`, { teammate_ids: [bo.id] })
  expect((await bo.call("GET", path)).status).toBe(200)
  await expectDone("PATCH", path, { assignee_id: bo.id })
  expect(idsOf(await call("GET", `/teammates/${bo.id}/conversations`))).toContain(id)
})

test("an observer reads and changes nothing", async () => {
  const { path } = await begin(story)
  expect((await ola.call("GET", path)).status).toBe(200)
  for (const [method, at, json] of [
    ["PATCH", path, { status: "archived" }],
    ["PUT", `${path}/assignee`, { assignee_id: null }],
    ["POST", `${path}/tags`, { tag_ids: [] }],
    ["POST", `${path}/followers`, { teammate_ids: [] }],
    ["DELETE", path, undefined],
    ["POST", "/conversations", { type: "task", subject: "x", inbox_id: story.inboxId }],
  ] as const)
    expect((await ola.call(method, at, { json })).status, `${method} ${at}`).toBe(403)
})

test("a channel's token reaches its own conversations, and neither lists nor searches any", async () => {
  const { path } = await begin(story)
  const other = await story.connect("Second line")
  const stranger = { token: story.channelToken({ sub: other }) }
  expect((await story.call("GET", path, stranger)).status).toBe(404)
  const own = { token: story.channelToken() }
  expect((await story.call("GET", `${path}/inboxes`, own)).status).toBe(200)
  expect((await story.call("PATCH", path, { ...own, json: { status: "archived" } })).status).toBe(204)
  for (const closed of ["/conversations", "/conversations/custom_fields", "/conversations/search/late"])
    expect((await story.call("GET", closed, own)).status, closed).toBe(403)
})
