import { request as httpRequest, type IncomingMessage } from "node:http"
import { connect, type Socket } from "node:net"
import { connect as tlsConnect, type TLSSocket } from "node:tls"
import { classifyAddress } from "./addresses.ts"
import { createResolver, type NameResolver } from "./resolver.ts"

/** Milliseconds since the request began, by phase; what was not reached is missing. */
export interface Timing {
  dns?: number
  connect?: number
  tls?: number
  sent?: number
  first_byte?: number
  total: number
}

/** What came of a request. A partner's fault is always one of these values, never an exception. */
export type Exchange =
  | { kind: "answered"; status: number; headers: Record<string, string>; body: string; isCut: boolean; timing: Timing }
  /** Not one byte of the request was written. */
  | { kind: "not_sent"; cause: NotSentCause; reason: string; timing: Timing }
  /** It may have arrived. `late` is what came after the time was up; null: nothing until the very end. */
  | { kind: "no_answer"; cause: "timeout" | "reset" | "cut"; reason: string; timing: Timing; late: Promise<Exchange | null> | null }

export type NotSentCause = "bad_url" | "blocked" | "dns" | "refused" | "unreachable" | "connect_timeout" | "tls"

export interface DialRequest {
  url: string
  method: string
  headers: Record<string, string>
  body: Buffer
  /** When the answer counts as not given. */
  decideMs: number
  /** Until when a late answer is still read. */
  readUntilMs: number
}

/** The one way out: every request to a partner goes through here. */
export interface Dialer {
  dial(request: DialRequest): Promise<Exchange>
}

export interface DialerOptions {
  /** Only while the server itself listens on loopback: then partners on this machine are the point. */
  loopbackAllowed: boolean
  /** Host names whose private addresses are allowed. */
  privateHosts?: readonly string[]
  resolver?: NameResolver
}

const connectMs = 5_000
const bodyBytesMax = 64 * 1024

class NotSent extends Error {
  readonly reason: NotSentCause
  constructor(reason: NotSentCause, message: string) {
    super(message)
    this.reason = reason
  }
}

export function createDialer(options: DialerOptions): Dialer {
  const resolver = options.resolver ?? createResolver()

  async function open(url: URL, clock: Stopwatch): Promise<Socket> {
    const address = await vet(url)
    clock.mark("dns")
    const port = Number(url.port || (url.protocol === "https:" ? 443 : 80))
    const socket = await connected(connect({ host: address, port }), "connect", url)
    clock.mark("connect")
    if (url.protocol !== "https:") return socket
    const secure = tlsConnect({ socket, servername: bareHost(url), ALPNProtocols: ["http/1.1"] })
    await connected(secure, "secureConnect", url)
    clock.mark("tls")
    return secure
  }

  /** Resolves, classifies, and answers the very address that is then connected to: a name that changes its mind in between gains nothing. */
  async function vet(url: URL): Promise<string> {
    const host = bareHost(url)
    let addresses: string[]
    try {
      addresses = await resolver.resolve(host)
    } catch (error) {
      throw new NotSent("dns", `The name ${host} could not be resolved (${(error as { code?: string }).code ?? "no answer"})`)
    }
    const allowed = addresses.find((address) => {
      const kind = classifyAddress(address)
      return kind === "public" || (kind === "loopback" && options.loopbackAllowed) || (kind === "private" && options.privateHosts?.includes(host))
    })
    if (allowed === undefined) throw new NotSent("blocked", `${host} leads to ${addresses[0] ?? "no address"}, which is not a public address`)
    return allowed
  }

  return {
    async dial(request) {
      const clock = new Stopwatch()
      try {
        const url = parseUrl(request.url)
        const socket = await withTimeout(open(url, clock), Math.min(connectMs, request.decideMs), url)
        return await exchange(socket, url, request, clock)
      } catch (error) {
        if (error instanceof NotSent) return { kind: "not_sent", cause: error.reason, reason: error.message, timing: clock.timing() }
        throw error
      }
    },
  }
}

const bareHost = (url: URL): string => url.hostname.replace(/^\[|\]$/g, "")

function parseUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || (url.protocol !== "http:" && url.protocol !== "https:")) throw new NotSent("bad_url", `${text.slice(0, 200)} is not an http or https address`)
  return url
}

class Stopwatch {
  readonly #start = performance.now()
  readonly #marks: Record<string, number> = {}
  mark(phase: keyof Timing): void {
    this.#marks[phase] = this.elapsed()
  }
  elapsed(): number {
    return Math.round((performance.now() - this.#start) * 10) / 10
  }
  timing(): Timing {
    return { ...this.#marks, total: this.elapsed() }
  }
}

/** A connection that is only made after the time is up is closed at once. */
async function withTimeout(opening: Promise<Socket>, ms: number, url: URL): Promise<Socket> {
  let timer: NodeJS.Timeout | undefined
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new NotSent("connect_timeout", `${url.host} did not accept a connection within ${ms / 1000} s`)), ms)
  })
  try {
    return await Promise.race([opening, timeout])
  } catch (error) {
    opening.then((socket) => socket.destroy()).catch(() => {})
    throw error
  } finally {
    clearTimeout(timer)
  }
}

function connected<S extends Socket | TLSSocket>(socket: S, event: string, url: URL): Promise<S> {
  return new Promise((resolve, reject) => {
    socket.once(event, () => {
      socket.removeAllListeners("error")
      socket.on("error", () => {})
      resolve(socket)
    })
    socket.once("error", (error: NodeJS.ErrnoException) => {
      socket.destroy()
      reject(event === "connect" ? connectFault(error, url) : new NotSent("tls", `The TLS connection to ${url.host} failed: ${tlsWords(error)}`))
    })
  })
}

function connectFault(error: NodeJS.ErrnoException, url: URL): NotSent {
  if (error.code === "ECONNREFUSED") return new NotSent("refused", `${url.host} refused the connection: nothing listens there`)
  if (error.code === "ETIMEDOUT") return new NotSent("connect_timeout", `${url.host} did not accept a connection in time`)
  return new NotSent("unreachable", `${url.host} cannot be reached (${error.code ?? error.message})`)
}

const tlsSentences: Record<string, string> = {
  CERT_HAS_EXPIRED: "its certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is self-signed",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate chain ends in a self-signed certificate",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is for another name",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "its certificate chain is incomplete",
  EPROTO: "it does not speak TLS there",
}

const tlsWords = (error: NodeJS.ErrnoException): string => tlsSentences[error.code ?? ""] ?? error.code ?? error.message

/** Writes the request on an open connection and waits: for the whole answer, for the connection's end, or for the time to be up. */
function exchange(socket: Socket, url: URL, dial: DialRequest, clock: Stopwatch): Promise<Exchange> {
  return new Promise((resolve) => {
    let decided = false
    let tellLate: (late: Exchange | null) => void = () => {}
    const settle = (result: Exchange) => {
      clearTimeout(endTimer)
      clearTimeout(decideTimer)
      socket.destroy()
      if (decided) tellLate(result.kind === "answered" ? result : null)
      else resolve(result)
      decided = true
    }
    const lost = (cause: "reset" | "cut", words: string) => settle({ kind: "no_answer", cause, reason: words, timing: clock.timing(), late: null })
    const decideTimer = setTimeout(() => {
      const late = dial.readUntilMs > dial.decideMs ? new Promise<Exchange | null>((tell) => (tellLate = tell)) : null
      decided = true
      resolve({ kind: "no_answer", cause: "timeout", reason: `No answer within ${dial.decideMs / 1000} seconds`, timing: clock.timing(), late })
      if (late === null) socket.destroy()
    }, Math.max(0, dial.decideMs - clock.elapsed()))
    const endTimer = setTimeout(() => lost("cut", "The answer did not end in time"), Math.max(0, dial.readUntilMs - clock.elapsed()))
    const request = httpRequest(url, { method: dial.method, headers: { ...dial.headers, connection: "close" }, createConnection: () => socket })
    request.on("finish", () => clock.mark("sent"))
    request.on("error", (error: NodeJS.ErrnoException) => lost("reset", resetWords(error)))
    request.on("response", (response) => {
      clock.mark("first_byte")
      void readAnswer(response).then(
        ({ body, isCut }) => settle({ kind: "answered", status: response.statusCode ?? 0, headers: flat(response), body, isCut, timing: clock.timing() }),
        // The status was complete: it is an answer, though its body is not.
        () => settle({ kind: "answered", status: response.statusCode ?? 0, headers: flat(response), body: "", isCut: true, timing: clock.timing() }),
      )
    })
    request.end(dial.body)
  })
}

const resetWords = (error: NodeJS.ErrnoException): string =>
  error.code === "ECONNRESET" ? "The connection was closed without an answer" : `The connection broke before an answer came (${error.code ?? error.message})`

async function readAnswer(response: IncomingMessage): Promise<{ body: string; isCut: boolean }> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of response as AsyncIterable<Buffer>) {
    size += piece.length
    pieces.push(piece)
    if (size > bodyBytesMax) {
      response.destroy()
      return { body: Buffer.concat(pieces).subarray(0, bodyBytesMax).toString("utf8"), isCut: true }
    }
  }
  return { body: Buffer.concat(pieces).toString("utf8"), isCut: false }
}

const flat = (response: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : String(value)]))
