import { live } from "@causeway/contract/endpoints/conversations"
import type { FastifyReply } from "fastify"
import type { Principal } from "../http/callers.ts"
import { HttpError } from "../http/errors.ts"
import { type Route, route } from "../http/route.ts"
import { shut } from "../http/server.ts"
import { opensFor } from "../inboxes/store.ts"
import type { Identity } from "../teammates/identity.ts"
import { formatCursor, parseCursor } from "./feed.ts"
import { type LiveHub, replayMax, type Subscriber } from "./hub.ts"

const heartbeatMs = 15_000
/** How soon after its end a session stops hearing. */
const sessionEveryMs = 10_000
/** What one slow browser may pile up in our memory before it is cut off; it resumes by cursor. */
const bufferedBytesMax = 4 * 1024 * 1024

/** `GET /causeway/live`: hello with the cursor, then every change from where the browser stood, or resync when that place is no more. */
export const liveRoutes = (hub: LiveHub, { session }: Pick<Identity, "session">): Route[] => [
  route(live, async ({ query, principal, request }, reply) => {
    if (principal.kind !== "session") throw new HttpError(403, "Live changes are for sessions")
    const { companyId } = principal
    const given = String(request.headers["last-event-id"] ?? query.after ?? "")
    const position = await hub.position(companyId)
    const cursor = parseCursor(given)
    const resumable =
      cursor !== null &&
      cursor.epoch === hub.epoch &&
      cursor.position <= position &&
      position - cursor.position <= replayMax
    const from = resumable ? cursor.position : position
    const stream = openStream(reply)
    stream.write("hello", formatCursor(hub.epoch, from), { cursor: formatCursor(hub.epoch, position) })
    if (given !== "" && !resumable)
      stream.write("resync", formatCursor(hub.epoch, position), { cursor: formatCursor(hub.epoch, position) })
    const subscriber: Subscriber = {
      companyId,
      teammateId: principal.teammateId,
      viewer: opensFor(principal),
      position: from,
      send: (event, id, data) => stream.write(event, id, data),
      close: () => stream.end(),
    }
    const unsubscribe = hub.subscribe(subscriber)
    stream.onClose(unsubscribe)
    stream.onClose(endWith(async () => sameViewer(await session(request), subscriber), stream.end))
    return { status: 200, hijacked: true }
  }),
]

/** The session, if its person may still see what they could when the stream began; else null: the browser comes again and is heard as who they are now. */
export const sameViewer = (found: Principal | null, { viewer }: Pick<Subscriber, "viewer">): Principal | null =>
  found !== null && opensFor(found) === viewer ? found : null

/** A session that was ended somewhere else, or whose person may see other inboxes than when it began, hears no more. While the database is away nobody knows, and nothing is heard either. */
export function endWith(session: () => Promise<unknown>, end: () => void, everyMs = sessionEveryMs): () => void {
  const timer = setInterval(async () => {
    const found = await session().catch(() => undefined)
    if (found !== null) return
    clearInterval(timer)
    end()
  }, everyMs)
  timer.unref()
  return () => clearInterval(timer)
}

interface EventStream {
  write(event: string, id: string, data: unknown): boolean
  end(): void
  onClose(callback: () => void): void
}

function openStream(reply: FastifyReply): EventStream {
  reply.hijack()
  const { raw } = reply
  raw.writeHead(200, {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-store",
    "x-accel-buffering": "no",
    "x-content-type-options": "nosniff",
    ...shut,
    connection: "keep-alive",
  })
  raw.write("retry: 1000\n\n")
  raw.socket?.setTimeout(0)
  const heartbeat = setInterval(() => raw.write(": still here\n\n"), heartbeatMs)
  raw.on("close", () => clearInterval(heartbeat))
  raw.on("error", () => raw.destroy())
  return {
    write(event, id, data) {
      if (raw.destroyed || raw.writableLength > bufferedBytesMax) return false
      raw.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
      return true
    },
    end: () => raw.end(),
    onClose: (callback) => void raw.on("close", callback),
  }
}
