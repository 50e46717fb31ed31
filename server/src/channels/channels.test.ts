import { createHmac } from "node:crypto"
import { afterAll, afterEach, beforeAll, expect, test } from "vitest"
import { type FakePartner, fakePartner, type Script } from "../../../test/partner.ts"
import { type Parts, type SmallServer, startSmallServer } from "../../../test/small-server.ts"
import { appRoutes } from "../apps/routes.ts"
import { runningClock } from "../clock.ts"
import { ensureDemo } from "../company/demo.ts"
import { callPartner } from "../delivery/control.ts"
import { createDialer, type Dialer } from "../delivery/dialer.ts"
import { inboxRoutes } from "../inboxes/routes.ts"
import { type AskPartner, readAnswer } from "./authorize.ts"
import { channelRoutes } from "./routes.ts"

/** What an app's server says to every webhook. */
const says =
  (body: unknown, status = 200, headers: Record<string, string> = {}) =>
  (): Script => ({ body, status, headers })

let server: SmallServer
let partner: FakePartner
let token: string
let inbox: string
let dialer: Dialer

beforeAll(async () => {
  partner = await fakePartner()
  dialer = createDialer({ allowLoopback: true })
  const committed = () => {}
  server = await startSmallServer((parts) => [
    ...appRoutes(parts),
    ...inboxRoutes(parts),
    ...channelRoutes({ ...parts, clock: runningClock(), committed, askPartner: asking(parts) }),
  ])
  token = (await server.setUp()).token
  inbox = (await server.call("GET", "/inboxes", { as: token })).body._results[0].id
})
afterEach(() => {
  partner.answers(says({ type: "success" }))
  partner.received.length = 0
})
afterAll(async () => {
  await dialer.close()
  await partner.close()
  await server.close()
})

const asking =
  (parts: Parts): AskPartner =>
  (question) =>
    callPartner({ ...parts, dialer }, question)

async function makeApp(values: object = {}): Promise<{ uid: string; secret: string }> {
  const body = { name: "Acme SMS", webhook_url: `${partner.url}/hooks`, ...values }
  return (await server.call("POST", "/causeway/apps", { as: token, body })).body
}
const connect = (uid: string | undefined, values: object = {}) =>
  server.call("POST", `/inboxes/${inbox}/channels`, {
    as: token,
    body: { type: "custom", name: "Sales", application_uid: uid, ...values },
  })
const locationOf = (answer: { headers: Headers }): string => answer.headers.get("location") ?? ""
const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url")
function jwtOf(app: { uid: string; secret: string }, sub: string): string {
  const text = `${base64url({ alg: "HS256" })}.${base64url({ iss: app.uid, sub, exp: Date.now() / 1000 + 9 })}`
  return `${text}.${createHmac("sha256", app.secret).update(text).digest("base64url")}`
}
const get = (path: string) => server.call("GET", path, { as: token })

test("connecting asks the app's server, signed, and answers where the channel is", async () => {
  partner.answers(says({ type: "success", webhook_url: `${partner.url}/instance` }))
  const app = await makeApp()
  partner.secret = app.secret
  const answer = await connect(app.uid)
  expect(answer.status).toBe(204)
  const path = locationOf(answer)
  expect(path).toMatch(/^\/channels\/cha_[0-9a-z]+$/)
  const [asked] = partner.received
  const channelId = path.slice("/channels/".length)
  expect(asked).toMatchObject({
    method: "POST",
    path: "/hooks",
    verified: true,
    body: { type: "authorization", payload: { channel_id: channelId } },
  })
  expect(asked?.headers.authorization).toBeUndefined()
  const { body } = await get(path)
  expect(body).toEqual({
    _links: { self: `${server.url}${path}`, related: { inbox: `${server.url}/inboxes/${inbox}`, owner: null } },
    id: channelId,
    name: "Sales",
    address: expect.stringMatching(/^[0-9a-f]{16}$/),
    type: "custom",
    send_as: body.address,
    settings: { undo_send_time: 0, all_teammates_can_reply: true },
    is_private: false,
    is_valid: true,
  })
  expect((await get(`/channels/alt:address:${body.address}`)).body.id).toBe(channelId)
  const list = await get(`/inboxes/${inbox}/channels`)
  expect(list.body).toMatchObject({
    _pagination: { next: null },
    _links: { self: `${server.url}/inboxes/${inbox}/channels` },
  })
  expect(list.body._results.map((channel: { id: string }) => channel.id)).toContain(channelId)
})

test("an API key is asked for, goes out as Bearer, and is kept sealed", async () => {
  const app = await makeApp({ server_auth: { type: "api_key" } })
  expect((await connect(app.uid)).body._error.message).toContain(
    "body.credentials.api_key is required: this app's server_auth is api_key",
  )
  expect((await connect(app.uid, { credentials: { api_key: "a\r\nb" } })).status).toBe(400)
  expect(partner.received).toHaveLength(0)
  const answer = await connect(app.uid, { credentials: { api_key: "key-123" } })
  expect(answer.status).toBe(204)
  expect(partner.received[0]?.headers.authorization).toBe("Bearer key-123")
  const rows = await server.db.query({
    text: "select encode(credentials_sealed, 'escape') as sealed from channel where credentials_sealed is not null",
  })
  expect(JSON.stringify(rows)).not.toContain("key-123")
})

test("a server type that cannot be connected yet says which can, before anybody is asked", async () => {
  const app = await makeApp({ server_auth: { type: "basic" } })
  const { status, body } = await connect(app.uid, { credentials: { username: "a", password: "b" } })
  expect(status).toBe(400)
  expect(body._error.message).toContain(
    "server_auth is basic; this version connects apps whose server_auth is none or api_key",
  )
  expect(partner.received).toHaveLength(0)
})

test("the partner may call back with the new channel's token while it is still being asked", async () => {
  const app = await makeApp()
  let called: Promise<number> | null = null
  partner.answers(({ body }) => {
    const sub = body.payload.channel_id
    called = server.call("GET", `/channels/${sub}`, { as: jwtOf(app, sub) }).then((answer) => answer.status)
    return { body: { type: "success" }, delayMs: 300 }
  })
  expect((await connect(app.uid)).status).toBe(204)
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
  partner.answers(reply)
  const before = (await get("/channels")).body._results.length
  const answer = await connect((await makeApp()).uid)
  expect(answer.status).toBe(400)
  expect(answer.body._error.message).toMatch(/^Acme SMS was not connected: /)
  expect(answer.body._error.message).toMatch(sentence)
  expect((await get("/channels")).body._results).toHaveLength(before)
})

const unreachable: [string, () => Promise<string>, RegExp][] = [
  ["refuses the connection", closedUrl, /refused/],
  ["has no such name", async () => "http://no-such-host.invalid/", /no-such-host\.invalid/],
  ["speaks no TLS", async () => partner.url.replace("http:", "https:"), /TLS|secure|certificate|SSL/i],
  ["has a forbidden address", async () => "http://169.254.169.254/latest/meta-data", /169\.254\.169\.254/],
]
test.each(unreachable)("a server that %s is described in words", async (_name, url, sentence) => {
  const answer = await connect((await makeApp({ webhook_url: await url() })).uid)
  expect(answer.status).toBe(400)
  expect(answer.body._error.message).toMatch(sentence)
})

async function closedUrl(): Promise<string> {
  const closed = await fakePartner()
  await closed.close()
  return closed.url
}

test("a server that says nothing has 7 s, and the person reads that", async () => {
  partner.answers(() => "silence")
  const started = performance.now()
  const answer = await connect((await makeApp()).uid)
  expect(answer.body._error.message).toMatch(/7 s/)
  expect(performance.now() - started).toBeLessThan(9_000)
})

test("a channel without an app needs no authorization", async () => {
  const answer = await connect(undefined, { settings: { webhook_url: "https://acme.test/out", undo_send_time: 10 } })
  expect(answer.status).toBe(204)
  expect((await get(locationOf(answer))).body).toMatchObject({
    name: "Sales",
    settings: { undo_send_time: 10, webhook_url: "https://acme.test/out" },
  })
  expect(partner.received).toHaveLength(0)
  expect((await connect(undefined, { type: "smtp" })).body._error.message).toContain(
    "body.type must be custom (was smtp)",
  )
  expect((await connect("12345")).body._error.message).toContain("body.application_uid names no app (was 12345)")
  expect((await server.call("POST", "/inboxes/inb_zzz/channels", { as: token, body: { type: "custom" } })).status).toBe(
    404,
  )
})

test("PATCH takes both bodies: the Channel API's status and the Core API's name, inbox and settings", async () => {
  const path = locationOf(await connect((await makeApp()).uid))
  const patch = (body: object) => server.call("PATCH", path, { as: token, body })
  expect((await patch({ status: "offline" })).status).toBe(204)
  expect((await get(path)).body.is_valid).toBe(false)
  expect((await patch({ status: "ok", name: "Renamed", settings: { undo_send_time: 5 } })).status).toBe(204)
  expect((await get(path)).body).toMatchObject({ is_valid: true, name: "Renamed", settings: { undo_send_time: 5 } })
  const second = (await server.call("POST", "/inboxes", { as: token, body: { name: "Second" } })).body.id
  expect((await patch({ inbox_id: second })).status).toBe(204)
  expect((await get(path)).body._links.related.inbox).toBe(`${server.url}/inboxes/${second}`)
  expect((await patch({ status: "broken" })).status).toBe(400)
  expect((await patch({ settings: { undo_send_time: 7 } })).status).toBe(400)
  expect((await patch({ settings: { webhook_url: "https://x.test/" } })).body._error.message).toContain(
    "only for channels without an app",
  )
  expect((await patch({ inbox_id: "inb_zzz" })).status).toBe(404)
  const events = await server.db.query<{ type: string }>({ text: "select type from event order by position" })
  expect(events.map((event) => event.type)).toEqual(expect.arrayContaining(["channel_status", "channel_changed"]))
})

test("a channel's own token sets its status and nothing else, on its own path only", async () => {
  const app = await makeApp()
  const [own, other] = [locationOf(await connect(app.uid)), locationOf(await connect(app.uid))]
  const as = jwtOf(app, own.slice("/channels/".length))
  expect((await server.call("PATCH", own, { as, body: { status: "offline" } })).status).toBe(204)
  expect((await get(own)).body.is_valid).toBe(false)
  expect((await server.call("PATCH", own, { as, body: { name: "Mine" } })).status).toBe(403)
  expect((await server.call("PATCH", other, { as, body: { status: "offline" } })).status).toBe(403)
  expect((await server.call("DELETE", own, { as })).status).toBe(403)
  expect((await server.call("GET", "/channels", { as })).status).toBe(403)
})

test("deleting takes the channel away at once and leaves a delete for its partner", async () => {
  const path = locationOf(await connect((await makeApp()).uid))
  expect((await server.call("DELETE", path, { as: token })).status).toBe(204)
  expect((await get(path)).status).toBe(404)
  expect((await server.call("DELETE", path, { as: token })).status).toBe(404)
  const id = Number.parseInt(path.slice("/channels/cha_".length), 36)
  const rows = await server.db.query({
    text: "select type, sequence, state, ready from delivery where channel_id = $1 and type <> 'authorization'",
    values: [id],
  })
  expect(rows).toEqual([{ type: "delete", sequence: "control", state: "queued", ready: true }])
})

test("the inbox sees its channels with their app and how many replies wait", async () => {
  const { cookie } = await startSession()
  const { body } = await server.call("GET", "/causeway/channels", { headers: { cookie } })
  expect(body.channels[0]).toMatchObject({ app_name: "Acme SMS", status: "ok", composer: "basic", waiting_count: 0 })
})

async function startSession(): Promise<{ cookie: string }> {
  const body = { email: "ada@acme.test", password: "correct horse battery" }
  const answer = await server.call("POST", "/causeway/auth/sign-in/email", { body })
  return {
    cookie: answer.headers
      .getSetCookie()
      .map((cookie) => cookie.split(";")[0])
      .join("; "),
  }
}

test("an answer with success and no address of its own means the app's address", () => {
  for (const body of [
    '{"type":"success"}',
    '{"type":"success","webhook_url":null}',
    '{"type":"success","webhook_url":""}',
  ]) {
    expect(readAnswer({ status: 200, body })).toEqual({ webhookUrl: null })
  }
})

test("the demo is made once, with a channel that its partner authorized, and found again with the same ids", async () => {
  const fresh = await startSmallServer()
  try {
    const parts = {
      ...fresh,
      askPartner: asking(fresh),
      config: { dataDir: fresh.dataDir },
      startPartner: async () => partner.url,
    }
    const demo = await ensureDemo(parts)
    expect(demo).toMatchObject({
      teammate: { email: "demo@causeway.test" },
      channels: [{ id: demo?.channel_id, name: "Demo SMS" }],
    })
    expect(partner.received).toHaveLength(1)
    expect(await ensureDemo(parts)).toEqual(demo)
    expect((await fresh.call("GET", "/me", { as: demo?.api_token })).body.id).toBe(demo?.company_id)
    const body = { email: demo?.teammate.email, password: demo?.teammate.password }
    expect((await fresh.call("POST", "/causeway/auth/sign-in/email", { body })).status).toBe(200)
  } finally {
    await fresh.close()
  }
})

test("the demo leaves a company alone that somebody else set up", async () => {
  const parts = {
    ...server,
    askPartner: asking(server),
    config: { dataDir: server.dataDir },
    startPartner: async () => partner.url,
  }
  expect(await ensureDemo(parts)).toBe(null)
})
