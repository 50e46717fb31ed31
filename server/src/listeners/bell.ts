import { systemWall, type WallClock } from "../clock.ts"

/** Wakes whoever waits for something to change. Who comes too late for a ring looks again by itself: every wait has an end. */
export interface Bell {
  ring(): void
  /** Resolves at the next ring, after `ms`, or when `signal` is aborted. */
  wait(ms: number, signal?: AbortSignal): Promise<void>
}

export function createBell(wall: WallClock = systemWall): Bell {
  const waiting = new Set<() => void>()
  return {
    ring() {
      for (const wake of [...waiting]) wake()
    },
    wait: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve()
        const end = () => {
          waiting.delete(end)
          signal?.removeEventListener("abort", end)
          callOff()
          resolve()
        }
        const callOff = wall.after(ms, end)
        waiting.add(end)
        signal?.addEventListener("abort", end)
      }),
  }
}
