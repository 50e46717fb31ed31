import { createServer, type RequestListener, type Server } from "node:http"
import type { AddressInfo } from "node:net"
import { getRequestListener } from "@hono/node-server"
import express from "express"
import fastify from "fastify"
import { Hono } from "hono"
import { afterEach, expect, test } from "vitest"
import {
  ChannelError,
  type ChannelErrorCode,
  type ChannelHandler,
  defineChannel,
  errorStatus,
  memoryStore,
  signatureHeader,
  signWebhook,
  timestampHeader,
  toExpress,
  toFastify,
  toHono,
  toNode,
} from "../index.ts"

const secret = "s3cret"
const url = "https://hooks.acme.test/sms"
const open: (() => unknown)[] = []
afterEach(async () => {
  for (const close of open.splice(0)) await close()
})

function signed(
  body: object | string,
  over: { secret?: string; at?: number; method?: string; url?: string } = {},
): Request {
  const text = typeof body === "string" ? body : JSON.stringify(body)
  const at = String(over.at ?? Date.now())
  const headers = { [timestampHeader]: at, [signatureHeader]: signWebhook(over.secret ?? secret, at, text) }
  return new Request(over.url ?? url, { method: over.method ?? "POST", headers, body: text })
}

const message = (id = "msg_1", text = "It ships today.") => ({
  type: "message",
  payload: {
    id,
    type: "custom",
    text,
    body: text,
    recipients: [
      { handle: "acme", role: "from" },
      { handle: "+15550100", role: "to" },
    ],
    attachments: [],
  },
  metadata: { external_conversation_ids: ["sms:+15550100"] },
})

async function answer(channel: ChannelHandler, request: Request) {
  const response = await channel(request)
  return { status: response.status, body: await response.json() }
}

/** A channel whose provider counts what it was given. */
function counting() {
  const sent: string[] = []
  const channel = defineChannel({
    secret,
    onMessage({ id, text }, { conversationIds }) {
      sent.push(text ?? "")
      return { externalId: `sms-${id}`, externalConversationId: conversationIds[0] ?? "new" }
    },
  })
  return { channel, sent }
}

test("a message is handed over with its recipient, and answered with the provider's ids", async () => {
  const { channel, sent } = counting()
  expect(await answer(channel, signed(message()))).toEqual({
    status: 200,
    body: { type: "success", external_id: "sms-msg_1", external_conversation_id: "sms:+15550100" },
  })
  expect(sent).toEqual(["It ships today."])
})

test("an authorization is answered with the address it came to, unless the channel says another", async () => {
  const { channel } = counting()
  const authorization = { type: "authorization", payload: { channel_id: "cha_1" } }
  expect((await answer(channel, signed(authorization))).body).toEqual({ type: "success", webhook_url: url })
  const seen: unknown[] = []
  const own = defineChannel({
    secret,
    onMessage: () => ({ externalId: "1", externalConversationId: "1" }),
    onAuthorize({ channelId }, { credential }) {
      seen.push(channelId, credential)
      return { webhookUrl: `${url}/${channelId}` }
    },
  })
  const request = signed(authorization)
  request.headers.set("authorization", "Bearer key-1")
  expect((await answer(own, request)).body).toEqual({ type: "success", webhook_url: `${url}/cha_1` })
  expect(seen).toEqual(["cha_1", "key-1"])
})

test("what is signed with another secret, stale or changed is refused, and either of two live secrets is taken", async () => {
  const { channel, sent } = counting()
  const changed = signed(message())
  const requests = [
    signed(message(), { secret: "wrong" }),
    signed(message(), { at: Date.now() - 301_000 }),
    new Request(url, { method: "POST", headers: changed.headers, body: JSON.stringify(message("msg_1", "Changed.")) }),
    new Request(url, { method: "POST", body: JSON.stringify(message()) }),
  ]
  for (const request of requests)
    expect(await answer(channel, request)).toMatchObject({ status: 403, body: { type: "forbidden" } })
  expect(sent).toEqual([])
  const rotating = defineChannel({
    secret: ["new", "old"],
    onMessage: () => ({ externalId: "1", externalConversationId: "2" }),
  })
  for (const one of ["new", "old"])
    expect((await answer(rotating, signed(message(), { secret: one }))).status).toBe(200)
  expect(() =>
    defineChannel({ secret: [], onMessage: () => ({ externalId: "", externalConversationId: "" }) }),
  ).toThrow("secret")
})

test("any number of copies of a message are sent once and get the same ids", async () => {
  const { channel, sent } = counting()
  const all = await Promise.all(Array.from({ length: 20 }, () => answer(channel, signed(message()))))
  expect(new Set(all.map((one) => JSON.stringify(one))).size).toBe(1)
  expect(sent).toHaveLength(1)
})

test.each(
  Object.entries(errorStatus),
)("a handler's %s becomes that code with status %i, and a retry is tried again", async (code, status) => {
  let tries = 0
  const channel = defineChannel({
    secret,
    onMessage() {
      if (tries++ === 0) throw new ChannelError(code as ChannelErrorCode, "the reason")
      return { externalId: "1", externalConversationId: "2" }
    },
  })
  expect(await answer(channel, signed(message()))).toEqual({ status, body: { type: code, message: "the reason" } })
  expect((await answer(channel, signed(message()))).status).toBe(200)
})

test("what a handler throws otherwise becomes internal_error without its text, and is reported", async () => {
  const errors: unknown[] = []
  const channel = defineChannel({
    secret,
    onMessage: () => Promise.reject(new Error("password is hunter2")),
    onError: (error) => errors.push(error),
  })
  const { status, body } = await answer(channel, signed(message()))
  expect(status).toBe(500)
  expect(JSON.stringify(body)).not.toContain("hunter2")
  expect(errors).toMatchObject([{ message: "password is hunter2" }])
})

test("a handler that is slow is warned about and answered in time; the retry gets what it brought", async () => {
  const slow: string[] = []
  let finish: () => void = () => {}
  let calls = 0
  const channel = defineChannel({
    secret,
    answerByMs: 60,
    slowAfterMs: 20,
    onSlow: ({ type }) => slow.push(type),
    async onMessage() {
      calls++
      await new Promise<void>((resolve) => (finish = resolve))
      return { externalId: "late", externalConversationId: "thread" }
    },
  })
  expect(await answer(channel, signed(message()))).toMatchObject({ status: 408, body: { type: "request_timeout" } })
  expect(slow).toEqual(["message"])
  const retry = answer(channel, signed(message()))
  finish()
  expect((await retry).body).toMatchObject({ external_id: "late" })
  expect(calls).toBe(1)
})

test("bodies that are no webhook are refused by name, with a 4xx, never a 5xx", async () => {
  const { channel } = counting()
  for (const body of [
    "",
    "{",
    "null",
    "[]",
    '{"type":1}',
    '{"type":"message"}',
    '{"type":"typing","payload":{}}',
    '{"type":"constructor","payload":{}}',
    '{"type":"message","payload":{}}',
    '{"type":"message","payload":{"id":"msg_1"}}',
  ]) {
    expect(await answer(channel, signed(body)), body).toMatchObject({ status: 400, body: { type: "bad_request" } })
  }
  expect((await answer(channel, new Request(url))).status).toBe(405)
})

test("a deletion is taken with a body and without one", async () => {
  const gone: (string | null)[] = []
  const channel = defineChannel({
    secret,
    onMessage: () => ({ externalId: "1", externalConversationId: "2" }),
    onDelete: ({ channelId }) => void gone.push(channelId),
  })
  await answer(channel, signed({ type: "delete", payload: { channel_id: "cha_1" } }, { method: "DELETE" }))
  const at = String(Date.now())
  const headers = { [timestampHeader]: at, [signatureHeader]: signWebhook(secret, at, "undefined") }
  expect((await channel(new Request(url, { method: "DELETE", headers }))).status).toBe(200)
  expect(gone).toEqual(["cha_1", null])
})

test("an automatic reply needs no id, its copy is sent once, and a notice never fails", async () => {
  let replies = 0
  const channel = defineChannel({
    secret,
    onMessage: () => ({ externalId: "1", externalConversationId: "2" }),
    onAutoreply: () => ({ externalId: `auto-${++replies}`, externalConversationId: "2" }),
    onImported: () => Promise.reject(new Error("no disk")),
    onError: () => {},
  })
  const { id: _, ...payload } = message().payload
  const auto = { type: "message_autoreply", payload }
  expect(await answer(channel, signed(auto))).toMatchObject({ body: { external_id: "auto-1" } })
  expect(await answer(channel, signed(auto))).toMatchObject({ body: { external_id: "auto-1" } })
  expect((await answer(channel, signed({ ...message(), type: "message_imported" }))).status).toBe(200)
})

test("the store in memory forgets the oldest, and never what still runs", async () => {
  const store = memoryStore({ entriesMax: 2 })
  await store.claim("running")
  for (const key of ["a", "b", "c"]) {
    await store.claim(key)
    await store.finish(key, { externalId: key, externalConversationId: "t" })
  }
  expect(await store.claim("running")).toEqual({ state: "running" })
  expect(await store.claim("a")).toEqual({ state: "claimed" })
  expect(await store.claim("c")).toMatchObject({ state: "done", externalId: "c" })
})

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  open.push(() => {
    server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`
}

const servers: Record<string, (channel: ChannelHandler) => Promise<string>> = {
  "node:http": (channel) => listen(createServer(toNode(channel))),
  Express: (channel) => listen(createServer(express().use("/hooks", toExpress(channel)).use(express.json()))),
  "Express after its raw parser": (channel) =>
    listen(
      createServer(
        express()
          .use(express.raw({ type: () => true }))
          .use("/hooks", toExpress(channel)),
      ),
    ),
  async Fastify(channel) {
    const app = fastify()
    app.register(toFastify(channel, { url: "/hooks" }))
    await app.listen({ port: 0, host: "127.0.0.1" })
    open.push(() => app.close())
    return `http://127.0.0.1:${(app.server.address() as AddressInfo).port}/hooks`
  },
  Hono: (channel) =>
    listen(createServer(getRequestListener(new Hono().all("/hooks", toHono(channel)).fetch) as RequestListener)),
}

test.each(
  Object.entries(servers),
)("under %s a channel checks the very bytes, answers at its address and takes deletions", async (_, start) => {
  const { channel } = counting()
  const at = await start(channel)
  const go = async (body: object | string, method = "POST") => {
    const request = signed(body, { method })
    const headers = { ...Object.fromEntries(request.headers), "content-type": "application/json" }
    const response = await fetch(at, { method, headers, body: await request.text() })
    return { status: response.status, body: await response.json() }
  }
  expect((await go({ type: "authorization", payload: { channel_id: "cha_1" } })).body).toEqual({
    type: "success",
    webhook_url: at,
  })
  // Neither the order of keys nor the white space survives a parser.
  const odd = ` ${JSON.stringify(message("msg_ü", "Grüße 🌉")).replaceAll(":", " : ")}`
  expect(await go(odd)).toMatchObject({ status: 200, body: { external_id: "sms-msg_ü" } })
  expect((await go({ type: "delete", payload: { channel_id: "cha_1" } }, "DELETE")).status).toBe(200)
  expect((await go({ type: "typing", payload: {} })).status).toBe(400)
})

test("mounted behind another parser of bodies, Express is told what is wrong", async () => {
  const { channel } = counting()
  const app = express().use(express.json()).use("/hooks", toExpress(channel))
  const at = await listen(createServer(app))
  const headers = { "content-type": "application/json" }
  const response = await fetch(at, { method: "POST", headers, body: "{}" })
  expect(response.status).toBe(500)
  expect(await response.text()).toContain("before express.json()")
})
