import { formatId } from "@causeway/contract/ids"
import type { FastifyRequest } from "fastify"
import type { Log } from "../log.ts"
import type { Principal } from "./callers.ts"

/** Writes one line for a request that was refused. */
export type RefusalLog = (request: FastifyRequest, refusal: { status: number; message: string }) => void

/** More than these in a second are counted instead: a flood of refused requests does not become a flood of lines. */
const linesPerSecond = 20
const reasonCharsMax = 200

/**
 * A credential that does not hold, something that is not allowed, and too much of anything are warnings. Whoever asks without any credential is ordinary,
 * and so is a wrong form: these are seen with CAUSEWAY_LOG=debug.
 */
export function createRefusalLog(log: Log, now: () => number = Date.now): RefusalLog {
  let second = 0
  let lines = 0
  let left = 0

  /** Whether there is room for one more line in this second. */
  function isRoom(): boolean {
    const current = Math.floor(now() / 1000)
    if (current !== second) {
      if (left > 0) log.warn({ count: left }, "http.refused_more")
      second = current
      lines = 0
      left = 0
    }
    if (lines < linesPerSecond) {
      lines++
      return true
    }
    left++
    return false
  }

  return (request, { status, message }) => {
    const isTold = status === 403 || status === 429 || (status === 401 && request.headers.authorization !== undefined)
    if ((!isTold && !log.isLevelEnabled("debug")) || !isRoom()) return
    log[isTold ? "warn" : "debug"](
      {
        request_id: request.id,
        method: request.method,
        path: request.routeOptions?.url ?? "?",
        status,
        caller: callerOf(request.principal ?? null), // a request that could not be read has none
        address: request.address,
        reason: message.slice(0, reasonCharsMax),
      },
      "http.refused",
    )
  }
}

/** Who was refused, as far as a credential proved it. */
function callerOf(principal: Principal | null): string | null {
  if (principal === null) return null
  if (principal.kind === "session") return formatId("tea", principal.teammateId)
  if (principal.kind === "channel") return formatId("cha", principal.channelId)
  if (principal.kind !== "token") return principal.kind
  return principal.oauthClientId === undefined
    ? formatId("tok", principal.tokenId)
    : formatId("oac", principal.oauthClientId)
}
