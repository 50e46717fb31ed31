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

/**
 * Goes by the machine's clock, and never back: where that is set back, this one runs at half its speed until the two agree again, so that what became due
 * in between is not due an hour from now. A machine that is set forward, or slept, is followed at once.
 */
export function runningClock(
  wallMs: () => number = () => Date.now(),
  steadyMs: () => number = () => performance.now(),
): ScheduleClock {
  let at = wallMs()
  let askedAt = steadyMs()
  return {
    now() {
      const steady = steadyMs()
      at = Math.max(wallMs(), at + (steady - askedAt) / 2)
      askedAt = steady
      return new Date(at)
    },
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

/** The wall clock and waiting by it; a value, so that a simulator can run a process in virtual time. */
export interface WallClock {
  /** Milliseconds since 1970. */
  now(): number
  /** Milliseconds that only grow, whatever the machine's clock is set to. A machine that sleeps may stop them. */
  steady(): number
  /** Calls `work` once, in `ms`. Returns the way to call it off. */
  after(ms: number, work: () => void): () => void
}

export const systemWall: WallClock = {
  now: () => Date.now(),
  steady: () => performance.now(),
  after(ms, work) {
    const timer = setTimeout(work, ms)
    return () => clearTimeout(timer)
  },
}

/** Resolves in `ms`, or as soon as `signal` is aborted. */
export const pause = (wall: WallClock, ms: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted) return resolve()
    const end = () => {
      signal?.removeEventListener("abort", end)
      callOff()
      resolve()
    }
    const callOff = wall.after(ms, end)
    signal?.addEventListener("abort", end)
  })

/** What `work` comes to, or null when it takes longer than `ms`. */
export async function within<T>(wall: WallClock, ms: number, work: Promise<T>): Promise<T | null> {
  let callOff = () => {}
  const overdue = new Promise<null>((resolve) => {
    callOff = wall.after(ms, () => resolve(null))
  })
  return await Promise.race([work, overdue]).finally(() => callOff())
}
