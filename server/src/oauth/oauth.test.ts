import { createHash, randomBytes } from "node:crypto"
import { afterAll, expect, test } from "vitest"
import { type Reply, startStory, unique } from "../../../test/story.ts"

const story = await startStory()
afterAll(() => story.close())
const { call, apiToken, server } = story
const { db } = server.services

const redirectUri = "https://crm.example/callback?tenant=a%20b"
const scopes = ["conversations:read", "messages:read", "teammates:read"]

const signedIn = await call("POST", "/causeway/auth/sign-in/email", {
  json: { email: "ana@example.test", password: "correct horse battery" },
})
const cookie = String(signedIn.headers.get("set-cookie")).split(";")[0] as string
const browser = { cookie, "sec-fetch-site": "same-origin" }

interface Client {
  id: string
  secret: string
}

async function makeClient(over: object = {}): Promise<Client> {
  const made = await call("POST", "/causeway/oauth_clients", {
    token: apiToken,
    json: { name: "Acme <CRM>", redirect_uris: [redirectUri], scopes, ...over },
  })
  expect(made.status, made.text).toBe(201)
  return { id: made.body.client_id, secret: made.body.client_secret }
}

const query = (fields: Record<string, string | undefined>): string =>
  `/oauth/authorize?${new URLSearchParams(Object.entries(fields).filter((pair): pair is [string, string] => pair[1] !== undefined))}`

const request = (client: Client, over: Record<string, string | undefined> = {}) => ({
  response_type: "code",
  client_id: client.id,
  redirect_uri: redirectUri,
  state: "s t&1",
  ...over,
})

const hidden = (page: Reply): Record<string, string> =>
  Object.fromEntries(
    [...page.text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)">/g)].map(([, name, value]) => [
      name,
      String(value).replaceAll("&amp;", "&"),
    ]),
  )

/** Sends the page's form as the browser would. */
const submit = (fields: Record<string, string>, headers: Record<string, string> = browser): Promise<Reply> =>
  call("POST", "/oauth/authorize", {
    raw: new URLSearchParams(fields).toString(),
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
  })

async function askedCode(client: Client, over: Record<string, string | undefined> = {}): Promise<string> {
  const page = await call("GET", query(request(client, over)), { headers: browser })
  expect(page.status, page.text).toBe(200)
  const back = await submit({ ...hidden(page), decision: "allow" })
  expect(back.status, back.text).toBe(303)
  return String(new URL(String(back.headers.get("location"))).searchParams.get("code"))
}

const basic = ({ id, secret }: Client) => `Basic ${Buffer.from(`${id}:${secret}`).toString("base64")}`

const exchange = (client: Client, json: object, headers: Record<string, string> = {}): Promise<Reply> =>
  call("POST", "/oauth/token", { json, headers: { authorization: basic(client), ...headers } })

const byCode = (client: Client, code: string, over: object = {}): Promise<Reply> =>
  exchange(client, { grant_type: "authorization_code", code, redirect_uri: redirectUri, ...over })

const byRefresh = (client: Client, token: string): Promise<Reply> =>
  exchange(client, { grant_type: "refresh_token", refresh_token: token })

async function connected(client: Client): Promise<{ access: string; refresh: string }> {
  const answer = await byCode(client, await askedCode(client))
  expect(answer.status, answer.text).toBe(200)
  return { access: answer.body.access_token, refresh: answer.body.refresh_token }
}

const usable = async (token: string): Promise<number> => (await call("GET", "/me", { token })).status

test("an admin agrees on a page without scripts, and the code that comes back becomes tokens of the scopes agreed to", async () => {
  const client = await makeClient()
  const page = await call("GET", query(request(client)), { headers: browser })
  expect(page.status).toBe(200)
  expect(page.text).toContain("Let Acme &lt;CRM&gt; into Acme?")
  expect(page.text).toContain("conversations: read")
  expect(page.text).not.toContain("<script")
  const policy = String(page.headers.get("content-security-policy"))
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).toContain("form-action 'self' https:")
  const style = String(/<style>([^<]*)<\/style>/.exec(page.text)?.[1])
  expect(policy).toContain(`style-src 'sha256-${createHash("sha256").update(style).digest("base64")}'`)

  const back = await submit({ ...hidden(page), decision: "allow" })
  const location = String(back.headers.get("location"))
  expect(location.startsWith(`${redirectUri}&code=cc_`)).toBe(true)
  expect(new URL(location).searchParams.get("state")).toBe("s t&1")

  const before = Math.floor(Date.now() / 1000)
  const answer = await byCode(client, String(new URL(location).searchParams.get("code")))
  expect(answer.status, answer.text).toBe(200)
  expect(answer.headers.get("cache-control")).toBe("no-store")
  expect(answer.body).toMatchObject({ token_type: "Bearer", expires_in: 3600, scope: scopes.join(" ") })
  expect(answer.body.expires_at).toBeGreaterThanOrEqual(before + 3600)
  const token = answer.body.access_token
  expect((await call("GET", "/me", { token })).body.id).toBe(story.companyId)
  expect((await call("GET", "/teammates", { token })).status).toBe(200)
  const refused = await call("GET", "/inboxes", { token })
  expect(refused.status).toBe(403)
  expect(refused.body._error.message).toContain("inboxes:read")
})

test("only hashes are kept of secrets, codes and tokens", async () => {
  const client = await makeClient()
  const code = await askedCode(client)
  const answer = await byCode(client, code)
  const rows = await db.query({
    text: "select oauth_client::text, (select string_agg(s::text, ' ') from oauth_secret s) from oauth_client",
  })
  const kept = JSON.stringify(rows)
  for (const secret of [client.secret, code, answer.body.access_token, answer.body.refresh_token]) {
    expect(kept).not.toContain(secret)
    expect(kept).toContain(createHash("sha256").update(secret).digest("hex"))
  }
})

test("who is not signed in goes to the inbox, which leads back with the request as it was", async () => {
  const client = await makeClient()
  const path = query(request(client))
  const led = await call("GET", path)
  expect(led.status).toBe(302)
  const packed = String(led.headers.get("location")).replace("/app/authorize/", "")
  expect(Buffer.from(packed, "base64url").toString()).toBe(path.replace("/oauth/authorize", ""))
})

test("a client or redirect_uri that is not registered is told to the person and leads nowhere", async () => {
  const client = await makeClient()
  for (const over of [
    { client_id: "oac_1" },
    { client_id: undefined },
    { redirect_uri: "https://crm.example/callback" },
    { redirect_uri: `${redirectUri}/../evil` },
    { redirect_uri: "https://evil.example/?x=https://crm.example" },
  ]) {
    const page = await call("GET", query(request(client, over)), { headers: browser })
    expect(page.status).toBe(400)
    expect(page.headers.get("location")).toBeNull()
    expect(page.text).toContain("This link is not in order")
  }
})

test("other errors go back to the integration with its state", async () => {
  const client = await makeClient()
  const cases: [Record<string, string | undefined>, string][] = [
    [{ response_type: "token" }, "unsupported_response_type"],
    [{ response_type: undefined }, "unsupported_response_type"],
    [{ scope: "conversations:read conversations:delete" }, "invalid_scope"],
    [{ code_challenge: "short", code_challenge_method: "S256" }, "invalid_request"],
    [{ code_challenge: "a".repeat(43), code_challenge_method: "plain" }, "invalid_request"],
    [{ code_challenge: "a".repeat(43) }, "invalid_request"],
  ]
  for (const [over, error] of cases) {
    const back = await call("GET", query(request(client, over)), { headers: browser })
    expect(back.status).toBe(302)
    const { searchParams } = new URL(String(back.headers.get("location")))
    expect(searchParams.get("error")).toBe(error)
    expect(searchParams.get("state")).toBe("s t&1")
  }
})

test("a form whose request is not in order leads on by 303, so that no browser posts it there again", async () => {
  const client = await makeClient()
  const back = await submit({ client_id: client.id, redirect_uri: redirectUri, decision: "allow" })
  expect(back.status, back.text).toBe(303)
  expect(new URL(String(back.headers.get("location"))).searchParams.get("error")).toBe("unsupported_response_type")
})

test("an admin who says no sends access_denied back", async () => {
  const client = await makeClient()
  const page = await call("GET", query(request(client)), { headers: browser })
  const back = await submit({ ...hidden(page), decision: "deny" })
  expect(new URL(String(back.headers.get("location"))).searchParams.get("error")).toBe("access_denied")
})

test("no other site can make a browser agree, and a page agrees only to the request it was made for", async () => {
  const client = await makeClient()
  const page = await call("GET", query(request(client)), { headers: browser })
  const fields = { ...hidden(page), decision: "allow" }
  expect((await submit(fields, { cookie, "sec-fetch-site": "cross-site" })).status).toBe(403)
  expect((await submit(fields, { cookie })).status).toBe(403)
  const other = await makeClient({ scopes: ["messages:read"] })
  const altered = [
    { ...fields, proof: "" },
    { ...fields, proof: `${Date.now() + 60_000}.${"A".repeat(43)}` },
    { ...fields, scope: "messages:read" },
    { ...fields, client_id: other.id },
    { ...fields, state: "another" },
  ]
  for (const form of altered) {
    const again = await submit(form)
    expect(again.status).toBe(303)
    expect(again.headers.get("location")).toMatch(/^\/oauth\/authorize\?/)
  }
  expect((await submit(fields, { "sec-fetch-site": "same-origin" })).headers.get("location")).toMatch(
    /^\/app\/authorize\/[\w-]+$/,
  )
  expect((await submit(fields)).headers.get("location")).toContain("code=")
})

/** Somebody of the same company who is no admin, with Ana's password. */
async function signInTeammate(): Promise<Record<string, string>> {
  const email = `${unique("bo")}@example.test`
  await db.query({ text: "insert into identity_user (id, name, email) values ($1, 'Bo', $1)", values: [email] })
  await db.query({
    text: `insert into identity_account (id, "accountId", "providerId", "userId", password)
           select $1, $1, "providerId", $1, password from identity_account limit 1`,
    values: [email],
  })
  await db.query({
    text: `insert into teammate (company_id, id, identity_id, email, username, first_name, last_name)
           select company_id, id + 1, $1, $1, 'bo', 'Bo', '' from teammate order by id desc limit 1`,
    values: [email],
  })
  const answer = await call("POST", "/causeway/auth/sign-in/email", {
    json: { email, password: "correct horse battery" },
  })
  return { ...browser, cookie: String(answer.headers.get("set-cookie")).split(";")[0] as string }
}

test("a teammate who is no admin cannot let an integration in", async () => {
  const client = await makeClient()
  const teammate = await signInTeammate()
  const page = await call("GET", query(request(client)), { headers: browser })
  expect((await call("GET", query(request(client)), { headers: teammate })).status).toBe(403)
  expect((await submit({ ...hidden(page), decision: "allow" }, teammate)).status).toBe(403)
  expect((await call("GET", "/causeway/oauth_clients", { headers: teammate })).status).toBe(403)
})

test("a code works once; the second try ends the tokens that came of it", async () => {
  const client = await makeClient()
  const code = await askedCode(client)
  const first = await byCode(client, code)
  expect(await usable(first.body.access_token)).toBe(200)
  const second = await byCode(client, code)
  expect(second.status).toBe(400)
  expect(second.body.error).toBe("invalid_grant")
  expect(await usable(first.body.access_token)).toBe(401)
  expect((await byRefresh(client, first.body.refresh_token)).body.error).toBe("invalid_grant")
})

test("of ten copies of one exchange at the same moment at most one gets tokens", async () => {
  const client = await makeClient()
  const code = await askedCode(client)
  const answers = await Promise.all(Array.from({ length: 10 }, () => byCode(client, code)))
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  expect(answers.filter(({ body }) => body.error === "invalid_grant")).toHaveLength(9)
})

test("a code is refused to another client, for another redirect_uri, and after its time", async () => {
  const client = await makeClient()
  const other = await makeClient()
  const code = await askedCode(client)
  expect((await byCode(other, code)).body.error).toBe("invalid_grant")
  expect((await byCode(client, code, { redirect_uri: "https://crm.example/" })).body.error).toBe("invalid_grant")
  expect((await byCode(client, code, { redirect_uri: undefined })).body.error).toBe("invalid_grant")
  expect((await byCode(client, "cc_x")).body.error).toBe("invalid_grant")
  await db.query({ text: "update oauth_secret set expires_at = now() - interval '1 s' where kind = 'code'" })
  const late = await byCode(client, code)
  expect(late.body.error).toBe("invalid_grant")
  expect(late.body.error_description).toContain("expired")
})

test("a client with one redirect_uri need not name it", async () => {
  const client = await makeClient()
  const code = await askedCode(client, { redirect_uri: undefined, state: undefined })
  expect((await byCode(client, code, { redirect_uri: undefined })).status).toBe(200)
  const two = await makeClient({ redirect_uris: [redirectUri, "http://localhost:9/cb"] })
  expect((await call("GET", query(request(two, { redirect_uri: undefined })), { headers: browser })).status).toBe(400)
})

test("with PKCE only the verifier of the challenge exchanges the code", async () => {
  const client = await makeClient()
  const verifier = randomBytes(32).toString("base64url")
  const challenge = {
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
  }
  const code = await askedCode(client, challenge)
  expect((await byCode(client, code)).body.error_description).toContain("code_verifier is missing")
  expect((await byCode(client, code, { code_verifier: `${verifier}x` })).body.error).toBe("invalid_grant")
  expect((await byCode(client, code, { code_verifier: verifier })).status).toBe(200)
  const without = await askedCode(client)
  expect((await byCode(client, without, { code_verifier: verifier })).body.error).toBe("invalid_grant")
})

test("clients prove themselves by Basic or in the body, as JSON or as a form", async () => {
  const client = await makeClient()
  const fields = { grant_type: "authorization_code", redirect_uri: redirectUri }
  const inBody = { client_id: client.id, client_secret: client.secret }
  const form = (values: Record<string, string>, headers: Record<string, string> = {}) =>
    call("POST", "/oauth/token", {
      raw: new URLSearchParams(values).toString(),
      headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
    })
  const ways = [
    async () => form({ ...fields, code: await askedCode(client) }, { authorization: basic(client) }),
    async () => form({ ...fields, ...inBody, code: await askedCode(client) }),
    async () => call("POST", "/oauth/token", { json: { ...fields, ...inBody, code: await askedCode(client) } }),
  ]
  for (const way of ways) expect((await way()).status).toBe(200)

  const code = await askedCode(client)
  const wrong = [
    await exchange({ ...client, secret: "cs_wrong" }, { ...fields, code }),
    await exchange({ ...client, id: "oac_1" }, { ...fields, code }),
    await call("POST", "/oauth/token", { json: { ...fields, code } }),
    await call("POST", "/oauth/token", { json: { ...fields, code, client_id: client.id } }),
    await call("POST", "/oauth/token", { json: { ...fields, code }, token: apiToken }),
  ]
  for (const answer of wrong) {
    expect(answer.status).toBe(401)
    expect(answer.body.error).toBe("invalid_client")
    expect(answer.headers.get("www-authenticate")).toContain("Basic")
  }
  expect((await form({ ...fields, code }, { authorization: basic(client) })).status).toBe(200)
  const twice = await call("POST", "/oauth/token", {
    raw: "grant_type=refresh_token&grant_type=refresh_token",
    headers: { "content-type": "application/x-www-form-urlencoded", authorization: basic(client) },
  })
  expect(twice.status).toBe(400)
})

test("what the token endpoint does not know is said in OAuth's words", async () => {
  const client = await makeClient()
  const error = async (json: object) => (await exchange(client, json)).body.error
  expect(await error({ grant_type: "password" })).toBe("unsupported_grant_type")
  expect(await error({})).toBe("invalid_request")
  expect(await error({ grant_type: "authorization_code" })).toBe("invalid_request")
  expect(await error({ grant_type: "refresh_token" })).toBe("invalid_request")
  const { refresh } = await connected(client)
  expect(await error({ grant_type: "refresh_token", refresh_token: refresh, scope: "tokens:write" })).toBe(
    "invalid_scope",
  )
  expect(await error({ grant_type: "refresh_token", refresh_token: refresh, scope: "messages:read" })).toBe(
    "invalid_scope",
  )
})

test("the same refresh token comes back until its last day; then comes a new one, and the old one holds to its end", async () => {
  const client = await makeClient()
  const { access, refresh } = await connected(client)
  const next = await byRefresh(client, refresh)
  expect(next.status).toBe(200)
  expect(next.body.refresh_token).toBe(refresh)
  expect(next.body.access_token).not.toBe(access)
  expect(await usable(next.body.access_token)).toBe(200)

  await db.query({ text: "update oauth_secret set expires_at = now() + interval '23 h' where kind = 'refresh'" })
  const renewed = await byRefresh(client, refresh)
  expect(renewed.body.refresh_token).not.toBe(refresh)
  expect((await byRefresh(client, renewed.body.refresh_token)).status).toBe(200)
  expect((await byRefresh(client, refresh)).status).toBe(200)
  expect((await byRefresh(await makeClient(), refresh)).body.error).toBe("invalid_grant")
})

test("a grant ends after two years however much it is used, and nothing that came of it lasts longer", async () => {
  const client = await makeClient()
  const { refresh } = await connected(client)
  const age = (days: number) =>
    db.query({ text: `update oauth_grant set created_at = now() - ${days} * interval '1 day'` })
  await age(730 - 1 / 48) // half an hour is left
  const last = await byRefresh(client, refresh)
  expect(last.body.expires_in).toBeGreaterThan(1_700)
  expect(last.body.expires_in).toBeLessThanOrEqual(1_800)
  // The last day has begun, so there is a new one, which is no way on either.
  expect(last.body.refresh_token).not.toBe(refresh)
  await age(731)
  for (const token of [refresh, last.body.refresh_token])
    expect((await byRefresh(client, token)).body).toMatchObject({ error: "invalid_grant" })
  await age(0)
})

test("a client that rotates gets a new refresh token each time; an old one that comes back late ends them all", async () => {
  const client = await makeClient({ rotates_refresh_tokens: true })
  const { refresh } = await connected(client)
  const second = await byRefresh(client, refresh)
  expect(second.body.refresh_token).not.toBe(refresh)
  // Its answer may have got lost: the same token soon after is a retry.
  expect((await byRefresh(client, refresh)).status).toBe(200)
  await db.query({
    text: "update oauth_secret set used_at = now() - interval '2 min' where kind = 'refresh' and used_at is not null",
  })
  expect((await byRefresh(client, refresh)).body.error).toBe("invalid_grant")
  expect((await byRefresh(client, second.body.refresh_token)).body.error).toBe("invalid_grant")
  expect(await usable(second.body.access_token)).toBe(401)
})

test("an access token ends after its hour", async () => {
  const client = await makeClient()
  const { access } = await connected(client)
  await db.query({ text: "update oauth_secret set expires_at = now() - interval '1 s' where kind = 'access'" })
  const { access: other } = await connected(client) // forgets nothing; this one lives
  expect(await usable(other)).toBe(200)
  await expect.poll(() => usable(access), { timeout: 4000 }).toBe(401)
})

test("revoking, deleting and taking a scope away hold at once", async () => {
  const client = await makeClient()
  const first = await connected(client)
  const second = await connected(client)
  const revoke = (token: string, by = client) =>
    call("POST", "/oauth/revoke", { json: { token }, headers: { authorization: basic(by) } })
  expect((await revoke(first.access, await makeClient())).status).toBe(200)
  expect(await usable(first.access)).toBe(200)
  expect((await revoke(first.access)).status).toBe(200)
  expect(await usable(first.access)).toBe(401)
  const again = await byRefresh(client, first.refresh)
  expect((await revoke(first.refresh)).status).toBe(200)
  expect(await usable(again.body.access_token)).toBe(401)
  expect((await revoke("cr_unknown")).status).toBe(200)

  const path = `/causeway/oauth_clients/${client.id}`
  expect((await call("GET", "/teammates", { token: second.access })).status).toBe(200)
  await call("PATCH", path, { token: apiToken, json: { scopes: ["conversations:read"] } })
  expect((await call("GET", "/teammates", { token: second.access })).status).toBe(403)

  expect((await call("GET", path, { token: apiToken })).body.grants).toHaveLength(1)
  expect((await call("DELETE", `${path}/grants`, { token: apiToken })).status).toBe(204)
  expect(await usable(second.access)).toBe(401)
  expect((await call("GET", path, { token: apiToken })).body.grants).toEqual([])

  const third = await connected(client)
  expect((await call("DELETE", path, { token: apiToken })).status).toBe(204)
  expect(await usable(third.access)).toBe(401)
  expect((await call("GET", path, { token: apiToken })).status).toBe(404)
  expect((await byRefresh(client, third.refresh)).body.error).toBe("invalid_client")
})

test("clients are listed without secrets, changed, and given a new secret that ends the old one", async () => {
  const client = await makeClient()
  await connected(client)
  const listed = await call("GET", "/causeway/oauth_clients", { token: apiToken })
  expect(listed.text).not.toContain("secret")
  const own = listed.body.oauth_clients.find(({ client_id }: { client_id: string }) => client_id === client.id)
  expect(own).toMatchObject({ name: "Acme <CRM>", redirect_uris: [redirectUri], scopes, rotates_refresh_tokens: false })
  expect(own.grants[0]).toMatchObject({ scopes })

  const path = `/causeway/oauth_clients/${client.id}`
  const changed = await call("PATCH", path, {
    token: apiToken,
    json: { name: "CRM", redirect_uris: ["http://127.0.0.1:8/x"] },
  })
  expect(changed.body).toMatchObject({ name: "CRM", redirect_uris: ["http://127.0.0.1:8/x"], scopes })
  const rotated = await call("POST", `${path}/rotate`, { token: apiToken })
  expect((await byRefresh(client, "cr_x")).body.error).toBe("invalid_client")
  expect((await byRefresh({ ...client, secret: rotated.body.client_secret }, "cr_x")).body.error).toBe("invalid_grant")
})

test.each([
  ["a page of http elsewhere", { redirect_uris: ["http://crm.example/cb"] }, "redirect_uris[0]"],
  ["a fragment", { redirect_uris: ["https://crm.example/#x"] }, "redirect_uris[0]"],
  ["a user name", { redirect_uris: ["https://a:b@crm.example/"] }, "redirect_uris[0]"],
  ["a script", { redirect_uris: ["javascript:alert(1)"] }, "redirect_uris[0]"],
  ["other letters than ASCII", { redirect_uris: ["https://crm.example/ü"] }, "redirect_uris[0]"],
  ["no redirect_uri", { redirect_uris: [] }, "redirect_uris"],
  ["an unknown scope", { scopes: ["everything"] }, "scopes"],
  ["no name", { name: "" }, "name"],
])("a client with %s is refused, by name", async (_what, over, field) => {
  const made = await call("POST", "/causeway/oauth_clients", {
    token: apiToken,
    json: { name: "CRM", redirect_uris: [redirectUri], scopes, ...over },
  })
  expect(made.status).toBe(400)
  expect(made.body._error.message).toContain(field)
})

test("no credential hands on more than it holds: a token not its missing scopes, an integration nothing", async () => {
  const small = await call("POST", "/causeway/tokens", {
    token: apiToken,
    json: { name: unique("t"), scopes: ["tokens:write"] },
  })
  const refused = await call("POST", "/causeway/oauth_clients", {
    token: small.body.token,
    json: { name: "CRM", redirect_uris: [redirectUri], scopes },
  })
  expect(refused.status).toBe(403)
  const client = await makeClient({ scopes: ["tokens:write", "tokens:read"] })
  const { access } = await connected(client)
  expect((await call("GET", "/causeway/tokens", { token: access })).status).toBe(200)
  const minted = await call("POST", "/causeway/tokens", { token: access, json: { name: "t", scopes: ["tokens:read"] } })
  expect(minted.status).toBe(403)
  expect((await call("POST", `/causeway/oauth_clients/${client.id}/rotate`, { token: access })).status).toBe(403)
  // A client that may do more: neither its secret nor where its codes go is for that token to say.
  const large = await makeClient()
  const path = `/causeway/oauth_clients/${large.id}`
  const moved = { redirect_uris: ["https://elsewhere.test/back"] }
  expect((await call("POST", `${path}/rotate`, { token: small.body.token })).status).toBe(403)
  expect((await call("PATCH", path, { token: small.body.token, json: moved })).status).toBe(403)
  expect((await call("PATCH", path, { token: apiToken, json: { name: "CRM" } })).status).toBe(200)
})

test("kinds of credentials are told apart by their form, and none passes for another", async () => {
  const client = await makeClient()
  const { access, refresh } = await connected(client)
  const code = await askedCode(client)
  for (const token of [
    refresh,
    code,
    client.secret,
    `${access}x`,
    `x${access}`,
    access.replace("co_", "cw_"),
    "co_",
    "a.b.c",
    "a.b",
    "...",
    `${access}.${access}.${access}`,
  ]) {
    expect(await usable(token), token).toBe(401)
  }
  expect((await exchange(client, { grant_type: "refresh_token", refresh_token: access })).body.error).toBe(
    "invalid_grant",
  )
  expect((await byCode(client, refresh)).body.error).toBe("invalid_grant")
})

test("another company's admin cannot let the client in, and its clients are not there for others", async () => {
  const elsewhere = await makeClient({ name: "Elsewhere" })
  await db.query({ text: "update oauth_client set company_id = company_id + 1 where name = 'Elsewhere'" })
  const page = await call("GET", query(request(elsewhere)), { headers: browser })
  expect(page.status).toBe(400)
  expect(page.text).not.toContain("Elsewhere")
  const foreign = await call("GET", `/causeway/oauth_clients/${elsewhere.id}`, { token: apiToken })
  const missing = await call("GET", "/causeway/oauth_clients/oac_zzzzzzzz", { token: apiToken })
  expect(foreign.status).toBe(404)
  expect(foreign.text.replace(elsewhere.id, "x")).toBe(missing.text.replace("oac_zzzzzzzz", "x"))
})

test("a client's secret cannot be found by trying", async () => {
  const client = await makeClient()
  const answers = []
  for (let i = 0; i < 101; i++)
    answers.push(
      (await exchange({ ...client, secret: "guess" }, { grant_type: "refresh_token", refresh_token: "x" })).status,
    )
  expect([answers[0], answers.at(-1)]).toEqual([401, 429])
})
