import { Pool } from "undici"

/** What one run of load came to: answers per second, and how long they took. */
export interface Measured {
  perSecond: number
  p50Ms: number
  p99Ms: number
  /** Answers that were not the expected status, by status. */
  odd: Record<string, number>
}

export interface Shot {
  path: string
  headers: Record<string, string>
  body: string
}

/**
 * Closed loop: `connections` requests are under way at every moment for `seconds`; `next` makes each. The first second is not counted.
 * Everything runs on one machine, so only ratios between runs of the same call mean anything.
 */
export async function closedLoop(options: {
  url: string
  connections: number
  seconds: number
  status: number
  next(n: number): Shot
}): Promise<Measured> {
  const pool = new Pool(options.url, { connections: options.connections, pipelining: 1 })
  const times: number[] = []
  const odd: Record<string, number> = {}
  const start = performance.now()
  const countFrom = start + 1000
  const end = countFrom + options.seconds * 1000
  let n = 0
  async function shoot(): Promise<void> {
    while (performance.now() < end) {
      const { path, headers, body } = options.next(n++)
      const before = performance.now()
      const { statusCode, body: answer } = await pool.request({ method: "POST", path, headers, body })
      await answer.dump()
      const after = performance.now()
      if (statusCode !== options.status) odd[statusCode] = (odd[statusCode] ?? 0) + 1
      else if (after >= countFrom && after <= end) times.push(after - before)
    }
  }
  await Promise.all(Array.from({ length: options.connections }, shoot))
  await pool.close()
  times.sort((a, b) => a - b)
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN
  return { perSecond: times.length / options.seconds, p50Ms: at(0.5), p99Ms: at(0.99), odd }
}

/** The middle of several runs' figures; runs are interleaved by the caller so that a drifting machine weighs on all alike. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN
}
