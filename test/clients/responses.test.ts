import { afterAll, expect, test } from "vitest"
import { type Reply, startStory, testConfig, unique } from "../story.ts"

/** What live integrations read from our answers, by the codes of docs/compatibility.md. */
const story = await startStory()
afterAll(() => story.close())
const { call, apiToken } = story
const get = (path: string, token = apiToken) => call("GET", path, { token })
const first = await story.customerWrites("Hello", { sender: { handle: "rosa", name: "Rosa Díaz" } })
const message = (await get(`/messages/alt:uid:${first.body.message_uid}`)).body
const conversationPath = new URL(message._links.related.conversation).pathname

test("S1, trap 46: an accepted message answers 202, status accepted and a message_uid, both strings", () => {
  expect(first.body).toEqual({ status: "accepted", message_uid: expect.stringMatching(/^[0-9a-z]{32}$/) })
})

test("S2: incoming_messages adds a conversation_reference that finds the conversation", async () => {
  const accepted = await call("POST", `/channels/${story.channelId}/incoming_messages`, {
    token: apiToken,
    json: { sender: { handle: "lin" }, body: "Hi", metadata: { thread_ref: unique("t") } },
  })
  expect(accepted.status).toBe(202)
  const found = await get(`/conversations/alt:ref:${encodeURIComponent(accepted.body.conversation_reference)}`)
  expect(found.status, found.text).toBe(200)
  const own = (await get(`/messages/alt:uid:${accepted.body.message_uid}`)).body
  expect(own._links.related.conversation.split("/").at(-1)).toBe(found.body.id)
})

test("S3, trap 45: every JSON answer has a Content-Length and is not chunked", async () => {
  for (const path of ["/inboxes", "/me", "/nothing", conversationPath, `${conversationPath}/messages`]) {
    const answer = await get(path)
    expect(answer.headers.get("content-length"), path).toBe(String(Buffer.byteLength(answer.text)))
    expect(answer.headers.get("transfer-encoding"), path).toBeNull()
  }
})

test("S4: PATCH answers 204 without a body", async () => {
  const changed = await call("PATCH", conversationPath, { token: apiToken, json: { status: "open" } })
  expect([changed.status, changed.text]).toEqual([204, ""])
})

test("S5, traps 34 and 35: a list always ends with a null next; before the end next is absolute, on the caller's origin, and keeps the limit", async () => {
  for (let i = 0; i < 3; i++)
    await story.customerWrites(`No. ${i}`, {
      sender: { handle: "pia" },
      metadata: { external_id: unique("e"), external_conversation_id: "pages" },
    })
  const one = (
    await get(
      `/messages/alt:uid:${(await story.customerWrites("last", { metadata: { external_id: unique("e"), external_conversation_id: "pages" } })).body.message_uid}`,
    )
  ).body
  const seen: string[] = []
  let next: string | null = `${one._links.related.conversation}/messages?limit=3`
  for (let page = 0; next !== null && page < 5; page++) {
    const url: URL = new URL(next)
    expect(url.origin).toBe(story.server.url)
    expect(url.searchParams.get("limit")).toBe("3")
    const { body }: Reply = await get(url.pathname + url.search)
    seen.push(...body._results.map(({ id }: { id: string }) => id))
    next = body._pagination.next
  }
  expect(next).toBeNull()
  expect(new Set(seen).size).toBe(4)
  for (const path of ["/inboxes", "/channels", "/teammates", "/tags", `${conversationPath}/comments`])
    expect((await get(path)).body._pagination, path).toEqual({ next: null })
})

test("S6: a limit above 100 is clamped, not refused", async () => {
  expect((await get(`${conversationPath}/messages?limit=1000`)).status).toBe(200)
})

test("S7: a uid that is not known is a 404 in the _error form, one that was answered is there at once", async () => {
  const missing = await get(`/messages/alt:uid:${"0".repeat(32)}`)
  expect([missing.status, missing.body._error.status]).toEqual([404, 404])
  const accepted = await story.customerWrites("Now")
  expect((await get(`/messages/alt:uid:${accepted.body.message_uid}`)).status).toBe(200)
})

test("S8: the last segment of a message's conversation link is the conversation's id", async () => {
  const id = message._links.related.conversation.split("/").at(-1)
  expect(id).toMatch(/^cnv_[0-9a-z]+$/)
  expect((await get(`/conversations/${id}`)).body.id).toBe(id)
})

test("S9: a channel is found by its exact name, and links to its inbox", async () => {
  const { body } = await get("/channels")
  const channel = body._results.find(({ name }: { name: string }) => name === "Acme SMS")
  expect(channel._links.related.inbox).toBe(`${story.server.url}/inboxes/${story.inboxId}`)
})

test("S10: the contact of a message is there with it, under source custom", async () => {
  await story.customerWrites("Hi", { sender: { handle: "zoë@home", name: "Zoë" } })
  const contact = await get(`/contacts/alt:custom:${encodeURIComponent("zoë@home")}`)
  expect(contact.status, contact.text).toBe(200)
  expect(contact.body).toMatchObject({ name: "Zoë", handles: [{ source: "custom", handle: "zoë@home" }] })
})

test("S11: refusals have status, title, message, and details where a field is wrong", async () => {
  expect((await call("GET", "/me", { token: "a.b.c" })).body._error).toEqual({
    status: 401,
    title: "Unauthenticated",
    message: expect.stringMatching(/^JSON Web Token error/),
  })
  expect((await get("/conversations/cnv_zzzz")).body._error).toEqual({
    status: 404,
    title: "Not found",
    message: "Unknown conversation ID cnv_zzzz",
  })
  const bad = (await story.customerWrites("x", { sender: {} })).body._error
  expect(bad).toMatchObject({
    status: 400,
    title: "Bad request",
    message: expect.stringMatching(/^Body did not satisfy requirements/),
  })
  expect(bad.details).toEqual(["body.sender.handle is required"])
})

test("S12 and S13: answers carry the rate headers; 429 says when in the message and in Retry-After", async () => {
  const strict = await startStory({ ...(await testConfig()), strictLimits: true })
  try {
    const answer = await strict.call("GET", "/me", { token: strict.apiToken })
    for (const name of ["limit", "remaining", "reset", "burst-limit", "burst-remaining"])
      expect(answer.headers.get(`x-ratelimit-${name}`), name).toMatch(/^\d+(\.\d+)?$/)
    const many = await Promise.all(
      Array.from({ length: 400 }, () => strict.call("GET", "/me", { token: strict.apiToken })),
    )
    const refused = many.find(({ status }) => status === 429) as Reply
    expect(refused.headers.get("retry-after")).toMatch(/^\d+$/)
    expect(refused.body._error).toMatchObject({
      title: "Too many requests",
      message: expect.stringMatching(/retry in \d+ milliseconds/),
    })
  } finally {
    await strict.close()
  }
})

test("S14: a bad token is refused at once, a hundred of them too", async () => {
  const start = performance.now()
  const answers = await Promise.all(Array.from({ length: 100 }, () => call("GET", "/me", { token: "x.y.z" })))
  expect(answers.every(({ status }) => status === 401)).toBe(true)
  expect(performance.now() - start).toBeLessThan(2000)
})

test("S15, trap 25: a file opens on both paths with the API token and with the channel's JWT", async () => {
  const form = new FormData()
  form.set("sender[handle]", "rosa")
  form.set("body", "file")
  form.set("metadata[external_id]", unique("e"))
  form.set("metadata[external_conversation_id]", unique("t"))
  form.set("attachments", new File(["bytes"], "a.txt", { type: "text/plain" }))
  const accepted = await call("POST", `/channels/${story.channelId}/inbound_messages`, {
    token: story.channelToken(),
    form,
  })
  const { attachments } = (await get(`/messages/alt:uid:${accepted.body.message_uid}`)).body
  for (const path of [new URL(attachments[0].url).pathname, `/download/${attachments[0].id}`])
    for (const token of [apiToken, story.channelToken()]) {
      const file = await get(path, token)
      expect([file.status, file.text, file.headers.get("content-type")], path).toEqual([200, "bytes", "text/plain"])
    }
})

test("S16: the API is at the origin's root", async () => {
  expect((await get("/me")).status).toBe(200)
})

test("S17: the token endpoint takes Basic credentials with a form or JSON body, and answers JSON", async () => {
  for (const options of [
    {
      raw: "grant_type=refresh_token&refresh_token=none",
      headers: { "content-type": "application/x-www-form-urlencoded" },
    },
    { json: { grant_type: "refresh_token", refresh_token: "none" } },
  ]) {
    const headers = { ...options.headers, authorization: `Basic ${Buffer.from("none:none").toString("base64")}` }
    const refused = await call("POST", "/oauth/token", { ...options, headers })
    expect([refused.status, refused.body.error]).toEqual([401, "invalid_client"])
  }
})

test("S18: /me names the company with a link on the caller's host", async () => {
  expect((await get("/me")).body).toMatchObject({
    id: story.companyId,
    name: "Acme",
    _links: { self: `${story.server.url}/me` },
  })
})
