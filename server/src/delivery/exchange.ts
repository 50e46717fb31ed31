import type { Dispatcher } from "undici"
import { ConnectFault, type Progress, stopwatch } from "./connect.ts"
import type { Connect, Exchange } from "./dialer.ts"
import {
  type Answer,
  type Fault,
  type FaultCode,
  type Outcome,
  type OutgoingRequest,
  type Report,
  responseBytesMax,
} from "./outcome.ts"

interface ExchangeParts {
  connect: Connect
  url: URL
  request: OutgoingRequest
  limitMs: number
  keepAlive: boolean
  mayWrite: () => boolean
}

/** What is known of an exchange while it is under way. */
interface Course extends Progress {
  written: boolean
  head: { status: number; headers: Record<string, string> } | null
  chunks: Buffer[]
  bytes: number
}

/** Runs one request. From the moment the dispatcher takes it, its bytes count as written: the claim may be too careful, never too bold. */
export function startExchange(parts: ExchangeParts): Exchange {
  const elapsedMs = stopwatch()
  const course: Course = {
    phase: "name",
    timing: { total: 0 },
    address: null,
    written: false,
    head: null,
    chunks: [],
    bytes: 0,
  }
  const giveUp = new AbortController()
  const { promise: report, resolve } = Promise.withResolvers<Report>()
  let isOver = false
  let release = () => {}

  function end(outcome: Outcome): void {
    if (isOver) return
    isOver = true
    clearTimeout(timer)
    course.timing.total = elapsedMs()
    giveUp.abort()
    release()
    resolve({ outcome, timing: course.timing, address: course.address })
  }

  const timer = setTimeout(() => end(overdue(course, parts.limitMs)), parts.limitMs)
  void parts.connect(course, giveUp.signal).then(
    (connection) => {
      release = connection.release
      if (isOver) return release()
      connection.dispatcher.dispatch(dispatchOptions(parts), handler(course, parts, elapsedMs, giveUp.signal, end))
    },
    (error: unknown) => end(connectFault(error, course)),
  )

  return {
    report,
    progress: () => ({
      written: course.written,
      phase: course.phase,
      address: course.address,
      timing: { ...course.timing, total: elapsedMs() },
    }),
    abort: () => end(faultOf(course, "aborted", "the request was given up")),
  }
}

const dispatchOptions = ({ url, request, keepAlive }: ExchangeParts): Dispatcher.DispatchOptions => ({
  path: `${url.pathname}${url.search}`,
  method: request.method as Dispatcher.HttpMethod,
  headers: request.headers,
  body: request.body,
  reset: !keepAlive,
})

function handler(
  course: Course,
  { url, keepAlive, mayWrite }: ExchangeParts,
  elapsedMs: () => number,
  signal: AbortSignal,
  end: (outcome: Outcome) => void,
): Dispatcher.DispatchHandler {
  let controller: Dispatcher.DispatchController | null = null
  const stop = () => controller?.abort(new Error("the exchange is over"))
  signal.addEventListener("abort", stop, { once: true })
  return {
    onRequestStart(control) {
      controller = control
      if (signal.aborted) return stop()
      if (!mayWrite()) return end(faultOf(course, "interrupted", "Causeway was interrupted"))
      course.written = true
      course.phase = "request"
    },
    onRequestSent() {
      course.phase = "headers"
      course.timing.sent = elapsedMs()
    },
    onResponseStart(_control, status, headers) {
      if (status < 200) return
      course.phase = "body"
      course.timing.firstByte = elapsedMs()
      course.head = { status, headers: flatHeaders(headers) }
    },
    onResponseData(_control, chunk) {
      course.chunks.push(chunk)
      course.bytes += chunk.length
      if (course.bytes > responseBytesMax) end(answer(course, "size"))
    },
    onResponseEnd() {
      signal.removeEventListener("abort", stop)
      course.phase = "done"
      const finish = () => end(answer(course, null))
      // Two turns later the pool counts this connection as free; whoever calls next then finds it instead of opening another.
      if (keepAlive) setImmediate(setImmediate, finish)
      else finish()
    },
    onResponseError(_control, error) {
      signal.removeEventListener("abort", stop)
      end(course.head === null ? requestFault(error, course, url) : answer(course, "broken"))
    },
  }
}

function flatHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const flat = Object.create(null) as Record<string, string> // a partner may name a header __proto__
  for (const [name, value] of Object.entries(headers))
    flat[name.toLowerCase()] = Array.isArray(value) ? value.join(", ") : (value ?? "")
  return flat
}

function answer(course: Course, cut: Answer["cut"]): Outcome {
  if (course.head === null) return faultOf(course, "bad_answer", "the channel's server answered without a status")
  const bytes = Buffer.concat(course.chunks).subarray(0, responseBytesMax)
  return { kind: "answered", ...course.head, body: new TextDecoder().decode(bytes), cut }
}

function overdue(course: Course, limitMs: number): Outcome {
  if (course.head !== null) return answer(course, "time")
  const reason = course.written
    ? `no answer came within ${limitMs / 1000} seconds`
    : `no connection could be made within ${limitMs / 1000} seconds`
  return faultOf(course, "timeout", reason)
}

const faultOf = (course: Course, code: FaultCode, reason: string): Fault => ({
  kind: "fault",
  code,
  reason,
  written: course.written,
  phase: course.phase,
})

function connectFault(error: unknown, course: Course): Fault {
  if (error instanceof ConnectFault) return faultOf(course, error.code, error.message)
  return faultOf(
    course,
    "unreachable",
    `no connection could be made (${error instanceof Error ? error.message : "unknown trouble"})`,
  )
}

/** A failure after the dispatcher took the request; a pool's failure to connect comes this way as well. */
function requestFault(error: Error & { code?: string }, course: Course, url: URL): Fault {
  if (error instanceof ConnectFault || !course.written) return connectFault(error, course)
  if (error.name === "HTTPParserError" || error.code === "UND_ERR_HEADERS_OVERFLOW")
    return faultOf(course, "bad_answer", `${url.hostname} answered something that is not HTTP`)
  return faultOf(course, "connection_reset", `${url.hostname} closed the connection before it answered`)
}
