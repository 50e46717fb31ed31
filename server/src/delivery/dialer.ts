import { urlCharsMax } from "@causeway/contract/limits"
import { Client, type Dispatcher, Pool } from "undici"
import { type ConnectDeps, ConnectFault, connectTo, judgedAddress, type Progress } from "./connect.ts"
import { startExchange } from "./exchange.ts"
import { createNames, type Names } from "./names.ts"
import type { Fault, OutgoingRequest, Phase, Report, Timing } from "./outcome.ts"

/**
 * The one way out: every request to a partner goes through here. It resolves the name, refuses places that are nobody's business (addresses.ts), connects
 * to exactly the address it judged, follows no redirect, inflates nothing, reads 64 KiB at most, and turns whatever happens into a value.
 */
export interface Dialer {
  /**
   * Begins at once. `keepAlive`: may use and leave an open connection, so only for what may be repeated. `mayWrite` is asked when the first byte is about to
   * leave; false ends it as `interrupted`.
   */
  start(request: OutgoingRequest, options: { limitMs: number; keepAlive?: boolean; mayWrite?: () => boolean }): Exchange
  /** Where a request to this URL would go, for a program that dials by itself; else why it would not. */
  addressOf(url: string): Promise<{ address: string } | { problem: string }>
  /** Gives up what is under way and closes every connection. */
  close(): Promise<void>
}

/** One request under way. */
export interface Exchange {
  /** How it ended; at the time limit it ends by itself. Never rejects. */
  readonly report: Promise<Report>
  /** How far it is. */
  progress(): { written: boolean; phase: Phase; timing: Timing; address: string | null }
  /** Ends it now; nothing is written after. */
  abort(): void
}

export interface DialerOptions {
  /** Whether partners on this machine's loopback may be called: while the server itself listens on nothing else. Default false. */
  allowLoopback?: boolean
  /** `host` or `host:port` of partners at private or loopback addresses; a set is looked at for every connection, so it may grow. Default none. */
  allowHosts?: ReadonlySet<string> | readonly string[]
  /** Default: c-ares with the system's name servers, localhost and the hosts file. */
  names?: Names | undefined
  /** Certificate authorities instead of the usual ones (PEM). */
  ca?: string | undefined
}

/** Origins whose connections are kept open at once; ours. The one unused for longest is closed for a new one. */
const poolsMax = 200
/** As many as may be in flight at all: partners that share an origin, behind a relay for one, never wait for each other here. */
const poolConnectionsMax = 256
const idleMs = 4_000 // below the 5 s after which many servers close: rarely is a connection closed under a request

const clientOptions = {
  allowH2: false,
  pipelining: 1,
  // Time is kept by the exchange itself.
  headersTimeout: 0,
  bodyTimeout: 0,
  maxHeaderSize: 16 * 1024,
} as const

const setOf = (hosts: ReadonlySet<string> | readonly string[] = []): ReadonlySet<string> =>
  hosts instanceof Set ? hosts : new Set(hosts)

export function createDialer(options: DialerOptions = {}): Dialer {
  const deps: ConnectDeps = {
    names: options.names ?? createNames(),
    reach: { allowLoopback: options.allowLoopback ?? false, allowHosts: setOf(options.allowHosts) },
    ...(options.ca !== undefined && { ca: options.ca }),
  }
  const pools = new Map<string, Pool>()
  const running = new Set<Exchange>()

  function poolFor(url: URL): Pool {
    const pool = pools.get(url.origin) ?? newPool(deps, url)
    pools.delete(url.origin)
    pools.set(url.origin, pool) // the newest is last
    const [oldest] = pools.keys()
    if (pools.size > poolsMax && oldest !== undefined) {
      void pools.get(oldest)?.close()
      pools.delete(oldest)
    }
    return pool
  }

  return {
    start(request, { limitMs, keepAlive = false, mayWrite = () => true }) {
      const url = parseTarget(request.url)
      if ("kind" in url) return finished(url)
      const connect = keepAlive ? pooled(() => poolFor(url)) : fresh(deps, url)
      const exchange = startExchange({ connect, url, request, limitMs, keepAlive, mayWrite })
      running.add(exchange)
      void exchange.report.then(() => running.delete(exchange))
      return exchange
    },
    async addressOf(text) {
      const url = parseTarget(text)
      if ("kind" in url) return { problem: url.reason }
      try {
        return { address: await judgedAddress(deps, url) }
      } catch (error) {
        if (error instanceof ConnectFault) return { problem: error.message }
        throw error
      }
    },
    async close() {
      for (const exchange of running) exchange.abort()
      await Promise.all([...pools.values()].map((pool) => pool.destroy()))
      pools.clear()
    },
  }
}

/** Gets a dispatcher that is connected, or connects by itself; `release` is called when the exchange is over. */
export type Connect = (progress: Progress, signal: AbortSignal) => Promise<{ dispatcher: Dispatcher; release(): void }>

/** A connection for one request: whether anything was written on it is certain. */
const fresh =
  (deps: ConnectDeps, url: URL): Connect =>
  async (progress, signal) => {
    const socket = await connectTo(deps, url, progress, signal)
    const client = new Client(url.origin, {
      ...clientOptions,
      connect: (_options, done) => queueMicrotask(() => done(null, socket)),
    })
    const release = () => {
      socket.destroy()
      void client.destroy()
    }
    return { dispatcher: client, release }
  }

const pooled =
  (pool: () => Pool): Connect =>
  async () => ({ dispatcher: pool(), release: () => {} })

function newPool(deps: ConnectDeps, url: URL): Pool {
  return new Pool(url.origin, {
    ...clientOptions,
    connections: poolConnectionsMax,
    keepAliveTimeout: idleMs,
    keepAliveMaxTimeout: idleMs,
    connect: (_options, done) => {
      const unwatched: Progress = { phase: "name", timing: { total: 0 }, address: null }
      connectTo(deps, url, unwatched, new AbortController().signal).then(
        (socket) => done(null, socket),
        (error: Error) => done(error, null),
      )
    },
  })
}

/** The parsed address is what is judged and dialled, never the text. */
function parseTarget(text: string): URL | Fault {
  const refuse = (reason: string): Fault => ({
    kind: "fault",
    code: "invalid_url",
    reason,
    written: false,
    phase: "name",
  })
  if (text.length > urlCharsMax || !URL.canParse(text)) return refuse(`"${text.slice(0, 100)}" is not a web address`)
  const url = new URL(text)
  if (url.protocol !== "https:" && url.protocol !== "http:")
    return refuse(`${url.protocol} is not a protocol for webhooks (https: is)`)
  if (url.username !== "" || url.password !== "")
    return refuse("a webhook's address must not hold a user name or password")
  if (url.port === "0") return refuse("port 0 cannot be dialled")
  return url
}

function finished(outcome: Fault): Exchange {
  const report: Report = { outcome, timing: { total: 0 }, address: null }
  return {
    report: Promise.resolve(report),
    progress: () => ({ written: false, phase: outcome.phase, timing: report.timing, address: null }),
    abort: () => {},
  }
}
