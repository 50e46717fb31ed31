import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { gzipSync } from "node:zlib"
import { openLedger, type Seen } from "./ledger.ts"
import { seeded } from "./seeded.ts"
import type { Behaviour, Order } from "./sink.ts"

const [path = "", partners = "1", seed = "1"] = process.argv.slice(2)
const ledger = openLedger<Seen>(path)
const random = seeded(Number(seed))
const behaviours: { is: Behaviour; delayMs: number }[] = []
const bomb = gzipSync(Buffer.alloc(32 * 1024 * 1024, "a"))
let calls = 0

const misfortunes: readonly Behaviour[] = [
  "reset",
  "cut",
  "close",
  { status: 500 },
  { status: 400 },
  { status: 503 },
  { status: 429, headers: { "retry-after": "1" } },
]

function chosen(behaviour: Behaviour): Behaviour {
  if (behaviour !== "mixed") return behaviour
  return random() < 0.9 ? "accept" : (misfortunes[Math.floor(random() * misfortunes.length)] as Behaviour)
}

async function serve(partner: number, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const pieces: Buffer[] = []
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece)
  const body = JSON.parse(Buffer.concat(pieces).toString() || "{}")
  const call = ++calls
  const payload = body.payload ?? {}
  const key = body.type === "message" ? String(payload.text).trim() : String(payload.metadata?.external_id ?? "")
  const conversation = String(payload._links?.related?.conversation ?? "")
    .split("/")
    .at(-1) as string
  ledger.write({ kind: "arrived", call, partner, type: String(body.type), key, conversation, at: Date.now() })
  const { is, delayMs } = behaviours[partner] as (typeof behaviours)[number]
  const isConversation = body.type === "message" || body.type === "message_imported"
  const behaviour = isConversation ? chosen(is) : "accept"
  if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs))
  play(behaviour, call, request, response)
}

function play(behaviour: Behaviour, call: number, request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request
  if (behaviour === "hang") return
  if (behaviour === "reset") return void socket.resetAndDestroy()
  if (behaviour === "close") return void socket.end()
  if (behaviour === "cut") return void socket.end("HTTP/1.1 2")
  if (behaviour === "drip") return void repeat(() => socket.write("H"), 1_000, request)
  if (behaviour === "headers") {
    socket.write("HTTP/1.1 200 OK\r\n")
    return void repeat(() => socket.write(`x-${Date.now()}: ${"y".repeat(1_000)}\r\n`), 10, request)
  }
  const status = typeof behaviour === "object" ? behaviour.status : 200
  ledger.write({ kind: "answered", call, status, at: Date.now() })
  if (behaviour === "body") {
    response.writeHead(200, { "content-type": "application/json" })
    return void repeat(() => response.write("z".repeat(8_192)), 10, request)
  }
  if (behaviour === "bomb") {
    response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" })
    return void response.end(bomb)
  }
  response.writeHead(status, {
    "content-type": "application/json",
    ...(typeof behaviour === "object" && behaviour.headers),
  })
  const ids = { external_id: `partner-${seed}-${call}`, external_conversation_id: "" }
  response.end(JSON.stringify(status === 200 ? { type: "success", ...ids } : { message: `answered ${status}` }))
}

/** Until the other side is gone, and not for ever. */
function repeat(write: () => void, everyMs: number, request: IncomingMessage): void {
  const timer = setInterval(write, everyMs)
  const stop = () => clearInterval(timer)
  setTimeout(stop, 60_000).unref()
  request.socket.on("close", stop).on("error", stop)
}

const urls = await Promise.all(
  Array.from({ length: Number(partners) }, async (_, partner) => {
    behaviours[partner] = { is: "accept", delayMs: 0 }
    const server = createServer((request, response) => {
      serve(partner, request, response).catch(() => request.socket.destroy())
    })
    server.keepAliveTimeout = 60_000
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  }),
)
process.on("message", ({ partner, behaviour, delayMs = 0 }: Order) => {
  for (const i of partner === "all" ? urls.keys() : [partner]) behaviours[i] = { is: behaviour, delayMs }
  process.send?.("done")
})
process.on("disconnect", () => process.exit(0))
process.send?.(urls)
