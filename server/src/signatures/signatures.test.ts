import { afterAll, expect, test } from "vitest"
import { ana, startStory } from "../../../test/story.ts"
import { hire, signIn } from "../teammates/people.story.ts"

const story = await startStory()
afterAll(() => story.close())
const bo = await hire(story, "Bo Reed")
const admin = await signIn(story)
const call = (method: string, path: string, json?: unknown) =>
  story.call(method, path, { token: story.apiToken, ...(json !== undefined && { json }) })
const team = (await call("GET", "/teams")).body._results[0]

test("a team's signature says whose it is, and its HTML is safe", async () => {
  const made = await call("POST", `/teams/${team.id}/signatures`, {
    name: "Support",
    body: '<b>Acme</b><script>alert("x")</script>',
    sender_info: "Acme Support",
    is_visible_for_all_teammate_channels: true,
    channel_ids: [story.channelId],
  })
  expect(made.status, made.text).toBe(201)
  expect(made.body).toEqual({
    _links: {
      self: `${story.server.url}/signatures/${made.body.id}`,
      related: { owner: `${story.server.url}/teams/${team.id}` },
    },
    id: expect.stringMatching(/^sig_[0-9a-z]+$/),
    name: "Support",
    body: "<b>Acme</b>",
    sender_info: "Acme Support",
    is_visible_for_all_teammate_channels: true,
    is_default: false,
    is_private: false,
    channel_ids: [story.channelId],
  })
  expect((await call("GET", `/signatures/${made.body.id}`)).body).toEqual(made.body)
  const listed = await call("GET", `/teams/${team.id}/signatures`)
  expect(listed.body).toMatchObject({ _pagination: { next: null }, _results: [made.body] })
})

test("an owner has one default: the next one takes its place", async () => {
  const path = `/teammates/alt:email:${bo.email}/signatures`
  const first = (await call("POST", path, { name: "Short", body: "Bo", is_default: true })).body
  const second = (await call("POST", path, { name: "Long", body: "Bo Reed" })).body
  expect(first).toMatchObject({ is_default: true, is_private: true, is_visible_for_all_teammate_channels: false })
  const changed = await call("PATCH", `/signatures/${second.id}`, { is_default: true })
  expect(changed.body).toMatchObject({ id: second.id, name: "Long", is_default: true })
  expect((await call("GET", `/signatures/${first.id}`)).body.is_default).toBe(false)
  const parallel = await Promise.all(
    [1, 2, 3, 4].map((n) => call("POST", path, { name: `P${n}`, body: "x", is_default: true })),
  )
  expect(parallel.map(({ status }) => status)).toEqual([201, 201, 201, 201])
  const all = (await call("GET", path)).body._results
  expect(all.filter((signature: { is_default: boolean }) => signature.is_default)).toHaveLength(1)
})

test("a teammate changes their own signatures and sees nobody else's; a team's are an admin's", async () => {
  const own = await bo.call("POST", `/teammates/${bo.id}/signatures`, { json: { name: "Mine", body: "B" } })
  expect(own.status).toBe(201)
  const path = `/signatures/${own.body.id}`
  expect((await bo.call("PATCH", path, { json: { body: "<i>B</i>" } })).body.body).toBe("<i>B</i>")
  expect((await admin("GET", path)).status).toBe(404)
  expect((await admin("POST", `/teammates/${bo.id}/signatures`, { json: { name: "x", body: "x" } })).status).toBe(403)
  expect((await bo.call("POST", `/teams/${team.id}/signatures`, { json: { name: "x", body: "x" } })).status).toBe(403)
  const shown = await bo.call("PATCH", path, { json: { is_visible_for_all_teammate_channels: true } })
  expect(shown.status).toBe(400)
  expect((await bo.call("DELETE", path)).status).toBe(204)
  expect((await bo.call("GET", path)).status).toBe(404)
})

test("a signature needs a name, and channels that there are", async () => {
  const path = `/teammates/alt:email:${ana.email}/signatures`
  expect((await call("POST", path, { body: "x" })).status).toBe(400)
  const foreign = await call("POST", path, { name: "x", body: "x", channel_ids: ["cha_zzzzzz"] })
  expect(foreign.status).toBe(400)
  expect(foreign.text).toContain("body.channel_ids[0] names no channel")
  expect((await call("GET", "/signatures/sig_zzzzzz")).status).toBe(404)
})
