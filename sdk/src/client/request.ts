import { setTimeout as wait } from "node:timers/promises"

/** A call that the API refused, or that never got an answer (`status` 0). */
export class ApiError extends Error {
  override readonly name = "ApiError"
  /** The HTTP status; 0: no answer, `cause` says why. */
  readonly status: number
  /** The body as it came, at most 64 KiB of it. */
  readonly body: string
  /** How often it was tried. */
  readonly attempts: number

  constructor(status: number, message: string, options: { body?: string; attempts: number; cause?: unknown }) {
    super(message, { cause: options.cause })
    this.status = status
    this.body = options.body ?? ""
    this.attempts = options.attempts
  }
}

export interface CallOptions {
  url: string
  method: string
  /** Made for every attempt, so that a token never outlives its ten seconds. */
  token(): string
  body?: object | FormData
  /**
   * Whether doing it twice is doing it once: then it is also tried again when nobody can know whether it was done (a broken connection, 5xx).
   * 429 was not done and 401 got no further than the door, so these are tried again in any case.
   */
  isRepeatable: boolean
  fetch: typeof fetch
  timeoutMs: number
  attemptsMax: number
  firstPauseMs: number
  signal?: AbortSignal | undefined
}

const pauseMsMax = 60_000

/** Calls until it is answered well or will never be. Throws `ApiError`. */
export async function call(options: CallOptions): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    const outcome = await tryOnce(options)
    if (outcome instanceof Response && outcome.ok) return outcome
    const isLast = attempt >= options.attemptsMax || options.signal?.aborted === true
    if (isLast || !isWorthRepeating(outcome, options.isRepeatable)) throw await toError(outcome, options, attempt)
    const pauseMs = pauseFor(outcome, options.firstPauseMs * 2 ** (attempt - 1))
    if (pauseMs > pauseMsMax) throw await toError(outcome, options, attempt)
    if (outcome instanceof Response) await outcome.body?.cancel()
    await wait(pauseMs, null, options.signal === undefined ? {} : { signal: options.signal })
  }
}

async function tryOnce({ url, method, token, body, fetch, timeoutMs, signal }: CallOptions): Promise<Response | Error> {
  const timeout = AbortSignal.timeout(timeoutMs)
  const isForm = body instanceof FormData
  const headers = { authorization: `Bearer ${token()}`, ...(body && !isForm && { "content-type": "application/json" }) }
  try {
    return await fetch(url, {
      method,
      headers,
      ...(body && { body: isForm ? body : JSON.stringify(body) }),
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    })
  } catch (error) {
    return error as Error
  }
}

function isWorthRepeating(outcome: Response | Error, isRepeatable: boolean): boolean {
  if (!(outcome instanceof Response)) return isRepeatable
  if (outcome.status === 401 || outcome.status === 429) return true
  return isRepeatable && (outcome.status === 408 || outcome.status === 425 || outcome.status >= 500)
}

/** What the server asks for counts, in whole seconds or as a date; otherwise the growing pause, up to a fifth more or less. */
function pauseFor(outcome: Response | Error, pauseMs: number): number {
  const asked = outcome instanceof Response ? outcome.headers.get("retry-after") : null
  if (asked !== null) {
    const waitMs = /^\d+$/.test(asked) ? Number(asked) * 1000 : Date.parse(asked) - Date.now()
    if (Number.isFinite(waitMs)) return Math.max(0, waitMs)
  }
  return pauseMs * (0.8 + Math.random() * 0.4)
}

async function toError(outcome: Response | Error, { method, url }: CallOptions, attempts: number): Promise<ApiError> {
  const what = `${method} ${new URL(url).pathname}`
  if (!(outcome instanceof Response)) {
    return new ApiError(0, `${what}: no answer (${outcome.message})`, { attempts, cause: outcome })
  }
  const body = (await outcome.text().catch(() => "")).slice(0, 65_536)
  return new ApiError(outcome.status, `${what}: ${outcome.status} ${reasonIn(body)}`.trim(), { body, attempts })
}

function reasonIn(body: string): string {
  try {
    const { _error: error } = JSON.parse(body) as { _error?: { message?: string } }
    return error?.message ?? ""
  } catch {
    return ""
  }
}
