import { setTimeout as delay } from "node:timers/promises"
import { isUnsteady, type Measured, measureBeside, measuredProblems, measuredText } from "../harness/beside.ts"
import type { Driver } from "../harness/driver.ts"
import { countStatuses, mebibytes, residentBytes, seconds } from "../harness/probe.ts"
import type { Behaviour } from "../harness/sink.ts"
import type { Answer, World } from "../harness/world.ts"
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

export const numbers = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i)

export async function converseAll(
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
export function judged(measured: Measured, result: RowResult, p99Max = 1.2): RowResult | Cannot {
  const broken = [...result.broken, ...measuredProblems(measured, p99Max)]
  if (broken.length !== 1 || !isUnsteady(measured, p99Max)) return { ...result, broken }
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

const usual = { inboundPerSecond: 20, repliesPerSecond: 0 }
const burst = 10

/** One channel is written to ten times as often as usual. */
const tenfold = ({ seed }: RowOptions): Promise<RowResult | Cannot> =>
  inWorld({ seed, channels: 11 }, async (world, driver) => {
    const paths = await converseAll(driver.converse, numbers(1, 10))
    await driver.converse(0)
    const statuses = countStatuses(world)
    const pid = world.servers[0]?.pid as number
    const before = residentBytes(pid)
    const usually = driver.begin({ ...usual, channels: [0] })
    let more: { stop(): Promise<unknown> } | null = null
    const trouble = {
      async begin() {
        more = driver.begin({
          channels: [0],
          inboundPerSecond: usual.inboundPerSecond * (burst - 1),
          repliesPerSecond: 0,
        })
        await delay(500)
      },
      async end() {
        await more?.stop()
      },
    }
    const measured = await measureBeside(world, driver, paths, trouble, { p99Max: 1.5 })
    await usually.stop()
    const growth = Math.max(0, residentBytes(pid) - before)
    const flood = await overflow(world)
    const found = await verdict(world)
    const broken = found.broken
    for (const status of statuses.keys())
      if (status >= 500 && status !== 503) broken.push(`a request was answered ${status}`)
    if (flood.unsaid > 0) broken.push(`${flood.unsaid} refusals came without Retry-After`)
    return judged(
      measured,
      {
        held: `the others take at most 1.5 times as long; refusals say when to come back; ${baseSet}`,
        figure: `${burst} times as many on one channel: ${measuredText(measured)}; +${mebibytes(growth)}; of ${flood.asked} at once ${flood.refused} refused: ${summary(found)}`,
        broken,
      },
      1.5,
    )
  })

/** More at once than may wait: what is over the bound is told when to come back. */
async function overflow(world: World): Promise<{ asked: number; refused: number; unsaid: number }> {
  const [{ id, token }] = world.channels as [{ id: string; token: string }]
  const asked = isFull ? 8_000 : 1_000
  const answers = await Promise.all(
    Array.from({ length: asked }, (_, n): Promise<Answer | null> => {
      const metadata = { external_id: `flood-${n}`, external_conversation_id: `flood-${n % 50}` }
      const json = { sender: { handle: "flood" }, body: `Flood ${n}`, metadata }
      return world.ask("POST", `/channels/${id}/inbound_messages`, { token, json }).catch(() => null)
    }),
  )
  const refused = answers.filter((answer) => answer !== null && answer.status !== 202)
  const unsaid = refused.filter((answer) => !answer?.headers.has("retry-after"))
  return { asked, refused: refused.length, unsaid: unsaid.length }
}

export const neighbourRows: Row[] = [
  { number: 13, fault: "100 hung, 50 failing, 10 dripping partners (R7)", run: isolate },
  { number: 28, fault: "ten times the usual load on one channel", run: tenfold },
]
