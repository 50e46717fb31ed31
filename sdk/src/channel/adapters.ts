import type { IncomingMessage, ServerResponse } from "node:http"
import type { ChannelHandler } from "./define.ts"

export interface AdapterOptions {
  /** The origin that the outside knows this server by, `https://hooks.example.com`. Default: http and the Host header. */
  origin?: string
}

/** What Express puts on its requests beside node's own fields. */
interface ExpressRequest extends IncomingMessage {
  originalUrl?: string
  body?: unknown
}

interface FastifyRequest {
  raw: IncomingMessage
  body?: unknown
}
interface FastifyReply {
  hijack(): unknown
  raw: ServerResponse
}
interface FastifyInstance {
  removeAllContentTypeParsers(): void
  addContentTypeParser(
    type: "*",
    options: { parseAs: "buffer" },
    parse: (request: unknown, body: Buffer, done: (error: null, body: Buffer) => void) => void,
  ): unknown
  route(route: {
    method: ("POST" | "DELETE")[]
    url: string
    handler(request: FastifyRequest, reply: FastifyReply): Promise<void>
  }): unknown
}

/** For `http.createServer(toNode(channel))`. */
export function toNode(
  handler: ChannelHandler,
  options: AdapterOptions = {},
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => void serve(handler, options, request, response)
}

/**
 * For `app.use("/hooks", toExpress(channel))`, before `express.json()`, or after an `express.raw` of every type. What another parser made of the
 * body is no longer what was signed: such requests fail with an error that says so.
 */
export function toExpress(
  handler: ChannelHandler,
  options: AdapterOptions = {},
): (request: ExpressRequest, response: ServerResponse, next?: (error?: unknown) => void) => void {
  return (request, response, next) => {
    const { body } = request
    const isUntouched = Buffer.isBuffer(body) || !request.readableEnded
    if (isUntouched) return void serve(handler, options, request, response, Buffer.isBuffer(body) ? body : undefined)
    const error = new Error("mount toExpress before express.json(): the signature is made over the bytes of the body")
    if (next !== undefined) next(error)
    else response.writeHead(500).end()
  }
}

/** A Fastify plugin: `app.register(toFastify(channel, { url: "/hooks" }))`. Its body parser reaches no further than itself. */
export function toFastify(
  handler: ChannelHandler,
  { url, ...options }: AdapterOptions & { /** The path it serves. */ url: string },
): (app: FastifyInstance) => Promise<void> {
  return async (app) => {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser("*", { parseAs: "buffer" }, (_request: unknown, body, done) => done(null, body))
    app.route({
      method: ["POST", "DELETE"],
      url,
      async handler(request, reply) {
        reply.hijack()
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
        await serve(handler, options, request.raw, reply.raw, body)
      },
    })
  }
}

/** For `app.all("/hooks", toHono(channel))`. */
export function toHono(handler: ChannelHandler): (context: { req: { raw: Request } }) => Promise<Response> {
  return ({ req }) => handler(req.raw)
}

async function serve(
  handler: ChannelHandler,
  { origin }: AdapterOptions,
  incoming: ExpressRequest,
  outgoing: ServerResponse,
  body?: Buffer,
): Promise<void> {
  try {
    const request = toRequest(incoming, origin, body ?? (await readAll(incoming)))
    const response = await handler(request)
    const bytes = Buffer.from(await response.arrayBuffer())
    outgoing.writeHead(response.status, Object.fromEntries(response.headers))
    outgoing.end(bytes)
  } catch {
    // The connection broke while it was read, or the address makes no URL.
    if (!outgoing.headersSent && !outgoing.destroyed) outgoing.writeHead(400).end()
  }
}

const bodyBytesMax = 32 * 1024 * 1024

async function readAll(incoming: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of incoming as AsyncIterable<Buffer>) {
    length += chunk.length
    if (length <= bodyBytesMax) chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

function toRequest(incoming: ExpressRequest, origin: string | undefined, body: Buffer): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(incoming.headers)) {
    for (const one of [value ?? []].flat()) headers.append(name, one)
  }
  const base = origin ?? `http://${incoming.headers.host ?? "localhost"}`
  const hasBody = body.length > 0 && incoming.method !== "GET" && incoming.method !== "HEAD"
  return new Request(new URL(incoming.originalUrl ?? incoming.url ?? "/", base), {
    method: incoming.method ?? "POST",
    headers,
    ...(hasBody && { body: new Uint8Array(body) }),
  })
}
