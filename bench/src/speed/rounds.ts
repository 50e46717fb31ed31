import { type Measured, median, percentile } from "../load.ts"
import type { Cell, Plot, RunOptions, Table } from "./benchmark.ts"
import { shareOf, sharesShown } from "./shares.ts"

/** Measures everything `rounds` times over, so that a machine that changes its pace changes it for all alike. */
export async function inRounds<T>(
  options: RunOptions,
  measure: (options: RunOptions, round: number) => Promise<T>,
): Promise<T[]> {
  const results: T[] = []
  for (let round = 1; round <= options.rounds; round++) {
    const say = (what: string) => options.say(`round ${round} of ${options.rounds}: ${what}`)
    results.push(await measure({ ...options, say }, round))
  }
  return results
}

export const rateOf = (runs: readonly Measured[]): number => median(runs.map(({ perSecond }) => perSecond))

/** The median of the rounds' percentiles; null where nothing was timed. */
export const timeOf = (runs: readonly Measured[], share: number): number | null =>
  runs.some(({ times }) => times.length > 0) ? median(runs.map(({ times }) => percentile(times, share))) : null

/** Runs of an open loop at a share of the peak. */
export interface OpenRuns {
  share: number
  runs: Measured[]
}

/** The same share's runs of all rounds together. */
export const joined = (shares: readonly number[], rounds: readonly Map<number, Measured>[]): OpenRuns[] =>
  shares.map((share) => ({ share, runs: rounds.flatMap((round) => round.get(share) ?? []) }))

export const openTable = (opens: readonly OpenRuns[]): Table => ({
  columns: [
    { name: "open loop, share of the peak" },
    { name: "per second" },
    { name: "p50 ms", digits: 1 },
    { name: "p99 ms", digits: 1 },
    { name: "p99.9 ms", digits: 1 },
  ],
  rows: opens.map(({ share, runs }): Cell[] => [
    String(share),
    rateOf(runs),
    ...[0.5, 0.99, 0.999].map((at) => timeOf(runs, at)),
  ]),
})

/** How long it took, percentile by percentile, of all rounds together. */
export const openPlot = (name: string, title: string, opens: readonly OpenRuns[]): Plot => ({
  kind: "lines",
  name,
  title,
  x: { title: "share of the requests", scale: "share" },
  y: { title: "ms", scale: "log" },
  lines: opens.map(({ share, runs }) => ({
    name: `${share} of the peak`,
    points: shareOf(
      sharesShown,
      runs.flatMap(({ times }) => times),
    ),
  })),
})
