import { afterAll, afterEach, beforeAll, expect, test } from "vitest"
import { fakePartner, type Script } from "../../../test/partner.ts"
import { readAnswer } from "./authorize.ts"
import { type ChannelStory, channelStory, jwtOf, locationOf, says } from "./channels.story.ts"

let story: ChannelStory
beforeAll(async () => {
  story = await channelStory()
})
afterEach(() => story.calm())
afterAll(() => story.close())

test("connecting asks the app's server, signed, and answers where the channel is", async () => {
  story.partner.answers(says({ type: "success", webhook_url: `${story.partner.url}/instance` }))
  const app = await story.makeApp()
  story.partner.secret = app.secret
  const answer = await story.connect(app.uid)
  expect(answer.status).toBe(204)
  const path = locationOf(answer)
  expect(path).toMatch(/^\/channels\/cha_[0-9a-z]+$/)
  const [asked] = story.partner.received
  const channelId = path.slice("/channels/".length)
  expect(asked).toMatchObject({
    method: "POST",
    path: "/hooks",
    verified: true,
    body: { type: "authorization", payload: { channel_id: channelId } },
  })
  expect(asked?.headers.authorization).toBeUndefined()
  const { body } = await story.get(path)
  expect(body).toEqual({
    _links: {
      self: `${story.server.url}${path}`,
      related: { inbox: `${story.server.url}/inboxes/${story.inbox}`, owner: null },
    },
    id: channelId,
    name: "Sales",
    address: expect.stringMatching(/^[0-9a-f]{16}$/),
    type: "custom",
    send_as: body.address,
    settings: { undo_send_time: 0, all_teammates_can_reply: true, auto_assign: true },
    is_private: false,
    is_valid: true,
  })
  expect((await story.get(`/channels/alt:address:${body.address}`)).body.id).toBe(channelId)
  const list = await story.get(`/inboxes/${story.inbox}/channels`)
  expect(list.body).toMatchObject({
    _pagination: { next: null },
    _links: { self: `${story.server.url}/inboxes/${story.inbox}/channels` },
  })
  expect(list.body._results.map((channel: { id: string }) => channel.id)).toContain(channelId)
})

test("an API key is asked for, goes out as Bearer, and is kept sealed", async () => {
  const app = await story.makeApp({ server_auth: { type: "api_key" } })
  expect((await story.connect(app.uid)).body._error.message).toContain(
    "body.credentials.api_key is required: this app's server_auth is api_key",
  )
  expect((await story.connect(app.uid, { credentials: { api_key: "a\r\nb" } })).status).toBe(400)
  expect(story.partner.received).toHaveLength(0)
  const answer = await story.connect(app.uid, { credentials: { api_key: "key-123" } })
  expect(answer.status).toBe(204)
  expect(story.partner.received[0]?.headers.authorization).toBe("Bearer key-123")
  const rows = await story.server.db.query({
    text: "select encode(credentials_sealed, 'escape') as sealed from channel where credentials_sealed is not null",
  })
  expect(JSON.stringify(rows)).not.toContain("key-123")
})

test("a user name and password go out as Basic, an access token as Bearer", async () => {
  const basic = await story.makeApp({ server_auth: { type: "basic" } })
  expect((await story.connect(basic.uid, { credentials: { username: "a" } })).body._error.message).toContain(
    "body.credentials.password is required: this app's server_auth is basic",
  )
  expect((await story.connect(basic.uid, { credentials: { username: "a:b", password: "c" } })).status).toBe(400)
  expect((await story.connect(basic.uid, { credentials: { username: "zoë", password: "p w" } })).status).toBe(204)
  expect(story.partner.received.at(-1)?.headers.authorization).toBe(
    `Basic ${Buffer.from("zoë:p w").toString("base64")}`,
  )
  const bearer = await story.makeApp({ server_auth: { type: "bearer" } })
  expect((await story.connect(bearer.uid, { credentials: { access_token: "tok 1" } })).status).toBe(400)
  expect((await story.connect(bearer.uid, { credentials: { access_token: "tok-1" } })).status).toBe(204)
  expect(story.partner.received.at(-1)?.headers.authorization).toBe("Bearer tok-1")
})

test("the partner may call back with the new channel's token while it is still being asked", async () => {
  const app = await story.makeApp()
  let called: Promise<number> | null = null
  story.partner.answers(({ body }) => {
    const sub = body.payload.channel_id
    called = story.server.call("GET", `/channels/${sub}`, { as: jwtOf(app, sub) }).then((answer) => answer.status)
    return { body: { type: "success" }, delayMs: 300 }
  })
  expect((await story.connect(app.uid)).status).toBe(204)
  expect(await called).toBe(200)
})

const refusals: [string, () => Script, RegExp][] = [
  [
    "with a reason",
    says({ type: "forbidden", message: "this key has no SMS plan" }),
    /its server refused: this key has no SMS plan \(forbidden\)/,
  ],
  [
    "with a reason and 401",
    says({ type: "authentication_required", message: "wrong key" }, 401),
    /its server refused: wrong key/,
  ],
  [
    "without a reason",
    says({ type: "internal_error" }, 500),
    /its server refused \(internal_error\) and gave no reason/,
  ],
  ["in plain text", says("Bad Request", 400), /its server answered 400: Bad Request/],
  ["with nothing", says("", 502), /its server answered 502 with nothing in it/],
  ["with a page", says("<html>hello</html>"), /answered 200, but not with a JSON object: <html>hello<\/html>/],
  ["with an array", says([]), /but not with a JSON object/],
  ["without success", says({ ok: true }), /answer has no "type":"success": \{"ok":true\}/],
  [
    "with a broken address",
    says({ type: "success", webhook_url: "hooks" }),
    /webhook_url in its server's answer must be a whole URL/,
  ],
  [
    "with an address that is no text",
    says({ type: "success", webhook_url: 7 }),
    /webhook_url in its server's answer must be a string \(was 7\)/,
  ],
  [
    "with a redirect",
    says("", 302, { location: "https://elsewhere.test/" }),
    /its server answered with a redirect \(302\)/,
  ],
  ["by hanging up", () => "reset", /was not connected: .+/],
  ["with half a status line", () => "cut", /was not connected: .+/],
]
test.each(
  refusals,
)("a partner that answers %s is not connected, and the person reads why", async (_name, reply, sentence) => {
  story.partner.answers(reply)
  const before = (await story.get("/channels")).body._results.length
  const answer = await story.connect((await story.makeApp()).uid)
  expect(answer.status).toBe(400)
  expect(answer.body._error.message).toMatch(/^Acme SMS was not connected: /)
  expect(answer.body._error.message).toMatch(sentence)
  expect((await story.get("/channels")).body._results).toHaveLength(before)
})

const unreachable: [string, () => Promise<string>, RegExp][] = [
  ["refuses the connection", closedUrl, /refused/],
  ["has no such name", async () => "http://no-such-host.invalid/", /no-such-host\.invalid/],
  ["speaks no TLS", async () => story.partner.url.replace("http:", "https:"), /TLS|secure|certificate|SSL/i],
  ["has a forbidden address", async () => "http://169.254.169.254/latest/meta-data", /169\.254\.169\.254/],
]
test.each(unreachable)("a server that %s is described in words", async (_name, url, sentence) => {
  const answer = await story.connect((await story.makeApp({ webhook_url: await url() })).uid)
  expect(answer.status).toBe(400)
  expect(answer.body._error.message).toMatch(sentence)
})

async function closedUrl(): Promise<string> {
  const closed = await fakePartner()
  await closed.close()
  return closed.url
}

test("a server that says nothing has 7 s, and the person reads that", async () => {
  story.partner.answers(() => "silence")
  const started = performance.now()
  const answer = await story.connect((await story.makeApp()).uid)
  expect(answer.body._error.message).toMatch(/7 s/)
  expect(performance.now() - started).toBeLessThan(9_000)
})

test("an answer with success and no address of its own means the app's address", () => {
  for (const body of [
    '{"type":"success"}',
    '{"type":"success","webhook_url":null}',
    '{"type":"success","webhook_url":""}',
  ]) {
    expect(readAnswer({ status: 200, body })).toEqual({ webhookUrl: null })
  }
})
