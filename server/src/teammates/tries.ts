import type { FastifyReply } from "fastify"
import { HttpError } from "../http/errors.ts"

/** Counts tries by key (an address, an e-mail) within a window, so that a password or a code cannot be guessed by trying. Kept in memory: a restart forgets. */
export interface Tries {
  /** Counts one try. Null: go on. Otherwise how many ms to wait before the next one is looked at. */
  take(key: string): number | null
  /** After a success: the person is who they said. */
  clear(key: string): void
}

const keysMax = 50_000

export function createTries(limit: { max: number; windowMs: number }, now: () => number = Date.now): Tries {
  const windows = new Map<string, { count: number; until: number }>()
  return {
    take(key) {
      const known = windows.get(key)
      const window = known !== undefined && known.until > now() ? known : { count: 0, until: now() + limit.windowMs }
      if (window.count >= limit.max) return window.until - now()
      window.count++
      if (known === undefined && windows.size >= keysMax) windows.delete(windows.keys().next().value as string)
      windows.set(key, window)
      return null
    },
    clear: (key) => void windows.delete(key),
  }
}

/** 429 in the form that clients parse, when any of these counters says wait. */
export function refuseTooMany(waits: readonly (number | null)[], reply: FastifyReply): void {
  const waitMs = Math.max(0, ...waits.map((wait) => wait ?? 0))
  if (waitMs === 0) return
  reply.header("retry-after", String(Math.ceil(waitMs / 1000)))
  throw new HttpError(429, `Too many tries: retry in ${Math.ceil(waitMs)} milliseconds`)
}
