import { OutageError } from "../http/errors.ts"

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

/** The error itself, or an `OutageError` around it when it says that the database cannot be reached. */
export function asOutage(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof OutageError || !isOutage(error)) return error
  return new OutageError("the database does not answer", 1, { cause: error })
}

export function isOutage(error: Error): boolean {
  const code = (error as { code?: unknown }).code
  if (typeof code === "string") return outageStates.test(code) || outageCodes.has(code)
  return error instanceof AggregateError ? error.errors.every(isOutage) : outageMessages.test(error.message)
}
