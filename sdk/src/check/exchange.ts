import { type Agent, request as httpRequest } from "node:http"
import { request as httpsRequest } from "node:https"
import { isIP, type LookupFunction } from "node:net"
import { signatureHeader, signWebhook, timestampHeader } from "@causeway/contract/signature"

/** One request to the channel and what came back; kept as the evidence of a check. */
export interface Exchange {
  method: string
  url: string
  /** At most 4 KiB of it. */
  sent: string
  /** 0: no answer, `problem` says why. */
  status: number
  headers: Record<string, string>
  /** At most 64 KiB of it. */
  body: string
  /** The body as JSON; null where it is none. */
  json: Record<string, unknown> | null
  tookMs: number
  problem: string | null
}

export interface ExchangeOptions {
  url: string
  secret: string
  credential?: string | undefined
  /** Connect here instead of looking the host's name up. */
  address?: string | undefined
  timeoutMs: number
  method?: string
  /** Milliseconds since 1970 that are signed. Default: now. */
  at?: number
  /** Changes what is sent after it was signed. */
  tamper?: (request: { headers: Record<string, string>; body: string }) => void
  agent?: Agent
}

/** Of an answer's body that is kept. */
const bodyBytesMax = 65_536

/** Posts a signed webhook. Never rejects: silence and broken connections are answers of status 0. */
export function exchange(body: object | string, options: ExchangeOptions): Promise<Exchange> {
  const text = typeof body === "string" ? body : JSON.stringify(body)
  const { url, method = "POST", secret, credential } = options
  const at = String(options.at ?? Date.now())
  const headers: Record<string, string> = {
    "content-type": "application/json",
    [timestampHeader]: at,
    [signatureHeader]: signWebhook(secret, at, text === "" && method === "DELETE" ? "undefined" : text),
    ...(credential !== undefined && { authorization: `Bearer ${credential}` }),
  }
  const out = { headers, body: text }
  options.tamper?.(out)
  headers["content-length"] = String(Buffer.byteLength(out.body))
  return post({ ...options, method }, out, { method, url, sent: out.body.slice(0, 4096) })
}

function post(
  { url, method, timeoutMs, agent, address }: ExchangeOptions & { method: string },
  out: { headers: Record<string, string>; body: string },
  asked: Pick<Exchange, "method" | "url" | "sent">,
): Promise<Exchange> {
  const startedAt = performance.now()
  return new Promise((resolve) => {
    const done = (answer: Partial<Exchange>) =>
      resolve({
        ...asked,
        status: 0,
        headers: {},
        body: "",
        json: null,
        problem: null,
        ...answer,
        tookMs: Math.round(performance.now() - startedAt),
      })
    const open = url.startsWith("https:") ? httpsRequest : httpRequest
    // A connection of its own unless one is lent: what a channel does to one must not count against the next.
    const request = open(url, {
      method,
      headers: out.headers,
      agent: agent ?? false,
      ...(address !== undefined && { lookup: lookupOf(address) }),
    })
    const timer = setTimeout(() => request.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs)
    request.on("error", (error) => {
      clearTimeout(timer)
      done({ problem: error.message })
    })
    request.on("response", (response) => {
      const chunks: Buffer[] = []
      let bytes = 0
      response.on("data", (chunk: Buffer) => {
        if (bytes < bodyBytesMax) chunks.push(chunk)
        bytes += chunk.length
      })
      response.on("error", (error) => done({ problem: `the answer broke off (${error.message})` }))
      response.on("close", () => clearTimeout(timer))
      response.on("end", () => {
        const body = Buffer.concat(chunks).subarray(0, bodyBytesMax).toString()
        done({
          status: response.statusCode ?? 0,
          headers: response.headers as Record<string, string>,
          body,
          json: parse(body),
        })
      })
    })
    request.end(out.body)
  })
}

/** Answers with the one address, in either of the two forms that are asked for. */
function lookupOf(address: string): LookupFunction {
  const family = isIP(address)
  return (_host, options, done) => (options.all ? done(null, [{ address, family }]) : done(null, address, family))
}

function parse(body: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null
  } catch {
    return null
  }
}
