import { answerMs } from "@causeway/contract/limits"
import { signatureHeader, signCustom, signWebhook, timestampHeader } from "@causeway/contract/signature"
import { systemWall, type WallClock, within } from "../clock.ts"
import { storable } from "../database/storable.ts"
import { secretsIn, without } from "../secrets/redact.ts"
import { version } from "../version.ts"
import type { Dialer, Exchange } from "./dialer.ts"
import { type Fault, keptBytesMax, type Outcome, type OutgoingRequest, type Phase, type Report } from "./outcome.ts"

/** A webhook to be signed and sent once. */
export interface Attempt {
  url: string
  method: string
  /** The whole `Authorization` header; null: no such header. */
  authorization: string | null
  secret: string
  /** `body`: SHA-1 over the body and no timestamp, as custom channels and rules sign. Default: SHA-256 over timestamp and body. */
  signing?: "timestamped" | "body"
  /** Beside those that every webhook has; lower-case names. */
  headers?: Record<string, string>
  /** Untouched output of `JSON.stringify`: partners verify either these bytes or what they get by parsing and stringifying them. */
  body: string
  /** May use a connection that is already open. Never for sends: when it closes under them, nobody knows whether they arrived. */
  keepAlive?: boolean
  /** Asked when there is a connection and the first byte is about to leave: false ends it as `interrupted`. Default: it may. */
  mayWrite?: () => boolean
  /** Default 7 s, the vendor's limit. */
  answerMs?: number
}

export interface AttemptResult {
  /** The result as of the time limit: an answer still under way then is a `timeout`. */
  exchange: Outcome
  request: OutgoingRequest
  report: Report
  /** Sends only, when the limit passed after a byte was written: what came until 30 s, or null. */
  late: Promise<AttemptResult | null> | null
}

/** How long the answer to a send is listened for after it was given up, from its start. */
export const lateMs = 30_000

/** One try: signs, sends, decides at the time limit. Never throws for a partner's fault. */
export async function tryOnce(dialer: Dialer, attempt: Attempt, wall: WallClock = systemWall): Promise<AttemptResult> {
  const limitMs = attempt.answerMs ?? answerMs
  const request = signedRequest(attempt, wall.now())
  const listensOn = attempt.keepAlive !== true
  const exchange = dialer.start(request, {
    limitMs: listensOn ? Math.max(lateMs, limitMs) : limitMs,
    keepAlive: !listensOn,
    ...(attempt.mayWrite !== undefined && { mayWrite: attempt.mayWrite }),
  })
  const report = listensOn ? await within(wall, limitMs, exchange.report) : await exchange.report
  if (report !== null) {
    const heard = { exchange: report.outcome, request, report, late: null }
    return listensOn ? heardInTime(heard, report.timing.total, limitMs) : heard
  }
  const overdue = overdueReport(exchange, limitMs)
  // Nothing left us: it must not do so any more.
  if (!overdue.written) exchange.abort()
  return {
    exchange: overdue.report.outcome,
    request,
    report: overdue.report,
    late: overdue.written ? lateResult(exchange, request) : null,
  }
}

/**
 * The result of a send that was heard of `tookMs` after it began. An answer that a process read only after the time limit, since it stood still until
 * then, is a late one like any other, whenever it was given: by then somebody else may have called the send unknown and sent what comes after it.
 */
export function heardInTime(heard: AttemptResult, tookMs: number, limitMs: number): AttemptResult {
  if (tookMs < limitMs || heard.exchange.kind === "fault") return heard
  const { request, report } = heard
  const outcome = silence(limitMs, "headers")
  return { exchange: outcome, request, report: { ...report, outcome }, late: Promise.resolve(heard) }
}

const silence = (limitMs: number, phase: Phase): Fault => ({
  kind: "fault",
  code: "timeout",
  reason: `no answer came within ${limitMs / 1000} seconds`,
  written: true,
  phase,
})

/** The request as it leaves. `timestampMs` is wall clock: partners refuse what is older than five minutes. */
export function signedRequest(
  { url, method, authorization, secret, signing, headers, body }: Attempt,
  timestampMs: number,
): OutgoingRequest {
  return {
    url,
    method,
    headers: {
      "content-type": "application/json",
      accept: "application/json",
      "accept-encoding": "identity",
      "user-agent": `causeway/${version}`,
      ...headers,
      ...(signing === "body"
        ? { [signatureHeader]: signCustom(secret, body) }
        : timestampedSignature(secret, body, timestampMs)),
      ...(authorization !== null && { authorization }),
    },
    body,
  }
}

function timestampedSignature(secret: string, body: string, timestampMs: number): Record<string, string> {
  return { [signatureHeader]: signWebhook(secret, timestampMs, body), [timestampHeader]: String(timestampMs) }
}

function overdueReport(exchange: Exchange, limitMs: number): { report: Report; written: boolean } {
  const { written, phase, timing, address } = exchange.progress()
  const reason = `no connection could be made within ${limitMs / 1000} seconds`
  const outcome: Fault = written ? silence(limitMs, phase) : { kind: "fault", code: "timeout", reason, written, phase }
  return { report: { outcome, timing, address }, written }
}

async function lateResult(exchange: Exchange, request: OutgoingRequest): Promise<AttemptResult | null> {
  const report = await exchange.report
  return report.outcome.kind === "answered" ? { exchange: report.outcome, request, report, late: null } : null
}

/** Of a request or response, for the log; ours. */
const headersKeptMax = 64

/** The columns of an attempt's row that its result fills; all texts are such as PostgreSQL takes. */
export interface AttemptRow {
  finished_at?: string
  request_method?: string
  request_url?: string
  /** Without credentials. */
  request_headers?: Record<string, string>
  request_body?: string
  response_status?: number
  response_headers?: Record<string, string>
  response_body?: string
  /** Milliseconds: dns, connect, tls, sent, first_byte, total. */
  timing?: Record<string, number>
  /** `answered`, or the code of what went wrong. */
  outcome: string
  decision: string
  warnings?: string[]
}

/** What an attempt leaves for the log: no credential of ours, not even where the partner repeats it. Its decision is not known here. */
export function attemptRow({ exchange, request, report }: AttemptResult): Omit<AttemptRow, "decision"> {
  const { authorization, ...requestHeaders } = request.headers
  const secrets = secretsIn(authorization)
  const { firstByte, ...timing } = report.timing
  return {
    finished_at: new Date().toISOString(),
    request_method: request.method,
    request_url: storable(request.url),
    request_headers: storableHeaders(requestHeaders),
    request_body: storable(request.body),
    timing: { ...timing, ...(firstByte !== undefined && { first_byte: firstByte }) },
    outcome: exchange.kind === "answered" ? "answered" : exchange.code,
    ...(exchange.kind === "answered" && {
      response_status: exchange.status,
      response_headers: storableHeaders(exchange.headers, secrets),
      response_body: firstBytes(without(secrets, storable(exchange.body)), keptBytesMax),
    }),
  }
}

function storableHeaders(headers: Record<string, string>, secrets: string[] = []): Record<string, string> {
  const kept: Record<string, string> = {}
  let count = 0
  for (const [name, value] of Object.entries(headers)) {
    if (name === "set-cookie" || ++count > headersKeptMax) continue
    kept[storable(name)] = without(secrets, storable(value.slice(0, 1024)))
  }
  return kept
}

/** At most so many bytes of UTF-8, without half a character at the end. */
function firstBytes(text: string, bytesMax: number): string {
  const bytes = Buffer.from(text)
  return bytes.length <= bytesMax ? text : new TextDecoder().decode(bytes.subarray(0, bytesMax), { stream: true })
}
