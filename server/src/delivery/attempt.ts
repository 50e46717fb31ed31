import { signatureHeader, signWebhook, timestampHeader } from "@causeway/contract/signature"
import { answerMs } from "@causeway/contract/limits"
import type { Dialer, Exchange } from "./dialer.ts"

/** A webhook to be tried once. */
export interface Trial {
  url: string
  method: string
  bearer: string | null
  secret: string
  /** JSON text; exactly these bytes are signed and sent. */
  body: string
}

/** What was sent and what came of it, as it is kept in `attempt`. Credentials are not in it. */
export interface Tried {
  request: { method: string; url: string; headers: Record<string, string>; body: string }
  exchange: Exchange
}

/** An answer later than this is not even read any more. */
const readUntilMs = 30_000
const responseKeptBytes = 8 * 1024

/** Signs and sends, over a connection of its own: a partner that drops kept-alive sockets can then lose nothing of ours (the vendor's template does). */
export async function tryOnce(dialer: Dialer, trial: Trial): Promise<Tried> {
  const timestamp = Date.now()
  const body = Buffer.from(trial.body, "utf8")
  const headers = {
    "content-type": "application/json",
    "content-length": String(body.length),
    accept: "application/json",
    "accept-encoding": "identity",
    "user-agent": "Causeway",
    [signatureHeader]: signWebhook(trial.secret, timestamp, trial.body),
    [timestampHeader]: String(timestamp),
  }
  const withBearer = trial.bearer === null ? headers : { ...headers, authorization: `Bearer ${trial.bearer}` }
  const exchange = await dialer.dial({ url: trial.url, method: trial.method, headers: withBearer, body, decideMs: answerMs, readUntilMs })
  return { request: { method: trial.method, url: trial.url, headers, body: trial.body }, exchange }
}

/** The columns of `attempt` that a try fills. Text is made storable, because keeping a record must never fail the delivery. */
export function attemptRow({ request, exchange }: Tried): Record<string, unknown> {
  const answered = exchange.kind === "answered" ? exchange : null
  return {
    request_method: request.method,
    request_url: storable(request.url),
    request_headers: request.headers,
    request_body: request.body,
    response_status: answered?.status ?? null,
    response_headers: answered ? storableHeaders(answered.headers) : null,
    response_body: answered ? storable(cut(answered.body)) : null,
    timing: exchange.timing,
    outcome: exchange.kind === "answered" ? "answered" : exchange.cause,
  }
}

const storable = (text: string): string => text.toWellFormed().replaceAll("\u0000", "\ufffd")
const storableHeaders = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).map(([name, value]) => [storable(name), storable(value)]))

const cut = (text: string): string => (Buffer.byteLength(text) <= responseKeptBytes ? text : Buffer.from(text).subarray(0, responseKeptBytes).toString("utf8"))
