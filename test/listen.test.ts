import { once } from "node:events"
import { createServer, type IncomingMessage } from "node:http"
import { type AddressInfo, connect, createServer as createTcpServer, type Socket } from "node:net"
import { verifyWebhook } from "@causeway/contract/signature"
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest"
import { openTerminal, type Ran, type Terminal } from "./cli-world.ts"
import { seeded } from "./seeded.ts"
import { type Story, startStory, unique } from "./story.ts"

let story: Story
let terminal: Terminal

vi.setConfig({ testTimeout: 60_000 })
const patience = { timeout: 30_000 }

beforeAll(async () => {
  story = await startStory({ heldClock: false })
  terminal = await openTerminal({ CAUSEWAY_TOKEN: story.apiToken })
})
const open: (() => unknown)[] = []
afterEach(async () => {
  for (const end of open.splice(0)) await end()
})
afterAll(() => story.close())

interface LocalServer {
  url: string
  /** Webhooks in the order they came: `message msg_1`. */
  handled: string[]
  refused: number
  close(): Promise<void>
}

/** A channel's server that keeps no memory: what it is handed twice it counts twice. */
async function startLocalServer(delayMs = 0): Promise<LocalServer> {
  const local: LocalServer = { url: "", handled: [], refused: 0, close: async () => {} }
  const server = createServer(async (request, response) => {
    const body = await read(request)
    const signed = {
      signature: request.headers["x-front-signature"] as string,
      timestamp: request.headers["x-front-request-timestamp"] as string,
      body,
    }
    if (!verifyWebhook(story.app.secret, signed)) local.refused++
    const { type, payload } = JSON.parse(body.toString())
    local.handled.push(`${type} ${payload.id ?? payload.channel_id}`)
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs))
    const said =
      type === "message" ? { external_id: `x-${payload.id}`, external_conversation_id: `t-${payload.id}` } : {}
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ type: "success", ...said }))
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  local.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`
  local.close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return local
}

/** What was handled of these: what an earlier test left behind may come too. */
const among = ({ handled }: LocalServer, expected: readonly string[]): string[] =>
  handled.filter((one) => expected.includes(one)).toSorted()

async function read(request: IncomingMessage): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** A wire between the program and the server that can be cut, at either end. */
async function startWire(target: URL) {
  const pairs = new Set<[Socket, Socket]>()
  const server = createTcpServer((inner) => {
    const outer = connect(Number(target.port), target.hostname)
    const pair: [Socket, Socket] = [inner, outer]
    pairs.add(pair)
    inner.pipe(outer).pipe(inner)
    for (const socket of pair)
      socket
        .on("error", () => {})
        .on("close", () => {
          pairs.delete(pair)
          for (const one of pair) one.destroy()
        })
  })
  server.listen(0, "127.0.0.1")
  await once(server, "listening")
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut(end: 0 | 1) {
      for (const pair of pairs) pair[end].resetAndDestroy()
    },
    close() {
      server.close()
      for (const pair of pairs) for (const socket of pair) socket.destroy()
    },
  }
}

/** Types `causeway listen` and resolves when it says that it is live. */
async function startListening(url: string, forwardTo: string, options = "") {
  const interrupted = new AbortController()
  const { promise: live, resolve } = Promise.withResolvers<void>()
  // biome-ignore lint/suspicious/noExplicitAny: lines of every shape
  const lines: any[] = []
  const ended = terminal.type(
    `causeway listen --url ${url} --app ${story.app.uid} --forward-to ${forwardTo} --json ${options}`,
    {
      signal: interrupted.signal,
      onOut(text) {
        lines.push(JSON.parse(text))
        if (lines.at(-1).state === "live") resolve()
      },
    },
  )
  open.push(() => {
    interrupted.abort()
    return ended
  })
  await Promise.race([live, ended.then((ran) => Promise.reject(new Error(ran.err)))])
  return {
    lines,
    async stop(): Promise<Ran> {
      interrupted.abort()
      return await ended
    },
  }
}

const deliveries = async (query = "") =>
  (await story.call("GET", `/causeway/deliveries?limit=100${query}`, { token: story.apiToken })).body.deliveries

/** A customer's message, and a reply to it; both are told to the channel. */
async function exchangeWords(): Promise<string[]> {
  const accepted = await story.customerWrites("Is my order late?", {
    metadata: { external_id: unique("ext"), external_conversation_id: unique("t") },
  })
  const message = (await story.message(accepted)).body
  const conversation = message._links.related.conversation.split("/").at(-1)
  const reply = await story.call("POST", `/conversations/${conversation}/messages`, {
    token: story.apiToken,
    json: { body: "It ships today." },
  })
  const sent = (await story.call("GET", `/messages/alt:uid:${reply.body.message_uid}`, { token: story.apiToken })).body
  return [`message_imported ${message.id}`, `message ${sent.id}`]
}

test("webhooks reach a server that nobody can reach, signed as ever, and its answer is the delivery's answer", async () => {
  const local = await startLocalServer()
  const called = story.partner.received.length
  const listening = await startListening(story.server.url, local.url)
  const expected = await exchangeWords()
  await expect.poll(() => among(local, expected), patience).toEqual(expected.toSorted())
  const id = expected[1]?.split(" ")[1]
  await expect
    .poll(
      async () =>
        (await story.call("GET", `/messages/${id}`, { token: story.channelToken() })).body.metadata.external_id,
      patience,
    )
    .toBe(`x-${id}`)
  const [delivery] = await deliveries(`&message_id=${id}`)
  expect(delivery).toMatchObject({
    status: "sent",
    attempts: [
      { outcome: "answered", response: { status: 200 }, warnings: ["a listener carried it instead of the address"] },
    ],
  })
  const connected = await story.call("POST", `/inboxes/${story.inboxId}/channels`, {
    token: story.apiToken,
    json: { type: "custom", name: "Local", application_uid: story.app.uid },
  })
  expect(connected.status, connected.text).toBe(204)
  expect(local.handled.at(-1)).toMatch(/^authorization cha_/)
  expect(local.refused).toBe(0)
  expect(story.partner.received.length).toBe(called)

  const second = await terminal.type(`causeway listen --url ${story.server.url} --app ${story.app.uid}`)
  expect(second).toMatchObject({ code: 1 })
  expect(second.err).toMatch(/listens to this app already[\s\S]*Fix: .*--take-over/)

  expect(await listening.stop()).toMatchObject({ code: 0 })
  await exchangeWords()
  await expect.poll(() => story.partner.received.length, patience).toBeGreaterThanOrEqual(called + 2)
  await local.close()
})

test("a reply that the local server refuses is failed, and one it cannot be given waits for another try", async () => {
  const local = await startLocalServer()
  const listening = await startListening(story.server.url, local.url)
  await local.close()
  const [, reply] = await exchangeWords()
  const id = reply?.split(" ")[1]
  await expect
    .poll(async () => (await deliveries(`&message_id=${id}`))[0]?.reason, patience)
    .toMatch(/the server behind the listener refused the connection/)
  expect(listening.lines.some(({ said }) => said === "connection_refused")).toBe(true)
  await listening.stop()
})

test("a listener that is away keeps what comes, and another takes over where it stopped", async () => {
  const local = await startLocalServer()
  const opened = await story.call("POST", `/causeway/apps/${story.app.uid}/listener`, {
    token: story.apiToken,
    json: { name: "Mia" },
  })
  expect(opened.status).toBe(201)
  const expected = await exchangeWords()
  await expect
    .poll(
      async () => (await deliveries()).filter(({ status }: { status: string }) => status === "sending").length,
      patience,
    )
    .toBeGreaterThanOrEqual(2)
  const listening = await startListening(story.server.url, local.url, "--take-over")
  await expect.poll(() => among(local, expected), patience).toEqual(expected.toSorted())
  const late = await story.call("POST", `/causeway/listeners/${opened.body.listener_id}/next`, {
    token: story.apiToken,
    json: { turn: 1 },
  })
  expect(late.status).toBe(404)
  await listening.stop()
  await local.close()
})

test("cut wires at either end lose nothing and repeat nothing", { timeout: 300_000 }, async () => {
  const cuts = process.env.CAUSEWAY_FULL ? 200 : 12
  const local = await startLocalServer(15)
  const wire = await startWire(new URL(story.server.url))
  const listening = await startListening(wire.url, local.url)
  const random = seeded(7)
  const expected: string[] = []
  for (let i = 0; i < cuts; i++) {
    const writing = [exchangeWords(), exchangeWords()]
    // Not at any quiet moment: while webhooks are on their way in one direction or the other.
    await new Promise((resolve) => setTimeout(resolve, random() * 60))
    wire.cut(random() < 0.5 ? 0 : 1)
    for (const words of await Promise.all(writing)) expected.push(...words)
  }
  const handled = () => among(local, expected)
  await expect.poll(() => new Set(handled()).size, patience).toBe(expected.length)
  expect(await listening.stop()).toMatchObject({ code: 0 })
  expect(handled()).toEqual(expected.toSorted())
  expect(local.refused).toBe(0)
  const states = listening.lines.flatMap(({ state }) => state ?? [])
  expect(states.filter((state) => state === "lost").length).toBeGreaterThan(0)
  const newest = async (): Promise<string[]> =>
    (await deliveries())
      .slice(0, 20)
      .map((one: { status: string; attempts: unknown[] }) => `${one.status} ${one.attempts.length}`)
  await expect.poll(async () => new Set(await newest()), patience).toEqual(new Set(["sent 1"]))
  process.stderr.write(`listen: ${cuts} cuts, ${expected.length} webhooks, each handled once\n`)
  wire.close()
  await local.close()
})

test("a server that is cut off, ends and comes back is listened to again, with nothing lost and nothing repeated", async () => {
  const local = await startLocalServer()
  const wire = await startWire(new URL(story.server.url))
  const listening = await startListening(wire.url, local.url)
  const before = await exchangeWords()
  wire.cut(1)
  await story.restart()
  const expected = [...before, ...(await exchangeWords())]
  await expect.poll(() => among(local, expected), patience).toEqual(expected.toSorted())
  const states = () => listening.lines.flatMap(({ state }) => state ?? [])
  await expect.poll(() => states().at(-1), patience).toBe("live")
  expect(states()).toContain("lost")
  expect(await listening.stop()).toMatchObject({ code: 0 })
  expect(among(local, expected)).toEqual(expected.toSorted())
  wire.close()
  await local.close()
})

test("the same turn asked for twice gets the same webhooks, and an older or newer one is refused", async () => {
  const token = story.apiToken
  const opened = await story.call("POST", `/causeway/apps/${story.app.uid}/listener`, { token, json: {} })
  const next = (turn: number) =>
    story.call("POST", `/causeway/listeners/${opened.body.listener_id}/next`, {
      token,
      json: { turn, wait_seconds: 5 },
    })
  await exchangeWords()
  const first = await next(1)
  expect(first.body.turn).toBe(1)
  expect((await next(1)).body).toEqual(first.body)
  expect((await next(3)).status).toBe(400)
  const answer = { relay_id: first.body.webhooks[0].id, status: 200, body: "{}" }
  const say = () =>
    story.call("POST", `/causeway/listeners/${opened.body.listener_id}/answers`, { token, json: answer })
  expect((await say()).body).toEqual({ kept: true })
  expect((await story.call("DELETE", `/causeway/listeners/${opened.body.listener_id}`, { token })).status).toBe(204)
  expect((await next(2)).status).toBe(404)
})
