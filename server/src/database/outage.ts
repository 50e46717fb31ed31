import { OutageError } from "../http/errors.ts"
import type { Log } from "../log.ts"

/**
 * SQLSTATEs that say "not now" rather than "not this": connection trouble, shutdown, no room, a replica after a failover, our own time limit. A lock that
 * is not had in time (55P03) is none of them: only who wanted it has to come back.
 */
const outageStates = /^(08...|57P0[1-5]|57014|53...|58030|25006|25P03)$/
const outageCodes = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOENT",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EACCES",
  "EMFILE",
  "ENFILE",
])
/** The client library gives these no code. */
const outageMessages =
  /^(Connection terminated|timeout e|Client (has|was)|Cannot use a pool after|Query read timeout|The server does not support)/

/** The database is out of reach, for everybody. A statement that took too long for its own limit is an `OutageError` too, and says nothing of others. */
export class LostDatabaseError extends OutageError {
  constructor(options?: ErrorOptions) {
    super("the database does not answer", 1, options)
  }
}

/** The error itself, or an `OutageError` around it when it says that the database cannot be reached. */
export function asOutage(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof OutageError || !isOutage(error)) return error
  return (error as { code?: unknown }).code === "57014"
    ? new OutageError("the database does not answer", 1, { cause: error })
    : new LostDatabaseError({ cause: error })
}

export function isOutage(error: Error): boolean {
  const code = (error as { code?: unknown }).code
  if (typeof code === "string") return outageStates.test(code) || outageCodes.has(code)
  return error instanceof AggregateError ? error.errors.every(isOutage) : outageMessages.test(error.message)
}

/** So long without another failure, and the database counts as back: under a heavy load answers and failures alternate. */
const steadyMs = 1_000

/** Tells the log once that the database was lost, why, and once that it is back, however many ask it meanwhile. */
export function watchOutages(log: Log): { failed(error: unknown): void; answered(): void } {
  let lost: { atMs: number; lastMs: number } | null = null
  return {
    failed(error) {
      if (!(error instanceof LostDatabaseError)) return
      const nowMs = performance.now()
      if (lost === null)
        log.error({ reason: (error.cause as Error | undefined)?.message ?? "no answer" }, "database.lost")
      lost = { atMs: lost?.atMs ?? nowMs, lastMs: nowMs }
    },
    answered() {
      if (lost === null || performance.now() - lost.lastMs < steadyMs) return
      log.info({ outage_ms: Math.round(performance.now() - lost.atMs) }, "database.back")
      lost = null
    },
  }
}
