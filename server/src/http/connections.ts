import { readFileSync } from "node:fs"
import type { Server } from "node:http"

/** The share of this process's files that clients' connections may take; the rest is for the database, partners and files. */
const share = 0.5
const connectionsMin = 16

/**
 * Holds incoming connections to their share of the files that this process may have open. One too many is closed at once, and those that rest between two
 * requests make room for the next: otherwise a crowd that asks for nothing would keep replies from leaving.
 */
export function boundConnections(server: Server, files: number | null = openFilesMax()): void {
  if (files === null) return
  server.maxConnections = Math.max(connectionsMin, Math.floor(files * share))
  server.on("drop", () => server.closeIdleConnections())
}

/** Null where the system does not say, or sets no limit. */
function openFilesMax(): number | null {
  try {
    const soft = /^Max open files\s+(\d+)/m.exec(readFileSync("/proc/self/limits", "utf8"))?.[1]
    return soft === undefined ? null : Number(soft)
  } catch {
    return null // not Linux
  }
}

const idleLookMs = 50

/**
 * Ends `server` by `close`, which waits for its last answer. Node closes connections that are idle at that moment only: one whose client has its answer a
 * moment before the server knows would be kept alive for a minute.
 */
export async function closingIdle(
  server: Pick<Server, "closeIdleConnections">,
  close: () => Promise<void>,
): Promise<void> {
  const timer = setInterval(() => server.closeIdleConnections(), idleLookMs)
  try {
    await close()
  } finally {
    clearInterval(timer)
  }
}
