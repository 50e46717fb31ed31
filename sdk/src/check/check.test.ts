import { createHmac } from "node:crypto"
import { createServer, type IncomingMessage, type RequestListener, type Server } from "node:http"
import { createServer as createTlsServer } from "node:https"
import type { AddressInfo } from "node:net"
import express from "express"
import { afterEach, expect, test } from "vitest"
import { selfSignedCertificate, serverKey } from "../../../test/certificates.ts"
import { defineChannel, toNode, verifyWebhook } from "../index.ts"
import { type CheckOptions, checkChannel, toHtml, toJunit } from "./index.ts"

const secret = "s3cret"
const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function check(listener: RequestListener, over: Partial<CheckOptions> = {}) {
  const server = createServer(listener)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`
  return checkChannel({ url, secret, ...over })
}
const failures = ({ results }: Awaited<ReturnType<typeof check>>) =>
  results.filter(({ result }) => result === "fail").map(({ id, detail }) => `${id} ${detail}`)

// biome-ignore lint/suspicious/noExplicitAny: what a careless channel takes for granted
type Body = any
type Answer = { status: number; body: object | string }
interface Defect {
  accepts?(request: IncomingMessage, body: Buffer): boolean
  answer?(body: Body, kept: Map<string, object>, request: IncomingMessage): Answer | Promise<Answer> | undefined
}
const ok = (body: object): Answer => ({ status: 200, body })
const no = (message = "no"): Answer => ({ status: 400, body: { type: "bad_request", message } })
const header = (request: IncomingMessage, name: string) => String(request.headers[name] ?? "")
const isSigned = (request: IncomingMessage, body: string | Buffer, maxAgeMs = 300_000) =>
  verifyWebhook(
    secret,
    { signature: header(request, "x-front-signature"), timestamp: header(request, "x-front-request-timestamp"), body },
    { maxAgeMs },
  )

let numbers = 0
/** A channel in plain node:http; a defect changes one thing of it. */
function plain({ accepts = isSigned, answer }: Defect = {}): RequestListener {
  const kept = new Map<string, object>()
  const handle = (body: Body, request: IncomingMessage): Answer | Promise<Answer> => {
    const { payload, metadata } = body
    if (typeof payload !== "object" || payload === null || Array.isArray(payload)) return no()
    const own = answer?.(body, kept, request)
    if (own !== undefined) return own
    if (body.type === "authorization")
      return ok({ type: "success", webhook_url: `http://${request.headers.host}${request.url}` })
    if (body.type === "message_imported" || body.type === "delete") return ok({ type: "success" })
    if (body.type !== "message" && body.type !== "message_autoreply") return no("unknown type")
    const to = payload.recipients.find(({ role }: Body) => role === "to")?.handle
    if (to === undefined) return no("no recipient")
    const id = payload.id ?? `auto-${++numbers}`
    const said = kept.get(id) ?? {
      type: "success",
      external_id: `x-${id}`,
      external_conversation_id: metadata.external_conversation_ids[0] ?? to,
    }
    kept.set(id, said)
    return ok(said)
  }
  return async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const bytes = Buffer.concat(chunks)
    let said = no("forbidden")
    try {
      if (accepts(request, bytes)) said = await handle(JSON.parse(bytes.toString()), request)
    } catch {
      said = no("not in order")
    }
    response
      .writeHead(said.status, { "content-type": "application/json" })
      .end(typeof said.body === "string" ? said.body : JSON.stringify(said.body))
  }
}

/** As the vendor's template does it: over what the parser made of the body. */
function template(): RequestListener {
  const app = express().use(express.json({ limit: "2mb" }))
  app.all("/hooks", (request, response) => {
    const inner = plain({ accepts: () => isSigned(request, JSON.stringify(request.body)) })
    const replay = Object.assign(Object.create(request), {
      [Symbol.asyncIterator]: async function* () {
        yield Buffer.from(JSON.stringify(request.body))
      },
    })
    void inner(replay, response)
  })
  app.use(
    ((_error, _request, response, _next) =>
      void response.status(400).json({ type: "bad_request", message: "no" })) as express.ErrorRequestHandler,
  )
  return app
}
let sdkIds = 0
const sent = (id: string, conversation: string | undefined) => ({
  externalId: `x-${id}`,
  externalConversationId: conversation ?? "new",
})
const withSdk = () =>
  toNode(
    defineChannel({
      secret,
      onMessage: ({ id }, { conversationIds }) => sent(id, conversationIds[0]),
      onAutoreply: (_, { conversationIds }) => sent(`auto-${++sdkIds}`, conversationIds[0]),
    }),
  )

const kinds: Record<string, () => RequestListener> = {
  "plain node:http": () => plain(),
  "the vendor's template": memoisedTemplate,
  "the SDK": withSdk,
}
function memoisedTemplate(): RequestListener {
  return template()
}

const rounds = process.env.CAUSEWAY_FULL ? 50 : 5
test.each(Object.entries(kinds))(
  "a correct channel on %s never fails",
  async (_, make) => {
    for (let i = 0; i < rounds; i++) expect(failures(await check(make()))).toEqual([])
  },
  rounds * 6_000,
)

const onType = (
  type: string,
  answer: (body: Body, kept: Map<string, object>, request: IncomingMessage) => Answer | Promise<Answer>,
): Defect => ({
  answer: (body, kept, request) => (body.type === type ? answer(body, kept, request) : undefined),
})
const ids = (id: unknown, conversation: unknown = "t") =>
  ok({ type: "success", external_id: id, external_conversation_id: conversation })
const unsigned = (accepts: Defect["accepts"]): Defect => ({ ...(accepts && { accepts }) })
const digest = (request: IncomingMessage, over: string, algorithm = "sha256") =>
  header(request, "x-front-signature") === createHmac(algorithm, secret).update(over).digest("base64")

const defects: [string, string, Defect][] = [
  ["AUTH-01", "answers an authorization with {}", onType("authorization", () => ok({}))],
  [
    "AUTH-02",
    "names a path as webhook_url",
    onType("authorization", () => ok({ type: "success", webhook_url: "/hooks" })),
  ],
  [
    "AUTH-03",
    "names an address where nothing listens",
    onType("authorization", () => ok({ type: "success", webhook_url: "http://127.0.0.1:1/" })),
  ],
  [
    "AUTH-05",
    "refuses unknown fields of an authorization",
    onType("authorization", (body, _, request) =>
      body.new_field ? no() : ok({ type: "success", webhook_url: `http://${request.headers.host}/` }),
    ),
  ],
  [
    "MSG-01",
    "returns no external_conversation_id",
    onType("message", ({ payload }) => ok({ type: "success", external_id: payload.id })),
  ],
  ["MSG-01", "returns a number as external_id", onType("message", () => ids(++numbers))],
  ["MSG-03", "returns ids of 300 characters", onType("message", ({ payload }) => ids(payload.id.padEnd(300, "x")))],
  ["MSG-05", "returns the same id for every message", onType("message", () => ids("same"))],
  [
    "MSG-06",
    "keys on the conversation",
    onType("message", ({ metadata }) => ids(metadata.external_conversation_ids[0] ?? `n${++numbers}`)),
  ],
  ["MSG-07", "sends a copy again", onType("message", () => ids(`n${++numbers}`))],
  [
    "MSG-10",
    "refuses unknown fields of a payload",
    { answer: ({ payload }) => ("new_field" in payload ? no() : undefined) },
  ],
  [
    "MSG-13",
    "needs a conversation id",
    {
      answer: ({ type, metadata }) =>
        type === "message" && metadata.external_conversation_ids.length === 0 ? no() : undefined,
    },
  ],
  [
    "MSG-14",
    "needs the singular conversation id",
    {
      answer: ({ type, metadata }) =>
        type === "message" && !metadata.external_conversation_id && metadata.external_conversation_ids.length
          ? no()
          : undefined,
    },
  ],
  ["MSG-17", "refuses an empty text", { answer: ({ payload }) => (payload.text === "" ? no() : undefined) }],
  [
    "MSG-19",
    "reads the author's name",
    { answer: ({ type, payload }) => (type === "message" && payload.author === null ? no() : undefined) },
  ],
  ["AUTO-01", "does not know automatic replies", onType("message_autoreply", () => no())],
  [
    "AUTO-02",
    "keys automatic replies on an id they do not have",
    onType("message_autoreply", ({ payload }) => ids(`a-${payload.id}`)),
  ],
  ["IMP-01", "does not know message_imported", onType("message_imported", () => no())],
  ["SIG-01", "checks no signature", unsigned(() => true)],
  ["SIG-03", "takes any age", unsigned((request, body) => isSigned(request, body, Number.POSITIVE_INFINITY))],
  [
    "SIG-05",
    "checks only where there is a signature",
    unsigned((request, body) => !request.headers["x-front-signature"] || isSigned(request, body)),
  ],
  [
    "SIG-08",
    "also takes a signature of the body alone",
    unsigned((request, body) => isSigned(request, body) || digest(request, body.toString())),
  ],
  [
    "SIG-09",
    "also takes SHA-1",
    unsigned((request, body) => isSigned(request, body) || digest(request, body.toString(), "sha1")),
  ],
  ["SIG-12", "takes signatures of the last minute only", unsigned((request, body) => isSigned(request, body, 60_000))],
  ["ERR-01", "fails over an unknown type", onType("typing", () => ({ status: 500, body: "oops" }))],
  [
    "ORD-03",
    "looks a copy up, then sends",
    onType("message", async ({ payload }, kept) => {
      const known = kept.get(payload.id)
      if (known) return ok(known)
      await new Promise((resolve) => setTimeout(resolve, 30))
      const said = ids(`n${++numbers}`).body as object
      kept.set(payload.id, said)
      return ok(said)
    }),
  ],
]

test.each(defects)("%s finds a channel that %s", async (id, _, defect) => {
  const report = await check(plain(defect), { only: [id] })
  expect(report.results).toMatchObject([
    { id, result: "fail", detail: expect.stringMatching(/./), fix: expect.stringMatching(/./) },
  ])
  expect(report.results[0]?.evidence.length).toBeGreaterThan(0)
})

test("a channel that is silent past its time is found on a scaled clock", async () => {
  const report = await check(plain(onType("message", () => new Promise(() => {}))), {
    only: ["TIME-03"],
    timeScale: 0.02,
    slowText: (seconds) => `!slow ${seconds}`,
  })
  expect(report.results).toMatchObject([{ id: "TIME-03", result: "fail" }])
})

test("there are more than 60 checks, each with an id of its own, its source and a fix", async () => {
  const { results, counts } = await check(plain())
  expect(results.length).toBeGreaterThanOrEqual(60)
  expect(new Set(results.map(({ id }) => id)).size).toBe(results.length)
  expect(results.filter(({ fix, source }) => fix === "" || source === "")).toEqual([])
  process.stderr.write(`checks: ${results.length}\n`)
  expect(counts.pass + counts.warn + counts.skipped).toBe(results.length)
})

test("a server on another machine is refused unless that is allowed", async () => {
  await expect(checkChannel({ url: "https://hooks.acme.test/", secret })).rejects.toThrow("allowRemote")
})

test("an answer that breaks off, and a server that is not there, fail what asks for an answer and are waited for no longer", async () => {
  const cut = await check(
    (_, response) => {
      response.writeHead(200, { "content-length": "500" })
      response.write('{"type":', () => response.destroy())
    },
    { only: ["AUTH-01"] },
  )
  expect(cut.results).toMatchObject([{ result: "fail", detail: expect.stringContaining("broke off") }])
  const gone = await checkChannel({ url: "http://127.0.0.1:9/hooks", secret })
  expect(gone.results.filter(({ result }) => result === "pass")).toEqual([])
})

test("a channel behind https is checked like any other", async () => {
  const server = createTlsServer({ cert: selfSignedCertificate, key: serverKey }, plain())
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const url = `https://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`
  const report = await checkChannel({ url, secret, only: ["AUTH-01", "ERR-10"] })
  // The certificate is nobody's: what matters is that it was asked over TLS.
  expect(report.results.map(({ detail }) => detail)).toEqual([
    expect.stringMatching(/certificate/),
    expect.stringMatching(/certificate/),
  ])
})

test("the reports name what failed and escape what a channel said", async () => {
  const report = await check(plain(onType("message", () => ({ status: 200, body: "<script>alert(1)</script>" }))), {
    only: ["MSG-01"],
  })
  expect(toJunit(report)).toContain('failures="1"')
  for (const text of [toJunit(report), toHtml(report)]) {
    expect(text).toContain("MSG-01")
    expect(text).not.toContain("<script>")
  }
})
