import { connect, type NetConnectOpts, type Socket } from "node:net"
import type { Readable } from "node:stream"
import { pipeline } from "node:stream/promises"

/** A virus scanner. */
export interface Scanner {
  /** Reads `source` to its end. What was found in it; null: nothing. Throws when the scanner cannot be reached or comes to no verdict. */
  scan(source: Readable): Promise<string | null>
}

/** Nothing was sent or said for so long. Large archives take a scanner many seconds. */
const idleMs = 60_000
const replyCharsMax = 1_000
const nameCharsMax = 100

/** ClamAV's daemon, over TCP or its socket; a connection for each file. Source: clamd(8), INSTREAM: pieces behind their lengths, and one of none at the end. */
export const clamd = (place: NetConnectOpts): Scanner => ({
  async scan(source) {
    const socket = connect(place)
    socket.setTimeout(idleMs, () => socket.destroy(new Error(`said nothing for ${idleMs / 1000} s`)))
    // It may answer before it has read everything, and hangs up then: what it said counts.
    const [said, sent] = await Promise.allSettled([
      replyOf(socket),
      pipeline(asPieces(source), socket, { end: false }).finally(() => source.destroy()),
    ])
    socket.destroy()
    if (said.status === "fulfilled" && said.value !== "") return verdictOf(said.value)
    throw said.status === "rejected" ? said.reason : sent.status === "rejected" ? sent.reason : new Error("hung up")
  },
})

async function* asPieces(source: Readable): AsyncGenerator<Buffer> {
  yield Buffer.from("zINSTREAM\0")
  for await (const piece of source as AsyncIterable<Buffer>) {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(piece.length)
    yield length
    yield piece
  }
  yield Buffer.alloc(4)
}

async function replyOf(socket: Socket): Promise<string> {
  let reply = ""
  for await (const piece of socket) {
    reply += (piece as Buffer).toString("latin1")
    if (reply.includes("\0") || reply.length > replyCharsMax) break
  }
  return reply.split("\0", 1)[0] as string
}

function verdictOf(reply: string): string | null {
  const [, verdict] = /^stream: (OK|[\x20-\x7e]+ FOUND)$/.exec(reply) ?? []
  if (verdict === undefined) throw new Error(`said "${reply.replace(/[^\x20-\x7e]/g, "?").slice(0, nameCharsMax)}"`)
  return verdict === "OK" ? null : verdict.slice(0, -" FOUND".length).slice(0, nameCharsMax)
}
