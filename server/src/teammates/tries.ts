import type { FastifyReply } from "fastify"
import { HttpError } from "../http/errors.ts"

/** Counts tries by key (an address, an e-mail) within a window, so that a password or a code cannot be guessed by trying. Kept in memory: a restart forgets. */
export interface Tries {
  /** Counts one try. Null: go on. Otherwise how many ms to wait before the next one is looked at. */
  take(key: string): number | null
  /** That try was none: the person is who they said. Earlier ones still count, or whoever has an account could wipe out what they tried at others. */
  giveBack(key: string): void
  /** Forgets the key: its own person has come. */
  clear(key: string): void
}

export interface TryLimit {
  max: number
  windowMs: number
  /** A window follows one that was used up with twice its length, up to this. Default: all are equally long. */
  windowMaxMs?: number
}

interface Window {
  count: number
  until: number
  lengthMs: number
}

const keysMax = 50_000

export function createTries({ max, windowMs, windowMaxMs = windowMs }: TryLimit, now: () => number = Date.now): Tries {
  const windows = new Map<string, Window>()

  function windowOf(known: Window | undefined): Window {
    if (known !== undefined && known.until > now()) return known
    const grows = known !== undefined && known.count >= max && now() - known.until < known.lengthMs
    const lengthMs = grows ? Math.min(windowMaxMs, known.lengthMs * 2) : windowMs
    return { count: 0, until: now() + lengthMs, lengthMs }
  }

  return {
    take(key) {
      const known = windows.get(key)
      const window = windowOf(known)
      if (window.count >= max) return window.until - now()
      window.count++
      if (known === undefined && windows.size >= keysMax) windows.delete(windows.keys().next().value as string)
      windows.set(key, window)
      return null
    },
    giveBack(key) {
      const window = windows.get(key)
      if (window !== undefined && window.count > 0) window.count--
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
