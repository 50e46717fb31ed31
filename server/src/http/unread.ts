import type { ServerResponse } from "node:http"
import type { Socket } from "node:net"

/** What waits to be read may take so much of this process's memory: all of it together, and what one connection has waiting when it asks for more. */
export interface UnreadLimits {
  /** UTF-16 units, 1 to 3 bytes each. */
  charsMax: number
  perConnectionMax: number
}

const limits: UnreadLimits = { charsMax: 64 * 1024 * 1024, perConnectionMax: 16 * 1024 * 1024 }
/** Less than this is not worth counting: Node reads no more requests of a connection while 16 kB of its answers wait. */
const countedMin = 64 * 1024

/**
 * Bounds what waits for clients that ask and do not read. Call what it returns with each answer of text before it is written. When too much waits in all, the
 * connections that have been reading for longest are closed until it is little enough again; who reads as fast as a network carries is never among them,
 * because their answers have left. A connection that asks for more while too much waits for it alone is closed as well.
 */
export function boundUnread({ charsMax, perConnectionMax }: UnreadLimits = limits) {
  /** In the order of their coming. */
  const waiting = new Map<ServerResponse, { socket: Socket; chars: number }>()
  let total = 0

  function forget(response: ServerResponse): void {
    const entry = waiting.get(response)
    if (entry !== undefined && waiting.delete(response)) total -= entry.chars
  }

  function cut(response: ServerResponse, socket: Socket): void {
    forget(response)
    socket.destroy()
  }

  // An answer that waits for the one before it has no socket yet: its request has.
  return (response: ServerResponse, chars: number): void => {
    if (chars < countedMin) return
    const { socket } = response.req
    let before = 0
    for (const entry of waiting.values()) if (entry.socket === socket) before += entry.chars
    waiting.set(response, { socket, chars })
    total += chars
    response.once("finish", () => forget(response))
    response.once("close", () => forget(response))
    if (before > perConnectionMax) cut(response, socket)
    for (const [oldest, entry] of waiting) {
      if (total <= charsMax || oldest === response) break
      cut(oldest, entry.socket)
    }
  }
}
