import type { AddressInfo } from "node:net"
import { connect, createServer, type NetConnectOpts, type Socket } from "node:net"
import { seeded } from "./seeded.ts"

/** What a way does to the bytes on it, `up` to the server or `down` from it. All may hold together; nothing set: bytes pass at once. */
export interface Faults {
  /** Milliseconds until a piece arrives, up to `jitterMs` more. */
  latencyMs?: number
  jitterMs?: number
  /** Bytes a second. */
  limit?: number
  /** Pieces of 1 to so many bytes, each a packet of its own. */
  sliceBytes?: number
  /** Nothing arrives, not even an end, until this is over; then everything does, in order: packets that are lost are sent again. */
  hold?: boolean
  /** The end of the stream arrives so many milliseconds later. */
  slowCloseMs?: number
  /** After so many bytes, counted from when this was set, the connection ends for both: orderly, or with a reset. */
  cutAfterBytes?: number
  resetAfterBytes?: number
}

/** A TCP connection's way through a network that misbehaves as it is told. */
export interface FaultProxy {
  port: number
  /** Replaces what one way, or both, do from now on, to connections that are open and to new ones. */
  set(faults: Faults, way?: Way): void
  /** New connections are reset as they come, until it is called with false. */
  refuse(isRefused: boolean): void
  /** From now on nothing passes any more on the connections that are open, and neither side hears so: each is left with its own end. */
  lose(): void
  /** Ends every open connection now. */
  endAll(how: "close" | "reset"): void
  /** Open now, and made in all. */
  readonly connections: { open: number; made: number }
  close(): Promise<void>
}

export type Way = "up" | "down"

export interface ProxyOptions {
  /** Where it leads: a port, or a unix socket's path. */
  to: NetConnectOpts
  seed: number
  /** Default: 127.0.0.1. */
  host?: string
}

/** More than this on the way to a slow reader, in bytes, and reading from the other side pauses. */
const queuedMax = 1024 * 1024
/** Whether a hold is over is looked at this often, in ms. */
const holdLookMs = 10

export async function openProxy({ to, seed, host = "127.0.0.1" }: ProxyOptions): Promise<FaultProxy> {
  const random = seeded(seed)
  const faults: Record<Way, Faults> = { up: {}, down: {} }
  const counted: Record<Way, number> = { up: 0, down: 0 }
  const open = new Set<Socket>()
  const links = new Set<Link>()
  const made = { count: 0 }
  let isRefused = false

  const server = createServer({ allowHalfOpen: true }, (client) => {
    client.on("error", () => {})
    if (isRefused) return void client.resetAndDestroy()
    made.count++
    const inner = connect({ ...to, allowHalfOpen: true })
    const link: Link = { isLost: false }
    links.add(link)
    const ways: [Way, Socket, Socket][] = [
      ["up", client, inner],
      ["down", inner, client],
    ]
    for (const [way, from, into] of ways) {
      open.add(from)
      from.setNoDelay?.(true)
      carry(from, into, way, link)
      from.on("close", () => links.delete(link))
    }
  })

  function carry(from: Socket, into: Socket, way: Way, link: Link): void {
    const line = createLine({
      into,
      link,
      faultsOf: () => faults[way],
      random,
      pass: (bytes) => pass(bytes, from, into, way),
    })
    from.on("data", (piece) => line.put(piece) > queuedMax && from.pause())
    line.onShort(() => from.resume())
    from.on("end", () => line.end())
    from.on("error", () => link.isLost || reset(into))
    from.on("close", () => {
      open.delete(from)
      if (!link.isLost && (from.errored !== null || !from.readableEnded)) into.destroy()
    })
  }

  /** Writes what may pass before a cut; answers whether the connection goes on. */
  function pass(bytes: Buffer, from: Socket, into: Socket, way: Way): boolean {
    const { cutAfterBytes, resetAfterBytes } = faults[way]
    const left =
      Math.min(cutAfterBytes ?? Number.POSITIVE_INFINITY, resetAfterBytes ?? Number.POSITIVE_INFINITY) - counted[way]
    counted[way] += bytes.length
    if (bytes.length < left) {
      into.write(bytes)
      return true
    }
    const finish = () => {
      for (const socket of [from, into]) resetAfterBytes === undefined ? socket.destroy() : reset(socket)
    }
    if (left > 0) into.write(bytes.subarray(0, left), finish)
    else finish()
    return false
  }

  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  const endAll: FaultProxy["endAll"] = (how) => {
    for (const socket of open) how === "reset" ? reset(socket) : socket.destroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    set(next, way) {
      for (const one of way === undefined ? (["up", "down"] as const) : [way]) {
        faults[one] = next
        counted[one] = 0
      }
    },
    refuse(next) {
      isRefused = next
    },
    lose() {
      for (const link of links) link.isLost = true
    },
    endAll,
    get connections() {
      return { open: open.size / 2, made: made.count }
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      endAll("reset")
      await closed
    },
  }
}

/** A unix socket knows no reset. */
const reset = (socket: Socket): void =>
  void (socket.remoteAddress === undefined ? socket.destroy() : socket.resetAndDestroy())

/** One connection, both of its halves. */
interface Link {
  isLost: boolean
}

interface Line {
  /** Answers how many bytes are on the way. */
  put(piece: Buffer): number
  end(): void
  /** Called whenever most of what was on the way has arrived. */
  onShort(listener: () => void): void
}

interface LineOptions {
  into: Socket
  link: Link
  faultsOf(): Faults
  random(): number
  /** Answers whether the connection goes on. */
  pass(bytes: Buffer): boolean
}

/** Bytes on their way, one piece after the other. */
function createLine({ into, link, faultsOf, random, pass }: LineOptions): Line {
  const queue: { piece: Buffer | null; dueAtMs: number }[] = []
  let queued = 0
  let isMoving = false
  let tellShort = () => {}

  async function move(): Promise<void> {
    isMoving = true
    for (let next = queue.shift(); next !== undefined && !into.destroyed; next = queue.shift()) {
      await until(next.dueAtMs)
      while (faultsOf().hold && !into.destroyed && !link.isLost) await until(performance.now() + holdLookMs)
      if (link.isLost) queued -= next.piece?.length ?? 0
      else if (next.piece === null) into.end()
      else if (!(await movePiece(next.piece))) break
      if (queued < queuedMax / 2) tellShort()
    }
    isMoving = false
  }

  async function movePiece(piece: Buffer): Promise<boolean> {
    for (let at = 0; at < piece.length; ) {
      const { sliceBytes, limit } = faultsOf()
      const size =
        sliceBytes === undefined ? Math.min(piece.length, limit ?? piece.length) : 1 + Math.floor(random() * sliceBytes)
      const part = piece.subarray(at, at + size)
      if (limit !== undefined) await until(performance.now() + (part.length / limit) * 1_000)
      at += part.length
      queued -= part.length
      if (!pass(part)) return false
      // A turn of the loop between two slices: otherwise they would leave as one packet.
      if (sliceBytes !== undefined) await new Promise(setImmediate)
      if (into.writableNeedDrain) await drained(into)
    }
    return true
  }

  const put = (piece: Buffer | null): number => {
    const { latencyMs = 0, jitterMs = 0, slowCloseMs = 0 } = faultsOf()
    const delayMs = latencyMs + jitterMs * random() + (piece === null ? slowCloseMs : 0)
    queued += piece?.length ?? 0
    queue.push({ piece, dueAtMs: performance.now() + delayMs })
    if (!isMoving) void move()
    return queued
  }
  return {
    put,
    end: () => void put(null),
    onShort(listener) {
      tellShort = listener
    },
  }
}

const until = async (atMs: number): Promise<void> => {
  const leftMs = atMs - performance.now()
  if (leftMs > 0) await new Promise((resolve) => setTimeout(resolve, leftMs))
}

const drained = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    const done = () => {
      for (const event of ["drain", "close"]) socket.off(event, done)
      resolve()
    }
    for (const event of ["drain", "close"]) socket.on(event, done)
  })
