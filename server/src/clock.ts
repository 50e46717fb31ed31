/**
 * The schedule clock: undo windows, retries, everything that becomes due. It can be held and moved, so no test sleeps.
 * The wall clock (token expiry, signature timestamps, created_at, leases) is `Date.now()` and cannot.
 */
export interface ScheduleClock {
  now(): Date
  readonly held: boolean
  /** Moves a held clock forward by `ms`; a running clock refuses. */
  advance(ms: number): void
  /** Called after every move. Returns the way to stop listening. */
  onAdvance(listener: () => void): () => void
}

export function runningClock(): ScheduleClock {
  return {
    now: () => new Date(),
    held: false,
    advance() {
      throw new Error("only a held clock can be moved: start with --held-clock")
    },
    onAdvance: () => () => {},
  }
}

/** Stands still at `start` until moved. */
export function heldClock(start = new Date()): ScheduleClock {
  let nowMs = start.getTime()
  const listeners = new Set<() => void>()
  return {
    now: () => new Date(nowMs),
    held: true,
    advance(ms) {
      if (!(ms >= 0)) throw new Error(`a held clock only moves forward (was asked for ${ms} ms)`)
      nowMs += ms
      for (const listener of listeners) listener()
    },
    onAdvance(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
