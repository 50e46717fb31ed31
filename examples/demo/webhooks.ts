import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http"
import { signatureHeader, timestampHeader, verifyWebhook } from "@causeway/sdk"

/** A webhook as far as this channel reads it. */
export interface Webhook {
  type: string
  payload: { id?: string; text?: string; recipients?: { handle: string; role: string }[]; channel_id?: string }
  metadata?: { external_conversation_ids?: string[] }
}

/** What a webhook is answered with; a string goes out as plain text. */
export interface Answer {
  status: number
  body: object | string
}

export const ok = (body: object): Answer => ({ status: 200, body })

/** A refusal in the protocol's form: the teammate reads `message` beside the reply that failed. */
export const refusal = (type: string, message: string): Answer => ({
  status: statusOf[type] ?? 400,
  body: { type, message },
})

const statusOf: Record<string, number> = {
  bad_request: 400,
  authentication_required: 401,
  forbidden: 403,
  not_found: 404,
  request_timeout: 408,
  too_many_requests: 429,
  internal_error: 500,
}

const bodyBytesMax = 2 * 1024 * 1024

/** A web server that lets only what was signed with the app's secret through to `answer`. */
export function webhookServer(secret: string, answer: (webhook: Webhook) => Answer | Promise<Answer>): Server {
  return createServer(async (request, response) => {
    try {
      send(response, await receive(request, secret, answer))
    } catch (error) {
      send(response, refusal("internal_error", (error as Error).message))
    }
  })
}

async function receive(
  request: IncomingMessage,
  secret: string,
  answer: (webhook: Webhook) => Answer | Promise<Answer>,
): Promise<Answer> {
  const body = await readBody(request)
  if (body === null) return refusal("bad_request", "more than 2 MiB")
  const signature = String(request.headers[signatureHeader] ?? "")
  const timestamp = String(request.headers[timestampHeader] ?? "")
  // Over the bytes that came, before anything is parsed; a timestamp more than five minutes off is refused with it.
  if (!verifyWebhook(secret, { signature, timestamp, body }))
    return refusal("forbidden", "the signature is wrong or too old")
  const webhook = parse(body.toString("utf8"))
  return webhook === null ? refusal("bad_request", "the body is no webhook") : answer(webhook)
}

function parse(text: string): Webhook | null {
  try {
    const value = JSON.parse(text)
    return isObject(value) && typeof value.type === "string" && isObject(value.payload)
      ? (value as unknown as Webhook)
      : null
  } catch {
    return null
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value)

/** The exact bytes; null when there are too many. */
async function readBody(request: IncomingMessage): Promise<Buffer | null> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes <= bodyBytesMax) chunks.push(chunk)
  }
  return bytes > bodyBytesMax ? null : Buffer.concat(chunks)
}

function send(response: ServerResponse, { status, body }: Answer): void {
  const isText = typeof body === "string"
  response.writeHead(status, { "content-type": isText ? "text/plain" : "application/json" })
  response.end(isText ? body : JSON.stringify(body))
}
