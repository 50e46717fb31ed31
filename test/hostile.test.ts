import { readdir } from "node:fs/promises"
import { connect } from "node:net"
import { join } from "node:path"
import { afterAll, describe, expect, test } from "vitest"
import { figure } from "./figure.ts"
import { inbound, jwt, startStory, unique } from "./story.ts"

const story = await startStory()
afterAll(() => story.close())
const { call, channelId, channelToken } = story
const path = `/channels/${channelId}/inbound_messages`

/** Multipart written by hand, because no well-meaning client would write it. */
function form(
  parts: string[],
  boundary = "XBOUNDARYX",
  end = `--${boundary}--\r\n`,
): { raw: Buffer; headers: Record<string, string> } {
  const raw = Buffer.from(parts.map((part) => `--${boundary}\r\n${part}\r\n`).join("") + end)
  return { raw, headers: { "content-type": `multipart/form-data; boundary=${boundary}` } }
}
const field = (name: string, value: string) => `content-disposition: form-data; name="${name}"\r\n\r\n${value}`
const file = (name: string, value: string, filename = "a.txt", type = "text/plain") =>
  `content-disposition: form-data; name="${name}"; filename="${filename}"\r\ncontent-type: ${type}\r\n\r\n${value}`
const fields = () => [
  field("sender[handle]", "mia"),
  field("body", "hi"),
  field("metadata[external_id]", unique("x")),
  field("metadata[external_conversation_id]", unique("t")),
]
const post = (body: { raw: Buffer; headers: Record<string, string> }) =>
  call("POST", path, { token: channelToken(), ...body })

describe("multipart in every dialect that live clients speak", () => {
  const dialects: [string, () => string[]][] = [
    ["fields, then a file named attachments[0]", () => [...fields(), file("attachments[0]", "A")]],
    ["a file before the fields, named attachments", () => [file("attachments", "A"), ...fields()]],
    ["a file named attachments[]", () => [...fields(), file("attachments[]", "A")]],
    ["delivered_at as a string", () => [...fields(), field("delivered_at", "95629829"), file("attachments", "A")]],
    ["an encoded file name", () => [...fields(), file("attachments", "A", "a%20b.txt")]],
  ]
  test.each(dialects)("%s", async (_name, parts) => {
    const accepted = await post(form(parts()))
    expect(accepted).toMatchObject({ status: 202 })
    const message = await story.message(accepted)
    expect(message.body.attachments).toMatchObject([
      { id: expect.stringMatching(/^fil_/), content_type: "text/plain", size: 1 },
    ])
    const { pathname } = new URL(message.body.attachments[0].url)
    expect((await call("GET", pathname, { token: channelToken() })).text).toBe("A")
    expect((await call("GET", `/download/${message.body.attachments[0].id}`, { token: story.apiToken })).text).toBe("A")
  })

  test.each([
    ["to[0][handle]", [field("to[0][handle]", "mia")]],
    ["to[][handle]", [field("to[][handle]", "mia"), field("to[][name]", "Mia")]],
    ["to[handle]", [field("to[handle]", "mia")]],
  ])("outbound with %s", async (_name, to) => {
    const body = form([
      ...to,
      field("body", "sent elsewhere"),
      field("metadata[external_id]", unique("x")),
      field("metadata[external_conversation_id]", unique("t")),
    ])
    const accepted = await call("POST", `/channels/${channelId}/outbound_messages`, { token: channelToken(), ...body })
    expect(accepted.status).toBe(202)
    expect((await story.message(accepted)).body.recipients[1]).toMatchObject({ role: "to", handle: "mia" })
  })
})

describe("what would stall or kill a careless parser is a 4xx, and the process answers on", () => {
  const attacks: [string, () => { raw: Buffer; headers: Record<string, string> }][] = [
    ["a cut body", () => form(fields(), "XBOUNDARYX", "--XBOUNDARYX\r\ncontent-disposition: form-da")],
    [
      "a part header named __proto__",
      () => form(['__proto__: x\r\ncontent-disposition: form-data; name="a"\r\n\r\nb', ...fields()]),
    ],
    ["a field named __proto__[x]", () => form([...fields(), field("__proto__[x]", "1")])],
    ["a 252-byte boundary", () => form(fields(), "b".repeat(252))],
    ["10,000 parts", () => form(Array.from({ length: 10_000 }, (_, i) => field(`f${i}`, "x")))],
    ["26 MB in one file", () => form([...fields(), file("attachments", "x".repeat(26 * 1024 * 1024))])],
    ["no boundary", () => ({ raw: Buffer.from("x"), headers: { "content-type": "multipart/form-data" } })],
    ["a body cut within a file", () => form([...fields(), file("attachments", "A")], "XBOUNDARYX", "")],
    ["a body cut within a file that nobody takes", () => form([...fields(), file("other", "A")], "XBOUNDARYX", "")],
    ["a field without a name", () => form([...fields(), "content-disposition: form-data\r\n\r\nx"])],
    [
      "a file without a name",
      () =>
        form([...fields(), 'content-disposition: form-data; filename="a.txt"\r\ncontent-type: text/plain\r\n\r\nA']),
    ],
    ["a field whose name is empty", () => form([...fields(), field("", "x")])],
    ["a file whose field's name is empty", () => form([...fields(), file("", "A")])],
    [
      "a body cut after more parts than are taken",
      () =>
        form(
          Array.from({ length: 260 }, (_, i) => field(`f${i}`, "x")),
          "XBOUNDARYX",
          '--XBOUNDARYX\r\ncontent-disposition: form-data; name="a"\r\n\r\nx',
        ),
    ],
    [
      "a body cut after more files than are taken",
      () =>
        form(
          [...fields(), ...Array.from({ length: 60 }, (_, i) => file(`attachments[${i}]`, "A"))],
          "XBOUNDARYX",
          "--XBOUNDARYX\r\ncontent-disposition: form-da",
        ),
    ],
    ["a part whose heads never end", () => form([...fields(), `x-a: ${"b".repeat(200_000)}\r\n${field("c", "d")}`])],
    ["10,000 heads of one part", () => form([...fields(), `${"x-a: b\r\n".repeat(10_000)}${field("c", "d")}`])],
    [
      "a form within a form",
      () => form([...fields(), `content-type: multipart/mixed; boundary=Y\r\n\r\n--Y\r\n\r\nx\r\n--Y--`]),
    ],
    ["nothing but boundaries", () => form(Array.from({ length: 1_000 }, () => ""))],
    ["half a bracket", () => form([...fields(), field("to[0", "x")])],
  ]
  let survived = 0
  afterAll(() => figure("S8", `${attacks.length} hostile uploads, ${survived} answered with the process alive`))
  test.each(attacks)("%s", async (_name, body) => {
    const answer = await post(body())
    expect([202, 400, 413], answer.text).toContain(answer.status)
    if (answer.status !== 202) expect(answer.body._error.message).toMatch(/\w/)
    expect((await call("GET", "/healthz")).status).toBe(200)
    survived++
  })

  test.each([
    ["multipart", "multipart/form-data; boundary=XBOUNDARYX"],
    ["JSON", "application/json"],
  ])("a gigabyte of %s that is only declared is refused at once, and none of it is waited for", async (_name, type) => {
    const sender = open(head({ "content-type": type, "content-length": String(2 ** 30) }))
    await expect.poll(() => sender.heard()).toMatch(/^HTTP\/1\.1 413 /)
    await expect.poll(() => sender.isClosed()).toBe(true)
  })

  test("a request whose client goes away in the middle", async () => {
    const { hostname, port } = new URL(story.server.url)
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () => {
        socket.write(
          `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${channelToken()}\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"sender"`,
        )
        setTimeout(() => socket.destroy(), 50)
        socket.on("close", () => resolve())
      })
    })
    expect((await story.customerWrites("alive?")).status).toBe(202)
  })
})

test("of a file whose sender goes away in the middle, nothing is kept", async () => {
  const { hostname, port } = new URL(story.server.url)
  const drafts = () => readdir(join(story.server.dataDir, "files", "incoming"))
  const { raw } = form([...fields(), file("attachments", "A")], "XBOUNDARYX", "")
  const socket = connect(Number(port), hostname)
  socket.write(
    `POST ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${channelToken()}\r\ncontent-type: multipart/form-data; boundary=XBOUNDARYX\r\ncontent-length: 9999\r\n\r\n`,
  )
  socket.write(raw)
  await expect.poll(drafts).toHaveLength(1)
  socket.destroy()
  await expect.poll(drafts).toHaveLength(0)
})

/** The head of an upload, with more fields than these. */
const head = (fields: Record<string, string>): string =>
  [
    `POST ${path} HTTP/1.1`,
    "host: x",
    `authorization: Bearer ${channelToken()}`,
    ...Object.entries(fields).map(([name, value]) => `${name}: ${value}`),
    "",
    "",
  ].join("\r\n")

/** A connection that sends this and then nothing; one that does not listen leaves unread what it is answered. */
function open(text: string | Buffer, { listens = true } = {}): { heard(): string; isClosed(): boolean; leave(): void } {
  const { hostname, port } = new URL(story.server.url)
  const socket = connect(Number(port), hostname, () => socket.write(text))
  let heard = ""
  let isClosed = false
  if (listens)
    socket.on("data", (bytes) => {
      heard += bytes.toString("latin1")
    })
  socket.on("error", () => {}) // it may be reset
  socket.on("close", () => {
    isClosed = true
  })
  return { heard: () => heard, isClosed: () => isClosed, leave: () => socket.destroy() }
}

test("while many upload slowly, open a request slowly or never read their answer, everybody else is answered", async () => {
  const drafts = () => readdir(join(story.server.dataDir, "files", "incoming"))
  const { raw, headers } = form([...fields(), file("attachments", "A".repeat(1_000))], "XBOUNDARYX", "")
  const uploading = head({ ...headers, "content-length": "20000000" })
  const each = process.env.CAUSEWAY_FULL ? 500 : 40
  const rounds = 10
  /** How long others wait in the middle of ten, in ms. */
  const others = async (): Promise<number> => {
    const took: number[] = []
    for (let i = 0; i < rounds; i++) {
      const begun = performance.now()
      expect((await story.customerWrites("Is anybody there?")).status).toBe(202)
      expect((await post(form([...fields(), file("attachments", "A")]))).status).toBe(202)
      took.push(performance.now() - begun)
    }
    return took.toSorted((a, b) => a - b)[rounds / 2] as number
  }
  await others() // warm
  const alone = await others()
  const crowd = Array.from({ length: each }, () => [
    open(Buffer.concat([Buffer.from(uploading), raw])),
    open(`POST ${path} HTTP/1.1\r\nhost: x\r\nx-slow: `),
    open(head({ "content-type": "application/json", "content-length": "500" })),
    open("GET /openapi.json HTTP/1.1\r\nhost: x\r\n\r\n".repeat(20), { listens: false }),
  ]).flat()
  await expect.poll(drafts, { timeout: 30_000 }).toHaveLength(each)
  const beside = await others()
  figure(
    "S8",
    `${crowd.length} slow clients; ${2 * rounds} others answered, two in ${beside.toFixed(0)} ms beside ${alone.toFixed(0)} ms alone`,
  )
  expect((await call("GET", "/readyz")).status).toBe(200)
  for (const one of crowd) one.leave()
  await expect.poll(drafts).toHaveLength(0)
})

describe("tokens", () => {
  const now = Math.floor(Date.now() / 1000)
  const good = { iss: story.app.uid, sub: channelId, jti: "a", exp: now + 300 }
  test.each([
    ["iss as a number", jwt({ ...good, iss: Number(story.app.uid) }, story.app.secret)],
    ["no typ in the header", jwt(good, story.app.secret, { alg: "HS256" })],
    ["a lifetime of 30,000 s", jwt({ ...good, exp: now + 30_000 }, story.app.secret)],
    ["no jti", jwt({ ...good, jti: undefined }, story.app.secret)],
  ])("%s is taken, twice", async (_name, token) => {
    for (let i = 0; i < 2; i++) expect((await story.customerWrites("hi", inbound("hi"), { token })).status).toBe(202)
  })

  test.each([
    ["expired", jwt({ ...good, exp: now - 5 }, story.app.secret)],
    ["signed with another secret", jwt(good, "wrong")],
    ["alg none", `${jwt(good, "x", { alg: "none" }).split(".").slice(0, 2).join(".")}.`],
    ["alg RS256", jwt(good, story.app.secret, { alg: "RS256" })],
    ["another app's uid", jwt({ ...good, iss: "42" }, story.app.secret)],
    ["no exp", jwt({ ...good, exp: undefined }, story.app.secret)],
    ["garbage", "a.b.c"],
    ["an API token that does not exist", "cw_nothing"],
    ["very long", `${"a".repeat(7000)}.b.c`],
  ])("%s is a 401 in the vendor's form", async (_name, token) => {
    const answer = await story.customerWrites("hi", inbound("hi"), { token })
    expect(answer).toMatchObject({ status: 401, body: { _error: { status: 401, title: "Unauthenticated" } } })
  })

  test("a token for one channel does not reach another", async () => {
    const other = await story.connect("Second")
    const answer = await call("POST", `/channels/${other}/inbound_messages`, {
      token: channelToken(),
      json: inbound("hi"),
    })
    expect(answer.status).toBe(403)
    const message = await story.message(await story.customerWrites("mine"))
    const foreign = jwt({ ...good, sub: other }, story.app.secret)
    expect((await call("GET", `/messages/${message.body.id}`, { token: foreign })).status).toBe(404)
  })
})
