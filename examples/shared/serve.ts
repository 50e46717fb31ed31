import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"

/** One request and what the route's pattern found in its path. */
export interface Call {
  request: IncomingMessage
  response: ServerResponse
  url: URL
  /** The groups of the pattern, decoded. */
  params: string[]
}

/** What is answered; a body that is an object goes out as JSON. */
export interface Answer {
  status?: number
  headers?: Record<string, string>
  body?: string | Uint8Array | object
}

/** Answers by what it returns; nothing where it has answered by itself. */
export type Route = readonly [
  method: string,
  path: RegExp,
  handle: (call: Call) => Answer | undefined | Promise<Answer | undefined>,
]

/** The request cannot be served; its message goes to the caller. */
export class Refusal extends Error {
  readonly status: number
  readonly headers: Record<string, string>

  constructor(status: number, message: string, headers: Record<string, string> = {}) {
    super(message)
    this.status = status
    this.headers = headers
  }
}

export interface Served {
  /** Origin, without a trailing slash. */
  url: string
  close(): Promise<void>
}

/** Listens on 127.0.0.1; a proxy with TLS stands before it in production. Rejects when the port is taken. */
export async function serve(
  routes: readonly Route[],
  { port, onError }: { port: number; onError?: (error: Error) => void },
): Promise<Served> {
  const server = createServer((request, response) => {
    answer(routes, request, response).catch((error: Error) => {
      const refusal = error instanceof Refusal ? error : new Refusal(500, "something broke here; the log says what")
      if (refusal !== error) (onError ?? ((e) => console.error(e)))(error)
      if (response.headersSent || response.destroyed) return void response.destroy()
      send(response, { status: refusal.status, headers: refusal.headers, body: { error: refusal.message } })
    })
  })
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

async function answer(routes: readonly Route[], request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = URL.parse(request.url ?? "/", "http://localhost")
  if (url === null) throw new Refusal(400, "the address cannot be read")
  for (const [method, path, handle] of routes) {
    const found = path.exec(url.pathname)
    if (found === null || (method !== "*" && method !== request.method)) continue
    const said = await handle({ request, response, url, params: found.slice(1).map(decode) })
    if (said !== undefined) send(response, said)
    return
  }
  throw new Refusal(404, "there is nothing here")
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    throw new Refusal(400, "the address cannot be read")
  }
}

function send(response: ServerResponse, { status = 200, headers = {}, body = "" }: Answer): void {
  const isPlain = typeof body === "string" || body instanceof Uint8Array
  const bytes = isPlain ? Buffer.from(body as string) : Buffer.from(JSON.stringify(body))
  const type = isPlain ? "text/plain; charset=utf-8" : "application/json"
  response.writeHead(status, {
    "content-type": type,
    "content-length": String(bytes.length),
    "x-content-type-options": "nosniff",
    ...headers,
  })
  response.end(bytes)
}

/** The exact bytes. Throws 413 when there are more than `bytesMax`. */
export async function readBytes(request: IncomingMessage, bytesMax: number): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length
    // Read to its end all the same: whoever still sends would not hear the answer.
    if (length <= bytesMax) chunks.push(chunk)
    else if (length > 4 * bytesMax) request.destroy()
  }
  if (length > bytesMax) throw new Refusal(413, `more than ${bytesMax} bytes`)
  return Buffer.concat(chunks)
}

/** A JSON object. Throws 400 or 413. */
export async function readJson(request: IncomingMessage, bytesMax = 64 * 1024): Promise<Record<string, unknown>> {
  return asJson(await readBytes(request, bytesMax))
}

export function asJson(bytes: Uint8Array): Record<string, unknown> {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes))
  } catch {
    throw new Refusal(400, "the body is not JSON")
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new Refusal(400, "the body must be an object")
  }
  return value as Record<string, unknown>
}

/** Server-sent events to whoever listens on a topic. */
export interface Feed {
  /** Answers the request and keeps it open. Throws 429 when `listenersMax` listen already. */
  open(call: Call, topic: string): void
  tell(topic: string, event: object): void
  /** How many listen, to anything. */
  listeners(): number
  close(): void
}

const keepAliveMs = 20_000
const unreadBytesMax = 1024 * 1024

export function createFeed({ listenersMax = 2000, perTopicMax = 20 } = {}): Feed {
  const topics = new Map<string, Set<ServerResponse>>()
  let open = 0
  const timer = setInterval(() => {
    for (const listeners of topics.values()) for (const response of listeners) response.write(":\n\n")
  }, keepAliveMs).unref()
  return {
    open({ response }, topic) {
      const listeners = topics.get(topic) ?? new Set()
      if (open >= listenersMax || listeners.size >= perTopicMax) {
        throw new Refusal(429, "too many pages listen already", { "retry-after": "10" })
      }
      topics.set(topic, listeners.add(response))
      open++
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" })
      response.write("retry: 1000\n\n")
      response.on("close", () => {
        open--
        listeners.delete(response)
        if (listeners.size === 0 && topics.get(topic) === listeners) topics.delete(topic)
      })
    },
    tell(topic, event) {
      for (const response of topics.get(topic) ?? []) {
        // Who does not read connects again and asks for what is new.
        if (response.writableLength > unreadBytesMax) response.destroy()
        else response.write(`data: ${JSON.stringify(event)}\n\n`)
      }
    },
    listeners: () => open,
    close() {
      clearInterval(timer)
      for (const listeners of topics.values()) for (const response of listeners) response.end()
    },
  }
}
