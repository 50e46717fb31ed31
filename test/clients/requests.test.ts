import { request } from "node:http"
import { afterAll, expect, test } from "vitest"
import { inbound, jwt, type Reply, startStory, unique } from "../story.ts"

/** What live integrations send over the Channel API, by the codes of docs/compatibility.md. */
const story = await startStory()
afterAll(() => story.close())
const { call, channelId, apiToken } = story
const inboundPath = `/channels/${channelId}/inbound_messages`
const outboundPath = `/channels/${channelId}/outbound_messages`

const claims = (over: object = {}) => ({
  iss: story.app.uid,
  sub: channelId,
  exp: Math.floor(Date.now() / 1000) + 30,
  ...over,
})
const syncWith = (token: string) => call("POST", inboundPath, { token, json: inbound("Hello") })
const read = async (accepted: Reply, token = story.channelToken()): Promise<Reply["body"]> =>
  (await call("GET", `/messages/alt:uid:${accepted.body.message_uid}`, { token })).body
const metadata = () => (inbound("") as { metadata: Record<string, string> }).metadata

test("R1, trap 1: iss may be a number", async () => {
  expect((await syncWith(jwt(claims({ iss: Number(story.app.uid) }), story.app.secret))).status).toBe(202)
})

test("R2, trap 1: a header without typ, claims with and without iat", async () => {
  expect((await syncWith(jwt(claims(), story.app.secret, { alg: "HS256" }))).status).toBe(202)
  expect((await syncWith(jwt(claims({ iat: Math.floor(Date.now() / 1000) - 5 }), story.app.secret))).status).toBe(202)
})

test.each([5, 10, 30, 300, 30_000])("R3, trap 2: a token that lives for %i s", async (seconds) => {
  expect((await syncWith(jwt(claims({ exp: Math.floor(Date.now() / 1000) + seconds }), story.app.secret))).status).toBe(
    202,
  )
})

test("R4, trap 2: one token, with one jti, for several calls", async () => {
  const token = jwt(claims({ jti: "same" }), story.app.secret)
  for (let i = 0; i < 3; i++) expect((await syncWith(token)).status).toBe(202)
})

test.each([
  "0a1b2c3d",
  "b9a1f1de-5b0e-4d6f-9d3c-8d2a53c1a7ab",
  "k3j9x0q2z8",
  "f".repeat(32),
  7,
])("R5: any jti: %s", async (jti) => {
  expect((await syncWith(jwt(claims({ jti }), story.app.secret))).status).toBe(202)
})

test.each([
  ["an object", { handle: "rosa" }],
  ["a list of objects", [{ handle: "rosa" }]],
  ["a list of strings", ["rosa"]],
])("R6, trap 12: to as %s", async (_name, to) => {
  const sent = await call("POST", outboundPath, {
    token: story.channelToken(),
    json: { to, body: "On its way", metadata: metadata() },
  })
  expect(sent.status, sent.text).toBe(202)
  const message = await read(sent)
  expect(message.recipients.map(({ role, handle }: Reply["body"]) => [role, handle])).toContainEqual(["to", "rosa"])
})

test.each([
  ["to[0][handle]", "attachments[0]"],
  ["to[][handle]", "attachments[]"],
  ["to[handle]", "attachments"],
])("R7: multipart names %s and %s", async (to, attachments) => {
  const form = new FormData()
  form.set(to, "rosa")
  form.set("body", "With a file")
  for (const [name, value] of Object.entries(metadata())) form.set(`metadata[${name}]`, value)
  form.set(attachments, new File(["%PDF"], "a.pdf", { type: "application/pdf" }))
  const sent = await call("POST", outboundPath, { token: story.channelToken(), form })
  expect(sent.status, sent.text).toBe(202)
  expect((await read(sent)).attachments).toMatchObject([{ filename: "a.pdf", size: 4 }])
})

/** A multipart body written by hand, in chunks of unknown length. */
function chunked(path: string, parts: string[]): Promise<{ status: number; body: Reply["body"] }> {
  const boundary = "----careless"
  const { hostname, port } = new URL(story.server.url)
  return new Promise((resolve, reject) => {
    const sending = request(
      {
        hostname,
        port,
        path,
        method: "POST",
        headers: {
          authorization: `Bearer ${story.channelToken()}`,
          "content-type": `multipart/form-data; boundary=${boundary}`,
        },
      },
      async (answer) => {
        const pieces: Buffer[] = []
        for await (const piece of answer as AsyncIterable<Buffer>) pieces.push(piece)
        resolve({ status: answer.statusCode ?? 0, body: JSON.parse(Buffer.concat(pieces).toString()) })
      },
    )
    sending.on("error", reject)
    for (const part of parts) sending.write(`--${boundary}\r\n${part}\r\n`)
    sending.end(`--${boundary}--\r\n`)
  })
}

const field = (name: string, value: string) => `Content-Disposition: form-data; name="${name}"\r\n\r\n${value}`

test("R8: the file before the fields, in chunks, with a Content-Transfer-Encoding", async () => {
  const { external_id, external_conversation_id } = metadata()
  const accepted = await chunked(inboundPath, [
    'Content-Disposition: form-data; name="attachments"; filename="note.txt"\r\nContent-Type: text/plain\r\nContent-Transfer-Encoding: binary\r\n\r\nhello',
    field("sender[handle]", "rosa"),
    field("body", "See the note"),
    field("metadata[external_id]", external_id as string),
    field("metadata[external_conversation_id]", external_conversation_id as string),
  ])
  expect(accepted.status).toBe(202)
  expect((await read(accepted as Reply)).attachments).toMatchObject([{ filename: "note.txt", size: 5 }])
})

test("R9, trap 44: numbers as strings in multipart", async () => {
  const form = new FormData()
  form.set("sender[handle]", "rosa")
  form.set("body", "Earlier")
  form.set("delivered_at", "1436544000")
  for (const [name, value] of Object.entries(metadata())) form.set(`metadata[${name}]`, value)
  const accepted = await call("POST", inboundPath, { token: story.channelToken(), form })
  expect(accepted.status, accepted.text).toBe(202)
  expect((await read(accepted)).created_at).toBe(1436544000)
})

test.each([
  [[]],
  [["a", "b"]],
  [[{ type: "Buffer", data: [1, 2] }]],
])("R10, trap 44: attachments %j in JSON", async (attachments) => {
  const accepted = await call("POST", inboundPath, {
    token: story.channelToken(),
    json: { ...inbound("x"), attachments },
  })
  expect(accepted.status, accepted.text).toBe(202)
  expect((await read(accepted)).attachments).toEqual([])
})

test("R11: keys of other operations are ignored, but body_format and thread_ref are honoured", async () => {
  const thread = unique("thread")
  const json = { ...inbound("**bold**"), body_format: "markdown", channel_id: channelId, options: { archive: false } }
  const accepted = await call("POST", inboundPath, { token: story.channelToken(), json })
  expect(accepted.status, accepted.text).toBe(202)
  expect((await read(accepted)).body).toContain("<strong>bold</strong>")
  const [one, two] = [
    await call("POST", inboundPath, {
      token: story.channelToken(),
      json: inbound("1", { external_conversation_id: thread }),
    }),
    await call("POST", `/channels/${channelId}/incoming_messages`, {
      token: apiToken,
      json: { sender: { handle: "mia" }, body: "2", metadata: { thread_ref: thread } },
    }),
  ]
  expect((await read(one)).metadata).not.toHaveProperty("thread_ref")
  expect((await read(two, apiToken))._links.related.conversation).toBe((await read(one))._links.related.conversation)
})

test("R12: a JSON body on GET, and a JSON content type with none", async () => {
  const { hostname, port } = new URL(story.server.url)
  const headers = { authorization: `Bearer ${apiToken}`, "content-type": "application/json" }
  for (const body of ["{}", ""]) {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const sending = request(
        { hostname, port, path: "/inboxes", method: "GET", headers: { ...headers, "content-length": body.length } },
        (answer) => {
          answer.resume()
          resolve(answer.statusCode)
        },
      )
      sending.on("error", reject).end(body)
    })
    expect(status).toBe(200)
  }
})

test.each([
  "+1 (555) 010/22",
  "a@b.test",
  "50% off",
  "naïve handle",
])("R13: a handle with odd characters, %s, in a path", async (handle) => {
  await story.customerWrites("Hi", { sender: { handle } })
  const found = await call("GET", `/contacts/alt:custom:${encodeURIComponent(handle)}`, { token: apiToken })
  expect(found.status, found.text).toBe(200)
  expect(found.body.handles).toContainEqual({ source: "custom", handle })
})

test("R14: incoming_messages with an API token on an application channel; thread_ref and external_conversation_id are one key space", async () => {
  const thread = unique("thread")
  const first = await call("POST", `/channels/${channelId}/incoming_messages`, {
    token: apiToken,
    json: { sender: { handle: "lin" }, body: "one", metadata: { thread_ref: thread } },
  })
  expect(first.status, first.text).toBe(202)
  const second = await story.customerWrites("two", {
    metadata: { external_id: unique("e"), external_conversation_id: thread },
  })
  expect((await read(second))._links.related.conversation).toBe((await read(first))._links.related.conversation)
})

test("R15: incoming messages without thread_ref thread by external_conversation_id, else by sender", async () => {
  const send = async (body: object) => {
    const accepted = await call("POST", `/channels/${channelId}/incoming_messages`, { token: apiToken, json: body })
    expect(accepted.status, accepted.text).toBe(202)
    return (await read(accepted, apiToken))._links.related.conversation
  }
  const thread = unique("thread")
  const one = await send({ sender: { handle: "ines" }, body: "1", metadata: { external_conversation_id: thread } })
  expect(await send({ sender: { handle: "omar" }, body: "2", metadata: { external_conversation_id: thread } })).toBe(
    one,
  )
  const handle = unique("handle")
  const two = await send({ sender: { handle }, body: "3" })
  expect(await send({ sender: { handle }, body: "4" })).toBe(two)
  expect(two).not.toBe(one)
})

test("R16: a body of null is a 400 that names it", async () => {
  const refused = await story.customerWrites("x", { body: null })
  expect(refused.status).toBe(400)
  expect(refused.text).toContain("body.body")
})

test("R17: more than 25 MB of files are refused in the _error form, and the connection lives on", async () => {
  const form = new FormData()
  form.set("sender[handle]", "rosa")
  form.set("body", "Big")
  for (const [name, value] of Object.entries(metadata())) form.set(`metadata[${name}]`, value)
  form.set("attachments", new File([new Uint8Array(26 * 1024 * 1024)], "big.bin"))
  const refused = await call("POST", inboundPath, { token: story.channelToken(), form })
  expect(refused.status).toBe(413)
  expect(refused.body._error).toMatchObject({ status: 413, message: expect.stringContaining("25 MB") })
})

test.each([
  100_000_000, 1_420_070_400,
])("R18: delivered_at %i is taken, and messages stand in its order", async (deliveredAt) => {
  const thread = unique("thread")
  const later = await story.customerWrites("later", {
    metadata: { external_id: unique("e"), external_conversation_id: thread },
  })
  await story.customerWrites("earlier", {
    delivered_at: deliveredAt,
    metadata: { external_id: unique("e"), external_conversation_id: thread },
  })
  const conversation = new URL((await read(later))._links.related.conversation).pathname
  const list = await call("GET", `${conversation}/messages`, { token: apiToken })
  expect(list.body._results.map(({ text }: Reply["body"]) => text.trim())).toEqual(["later", "earlier"])
})

test("R19, trap 22: a repeated external_id is 202 again with the first uid, and no second message", async () => {
  const body = inbound("once")
  const [first, second] = [
    await call("POST", inboundPath, { token: story.channelToken(), json: body }),
    await call("POST", inboundPath, { token: story.channelToken(), json: body }),
  ]
  expect([first.status, second.status]).toEqual([202, 202])
  expect(second.body).toEqual(first.body)
  const conversation = new URL((await read(first))._links.related.conversation).pathname
  expect((await call("GET", `${conversation}/messages`, { token: apiToken })).body._results).toHaveLength(1)
})

test("R20: an API token that may write messages works on inbound_messages; one that may not is refused", async () => {
  expect((await syncWith(apiToken)).status).toBe(202)
  const reader = await call("POST", "/causeway/tokens", {
    token: apiToken,
    json: { name: "reader", scopes: ["messages:read"] },
  })
  expect((await syncWith(reader.body.token)).status).toBe(403)
})
