import type { Call } from "./command.ts"
import { exit, Failure } from "./failure.ts"

// biome-ignore lint/suspicious/noExplicitAny: answers are shown as they come, and commands pick what they name
export type Json = any

export interface Request {
  body?: object | FormData
  query?: Record<string, string | number | undefined>
  /** How long to wait, ms. Default 30000. */
  timeoutMs?: number
  signal?: AbortSignal
  headers?: Record<string, string>
}

export interface Answer {
  status: number
  headers: Headers
  body: Json
}

/** The server's API with the token of this call. Whatever is not a 2xx is thrown as a `Failure` with the exit code and the server's own words. */
export async function api(call: Call, method: string, path: string, request: Request = {}): Promise<Answer> {
  const { url, token } = call.settings
  if (token === null)
    throw new Failure(exit.auth, `no API token for ${url}`, "causeway login, or set CAUSEWAY_TOKEN to an API token")
  const address = new URL(url + path)
  for (const [name, value] of Object.entries(request.query ?? {}))
    if (value !== undefined) address.searchParams.set(name, String(value))
  const response = await send(call, address, method, token, request)
  const text = await response.text()
  const body = parse(text)
  if (!response.ok) throw refusal(response, body, call)
  return { status: response.status, headers: response.headers, body }
}

async function send(call: Call, address: URL, method: string, token: string, request: Request): Promise<Response> {
  const { body, timeoutMs = 30_000 } = request
  const isForm = body instanceof FormData
  const timeout = AbortSignal.timeout(timeoutMs)
  const ends = [call.world.signal, timeout, ...(request.signal === undefined ? [] : [request.signal])]
  try {
    return await fetch(address, {
      method,
      redirect: "manual",
      headers: {
        authorization: `Bearer ${token}`,
        ...(body !== undefined && !isForm && { "content-type": "application/json" }),
        ...request.headers,
      },
      ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
      signal: AbortSignal.any(ends),
    })
  } catch (error) {
    if (call.world.signal.aborted || request.signal?.aborted) throw error
    if (timeout.aborted)
      throw new Failure(
        exit.timeout,
        `${address.origin} did not answer within ${timeoutMs / 1000} s`,
        "causeway doctor",
      )
    throw new Failure(exit.network, `${address.origin} cannot be reached (${reasonOf(error)})`, "causeway doctor")
  }
}

/** What is behind `fetch failed`. */
export function reasonOf(error: unknown): string {
  const { cause, message } = error as Error & { cause?: { code?: string; message?: string } }
  return cause?.code ?? cause?.message ?? message
}

function parse(text: string): Json {
  try {
    return text === "" ? null : JSON.parse(text)
  } catch {
    return text
  }
}

function refusal(response: Response, body: Json, call: Call): Failure {
  const said = String(body?._error?.message ?? response.statusText)
  const help = `causeway ${call.typed} --help`
  const { status } = response
  if (status === 401) return new Failure(exit.auth, `${said} (401)`, "causeway login with a token of this server")
  if (status === 403) return new Failure(exit.auth, `${said} (403)`, "use a token that holds this scope")
  if (status === 404) return new Failure(exit.notFound, `${said} (404)`, `look the id up, then again: ${help}`)
  if (status === 409) return new Failure(exit.failed, `${said} (409)`, fixOfConflict(said))
  if (status === 429)
    return new Failure(
      exit.failed,
      `${said} (429)`,
      `wait ${response.headers.get("retry-after") ?? "a few"} s, then again`,
    )
  if (status < 500) return new Failure(exit.usage, `${said} (${status})`, help)
  return new Failure(exit.network, `${said} (${status})`, "try again in a moment; the server's log says why")
}

/** What is in the way is named in the server's words. */
const fixOfConflict = (said: string): string =>
  said.includes("--held-clock") ? "causeway dev --held-clock" : "change what it names, then again"

/** Encodes one segment of a path. */
export const seg = (text: string): string => encodeURIComponent(text)
