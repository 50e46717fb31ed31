import { createServer } from "node:http"
import type { Socket } from "node:net"
import { afterEach, describe, expect, test } from "vitest"
import { closeAll, dialerWith, httpServer, knowing, listening, post, rawServer, send } from "./dialer.story.ts"

afterEach(closeAll)

describe("a request", () => {
  test("arrives byte for byte with its length, over a connection of its own, also as DELETE", async () => {
    const seen: unknown[] = []
    const port = await httpServer(async (request, response) => {
      let body = ""
      for await (const piece of request.setEncoding("utf8")) body += piece
      const { host, connection, "content-length": length, "transfer-encoding": encoding } = request.headers
      seen.push({ method: request.method, path: request.url, host, connection, length, encoding, body })
      response.end("ok")
    })
    const dialer = dialerWith()
    const body = JSON.stringify({ text: "Zürich — 東京 🎉" })
    for (const method of ["POST", "DELETE"]) {
      const { outcome } = await dialer.start(
        { ...post(`http://localhost:${port}/hooks?a=1`, body), method },
        { limitMs: 5_000 },
      ).report
      expect(outcome).toMatchObject({ kind: "answered", status: 200, body: "ok", cut: null })
    }
    const expected = {
      path: "/hooks?a=1",
      host: `localhost:${port}`,
      connection: "close",
      length: String(Buffer.byteLength(body)),
      encoding: undefined,
      body,
    }
    expect(seen).toEqual([
      { method: "POST", ...expected },
      { method: "DELETE", ...expected },
    ])
  })

  test("that may be repeated leaves over a connection that is open already", async () => {
    let connections = 0
    const server = createServer((_request, response) => response.end("ok")).on("connection", () => connections++)
    const url = `http://127.0.0.1:${await listening(server)}/`
    const dialer = dialerWith()
    for (let i = 0; i < 6; i++)
      expect((await dialer.start(post(url), { limitMs: 5_000, keepAlive: true }).report).outcome).toMatchObject({
        status: 200,
      })
    expect(connections).toBe(1)
  })

  test("tells how long each phase took and which address it went to", async () => {
    const port = await httpServer((_request, response) => response.end("ok"))
    const { timing, address } = await send(`http://127.0.0.1:${port}/`)
    expect(address).toBe("127.0.0.1")
    expect(Object.keys(timing).sort()).toEqual(["connect", "dns", "firstByte", "sent", "total"])
    expect(Object.values(timing).every((ms) => ms >= 0 && ms < 5_000)).toBe(true)
  })
})

describe("an answer", () => {
  test("that redirects is not followed", async () => {
    let requests = 0
    const port = await httpServer((_request, response) => {
      requests++
      response.writeHead(302, { location: "/elsewhere" }).end()
    })
    expect((await send(`http://127.0.0.1:${port}/`)).outcome).toMatchObject({ status: 302 })
    expect(requests).toBe(1)
  })

  test("that never ends in size is read to 64 KiB and cut", async () => {
    const port = await httpServer((_request, response) => {
      const pour = () => {
        while (response.write("x".repeat(16 * 1024)));
      }
      response.on("drain", pour)
      pour()
    })
    const { outcome } = await send(`http://127.0.0.1:${port}/`)
    expect({ ...outcome, body: "body" in outcome && outcome.body.length }).toMatchObject({
      status: 200,
      cut: "size",
      body: 64 * 1024,
    })
  })

  test("that never ends in time is cut at the limit", async () => {
    const port = await httpServer((_request, response) => void response.writeHead(201).write("begun"))
    expect((await send(`http://127.0.0.1:${port}/`, {}, 200)).outcome).toMatchObject({
      status: 201,
      cut: "time",
      body: "begun",
    })
  })

  test("that breaks off in its body keeps its status", async () => {
    const port = await rawServer((socket) =>
      socket.once("data", () => socket.end("HTTP/1.1 500 Oops\r\ncontent-length: 100\r\n\r\nsorr")),
    )
    expect((await send(`http://127.0.0.1:${port}/`)).outcome).toMatchObject({
      status: 500,
      cut: "broken",
      body: "sorr",
    })
  })

  test("may name a header __proto__ and hold bytes that are no text", async () => {
    const port = await rawServer((socket) =>
      socket.once("data", () =>
        socket.end(Buffer.from("HTTP/1.1 200 OK\r\n__proto__: x\r\ncontent-length: 2\r\n\r\n\xff\0", "latin1")),
      ),
    )
    expect((await send(`http://127.0.0.1:${port}/`)).outcome).toMatchObject({ status: 200, body: "\ufffd\0" })
    expect({}).not.toHaveProperty("x")
  })
})

test.each([
  false,
  true,
])("a request that must not be written any more once there is a connection is not (kept alive: %s)", async (keepAlive) => {
  let bytes = 0
  const port = await rawServer((socket) => socket.on("data", (chunk) => (bytes += chunk.length)))
  const exchange = dialerWith().start(post(`http://127.0.0.1:${port}/`), {
    limitMs: 5_000,
    keepAlive,
    mayWrite: () => false,
  })
  expect((await exchange.report).outcome).toMatchObject({ kind: "fault", code: "interrupted", written: false })
  expect(bytes).toBe(0)
})

describe("after the first byte, a fault says that something was written:", () => {
  test.each([
    ["silence is a timeout", (_socket: Socket) => {}, "timeout"],
    ["a reset is one", (socket: Socket) => socket.once("data", () => socket.resetAndDestroy()), "connection_reset"],
    [
      "closing without an answer is a reset",
      (socket: Socket) => socket.once("data", () => socket.end()),
      "connection_reset",
    ],
    [
      "half a status line is a reset",
      (socket: Socket) => socket.once("data", () => socket.end("HTTP/1.1 2")),
      "connection_reset",
    ],
    [
      "what is not HTTP is a bad answer",
      (socket: Socket) => socket.once("data", () => socket.end("SSH-2.0-OpenSSH\r\n")),
      "bad_answer",
    ],
  ] as const)("%s", async (_what, play, code) => {
    const port = await rawServer(play)
    expect((await send(`http://127.0.0.1:${port}/`, {}, 300)).outcome).toMatchObject({
      kind: "fault",
      code,
      written: true,
    })
  })
})

describe("nothing is written", () => {
  const unwritten = (code: string, reason: RegExp) => ({
    kind: "fault",
    code,
    written: false,
    reason: expect.stringMatching(reason),
  })

  test("when nobody listens", async () => {
    const port = await httpServer(() => {})
    await closeAll()
    const refused = unwritten("connection_refused", /^127\.0\.0\.1 refused the connection on port \d+$/)
    expect((await send(`http://127.0.0.1:${port}/`)).outcome).toMatchObject(refused)
    const kept = dialerWith().start(post(`http://127.0.0.1:${port}/`), { limitMs: 5_000, keepAlive: true })
    expect((await kept.report).outcome).toMatchObject(refused)
  })

  test("when the name does not exist, its server fails, or does not answer in time", async () => {
    const names = knowing({ "broken.test": "ESERVFAIL", "slow.test": "slow" })
    expect((await send("https://nowhere.test/", names)).outcome).toMatchObject(
      unwritten("name_not_found", /^the name nowhere\.test does not exist$/),
    )
    expect((await send("https://broken.test/", names)).outcome).toMatchObject(
      unwritten("name_failed", /name server failed$/),
    )
    expect((await send("https://slow.test/", names)).outcome).toMatchObject(
      unwritten("name_failed", /did not answer within 0\.1 s$/),
    )
  })

  test.each([
    ["http://127.0.0.1/", "loopback"],
    ["http://localhost/", "loopback"],
    ["http://2130706433/", "loopback"],
    ["http://0x7f.1/", "loopback"],
    ["http://[::ffff:127.0.0.1]/", "loopback"],
    ["http://10.0.0.1/", "private"],
    ["http://169.254.169.254/latest/meta-data/", "forbidden"],
    ["http://[::ffff:169.254.169.254]/", "forbidden"],
    ["http://inside.test/", "private"],
  ])("to %s, a %s address, unless that is allowed", async (url, kind) => {
    const outcome = (await send(url, { allowLoopback: false, ...knowing({ "inside.test": ["192.168.0.7"] }) })).outcome
    expect(outcome).toMatchObject(unwritten("address_blocked", new RegExp(`is at a ${kind} address`)))
  })

  test.each([
    "ftp://acme.test/",
    "https://user:pass@acme.test/",
    "not a url",
    "https://acme.test:0/",
    `https://${"x".repeat(2000)}/`,
  ])("to what is no web address (%#)", async (url) => {
    expect((await send(url)).outcome).toMatchObject({ kind: "fault", code: "invalid_url", written: false })
  })

  test("after it was given up", async () => {
    const exchange = dialerWith(knowing({ "slow.test": "slow" })).start(post("http://slow.test/"), { limitMs: 5_000 })
    exchange.abort()
    expect((await exchange.report).outcome).toMatchObject({ code: "aborted", written: false })
  })
})
