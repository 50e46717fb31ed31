import { seeded } from "../harness/seeded.ts"
import { closedLoop, type Measured, openLoop } from "../load.ts"
import { runPgbench } from "../pgbench.ts"
import { openPartner, serve } from "../processes.ts"
import { buildScene, channelCount, conversationCount, inboundShot } from "../scene.ts"
import type { Benchmark, Finding, RunOptions } from "./benchmark.ts"
import { inRounds, joined, openPlot, openTable, rateOf, timeOf } from "./rounds.ts"

/** Of the peak, in the open loop. */
const shares = [0.25, 0.5, 0.75, 0.9] as const
const openConnections = 256
/** A process that has only just begun compiles what it runs, and its database counts its first rows. */
const warmUpMs = 5_000

interface Run {
  name: string
  mode: string
  flags: string[]
  connections: number
}

const accept: Run = { name: "accept", mode: "product", flags: [], connections: 64 }
const accept32: Run = { name: "accept, 32 connections", mode: "product", flags: [], connections: 32 }
const bare: Run = { name: "no database", mode: "bare", flags: [], connections: 64 }
const single: Run = { name: "one transaction per message, 32 connections", mode: "single", flags: [], connections: 32 }
const delivering: Run = { name: "accept, deliveries running", mode: "product", flags: ["--deliver"], connections: 64 }
const pgbench = "pgbench, equal transaction, 32 connections"
const mock = "Prism, a mock of the vendor's document"

export const acceptBenchmark: Benchmark = {
  name: "accept",
  title: "Accepting inbound messages",
  method: `Messages over ${channelCount} channels and ${conversationCount} conversations, each answered 202 once it is flushed; deliveries rest unless a row says otherwise. Closed loop: 64 requests are always under way, and count from the sixth second on. Open loop: requests come at random moments of their own at a share of that peak, and each is timed from the moment it was to leave (corrected for coordinated omission). The limits: the same server, routes and checks without the database; the same code with one transaction per message; pgbench writing the same rows.`,
  run: async (options) => finding(await inRounds(options, measureRound)),
}

interface Round {
  closed: Map<string, Measured>
  open: Map<number, Measured>
}

async function measureRound(options: RunOptions, round: number): Promise<Round> {
  const result: Round = { closed: new Map(), open: new Map() }
  for (const run of [accept, delivering, bare, accept32, single]) await measureServer(run, options, round, result)
  options.say(pgbench)
  const perSecond = await runPgbench(options.seconds)
  if (perSecond !== null) result.closed.set(pgbench, { perSecond, times: [] })
  if (options.prism !== null) {
    options.say(mock)
    const scene = { channelIds: Array(channelCount).fill("cha_1"), tokens: Array(channelCount).fill("token") }
    const loop = { ...loopOf(accept, scene, `m${round}`), url: options.prism, seconds: options.seconds }
    result.closed.set(mock, await closedLoop(loop))
  }
  return result
}

const loopOf = ({ connections }: Pick<Run, "connections">, scene: Parameters<typeof inboundShot>[0], run: string) => ({
  connections,
  warmUpMs,
  status: 202,
  next: (n: number) => inboundShot(scene, run, n),
})

async function measureServer(run: Run, options: RunOptions, round: number, result: Round): Promise<void> {
  const { seconds, say } = options
  say(run.name)
  const partner = await openPartner()
  const served = await serve(run.mode, run.flags)
  try {
    const { url } = served
    const scene = await buildScene(served, partner.url)
    const closed = await closedLoop({ ...loopOf(run, scene, `r${round}`), url, seconds })
    result.closed.set(run.name, closed)
    for (const [i, share] of run === accept ? shares.entries() : []) {
      say(`${run.name}, open loop at ${share} of the peak`)
      const random = seeded(options.seed * 1_000 + round * 10 + i)
      const loop = loopOf({ connections: openConnections }, scene, `r${round}o${i}`)
      result.open.set(share, await openLoop({ ...loop, url, perSecond: share * closed.perSecond, seconds, random }))
    }
  } finally {
    await served.stop()
    await partner.close()
  }
}

function finding(rounds: readonly Round[]): Finding {
  const names = [...new Set(rounds.flatMap(({ closed }) => [...closed.keys()]))]
  const runsOf = (name: string): Measured[] => rounds.flatMap(({ closed }) => closed.get(name) ?? [])
  const rate = (name: string): number => rateOf(runsOf(name))
  // Beside what has 32 connections stands accept with as many.
  const ratio = (name: string): number => rate(/32 connections/.test(name) ? accept32.name : accept.name) / rate(name)
  const opens = joined(
    shares,
    rounds.map(({ open }) => open),
  )
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
        rows: names.map((name) => [
          name,
          rate(name),
          timeOf(runsOf(name), 0.5),
          timeOf(runsOf(name), 0.99),
          ratio(name),
        ]),
      },
      openTable(opens),
    ],
    aims: [
      { what: "accept ÷ the same server without the database", figure: ratio(bare.name), least: 0.6 },
      { what: "accept ÷ one transaction per message, 32 connections", figure: ratio(single.name), least: 3 },
      ...(names.includes(mock) ? [{ what: "accept ÷ Prism", figure: ratio(mock), least: 4 }] : []),
      {
        what: "p99 of accept at half of the peak",
        figure: timeOf(opens[1]?.runs ?? [], 0.99) ?? Number.NaN,
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
      openPlot("accept-latency", "Time to the 202, from the moment a request was to leave", opens),
    ],
  }
}
