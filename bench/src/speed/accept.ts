import { seeded } from "../harness/seeded.ts"
import { closedLoop, type Measured, median, openLoop, percentile } from "../load.ts"
import { runPgbench } from "../pgbench.ts"
import { openPartner, serve } from "../processes.ts"
import { buildScene, channelCount, conversationCount, inboundShot } from "../scene.ts"
import type { Benchmark, Finding, RunOptions } from "./benchmark.ts"
import { shareOf, sharesShown } from "./shares.ts"

/** Of the peak, in the open loop. */
const loads = [0.25, 0.5, 0.75, 0.9] as const
const openConnections = 256

interface Run {
  name: string
  mode: string
  flags: string[]
  connections: number
}

const accept: Run = { name: "accept", mode: "product", flags: [], connections: 64 }
const beside: Run[] = [
  { name: "accept, deliveries running", mode: "product", flags: ["--deliver"], connections: 64 },
  { name: "no database", mode: "bare", flags: [], connections: 64 },
  { name: "accept, 32 connections", mode: "product", flags: [], connections: 32 },
  { name: "one transaction per message", mode: "single", flags: [], connections: 32 },
]
const pgbench = "pgbench, equal transaction"
const mock = "Prism, a mock of the document"

export const acceptBenchmark: Benchmark = {
  name: "accept",
  title: "Accepting inbound messages",
  method: `Messages over ${channelCount} channels and ${conversationCount} conversations, each answered 202 once it is flushed; deliveries rest unless a row says otherwise. Closed loop: ${accept.connections} requests are always under way. Open loop: requests come at random moments of their own at a share of that peak, and each is timed from the moment it was to leave. Its limits: the same server, routes and checks without the database; the same code with one transaction per message; pgbench writing the same rows from 32 clients.`,
  run: measureAccept,
}

interface Round {
  closed: Map<string, Measured>
  open: Map<number, Measured>
}

async function measureAccept(options: RunOptions): Promise<Finding> {
  const rounds: Round[] = []
  for (let round = 1; round <= options.rounds; round++) {
    const say = (what: string) => options.say(`round ${round} of ${options.rounds}: ${what}`)
    rounds.push(await measureRound({ ...options, say }, round))
  }
  return finding(rounds)
}

async function measureRound(options: RunOptions, round: number): Promise<Round> {
  const result: Round = { closed: new Map(), open: new Map() }
  await measureServer(accept, options, round, result)
  for (const run of beside) await measureServer(run, options, round, result)
  options.say(pgbench)
  const perSecond = await runPgbench(options.seconds)
  if (perSecond !== null) result.closed.set(pgbench, { perSecond, times: [] })
  if (options.prism !== null) {
    options.say(mock)
    const scene = { channelIds: Array(channelCount).fill("cha_1"), tokens: Array(channelCount).fill("token") }
    result.closed.set(mock, await closedLoop({ ...loopOf(accept, scene, `m${round}`), url: options.prism, ...options }))
  }
  return result
}

const loopOf = ({ connections }: Run, scene: Parameters<typeof inboundShot>[0], run: string) => ({
  connections,
  status: 202,
  next: (n: number) => inboundShot(scene, run, n),
})

async function measureServer(run: Run, options: RunOptions, round: number, result: Round): Promise<void> {
  options.say(run.name)
  const partner = await openPartner()
  const served = await serve(run.mode, run.flags)
  try {
    const { url } = served
    const scene = await buildScene(served, partner.url)
    const closed = await closedLoop({ ...loopOf(run, scene, `r${round}`), url, seconds: options.seconds })
    result.closed.set(run.name, closed)
    for (const load of run === accept ? loads : []) {
      options.say(`${run.name}, open loop at ${load} of the peak`)
      const random = seeded(options.seed * 1_000 + round * 10 + loads.indexOf(load))
      const perSecond = load * closed.perSecond
      const loop = loopOf({ ...run, connections: openConnections }, scene, `r${round}o${loads.indexOf(load)}`)
      result.open.set(load, await openLoop({ ...loop, url, perSecond, seconds: options.seconds, random }))
    }
  } finally {
    await served.stop()
    await partner.close()
  }
}

function finding(rounds: readonly Round[]): Finding {
  const names = [...new Set(rounds.flatMap(({ closed }) => [...closed.keys()]))]
  const runsOf = (name: string): Measured[] => rounds.flatMap(({ closed }) => closed.get(name) ?? [])
  const rate = (name: string): number => median(runsOf(name).map(({ perSecond }) => perSecond))
  const at = (runs: readonly Measured[], share: number): number | null =>
    runs.some(({ times }) => times.length > 0) ? median(runs.map(({ times }) => percentile(times, share))) : null
  const opens = loads.map((load) => ({ load, runs: rounds.flatMap(({ open }) => open.get(load) ?? []) }))
  // The one at as many connections as the other has.
  const fair = (name: string): number =>
    rate(name === "one transaction per message" ? "accept, 32 connections" : accept.name)
  const ratio = (name: string): number => fair(name) / rate(name)
  return {
    tables: [
      {
        columns: [
          { name: "closed loop" },
          { name: "per second" },
          { name: "p50 ms", digits: 1 },
          { name: "p99 ms", digits: 1 },
          { name: "accept ÷ it", digits: 2 },
        ],
        rows: names.map((name) => [name, rate(name), at(runsOf(name), 0.5), at(runsOf(name), 0.99), ratio(name)]),
      },
      {
        columns: [
          { name: "open loop, share of the peak" },
          { name: "per second" },
          { name: "p50 ms", digits: 1 },
          { name: "p99 ms", digits: 1 },
          { name: "p99.9 ms", digits: 1 },
        ],
        rows: opens.map(({ load, runs }) => [
          String(load),
          median(runs.map(({ perSecond }) => perSecond)),
          ...[0.5, 0.99, 0.999].map((share) => at(runs, share)),
        ]),
      },
    ],
    aims: [
      { what: "accept ÷ the same server without the database", figure: ratio("no database"), least: 0.6 },
      {
        what: "accept ÷ one transaction per message, 32 connections",
        figure: ratio("one transaction per message"),
        least: 3,
      },
      ...(names.includes(mock) ? [{ what: "accept ÷ Prism", figure: ratio(mock), least: 4 }] : []),
      {
        what: "p99 at half of the peak",
        figure: at(opens[1]?.runs ?? [], 0.99) ?? Number.NaN,
        most: 50,
        unit: " ms",
      },
    ],
    plots: [
      {
        kind: "bars",
        name: "accept",
        title: "Messages answered per second, closed loop",
        unit: "per second",
        bars: names.map((name) => ({ name, value: rate(name) })),
      },
      {
        kind: "lines",
        name: "accept-latency",
        title: "Time to the 202, from the moment a request was to leave",
        x: { title: "share of the requests", scale: "share" },
        y: { title: "ms", scale: "log" },
        lines: opens.map(({ load, runs }) => ({
          name: `${load} of the peak`,
          points: shareOf(
            sharesShown,
            runs.flatMap(({ times }) => times),
          ),
        })),
      },
    ],
  }
}
