import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { verifyWebhook } from "@causeway/contract/signature"

/** A request as the partner got it. */
export interface Received {
  method: string
  path: string
  headers: IncomingMessage["headers"]
  raw: Buffer
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  body: any
  at: number
  /** Whether the signature holds over the raw bytes. */
  verified: boolean
}

/** What the partner does with a request: answer, say nothing, close at once, or close in the middle of the status line. */
export type Script =
  | { status?: number; body?: unknown; headers?: Record<string, string>; delayMs?: number }
  | "silence"
  | "reset"
  | "cut"
  | ((request: Received) => Script)

/** A partner's server, scripted. Webhooks other than `message` are answered well whatever the script says, unless it is a function. */
export interface FakePartner {
  url: string
  secret: string
  received: Received[]
  /** The answers to `message` and `message_autoreply` from now on, one each; the last one stays. None: success with new ids. */
  answers(...script: Script[]): void
  close(): Promise<void>
}

let ids = 0

export async function fakePartner(): Promise<FakePartner> {
  let script: Script[] = []
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    const got = await read(request, partner.secret)
    received.push(got)
    const isSend = got.body?.type === "message" || got.body?.type === "message_autoreply"
    const step =
      isSend || typeof script[0] === "function"
        ? ((script.length > 1 ? script.shift() : script[0]) ?? success(got))
        : byDefault(got)
    play(typeof step === "function" ? step(got) : step, request, response)
  })
  server.keepAliveTimeout = 0
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const partner: FakePartner = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    secret: "",
    received,
    answers(...next) {
      script = next
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  return partner
}

async function read(request: IncomingMessage, secret: string): Promise<Received> {
  const pieces: Buffer[] = []
  for await (const piece of request as AsyncIterable<Buffer>) pieces.push(piece)
  const raw = Buffer.concat(pieces)
  const verified = verifyWebhook(secret, {
    signature: String(request.headers["x-front-signature"] ?? ""),
    timestamp: String(request.headers["x-front-request-timestamp"] ?? ""),
    body: raw,
  })
  return {
    method: request.method ?? "",
    path: request.url ?? "",
    headers: request.headers,
    raw,
    body: parse(raw.toString()),
    at: Date.now(),
    verified,
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

const success = (_request: Received): Script => ({
  body: { type: "success", external_id: `partner-${++ids}`, external_conversation_id: `partner-thread-${ids}` },
})

function byDefault(request: Received): Script {
  const challenge = request.headers["x-front-challenge"]
  if (challenge !== undefined) return { body: { challenge } }
  if (request.body?.type === "authorization")
    return { body: { type: "success", webhook_url: `http://${request.headers.host}/instance` } }
  return request.method === "DELETE" ? { body: "OK" } : { body: {} }
}

function play(script: Script, request: IncomingMessage, response: ServerResponse): void {
  if (script === "silence" || typeof script === "function") return
  if (script === "reset") return void request.socket.resetAndDestroy()
  if (script === "cut") {
    request.socket.end("HTTP/1.1 2")
    return
  }
  setTimeout(() => {
    const isText = typeof script.body === "string"
    response.writeHead(script.status ?? 200, {
      "content-type": isText ? "text/plain" : "application/json",
      ...script.headers,
    })
    response.end(isText ? (script.body as string) : JSON.stringify(script.body ?? {}))
  }, script.delayMs ?? 0)
}
