import { join } from "node:path"
import { pileUp } from "../harness/backlog.ts"
import { measureBeside, measuredText } from "../harness/beside.ts"
import { settled } from "../harness/checker.ts"
import { readLedger, type Seen } from "../harness/ledger.ts"
import { converseAll, judged, numbers } from "./neighbours.ts"
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

const stampede = isFull ? 10_000 : 2_000
const perTurn = stampede / 5
const capMax = 16
const answerMs = 20

/** A partner that was away is back, and gets all that has waited: as much at once as its lane may, and nobody else is kept waiting. */
const comeBack = ({ seed }: RowOptions): Promise<RowResult | Cannot> =>
  inWorld({ seed, channels: 11 }, async (world, driver) => {
    const paths = await converseAll(driver.converse, numbers(1, 10))
    await world.sink.order({ partner: 0, behaviour: "accept", delayMs: answerMs })
    let piled = 0
    let drainMs = 0
    let began = 0
    const measured = await measureBeside(world, driver, paths, {
      async begin() {
        await pileUp(world, driver, 0, perTurn)
        piled += perTurn
        began = performance.now()
      },
      async end() {
        await settled(world)
        drainMs += performance.now() - began
      },
    })
    const found = await verdict(world)
    const most = atOnce(readLedger<Seen>(join(world.folder, "sink.jsonl")))
    const broken = found.broken
    if (most > capMax) broken.push(`${most} deliveries were under way at once`)
    return judged(measured, {
      held: `drains at its cap; the others take no longer; ${baseSet}`,
      figure: `${piled} replies, ${Math.round(piled / (drainMs / 1_000))} a second, ${most} at once at most; ${measuredText(measured)}: ${summary(found)}`,
      broken,
    })
  })

/** The most calls to the first partner that had come and were not answered. */
function atOnce(seen: readonly Seen[]): number {
  const open = new Set<number>()
  let most = 0
  for (const entry of seen) {
    if (entry.kind === "answered") open.delete(entry.call)
    else if (entry.partner === 0) open.add(entry.call)
    most = Math.max(most, open.size)
  }
  return most
}

export const backlogRows: Row[] = [
  {
    number: 29,
    fault: "100,000 replies behind a dead partner",
    cannot: "no verdict yet: so many have not been put beside a measured load",
  },
  { number: "R8", fault: "a partner is back, and all that waited leaves", run: comeBack },
]
