import { connect as connectTcp, isIP, type Socket } from "node:net"
import { connect as connectTls, type TLSSocket } from "node:tls"
import { classifyAddress } from "./addresses.ts"
import type { Names } from "./names.ts"
import type { FaultCode, Phase, Timing } from "./outcome.ts"

/** Which addresses besides public ones may be dialled. Forbidden ones never are, whatever is said here. */
export interface Reach {
  /** While the server itself listens on loopback only. */
  allowLoopback: boolean
  /** `host` or `host:port`: may be loopback or private. */
  allowHosts: ReadonlySet<string>
}

export interface ConnectDeps {
  names: Names
  reach: Reach
  /** Certificate authorities instead of the usual ones (PEM). */
  ca?: string
}

/** Told as a connection comes about. */
export interface Progress {
  phase: Phase
  timing: Timing
  address: string | null
}

/** Why there is no connection. Thrown inside the dialer only; it becomes a `Fault`. */
export class ConnectFault extends Error {
  readonly code: FaultCode

  constructor(code: FaultCode, reason: string, options?: ErrorOptions) {
    super(reason, options)
    this.code = code
  }
}

/** Longest for one address, when others are left to try, and in all; milliseconds, ours. An answer has to come within 7 s. */
const connectMs = { one: 2_000, all: 5_000 }

/**
 * A connection to an origin: the name is resolved, every address judged, and exactly a judged address dialled, so a name cannot point elsewhere between
 * the check and the connection. Throws `ConnectFault`.
 */
export async function connectTo(deps: ConnectDeps, url: URL, progress: Progress, signal: AbortSignal): Promise<Socket> {
  const elapsedMs = stopwatch()
  const resolution = await deps.names.resolve(url.hostname)
  progress.timing.dns = elapsedMs()
  if ("code" in resolution) throw new ConnectFault(resolution.code, resolution.reason)
  const addresses = judge(deps.reach, url, resolution.addresses)
  progress.phase = "connect"
  const socket = await dialOneOf(addresses, url, progress, signal)
  progress.timing.connect = elapsedMs()
  if (url.protocol !== "https:") return socket
  progress.phase = "tls"
  const secure = await secureSocket(deps, socket, url, signal)
  progress.timing.tls = elapsedMs()
  return secure
}

/** The first address of a host that may be dialled. Throws `ConnectFault`. */
export async function judgedAddress(deps: ConnectDeps, url: URL): Promise<string> {
  const resolution = await deps.names.resolve(url.hostname)
  if ("code" in resolution) throw new ConnectFault(resolution.code, resolution.reason)
  return judge(deps.reach, url, resolution.addresses)[0] as string
}

/** Milliseconds since now, to a tenth. */
export function stopwatch(): () => number {
  const start = performance.now()
  return () => Math.round((performance.now() - start) * 10) / 10
}

function judge(reach: Reach, url: URL, addresses: readonly string[]): string[] {
  const listed = reach.allowHosts.has(url.hostname) || reach.allowHosts.has(`${url.hostname}:${portOf(url)}`)
  const allowed = addresses.filter((address) => {
    const kind = classifyAddress(address)
    if (kind === "loopback") return reach.allowLoopback || listed
    return kind === "public" || (kind === "private" && listed)
  })
  if (allowed.length > 0) return allowed
  const kinds = [...new Set(addresses.map(classifyAddress))].join(" and ")
  throw new ConnectFault(
    "address_blocked",
    `${url.hostname} is at a ${kinds} address (${addresses.join(", ")}), which is not dialled`,
  )
}

const portOf = (url: URL): number => Number(url.port) || (url.protocol === "https:" ? 443 : 80)

async function dialOneOf(
  addresses: readonly string[],
  url: URL,
  progress: Progress,
  signal: AbortSignal,
): Promise<Socket> {
  const elapsedMs = stopwatch()
  let fault = new ConnectFault("unreachable", `${url.hostname} has no address`)
  for (const [i, address] of addresses.entries()) {
    const leftMs = connectMs.all - elapsedMs()
    if (leftMs <= 0 || signal.aborted) break
    progress.address = address
    try {
      return await dial(address, url, i === addresses.length - 1 ? leftMs : Math.min(leftMs, connectMs.one), signal)
    } catch (error) {
      if (!(error instanceof ConnectFault)) throw error
      fault = error
    }
  }
  throw fault
}

async function dial(address: string, url: URL, limitMs: number, signal: AbortSignal): Promise<Socket> {
  const port = portOf(url)
  const socket = connectTcp({ host: address, port, noDelay: true })
  const timer = setTimeout(() => socket.destroy(errorWith("ETIMEDOUT")), limitMs)
  return await settled(socket, "connect", signal, (error) => connectFault(error, url.hostname, port)).finally(() =>
    clearTimeout(timer),
  )
}

async function secureSocket(deps: ConnectDeps, socket: Socket, url: URL, signal: AbortSignal): Promise<TLSSocket> {
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1")
  const secure = connectTls({
    socket,
    host,
    ...(isIP(host) === 0 && { servername: host }),
    ALPNProtocols: ["http/1.1"],
    ...(deps.ca !== undefined && { ca: deps.ca }),
  })
  const timer = setTimeout(() => secure.destroy(errorWith("ETIMEDOUT")), connectMs.all)
  return await settled(secure, "secureConnect", signal, (error) => tlsFault(error, url)).finally(() =>
    clearTimeout(timer),
  )
}

/** The socket once it has said `event`; it is destroyed on the way to any fault. */
function settled<S extends Socket>(
  socket: S,
  event: string,
  signal: AbortSignal,
  faultOf: (error: NodeJS.ErrnoException) => ConnectFault,
): Promise<S> {
  return new Promise((resolve, reject) => {
    const abort = () => socket.destroy(errorWith("ABORT_ERR"))
    const done = (error: NodeJS.ErrnoException | null) => {
      signal.removeEventListener("abort", abort)
      socket.off("close", closed)
      if (error === null) return resolve(socket)
      socket.destroy()
      reject(faultOf(error))
    }
    const closed = () => done(errorWith("ECONNRESET"))
    if (signal.aborted) queueMicrotask(abort)
    signal.addEventListener("abort", abort)
    socket.once(event, () => done(null))
    socket.once("close", closed)
    socket.on("error", done) // stays: an error between two phases must not end the process
  })
}

const errorWith = (code: string): NodeJS.ErrnoException => Object.assign(new Error(code), { code })

function connectFault(error: NodeJS.ErrnoException, host: string, port: number): ConnectFault {
  const at = `${host} on port ${port}`
  switch (error.code) {
    case "ABORT_ERR":
      return new ConnectFault("aborted", "the request was given up", { cause: error })
    case "EMFILE":
    case "ENFILE":
    case "ENOBUFS":
    case "EADDRNOTAVAIL":
      return new ConnectFault("exhausted", `there was nothing left for a connection here (${error.code})`, {
        cause: error,
      })
    case "ECONNREFUSED":
      return new ConnectFault("connection_refused", `${host} refused the connection on port ${port}`, { cause: error })
    case "ETIMEDOUT":
      return new ConnectFault("connect_timeout", `no connection to ${at} could be made in time`, { cause: error })
    case "ECONNRESET":
      return new ConnectFault("connection_reset", `${at} closed the connection as it was made`, { cause: error })
    default:
      return new ConnectFault("unreachable", `${at} cannot be reached (${error.code ?? error.message})`, {
        cause: error,
      })
  }
}

const selfSigned = new Set(["DEPTH_ZERO_SELF_SIGNED_CERT", "SELF_SIGNED_CERT_IN_CHAIN"])
const unverified = new Set([
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
])

function tlsFault(error: NodeJS.ErrnoException, url: URL): ConnectFault {
  const host = url.hostname
  const code = error.code ?? ""
  const fault = (kind: FaultCode, words: string) => new ConnectFault(kind, words, { cause: error })
  if (code === "ABORT_ERR") return fault("aborted", "the request was given up")
  if (code === "CERT_HAS_EXPIRED") return fault("tls_expired", `the certificate of ${host} has expired`)
  if (selfSigned.has(code))
    return fault("tls_self_signed", `the certificate of ${host} is self-signed, so nobody vouches for it`)
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
    return fault("tls_wrong_name", `the certificate of ${host} is for another name`)
  if (unverified.has(code))
    return fault(
      "tls_failed",
      `the certificate of ${host} cannot be verified: its issuer is unknown, or an intermediate certificate is missing`,
    )
  if (code === "ETIMEDOUT") return fault("connect_timeout", `${host} did not finish the TLS handshake in time`)
  if (code === "ECONNRESET") return fault("tls_failed", `${host} closed the connection during the TLS handshake`)
  if (code.includes("WRONG_VERSION_NUMBER") || code.includes("PACKET_LENGTH_TOO_LONG"))
    return fault("tls_failed", `${host} does not speak TLS on port ${portOf(url)}: is it http rather than https?`)
  return fault("tls_failed", `no secure connection to ${host} could be made (${code || error.message})`)
}
