import { setTimeout as delay } from "node:timers/promises"
import { Pool } from "undici"
import { percentile } from "./harness/seeded.ts"

export { percentile }

/** Milliseconds since 1970 with fractions: the same clock in every process of this machine. */
export const nowMs = (): number => performance.timeOrigin + performance.now()

/** What one run of load came to. */
export interface Measured {
  perSecond: number
  /** How long each answer took, in ms, in no order. */
  times: number[]
}

export interface Shot {
  path: string
  headers: Record<string, string>
  body: string
}

export interface Target {
  /** An origin. */
  url: string
  connections: number
  /** The only status that counts as an answer; any other fails the run. */
  status: number
  /** True: every request opens a connection of its own. */
  isFresh?: boolean
  next(n: number): Shot
}

export interface ClosedLoop extends Target {
  seconds: number
  /** Before it counts; default 1 s. */
  warmUpMs?: number
  /** No more than so many are sent, however long that takes; default: as many as there is time for. */
  shotsMax?: number
  /** Holds the next request back while it is unresolved. */
  mayGo?(): Promise<void>
}

export interface ClosedRun extends Measured {
  sent: number
  /** Between which moments it was counted, by `nowMs`. */
  from: number
  to: number
}

/**
 * Closed loop: `connections` requests are under way at every moment for `seconds`; `next` makes each. Everything runs on one machine, so only ratios between runs of the same call mean anything.
 */
export async function closedLoop(target: ClosedLoop): Promise<ClosedRun> {
  const { seconds, warmUpMs = 1_000, shotsMax = Number.POSITIVE_INFINITY } = target
  const times: number[] = []
  const from = nowMs() + warmUpMs
  const to = from + seconds * 1000
  const { shoot, close } = openGun(target)
  let sent = 0
  async function loop(): Promise<void> {
    while (nowMs() < to && sent < shotsMax) {
      await target.mayGo?.()
      const before = nowMs()
      await shoot(sent++)
      const after = nowMs()
      if (after >= from && after <= to) times.push(after - before)
    }
  }
  try {
    await Promise.all(Array.from({ length: target.connections }, loop))
  } finally {
    await close()
  }
  return { perSecond: times.length / seconds, times, sent, from, to }
}

/**
 * Open loop: requests come at moments of their own (a Poisson process that `random` decides), whether or not the last one was answered. Each is timed from
 * the moment it was to leave, not from when this process or a free connection got round to it, so a server that stands still is charged for everybody who
 * came meanwhile (corrected for coordinated omission). `dueAt[n]`: when the n-th was to leave, by `nowMs`.
 */
export async function openLoop(
  target: Target & { perSecond: number; seconds: number; random(): number },
): Promise<Measured & { dueAt: number[] }> {
  const dueAt = arrivals(target)
  const times: number[] = []
  const { shoot, close } = openGun(target)
  const begin = nowMs() + 20
  const underWay: Promise<void>[] = []
  // A request that fails before the last one has left is heard at the end.
  const come = (n: number, due: number) => {
    const answered = shoot(n).then(() => void times.push(nowMs() - due))
    answered.catch(() => {})
    underWay.push(answered)
  }
  for (const [n, offset] of dueAt.entries()) {
    const due = begin + offset
    dueAt[n] = due
    const early = due - nowMs()
    if (early > 0) await delay(early)
    come(n, due)
  }
  try {
    await Promise.all(underWay)
  } finally {
    await close()
  }
  const tookSeconds = (nowMs() - begin) / 1000
  return { perSecond: times.length / Math.max(tookSeconds, target.seconds), times, dueAt }
}

/** Moments in ms from the beginning, ascending, at `perSecond` on average. */
export function arrivals(options: { perSecond: number; seconds: number; random(): number }): number[] {
  const moments: number[] = []
  for (let at = 0; ; ) {
    at += (-Math.log(1 - options.random()) * 1000) / options.perSecond
    if (at >= options.seconds * 1000) return moments
    moments.push(at)
  }
}

/** Requests over a few connections that are kept. */
function openGun({ url, connections, status, isFresh, next }: Target): {
  shoot(n: number): Promise<void>
  close(): Promise<void>
} {
  const pool = new Pool(url, { connections, pipelining: isFresh ? 0 : 1 })
  return {
    async shoot(n) {
      const { path, headers, body } = next(n)
      const { statusCode, body: answer } = await pool.request({ method: "POST", path, headers, body })
      if (statusCode !== status)
        throw new Error(
          `POST ${path} was answered ${statusCode}, not ${status}: ${(await answer.text()).slice(0, 300)}`,
        )
      await answer.dump()
    },
    close: () => pool.close(),
  }
}

/** The middle of several runs' figures; runs are interleaved by the caller so that a drifting machine weighs on all alike. */
export const median = (values: readonly number[]): number => percentile(values, 0.5)
