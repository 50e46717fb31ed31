import { afterAll, afterEach, expect, test } from "vitest"
import { type CallOptions, type Reply, startStory, unique } from "../../../test/story.ts"
import { type TokenAnswer, tokenServer } from "./token-server.story.ts"

const story = await startStory()
const tokens = await tokenServer()
story.partner.received.length = 0 // the story has a channel of its own
afterEach(() => {
  tokens.calm()
  partner.answers()
  partner.received.length = 0
})
afterAll(async () => {
  await story.close()
  await tokens.close()
})
const { call, apiToken, partner, inboxId, server } = story
const { db } = server.services

const api = (method: string, path: string, json?: unknown): Promise<Reply> =>
  call(method, path, { token: apiToken, ...(json !== undefined && { json }) })

async function makeApp(serverAuth: object, over: object = {}): Promise<string> {
  const server_auth = { type: "oauth2", token_url: `${tokens.url}/token`, ...serverAuth }
  const made = await api("POST", "/causeway/apps", {
    name: "Acme Line",
    webhook_url: `${partner.url}/hooks`,
    server_auth,
    ...over,
  })
  expect(made.status, made.text).toBe(201)
  partner.secret = made.body.secret
  return made.body.uid
}

const connect = (uid: string, over: object = {}): Promise<Reply> =>
  api("POST", `/inboxes/${inboxId}/channels`, { type: "custom", application_uid: uid, ...over })
const idOf = (connected: Reply): string => {
  expect(connected.status, connected.text).toBe(204)
  return String(connected.headers.get("location")).split("/").at(-1) as string
}
const channel = async (id: string) => (await api("GET", `/channels/${id}`)).body
const authenticate = (id: string, body: object = {}): Promise<Reply> =>
  api("POST", `/causeway/channels/${id}/authenticate`, body)
const asked = () => partner.received.filter(({ body }) => body?.type === "authorization")
const basicOf = (id: string, secret: string): string => `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`

/** A conversation of the channel, and a reply in it. */
async function sendThrough(id: string, text = "On its way"): Promise<Reply> {
  return api("POST", `/channels/${id}/messages`, { to: [unique("mia")], body: text })
}
const sent = (text: string) =>
  partner.received.find(({ body }) => body?.type === "message" && body.payload.text === text)

const signIn = {
  grant: "authorization_code",
  client_id: "causeway&co",
  client_secret: "s3cr3t value",
  authorize_url: `${tokens.url}/authorize?tenant=7`,
}

/** What the partner's page would send the person back to. */
async function begin(id: string, options: CallOptions = { token: apiToken }, body: object = {}) {
  const begun = await call("POST", `/causeway/channels/${id}/authenticate`, { ...options, json: body })
  expect(begun.status, begun.text).toBe(200)
  expect(begun.body.status).toBe("sign_in")
  const page = new URL(begun.body.sign_in_url)
  const back = new URL(page.searchParams.get("redirect_uri") as string)
  return { page, back, state: page.searchParams.get("state") as string }
}
const comeBack = (params: Record<string, string>, options: CallOptions = {}): Promise<Reply> =>
  call("GET", `/causeway/connect/callback?${new URLSearchParams(params)}`, options)

test("client_credentials are exchanged for a token, which goes out on every webhook; nothing typed or given is readable at rest", async () => {
  const uid = await makeApp({ grant: "client_credentials", scope: "sms:send sms:read" })
  expect((await connect(uid)).body._error.message).toContain("body.credentials.client_id is required")
  const credentials = { client_id: "line 7", client_secret: "hush:hush" }
  const id = idOf(await connect(uid, { credentials, name: "Line 7" }))
  expect(tokens.received).toEqual([
    {
      path: "/token",
      form: { grant_type: "client_credentials", scope: "sms:send sms:read" },
      // RFC 6749, 2.3.1: form-encoded before they are joined
      authorization: basicOf("line+7", "hush%3Ahush"),
    },
  ])
  expect(asked()[0]?.headers.authorization).toBe("Bearer access-1")
  expect(await channel(id)).toMatchObject({ name: "Line 7", is_valid: true })
  await sendThrough(id)
  await story.settle()
  expect(sent("On its way")?.headers.authorization).toBe("Bearer access-1")
  const rows = await db.query({
    text: `select encode(credentials_sealed, 'escape') || encode(tokens_sealed, 'escape') as sealed from channel where tokens_sealed is not null`,
  })
  const attempts = await db.query({ text: "select * from attempt" })
  const log = await api("GET", `/causeway/deliveries?channel_id=${id}`)
  for (const text of [JSON.stringify(rows), JSON.stringify(attempts), log.text, JSON.stringify(await channel(id))])
    expect(text).not.toMatch(/hush:hush|access-1|refresh-1/)
})

test("a name and a password are exchanged too, with the client in the body where the app says so", async () => {
  const uid = await makeApp({
    grant: "password",
    client_auth: "body",
    client_id: "causeway",
    client_secret: "s3cr3t",
  })
  const id = idOf(await connect(uid, { credentials: { username: "ana@acme.test", password: "p&ss=word" } }))
  expect(tokens.received[0]).toEqual({
    path: "/token",
    form: {
      grant_type: "password",
      username: "ana@acme.test",
      password: "p&ss=word",
      client_id: "causeway",
      client_secret: "s3cr3t",
    },
    authorization: undefined,
  })
  expect(asked()[0]?.headers.authorization).toMatch(/^Bearer access-/)
  expect((await channel(id)).is_valid).toBe(true)
})

test("the token's introspection names the channel and its address, which no second channel of the app may have", async () => {
  const uid = await makeApp({
    grant: "client_credentials",
    client_id: "causeway",
    client_secret: "s3cr3t",
    introspect_url: `${tokens.url}/introspect`,
  })
  tokens.says("/introspect", () => ({
    body: { active: true, front_channel_name: "Oslo desk", front_channel_address: "+4722334455" },
  }))
  const id = idOf(await connect(uid))
  expect(tokens.received[1]).toEqual({
    path: "/introspect",
    form: { token: expect.stringMatching(/^access-/) },
    authorization: basicOf("causeway", "s3cr3t"),
  })
  expect(await channel(id)).toMatchObject({ name: "Oslo desk", address: "+4722334455" })
  const twin = await connect(uid)
  expect([twin.status, twin.body._error.message]).toEqual([
    409,
    "This app has a channel with the address +4722334455 already",
  ])
  tokens.says("/introspect", () => ({ body: { active: true, front_channel_address: "+4799999999" } }))
  const other = await authenticate(id, { credentials: { client_id: "other", client_secret: "x" } })
  expect(other.body._error.message).toMatch(/another account \(\+4799999999\) than this channel's \(\+4722334455\)/)
  expect(await channel(id)).toMatchObject({ address: "+4722334455", is_valid: true })
  tokens.says("/introspect", () => ({ body: { active: false } }))
  expect((await connect(uid)).body._error.message).toMatch(/says that the token it gave is not active/)
})

const refusals: [string, () => TokenAnswer | "silence", RegExp][] = [
  [
    "refuses with a code and words",
    () => ({ status: 401, body: { error: "invalid_client", error_description: "no client such as hush:hush" } }),
    /its token endpoint \(127\.0\.0\.1:\d+\) refused: no client such as ••• \(invalid_client\)/,
  ],
  ["refuses with 200", () => ({ body: { error: "invalid_grant" } }), /refused: invalid_grant$/],
  ["answers a page", () => ({ body: "<h1>Hello</h1>" }), /answered 200, but not with a JSON object/],
  ["is broken", () => ({ status: 502, body: "" }), /answered 502$/],
  ["leads elsewhere", () => ({ status: 302, body: "" }), /answered with a redirect \(302\)/],
  ["gives no token", () => ({ body: { token: "x" } }), /answered without an access_token/],
  ["gives what is no token", () => ({ body: { access_token: "a b" } }), /gave an access_token that is no token/],
]
test.each(
  refusals,
)("a token endpoint that %s keeps the channel from being made, and the person reads why", async (_name, answer, sentence) => {
  const uid = await makeApp({ grant: "client_credentials" })
  tokens.says("/token", answer)
  const before = (await api("GET", "/channels")).body._results.length
  const refused = await connect(uid, { credentials: { client_id: "a", client_secret: "hush:hush" } })
  expect(refused.status).toBe(400)
  expect(refused.body._error.message).toMatch(/^Acme Line was not connected: /)
  expect(refused.body._error.message).toMatch(sentence)
  expect((await api("GET", "/channels")).body._results).toHaveLength(before)
  expect(asked()).toEqual([])
})

test.each([
  ["http://no-such-host.invalid/token", /did not answer: .*no-such-host\.invalid/],
  [tokens.url.replace("http:", "https:"), /did not answer: .*does not speak TLS/],
  ["http://127.0.0.1:1/token", /did not answer: 127\.0\.0\.1 refused the connection on port 1/],
  ["http://169.254.169.254/latest", /did not answer: 169\.254\.169\.254 .*is not dialled/],
])("a token endpoint at %s is described in words", async (token_url, sentence) => {
  const uid = await makeApp({ grant: "client_credentials", token_url })
  const refused = await connect(uid, { credentials: { client_id: "a", client_secret: "b" } })
  expect([refused.status, refused.body._error.message]).toEqual([400, expect.stringMatching(sentence)])
})

test("a channel whose partner has a page to sign in at is there, offline, until somebody came back from it", async () => {
  const uid = await makeApp({ ...signIn, scope: "lines" })
  const id = idOf(await connect(uid))
  expect(asked()).toEqual([])
  expect((await channel(id)).is_valid).toBe(false)
  const { page, back, state } = await begin(id)
  expect(page.origin + page.pathname).toBe(`${tokens.url}/authorize`)
  expect(Object.fromEntries(page.searchParams)).toEqual({
    tenant: "7",
    response_type: "code",
    client_id: "causeway&co",
    redirect_uri: `${server.url}/causeway/connect/callback`,
    scope: "lines",
    state: expect.stringMatching(/^[\w-]{43}$/),
  })
  const done = await comeBack({ code: "c0de", state })
  expect([done.status, done.text]).toEqual([200, expect.stringContaining("Acme Line is connected")])
  expect(tokens.received).toEqual([
    {
      path: "/token",
      form: { grant_type: "authorization_code", code: "c0de", redirect_uri: back.href },
      authorization: basicOf("causeway%26co", "s3cr3t+value"),
    },
  ])
  expect(asked()[0]).toMatchObject({ verified: true, body: { payload: { channel_id: id } } })
  expect((await channel(id)).is_valid).toBe(true)
  const again = await comeBack({ code: "c0de", state })
  expect([again.status, again.text]).toEqual([400, expect.stringContaining("cannot be finished")])
  expect(tokens.received).toHaveLength(1)
})

test("a sign-in that a session began ends with that session alone, leads back to its page, and only once", async () => {
  const cookie = await signInAs()
  const session = { headers: { cookie, "sec-fetch-site": "same-origin" } }
  const id = idOf(await connect(await makeApp(signIn)))
  for (const return_to of ["//evil.test", "https://evil.test", "/app/\\evil", "/other"])
    expect(
      (await call("POST", `/causeway/channels/${id}/authenticate`, { ...session, json: { return_to } })).status,
    ).toBe(400)
  const { state } = await begin(id, session, { return_to: "/app/settings/channels" })
  for (const stranger of [{}, { token: apiToken }])
    expect((await comeBack({ code: "c", state }, stranger)).status).toBe(400)
  expect(tokens.received).toEqual([])
  const both = await Promise.all([comeBack({ code: "c", state }, session), comeBack({ code: "c", state }, session)])
  expect(both.map(({ status }) => status).toSorted()).toEqual([303, 400])
  expect(both.find(({ status }) => status === 303)?.headers.get("location")).toBe("/app/settings/channels")
  expect(tokens.received).toHaveLength(1)
})

async function signInAs(): Promise<string> {
  const signedIn = await call("POST", "/causeway/auth/sign-in/email", {
    json: { email: "ana@example.test", password: "correct horse battery" },
  })
  return signedIn.headers
    .getSetCookie()
    .map((cookie) => cookie.split(";")[0])
    .join("; ")
}

test("a sign-in that was refused, took too long or was made up connects nothing, and the channel says why", async () => {
  const id = idOf(await connect(await makeApp(signIn)))
  const views = async () => {
    const rows = await db.query<{ status_reason: string }>({
      text: "select status_reason from channel order by id desc limit 1",
    })
    return rows[0]?.status_reason
  }
  const denied = await comeBack({ error: "access_denied", state: (await begin(id)).state })
  expect([denied.status, denied.text]).toEqual([400, expect.stringContaining("says that access was not given")])
  expect(await views()).toContain("says that access was not given")
  const odd = await comeBack({ error: "x<b>", error_description: "<script>", state: (await begin(id)).state })
  expect(odd.text).toContain("&lt;script&gt;")
  expect((await comeBack({ state: (await begin(id)).state })).text).toContain("no code")
  const late = await begin(id)
  await db.query({ text: "update channel_sign_in set expires_at = now()" })
  expect((await comeBack({ code: "c", state: late.state })).status).toBe(400)
  expect((await comeBack({ code: "c", state: "made-up" })).status).toBe(400)
  expect((await comeBack({ code: "c" })).status).toBe(400)
  tokens.says("/token", () => ({
    status: 400,
    body: { error: "invalid_grant", error_description: "code c0de is used" },
  }))
  const used = await comeBack({ code: "c0de", state: (await begin(id)).state })
  expect(used.text).toContain("code ••• is used (invalid_grant)")
  expect((await channel(id)).is_valid).toBe(false)
})

test("a code that another sign-in server gave is handed to nobody", async () => {
  const uid = await makeApp(signIn)
  const id = idOf(await connect(uid))
  const issued = (iss: string) => begin(id).then(({ state }) => comeBack({ code: "of-another", state, iss }))
  const handed: string[] = []
  tokens.says("/token", () => {
    handed.push("a code")
    return { status: 400, body: { error: "invalid_grant" } }
  })
  const other = await issued("https://honest.example")
  expect([other.status, other.text]).toEqual([400, expect.stringContaining("said https://honest.example")])
  expect((await issued("nonsense")).text).toContain("said nonsense")
  expect(handed).toEqual([])
  await issued(`${new URL(signIn.authorize_url).origin}/any`)
  expect(handed).toHaveLength(1)
  // An app that names its issuer takes no other, and none that is silent.
  const server_auth = { type: "oauth2", token_url: `${tokens.url}/token`, ...signIn, issuer: "https://acme.example" }
  expect((await api("PATCH", `/causeway/apps/${uid}`, { server_auth })).body.server_auth.issuer).toBe(
    server_auth.issuer,
  )
  expect((await issued("https://acme.example/")).text).toContain("said https://acme.example/")
  expect((await comeBack({ code: "c", state: (await begin(id)).state })).text).toContain("said nothing")
  expect(handed).toHaveLength(1)
  await issued("https://acme.example")
  expect(handed).toHaveLength(2)
})

test("an offline channel is authenticated again under the same id, and its young replies go out", async () => {
  const uid = await makeApp({ type: "api_key" })
  const id = idOf(await connect(uid, { credentials: { api_key: "old-key" } }))
  await api("PATCH", `/channels/${id}`, { status: "offline" })
  await sendThrough(id, "Waiting for you")
  await story.settle()
  expect(sent("Waiting for you")).toBeUndefined()
  partner.answers(({ body }) =>
    body.type === "authorization" ? { body: { type: "forbidden", message: "key new-key-1 is wrong" } } : { body: {} },
  )
  const refused = await authenticate(id, { credentials: { api_key: "new-key-1" } })
  expect([refused.status, refused.body._error.message]).toEqual([
    400,
    "Acme Line was not connected: its server refused: key ••• is wrong (forbidden)",
  ])
  partner.answers()
  const done = await authenticate(id, { credentials: { api_key: "new-key-2" } })
  expect(done.body).toEqual({ status: "connected", sign_in_url: null, expires_at: null })
  await story.settle()
  expect(asked().map(({ body }) => body.payload.channel_id)).toEqual([id, id, id])
  expect(sent("Waiting for you")?.headers.authorization).toBe("Bearer new-key-2")
  const typedBefore = await authenticate(id)
  expect(typedBefore.body.status).toBe("connected")
  expect(asked().at(-1)?.headers.authorization).toBe("Bearer new-key-2")
  const custom = idOf(await api("POST", `/inboxes/${inboxId}/channels`, { type: "custom" }))
  expect((await authenticate(custom)).body._error.message).toContain("connected without an app")
})

test("a token is renewed before it ends, with the refresh token that stays when no new one comes", async () => {
  const uid = await makeApp({ ...signIn, refresh_url: `${tokens.url}/refresh` })
  const id = idOf(await connect(uid))
  tokens.says("/token", () => ({ body: { access_token: "first", refresh_token: "keep-me", expires_in: "3600" } }))
  await comeBack({ code: "c", state: (await begin(id)).state })
  await story.settle()
  expect(tokens.received).toHaveLength(1)
  const due = "update channel set tokens_due_at = now() where tokens_sealed is not null and tokens_due_at is not null"
  tokens.says("/refresh", () => ({ body: { access_token: "second", expires_in: 3600 } }))
  await db.query({ text: due })
  await story.settle()
  expect(tokens.received.at(-1)).toMatchObject({
    path: "/refresh",
    form: { grant_type: "refresh_token", refresh_token: "keep-me" },
    authorization: basicOf("causeway%26co", "s3cr3t+value"),
  })
  await sendThrough(id, "Renewed")
  await story.settle()
  expect(sent("Renewed")?.headers.authorization).toBe("Bearer second")
  // silence is not the last word
  tokens.says("/refresh", () => ({ status: 503, body: "" }))
  await db.query({ text: due })
  await story.settle()
  expect((await channel(id)).is_valid).toBe(true)
  tokens.says("/refresh", () => ({
    status: 400,
    body: { error: "invalid_grant", error_description: "keep-me has ended" },
  }))
  await db.query({ text: `${due.replace("now() where", "now(), tokens_claimed_until = default where")}` })
  await story.settle()
  expect((await channel(id)).is_valid).toBe(false)
  const [row] = await db.query<{ status_reason: string }>({
    text: "select status_reason from channel where status_reason like '%ended our access%'",
  })
  expect(row?.status_reason).toMatch(/refused: ••• has ended \(invalid_grant\)\. Connect the channel again$/)
})

test("a token that has ended by the time a reply leaves is renewed first, once for all that wait", async () => {
  const uid = await makeApp({ grant: "client_credentials" })
  tokens.says("/token", () => ({ body: { access_token: "short", expires_at: Math.floor(Date.now() / 1000) - 5 } }))
  const id = idOf(await connect(uid, { credentials: { client_id: "a", client_secret: "b" } }))
  tokens.calm()
  tokens.says("/token", () => ({ body: { access_token: "long", expires_in: 3600 } }))
  await Promise.all(["One", "Two", "Three"].map((text) => sendThrough(id, text)))
  await story.settle()
  expect(tokens.received).toHaveLength(1)
  for (const text of ["One", "Two", "Three"]) expect(sent(text)?.headers.authorization).toBe("Bearer long")
})

test("a token that the partner refuses is renewed and the channel comes back; refused again at once it stays offline", async () => {
  const uid = await makeApp({ grant: "client_credentials" })
  const id = idOf(await connect(uid, { credentials: { client_id: "a", client_secret: "b" } }))
  await db.query({ text: "update channel set tokens_at = now() - interval '1 hour'" })
  partner.answers({ status: 401, body: "" })
  const failed = await sendThrough(id, "Refused")
  await story.settle()
  expect((await api("GET", `/messages/alt:uid:${failed.body.message_uid}`)).body.error_type).not.toBe(null)
  expect(tokens.received).toHaveLength(2)
  expect((await channel(id)).is_valid).toBe(true)
  await sendThrough(id, "Refused again")
  await story.settle()
  expect(tokens.received).toHaveLength(2)
  expect((await channel(id)).is_valid).toBe(false)
})

test("an account with several addresses lets the person choose; only an app that declares it is asked for them", async () => {
  const pages: Record<string, object> = {
    "": { addresses: [{ address: "+4711111111", name: "Oslo" }], pagination: { next_page_token: "p2" } },
    p2: { addresses: [{ address: "+4722222222", name: "Bergen" }] },
  }
  const lists = ({ body }: { body: { type: string; payload: { page_token?: string } } }) => ({
    body:
      body.type === "list_addresses"
        ? { type: "success", ...pages[body.payload.page_token ?? ""] }
        : { type: "success" },
  })
  partner.answers(lists)
  const features = ["compose", "reply", "list_addresses"]
  const id = idOf(
    await connect(await makeApp({ type: "api_key" }, { features }), { credentials: { api_key: "k-1234" } }),
  )
  expect((await channel(id)).is_valid).toBe(false)
  expect(asked()).toEqual([])
  const first = await api("GET", `/causeway/channels/${id}/addresses`)
  expect(first.body).toEqual({ addresses: [{ address: "+4711111111", name: "Oslo" }], next_page_token: "p2" })
  expect((await api("GET", `/causeway/channels/${id}/addresses?page_token=p2`)).body.addresses[0].name).toBe("Bergen")
  expect((await authenticate(id, { address: "+4700000000" })).body._error.message).toContain(
    "is none of the addresses that this account of Acme Line may use",
  )
  expect((await authenticate(id, { address: "+4722222222" })).body.status).toBe("connected")
  expect(await channel(id)).toMatchObject({ address: "+4722222222", name: "Bergen", is_valid: true })
  expect((await authenticate(id, { address: "+4711111111" })).body._error.message).toContain(
    "is another than this channel's (+4722222222)",
  )
  const [question] = partner.received
  expect(question).toMatchObject({
    path: "/hooks",
    verified: true,
    headers: { authorization: "Bearer k-1234" },
    body: { type: "list_addresses", payload: { channel_id: id } },
  })
  const log = await api("GET", `/causeway/deliveries?channel_id=${id}`)
  expect(log.body.deliveries.map(({ type }: { type: string }) => type)).toContain("list_addresses")
  const plain = idOf(await connect(await makeApp({ type: "none" })))
  expect((await api("GET", `/causeway/channels/${plain}/addresses`)).body).toEqual({
    addresses: [{ address: expect.stringMatching(/^[0-9a-f]{16}$/), name: "Acme Line" }],
    next_page_token: null,
  })
  expect(partner.received.filter(({ body }) => body.payload?.channel_id === plain)).toHaveLength(1)
})

test("changing an app's server keeps the client's secret that is not named again", async () => {
  const uid = await makeApp(signIn)
  const changed = await api("PATCH", `/causeway/apps/${uid}`, {
    server_auth: { ...signIn, type: "oauth2", token_url: `${tokens.url}/token`, client_secret: undefined },
  })
  expect(changed.status, changed.text).toBe(200)
  expect(changed.text).not.toContain("s3cr3t")
  const id = idOf(await connect(uid))
  await comeBack({ code: "c", state: (await begin(id)).state })
  expect(tokens.received[0]?.authorization).toBe(basicOf("causeway%26co", "s3cr3t+value"))
  const without = await api("POST", "/causeway/apps", {
    name: "x",
    webhook_url: partner.url,
    server_auth: { type: "oauth2", grant: "authorization_code", token_url: tokens.url },
  })
  expect(without.body._error.message).toContain("body.server_auth.authorize_url is required")
})
