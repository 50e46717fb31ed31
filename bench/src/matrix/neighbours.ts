import { setTimeout as delay } from "node:timers/promises"
import { isUnsteady, type Measured, measureBeside, measuredProblems, measuredText } from "../harness/beside.ts"
import type { Driver } from "../harness/driver.ts"
import { seconds } from "../harness/probe.ts"
import type { Behaviour } from "../harness/sink.ts"
import type { World } from "../harness/world.ts"
import {
  baseSet,
  type Cannot,
  inWorld,
  isFull,
  type Row,
  type RowOptions,
  type RowResult,
  summary,
  verdict,
} from "./row.ts"

const healthy = 20
const crowds: { count: number; behaviour: Behaviour }[] = [
  { count: 100, behaviour: "hang" },
  { count: 50, behaviour: { status: 500 } },
  { count: 10, behaviour: "drip" },
]
const troubled = crowds.reduce((sum, { count }) => sum + count, 0)

const numbers = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i)

async function converseAll(
  converse: (channel: number) => Promise<string>,
  channels: readonly number[],
): Promise<string[]> {
  const paths: string[] = []
  for (let at = 0; at < channels.length; at += 16)
    paths.push(...(await Promise.all(channels.slice(at, at + 16).map(converse))))
  return paths
}

/**
 * Replies to partners that are well, by turns while a great many others are well too and while those are not; the same load on the same channels all the
 * time. Rejects when the world breaks.
 */
export async function measureNeighbours(world: World, driver: Driver, pace: { lastsMs?: number }): Promise<Measured> {
  const paths = await converseAll(driver.converse, numbers(0, healthy))
  const sick = numbers(healthy, troubled)
  await converseAll(driver.converse, sick)
  const running = driver.begin({ channels: sick, inboundPerSecond: 5, repliesPerSecond: 5 })
  const all = async (behaviourOf: (i: number) => Behaviour) => {
    for (const [i, partner] of sick.entries()) await world.sink.order({ partner, behaviour: behaviourOf(i) })
  }
  const trouble = {
    begin: async () => {
      await all(behaviourOf)
      await delay(1_000) // lanes meet their partners
    },
    end: async () => {
      await all(() => "accept")
      await delay(500)
    },
  }
  const measured = await measureBeside(world, driver, paths, trouble, pace)
  await running.stop()
  return measured
}

/** How many channels the world of `measureNeighbours` needs: those that stay well, and the others. */
export const neighbourChannels = { healthy, troubled }

const isolate = ({ seed }: RowOptions): Promise<RowResult | Cannot> =>
  inWorld({ seed, channels: healthy + troubled }, async (world, driver) => {
    const measured = await measureNeighbours(world, driver, isFull ? { lastsMs: 15_000 } : {})
    const found = await verdict(world)
    const waits = await timeouts(world)
    const isLate = waits !== null && (waits.least < 6_900 || waits.most > 9_000)
    return judged(measured, {
      held: `replies of the others take no longer (R7); a silent partner is given up after 7 s; ${baseSet}`,
      figure: `${troubled} of ${healthy + troubled} partners in trouble: ${measuredText(measured)}; given up after ${waits === null ? "-" : `${seconds(waits.least)} to ${seconds(waits.most)}`}: ${summary(found)}`,
      broken: [
        ...found.broken,
        ...(isLate ? [`an attempt was given up after ${seconds(waits.least)} to ${seconds(waits.most)}`] : []),
      ],
    })
  })

/** What was measured joins what else was found, unless the machine is too busy with something else to tell. */
function judged(measured: Measured, result: RowResult): RowResult | Cannot {
  const broken = [...result.broken, ...measuredProblems(measured)]
  if (broken.length !== 1 || !isUnsteady(measured)) return { ...result, broken }
  return {
    cannot: `it is busy with something else: p99 differs by × ${measured.spread.toFixed(2)} between turns without trouble (${result.figure})`,
  }
}

function behaviourOf(i: number): Behaviour {
  let from = 0
  for (const { count, behaviour } of crowds) {
    from += count
    if (i < from) return behaviour
  }
  return "accept"
}

/** Milliseconds that attempts took which were given up for want of an answer. */
async function timeouts({ db }: World): Promise<{ least: number; most: number } | null> {
  const [row] = await db.query<{ least: number | null; most: number | null }>({
    text: `select min(took)::float as least, max(took)::float as most
           from (select (timing->>'total')::float as took from attempt where outcome = 'timeout') as waited`,
  })
  return row?.least == null || row.most == null ? null : { least: row.least, most: row.most }
}

/** These were made and measured; what they are to show did not come out of it. */
const notShown =
  "no verdict yet. On two busy cores for server, database, clients and partners the others waited longer than they may, and what is the engine's part in it and what the machine's is not known:"

export const neighbourRows: Row[] = [
  { number: 13, fault: "100 hung, 50 failing, 10 dripping partners (R7)", run: isolate },
  {
    number: 28,
    fault: "ten times the usual load on one channel",
    cannot: `${notShown} p99 × 2.5 at 200 messages a second; nothing was lost, doubled or out of order`,
  },
  {
    number: 29,
    fault: "100,000 replies behind a dead partner",
    cannot: "no verdict yet: so many have not been put beside a measured load",
  },
  {
    number: "R8",
    fault: "a partner is back, and all that waited leaves",
    cannot: `${notShown} p99 × 4.0 while 4,000 replies leave, 85 a second, 16 at once; nothing was lost, doubled or out of order`,
  },
]
