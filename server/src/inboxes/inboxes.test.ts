import { afterAll, expect, test } from "vitest"
import { startStory } from "../../../test/story.ts"
import { hire } from "../teammates/people.story.ts"

const story = await startStory()
afterAll(() => story.close())
const { server, inboxId } = story
const bo = await hire(story, "Bo Reed")
const mo = await hire(story, "Mo Hill")

const call = (method: string, path: string, json?: unknown) =>
  story.call(method, path, { token: story.apiToken, ...(json !== undefined && { json }) })
const make = async (json: object = {}, path = "/inboxes") => {
  const answer = await call("POST", path, { name: "VIP", ...json })
  expect(answer.status, answer.text).toBe(201)
  return answer.body
}
const idsOf = (answer: { body: { _results: { id: string }[] } }) => answer.body._results.map(({ id }) => id)
const teammates = async (id: string) => idsOf(await call("GET", `/inboxes/${id}/teammates`))
const team = (await call("GET", "/teams")).body._results[0]

test("an inbox is the oldest team's and public unless said, with every link on the origin that was called", async () => {
  const made = await make()
  const self = `${server.url}/inboxes/${made.id}`
  expect(made).toEqual({
    _links: {
      self,
      related: {
        teammates: `${self}/teammates`,
        conversations: `${self}/conversations`,
        channels: `${self}/channels`,
        owner: `${server.url}/teams/${team.id}`,
      },
    },
    id: expect.stringMatching(/^inb_[0-9a-z]+$/),
    name: "VIP",
    is_private: false,
    is_public: true,
    custom_fields: {},
  })
  expect((await call("GET", `/inboxes/${made.id}`)).body).toEqual(made)
  expect(idsOf(await call("GET", `/teams/${team.id}/inboxes`))).toContain(made.id)
  expect((await call("GET", `/inboxes/${inboxId}`)).body._links.related.owner).toBe(`${server.url}/teams/${team.id}`)
})

test("a closed inbox is open to those who are named, and to everybody else who signs in it is a missing one", async () => {
  const closed = await make({ is_public: false, teammate_ids: [bo.id] })
  expect(await teammates(closed.id)).toEqual([bo.id])
  expect((await bo.call("GET", `/inboxes/${closed.id}`)).status).toBe(200)
  const foreign = await mo.call("GET", `/inboxes/${closed.id}`)
  const missing = await mo.call("GET", "/inboxes/inb_zzzzzzzz")
  expect(foreign.status).toBe(404)
  expect(foreign.text.replace(closed.id, "ID")).toBe(missing.text.replace("inb_zzzzzzzz", "ID"))
  for (const path of ["/inboxes", `/teams/${team.id}/inboxes`, `/teammates/${bo.id}/inboxes`])
    expect(idsOf(await mo.call("GET", path)), path).not.toContain(closed.id)
  expect(idsOf(await bo.call("GET", "/inboxes"))).toContain(closed.id)
  for (const under of ["teammates", "channels"])
    expect((await mo.call("GET", `/inboxes/${closed.id}/${under}`)).status).toBe(404)
})

test("access is given and taken, at once", async () => {
  const closed = await make({ is_public: false })
  const change = (method: string, teammate_ids: string[]) =>
    call(method, `/inboxes/${closed.id}/teammates`, { teammate_ids })
  expect((await change("POST", [bo.id, `alt:email:${mo.email}`])).status).toBe(204)
  expect((await change("POST", [bo.id])).status).toBe(204)
  expect(await teammates(closed.id)).toEqual([bo.id, mo.id])
  expect((await change("DELETE", [bo.id])).status).toBe(204)
  expect(await teammates(closed.id)).toEqual([mo.id])
  expect((await bo.call("GET", `/inboxes/${closed.id}`)).status).toBe(404)
  expect((await change("POST", ["tea_zzzzzzzz"])).body._error.message).toContain(
    "body.teammate_ids[0] names no teammate",
  )
})

test("a public inbox is everybody's, so nobody can be taken out of it", async () => {
  expect(await teammates(inboxId)).toEqual(expect.arrayContaining([bo.id, mo.id]))
  const refused = await call("DELETE", `/inboxes/${inboxId}/teammates`, { teammate_ids: [bo.id] })
  expect(refused.status).toBe(400)
  expect(refused.body._error.message).toContain("the inbox is public")
})

test("a teammate's own inbox is private, theirs alone, and in their lists", async () => {
  const own = await make({ name: "Bo's", teammate_ids: [mo.id] }, `/teammates/alt:email:${bo.email}/private_inboxes`)
  expect(own).toMatchObject({
    is_private: true,
    is_public: false,
    _links: { related: { owner: `${server.url}/teammates/${bo.id}` } },
  })
  expect(await teammates(own.id)).toEqual([bo.id])
  expect(idsOf(await call("GET", `/teammates/${bo.id}/private_inboxes`))).toEqual([own.id])
  expect(idsOf(await call("GET", `/teammates/${mo.id}/private_inboxes`))).toEqual([])
  expect(idsOf(await call("GET", `/teammates/${bo.id}/inboxes`))).toEqual(expect.arrayContaining([own.id, inboxId]))
  const change = (method: string, id: string) => call(method, `/inboxes/${own.id}/teammates`, { teammate_ids: [id] })
  expect((await change("POST", mo.id)).status).toBe(400)
  expect((await change("DELETE", bo.id)).status).toBe(400)
})

test("channels are listed with their inbox, with its team, and with the teammate whose own it is", async () => {
  for (const path of [`/inboxes/${inboxId}/channels`, `/teams/${team.id}/channels`])
    expect(idsOf(await call("GET", path)), path).toEqual([story.channelId])
  expect(idsOf(await call("GET", `/teammates/${bo.id}/channels`))).toEqual([])
  const own = await make({}, `/teammates/${mo.id}/private_inboxes`)
  const json = { type: "custom", name: "Mo's", application_uid: story.app.uid }
  const connected = await call("POST", `/inboxes/${own.id}/channels`, json)
  expect(idsOf(await call("GET", `/teammates/${mo.id}/channels`))).toEqual([
    connected.headers.get("location")?.split("/").at(-1),
  ])
})

test("the conversations of an inbox and of an assignee are listed with them, to whom the inbox is open", async () => {
  const message = (await story.message(await story.customerWrites("Where is it?"))).body
  const conversation = String(message._links.related.conversation).split("/").at(-1) as string
  await call("PATCH", `/conversations/${conversation}`, { assignee_id: bo.id })
  const empty = await make({ is_public: false, teammate_ids: [bo.id] })
  expect(idsOf(await call("GET", `/inboxes/${inboxId}/conversations?q[statuses][]=assigned`))).toEqual([conversation])
  expect(idsOf(await call("GET", `/inboxes/${inboxId}/conversations?q[statuses][]=archived`))).toEqual([])
  expect(idsOf(await call("GET", `/inboxes/${empty.id}/conversations`))).toEqual([])
  expect((await mo.call("GET", `/inboxes/${empty.id}/conversations`)).status).toBe(404)
  expect(idsOf(await call("GET", `/teammates/alt:email:${bo.email}/conversations`))).toEqual([conversation])
  expect(idsOf(await call("GET", `/teammates/${mo.id}/conversations`))).toEqual([])
})

test("inboxes are an admin's to make, and a teammate makes their own only", async () => {
  const json = { name: "New" }
  expect((await bo.call("POST", "/inboxes", { json })).status).toBe(403)
  expect((await bo.call("POST", `/teams/${team.id}/inboxes`, { json })).status).toBe(403)
  expect((await bo.call("POST", `/teammates/${mo.id}/private_inboxes`, { json })).status).toBe(403)
  expect((await bo.call("POST", `/teammates/${bo.id}/private_inboxes`, { json })).status).toBe(201)
  expect((await bo.call("POST", `/inboxes/${inboxId}/teammates`, { json: { teammate_ids: [bo.id] } })).status).toBe(403)
})

test.each([
  [{}, "body.name is required"],
  [{ name: "" }, "body.name must not be empty"],
  [{ name: "x", is_public: "yes" }, "body.is_public must be a boolean"],
  [{ name: "x", teammate_ids: ["nobody"] }, "body.teammate_ids[0] names no teammate"],
  [{ name: "x", teammate_ids: Array(501).fill("tea_1") }, "body.teammate_ids"],
  [{ name: "x", custom_fields: { City: "x" } }, "body.custom_fields.City is no custom field of an inbox"],
])("POST /inboxes %j is refused", async (json, problem) => {
  const answer = await call("POST", "/inboxes", json)
  expect(answer.status).toBe(400)
  expect(answer.body._error.message).toContain(problem)
})

test("a teammate sends by no channel of a closed inbox, and is told no more of it than of none", async () => {
  const closed = await make({ is_public: false, teammate_ids: [bo.id] })
  const connected = await call("POST", `/inboxes/${closed.id}/channels`, {
    type: "custom",
    name: "Legal",
    application_uid: story.app.uid,
  })
  const channelId = String(connected.headers.get("location")).split("/").at(-1) as string
  const message = (await story.message(await story.customerWrites("Is my order late?"))).body
  const conversation = String(message._links.related.conversation).split("/").at(-1)
  const body = "Hello"
  const ways = (channel: string): [string, object][] => [
    [`/conversations/${conversation}/messages`, { body, channel_id: channel }],
    [`/channels/${channel}/messages`, { body, to: ["nia"] }],
    [`/conversations/${conversation}/drafts`, { body, channel_id: channel }],
    [`/channels/${channel}/drafts`, { body, to: ["nia"] }],
    [`/causeway/channels/${channel}/send_waiting`, {}],
  ]
  const nobody = "cha_zzzzzzzz"
  const missing = ways(nobody)
  for (const [i, [path, json]] of ways(channelId).entries()) {
    const [absentPath, absentJson] = missing[i] as [string, object]
    const refused = await mo.call("POST", path, { json })
    const absent = await mo.call("POST", absentPath, { json: absentJson })
    expect(refused.status, path).toBeGreaterThanOrEqual(400)
    expect([refused.status, refused.text.replaceAll(channelId, "ID")]).toEqual([
      absent.status,
      absent.text.replaceAll(nobody, "ID"),
    ])
    expect((await bo.call("POST", path, { json })).status, path).toBeLessThan(300)
  }
})

test("a developer outside a closed inbox makes up no messages in it", async () => {
  const closed = await make({ is_public: false, teammate_ids: [bo.id] })
  const connected = await call("POST", `/inboxes/${closed.id}/channels`, {
    type: "custom",
    name: "Web form",
    settings: {},
  })
  const channelId = String(connected.headers.get("location")).split("/").at(-1) as string
  const dev = await hire(story, "Dev Row")
  await call("PATCH", `/causeway/teammates/${dev.id}`, { is_developer: true })
  const json = { sender: { handle: "nia" }, body: "I agree to everything.", metadata: {} }
  const writes = (channel: string) => dev.call("POST", `/channels/${channel}/incoming_messages`, { json })
  const [refused, absent] = [await writes(channelId), await writes("cha_zzzzzzzz")]
  expect([refused.status, refused.text.replaceAll(channelId, "ID")]).toEqual([
    404,
    absent.text.replaceAll("cha_zzzzzzzz", "ID"),
  ])
  await call("POST", `/inboxes/${closed.id}/teammates`, { teammate_ids: [dev.id] })
  expect((await writes(channelId)).status).toBe(202)
})
