import { signatureHeader, timestampHeader, verifyWebhook } from "@causeway/contract/signature"
import { ChannelError } from "./error.ts"

/** A webhook that is signed, recent and in order. */
export interface ReadWebhook {
  type: string
  payload: Record<string, unknown>
  metadata: { external_conversation_ids?: unknown; external_conversation_id?: unknown }
  bytes: Uint8Array
  whole: Record<string, unknown>
}

export interface ReadOptions {
  secrets: readonly string[]
  maxAgeMs: number
  bodyBytesMax: number
}

/** Reads and checks a request. Throws `ChannelError`: forbidden for what is not signed by one of the secrets, bad_request for what is no webhook. */
export async function readWebhook(request: Request, options: ReadOptions): Promise<ReadWebhook> {
  const bytes = await readBytes(request, options.bodyBytesMax)
  if (!isSigned(request, bytes, options)) {
    throw ChannelError.forbidden("the signature is missing, wrong or more than five minutes off")
  }
  // A platform that deletes without a body has nothing more to say.
  if (request.method === "DELETE" && bytes.length === 0) {
    return { type: "delete", payload: {}, metadata: {}, bytes, whole: {} }
  }
  const whole = asObject(parse(bytes), "the body")
  if (typeof whole.type !== "string") throw ChannelError.badRequest("type must be a string")
  const metadata = whole.metadata == null ? {} : asObject(whole.metadata, "metadata")
  return { type: whole.type, payload: asObject(whole.payload, "payload"), metadata, bytes, whole }
}

function isSigned(request: Request, bytes: Uint8Array, { secrets, maxAgeMs }: ReadOptions): boolean {
  const signature = request.headers.get(signatureHeader)
  const timestamp = request.headers.get(timestampHeader)
  // For a DELETE without a body the vendor signs the word that JavaScript makes of it.
  const bodies = request.method === "DELETE" && bytes.length === 0 ? ["undefined", ""] : [bytes]
  return secrets.some((secret) =>
    bodies.some((body) => verifyWebhook(secret, { signature, timestamp, body }, { maxAgeMs })),
  )
}

async function readBytes(request: Request, bytesMax: number): Promise<Uint8Array> {
  if (request.body === null) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body as unknown as AsyncIterable<Uint8Array>) {
    length += chunk.length
    if (length <= bytesMax) chunks.push(chunk)
  }
  if (length > bytesMax) throw ChannelError.badRequest(`the body has more than ${bytesMax} bytes`)
  return Buffer.concat(chunks)
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes))
  } catch (cause) {
    throw new ChannelError("bad_request", "the body is not JSON", { cause })
  }
}

function asObject(value: unknown, name: string): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw ChannelError.badRequest(`${name} must be an object`)
  }
  return value as Record<string, unknown>
}
