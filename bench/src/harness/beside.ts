import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import type { Driver } from "./driver.ts"
import { readLedger, type Seen } from "./ledger.ts"
import { percentile } from "./seeded.ts"
import type { World } from "./world.ts"

/** How replies on some conversations fared for a while: from the request to the partner, in ms. */
export interface Turn {
  p50: number
  p99: number
  asked: number
  /** Arrived within `graceMs` after the last one was asked for. */
  arrived: number
}

export interface Measured {
  /** The 99th percentile with trouble beside them ÷ without it: the median of the turns of each. */
  ratio: number
  /** The same of the 50th. */
  medianRatio: number
  /** Arrived ÷ asked with trouble beside them ÷ the same without it. */
  throughput: number
  turns: number
  /** How the turns without trouble differ among themselves in their 99th percentile: the third quartile ÷ the first. */
  spread: number
  without: Turn
  beside: Turn
}

const graceMs = 3_000
/** The short form takes so many turns of each kind, and as many again when they come out above `p99Max`: all of them count. */
const turnsEach = 5
const ratioMax = 1.2

/** Replies on these conversations at so many a second, whatever becomes of the ones before. */
export async function takeTurn(
  world: World,
  driver: Driver,
  paths: readonly string[],
  { perSecond = 20, lastsMs = 2_000 } = {},
): Promise<Turn> {
  const began = new Map<string, number>()
  const asking: Promise<void>[] = []
  const start = performance.now()
  for (let i = 0; (i * 1_000) / perSecond < lastsMs; i++) {
    await delay(Math.max(0, start + (i * 1_000) / perSecond - performance.now()))
    const at = Date.now()
    asking.push(driver.reply(paths[i % paths.length] as string).then((key) => void began.set(key, at)))
  }
  await Promise.all(asking)
  const path = join(world.folder, "sink.jsonl")
  const times = () =>
    readLedger<Seen>(path).flatMap((seen) => {
      const at = seen.kind === "arrived" && seen.type === "message" ? began.get(seen.key) : undefined
      return at === undefined ? [] : [seen.at - at]
    })
  for (const until = Date.now() + graceMs; Date.now() < until && times().length < began.size; ) await delay(100)
  const found = times()
  return { p50: percentile(found, 0.5), p99: percentile(found, 0.99), asked: asking.length, arrived: found.length }
}

export interface Trouble {
  begin(): Promise<void>
  end(): Promise<void>
}

/**
 * How replies fare with trouble beside them and without it, by turns, so that the machine's own moods meet both alike; the median of the turns counts.
 */
export async function measureBeside(
  world: World,
  driver: Driver,
  paths: readonly string[],
  trouble: Trouble,
  { turns = turnsEach, p99Max = ratioMax, ...pace }: { turns?: number; p99Max?: number; lastsMs?: number } = {},
): Promise<Measured> {
  const without: Turn[] = []
  const beside: Turn[] = []
  await takeTurn(world, driver, paths, pace) // plans and connections are warm
  let measured: Measured | null = null
  while (without.length < 2 * turns && (measured === null || measured.ratio > p99Max)) {
    for (let i = 0; i < turns; i++) {
      without.push(await takeTurn(world, driver, paths, pace))
      await trouble.begin()
      beside.push(await takeTurn(world, driver, paths, pace))
      await trouble.end()
    }
    measured = compare(without, beside)
  }
  return measured as Measured
}

/** So many turns one after the other, where what stands beside them cannot come and go. */
export async function takeTurns(
  world: World,
  driver: Driver,
  paths: readonly string[],
  count = turnsEach,
): Promise<Turn[]> {
  const turns: Turn[] = []
  for (let i = 0; i < count; i++) turns.push(await takeTurn(world, driver, paths))
  return turns
}

export function compare(withoutTurns: readonly Turn[], besideTurns: readonly Turn[]): Measured {
  const [without, beside] = [middle(withoutTurns), middle(besideTurns)]
  return {
    ratio: beside.p99 / without.p99,
    medianRatio: beside.p50 / without.p50,
    throughput: beside.arrived / beside.asked / (without.arrived / without.asked),
    turns: withoutTurns.length,
    spread: p99At(withoutTurns, 0.75) / p99At(withoutTurns, 0.25),
    without,
    beside,
  }
}

const p99At = (turns: readonly Turn[], share: number): number =>
  percentile(
    turns.map(({ p99 }) => p99),
    share,
  )

const middle = (turns: readonly Turn[]): Turn => ({
  p50: percentile(
    turns.map(({ p50 }) => p50),
    0.5,
  ),
  p99: p99At(turns, 0.5),
  asked: turns.reduce((sum, { asked }) => sum + asked, 0),
  arrived: turns.reduce((sum, { arrived }) => sum + arrived, 0),
})

export const measuredText = ({ ratio, medianRatio, throughput, turns, without, beside }: Measured): string =>
  `p99 ${beside.p99} ms beside, ${without.p99} without: × ${ratio.toFixed(2)} (p50 × ${medianRatio.toFixed(2)}), throughput ${Math.round(throughput * 100)} %, medians of ${turns} turns each`

/** What was promised of it and did not hold. */
export const measuredProblems = (measured: Measured, p99Max = ratioMax): string[] => [
  ...(measured.ratio > p99Max ? [`p99 is ${measured.ratio.toFixed(2)} times what it was`] : []),
  ...(measured.throughput < 0.95 ? [`throughput is ${Math.round(measured.throughput * 100)} % of what it was`] : []),
]

/** The machine does so much else that it cannot tell: what is too much between the two is there between turns without any trouble as well. */
export const isUnsteady = ({ ratio, spread }: Measured, p99Max = ratioMax): boolean => ratio > p99Max && spread >= ratio
