import { setTimeout as delay } from "node:timers/promises"
import { seeded } from "../harness/seeded.ts"
import { type Measured, openLoop } from "../load.ts"
import { openHelper } from "../processes.ts"
import { inboundShot, type Scene, withScene } from "../scene.ts"
import type { SlowKind } from "../slow-clients.ts"
import type { Benchmark, Finding, RunOptions } from "./benchmark.ts"
import { inRounds, timeOf } from "./rounds.ts"

const crowds: { kind: SlowKind; count: number; name: string; most: number }[] = [
  { kind: "heads", count: 1_000, name: "1,000 requests whose head comes a byte a second", most: 2 },
  { kind: "bodies", count: 1_000, name: "1,000 requests whose body comes a byte a second", most: 2 },
  { kind: "readers", count: 1_000, name: "1,000 clients that do not read their answers", most: 2 },
  { kind: "uploads", count: 500, name: "500 files uploaded a byte a second", most: 1.2 },
]
const messagesPerSecond = 200
const connections = 32
/** The crowd has come, and what it asked for is done. */
const restMs = 2_000

type Round = Map<SlowKind, { without: Measured; beside: Measured; gone: number }>

export const crowdBenchmark: Benchmark = {
  name: "crowd",
  title: "Others while a crowd is slow",
  method: `Messages at ${messagesPerSecond} a second, each timed from the moment it was to leave until its 202: while nobody else is there, then beside a crowd of slow clients from a process of its own, for each kind of slowness. The limit is the time without them, just before.`,
  run: async (options) => finding(await inRounds(options, measureRound)),
}

const measureRound = (options: RunOptions, round: number): Promise<Round> =>
  withScene([], async (scene) => {
    const result: Round = new Map()
    let run = 0
    const others = (seconds = options.seconds): Promise<Measured> => {
      const name = `crowd${round}x${run++}`
      const next = (n: number) => inboundShot(scene, name, n)
      const random = seeded(options.seed * 1_000 + round)
      return openLoop({ url: scene.url, connections, status: 202, perSecond: messagesPerSecond, seconds, random, next })
    }
    await others(2)
    for (const { kind, count, name } of crowds) {
      options.say(name)
      const without = await others()
      const crowd = await openHelper("slow-clients.ts", argsOf(scene, kind, count))
      await delay(restMs)
      const beside = await others()
      const gone = await crowd.ask<number>({})
      await crowd.close()
      await delay(restMs)
      result.set(kind, { without, beside, gone })
    }
    return result
  })

const argsOf = ({ url, channelIds, tokens }: Scene, kind: SlowKind, count: number): string[] => [
  kind,
  url,
  `/channels/${channelIds[0]}/inbound_messages`,
  tokens[0] as string,
  String(count),
]

function finding(rounds: readonly Round[]): Finding {
  const rows = crowds.map(({ kind, name, most }) => {
    const all = rounds.flatMap((round) => round.get(kind) ?? [])
    const at = (of: "without" | "beside", share: number): number =>
      timeOf(
        all.map((one) => one[of]),
        share,
      ) ?? Number.NaN
    return {
      name,
      most,
      gone: Math.max(...all.map(({ gone }) => gone)),
      times: [at("without", 0.5), at("without", 0.99), at("beside", 0.5), at("beside", 0.99)],
      ratio: at("beside", 0.99) / at("without", 0.99),
    }
  })
  return {
    tables: [
      {
        columns: [
          { name: "beside" },
          { name: "without: p50 ms", digits: 1 },
          { name: "p99 ms", digits: 1 },
          { name: "beside it: p50 ms", digits: 1 },
          { name: "p99 ms", digits: 1 },
          { name: "p99 ÷", digits: 2 },
          { name: "let go" },
        ],
        rows: rows.map(({ name, times, ratio, gone }) => [name, ...times, ratio, gone]),
      },
    ],
    aims: rows.map(({ name, ratio, most }) => ({
      what: `p99 of others beside ${name} ÷ without`,
      figure: ratio,
      most,
    })),
    plots: [],
  }
}
