import { afterAll, afterEach, beforeAll, expect, test } from "vitest"
import { type ChannelStory, channelStory, jwtOf, locationOf } from "./channels.story.ts"

let story: ChannelStory
beforeAll(async () => {
  story = await channelStory()
})
afterEach(() => story.calm())
afterAll(() => story.close())

test("a channel without an app needs no authorization", async () => {
  const answer = await story.connect(undefined, {
    settings: { webhook_url: "https://acme.test/out", undo_send_time: 10 },
  })
  expect(answer.status).toBe(204)
  expect((await story.get(locationOf(answer))).body).toMatchObject({
    name: "Sales",
    settings: { undo_send_time: 10, webhook_url: "https://acme.test/out" },
  })
  expect(story.partner.received).toHaveLength(0)
  expect((await story.connect(undefined, { type: "smtp" })).body._error.message).toContain(
    "body.type must be custom (was smtp)",
  )
  expect((await story.connect("12345")).body._error.message).toContain("body.application_uid names no app (was 12345)")
  expect(
    (await story.server.call("POST", "/inboxes/inb_zzz/channels", { as: story.token, body: { type: "custom" } }))
      .status,
  ).toBe(404)
})

test("PATCH takes both bodies: the Channel API's status and the Core API's name, inbox and settings", async () => {
  const path = locationOf(await story.connect((await story.makeApp()).uid))
  const patch = (body: object) => story.server.call("PATCH", path, { as: story.token, body })
  expect((await patch({ status: "offline" })).status).toBe(204)
  expect((await story.get(path)).body.is_valid).toBe(false)
  expect((await patch({ status: "ok", name: "Renamed", settings: { undo_send_time: 5 } })).status).toBe(204)
  expect((await story.get(path)).body).toMatchObject({
    is_valid: true,
    name: "Renamed",
    settings: { undo_send_time: 5 },
  })
  const second = (await story.server.call("POST", "/inboxes", { as: story.token, body: { name: "Second" } })).body.id
  expect((await patch({ inbox_id: second })).status).toBe(204)
  expect((await story.get(path)).body._links.related.inbox).toBe(`${story.server.url}/inboxes/${second}`)
  expect((await patch({ status: "broken" })).status).toBe(400)
  expect((await patch({ settings: { undo_send_time: 7 } })).status).toBe(400)
  expect((await patch({ settings: { webhook_url: "https://x.test/" } })).body._error.message).toContain(
    "only for channels without an app",
  )
  expect((await patch({ inbox_id: "inb_zzz" })).status).toBe(404)
  const events = await story.server.db.query<{ type: string }>({ text: "select type from event order by position" })
  expect(events.map((event) => event.type)).toEqual(expect.arrayContaining(["channel_status", "channel_changed"]))
})

test("a channel's own token sets its status and nothing else, on its own path only", async () => {
  const app = await story.makeApp()
  const [own, other] = [locationOf(await story.connect(app.uid)), locationOf(await story.connect(app.uid))]
  const as = jwtOf(app, own.slice("/channels/".length))
  expect((await story.server.call("PATCH", own, { as, body: { status: "offline" } })).status).toBe(204)
  expect((await story.get(own)).body.is_valid).toBe(false)
  expect((await story.server.call("PATCH", own, { as, body: { name: "Mine" } })).status).toBe(403)
  expect((await story.server.call("PATCH", other, { as, body: { status: "offline" } })).status).toBe(403)
  expect((await story.server.call("DELETE", own, { as })).status).toBe(403)
  expect((await story.server.call("GET", "/channels", { as })).status).toBe(403)
})

test("deleting takes the channel away at once and leaves a delete for its partner", async () => {
  const path = locationOf(await story.connect((await story.makeApp()).uid))
  expect((await story.server.call("DELETE", path, { as: story.token })).status).toBe(204)
  expect((await story.get(path)).status).toBe(404)
  expect((await story.server.call("DELETE", path, { as: story.token })).status).toBe(404)
  const id = Number.parseInt(path.slice("/channels/cha_".length), 36)
  const rows = await story.server.db.query({
    text: "select type, sequence, state, ready from delivery where channel_id = $1 and type <> 'authorization'",
    values: [id],
  })
  expect(rows).toEqual([{ type: "delete", sequence: "control", state: "queued", ready: true }])
})

test("the inbox sees its channels with their app and how many replies wait", async () => {
  await story.connect((await story.makeApp()).uid)
  const { cookie } = await startSession()
  const { body } = await story.server.call("GET", "/causeway/channels", { headers: { cookie } })
  expect(body.channels).toContainEqual(
    expect.objectContaining({ app_name: "Acme SMS", status: "ok", composer: "basic", waiting_count: 0 }),
  )
})

async function startSession(): Promise<{ cookie: string }> {
  const body = { email: "ada@acme.test", password: "correct horse battery" }
  const answer = await story.server.call("POST", "/causeway/auth/sign-in/email", { body })
  return {
    cookie: answer.headers
      .getSetCookie()
      .map((cookie) => cookie.split(";")[0])
      .join("; "),
  }
}
