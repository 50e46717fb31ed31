import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { listInbound, noticesSettled } from "../harness/checker.ts"
import { promisesOf } from "../harness/driver.ts"
import { lateComers } from "../harness/evidence.ts"
import { type Promised, readLedger, type Seen } from "../harness/ledger.ts"
import type { World } from "../harness/world.ts"
import {
  baseSet,
  inWorld,
  isFull,
  type Row,
  type RowOptions,
  type RowResult,
  shortfall,
  summary,
  verdict,
} from "./row.ts"
import { converse } from "./workers.ts"

const channels = 10
/** Ten minutes, or as long as leaves no notice behind that later ones may pass. */
const refusedMs = isFull ? 600_000 : 8_000
/** The most that a lane has in flight, ever. */
const capMax = 16

/** Half of the partners answer 500 for a while, with load all the time; then they are well again. */
async function refused({ seed }: RowOptions): Promise<RowResult> {
  return await inWorld({ seed, channels }, async (world, driver) => {
    await converse(world, driver)
    for (let partner = 0; partner < channels / 2; partner++)
      await world.sink.order({ partner, behaviour: { status: 500 }, delayMs: 20 })
    const running = driver.begin({ inboundPerSecond: 40, repliesPerSecond: 20 })
    await delay(refusedMs)
    await world.sink.order({ partner: "all", behaviour: "accept", delayMs: 20 })
    const wellAgainAt = Date.now()
    const missing = shortfall(await running.stop())
    await noticesSettled(world)
    const found = await verdict(world)
    const seen = readLedger<Seen>(join(world.folder, "sink.jsonl"))
    const most = mostInFlight(seen.filter(({ at }) => at > wellAgainAt))
    const refusals = seen.filter((entry) => entry.kind === "answered" && entry.status === 500).length
    const none = refusals === 0 ? ["no partner refused anything"] : []
    const crowds = most > capMax ? [`${most} calls were in flight at one partner`] : []
    return {
      held: `${baseSet}; every notice arrives in order, and never more than ${capMax} at once`,
      figure: `${refusals} × 500 in ${refusedMs / 1_000} s, then ${most} calls at once at most: ${summary(found)}${missing}`,
      broken: [...found.broken, ...none, ...crowds, ...(await noticeProblems(world, seen))],
    }
  })
}

/** Every message that a partner brought was told to it in the end; in the order of the messages, unless one was refused for longer than others wait. */
async function noticeProblems(world: World, seen: readonly Seen[]): Promise<string[]> {
  const taken = new Set(seen.flatMap((entry) => (entry.kind === "answered" && entry.status < 300 ? [entry.call] : [])))
  const told = seen.filter((entry) => entry.kind === "arrived" && taken.has(entry.call))
  const keys = new Set(told.flatMap((entry) => (entry.kind === "arrived" ? [entry.key] : [])))
  const promised = readLedger<Promised>(promisesOf(world))
  const untold = promised.flatMap((entry) =>
    entry.kind === "inbound" && !keys.has(entry.externalId) ? [`${entry.externalId} was never told`] : [],
  )
  const rows = new Map((await listInbound(world)).map((row) => [row.external_id, row]))
  const late = isFull ? [] : lateComers(told, "message_imported", rows)
  return [...untold, ...late.map((key) => `the notice of ${key} was taken after a later one`)]
}

/** Of one partner, at any moment: calls that have arrived and not been answered. */
function mostInFlight(seen: readonly Seen[]): number {
  const partnerOf = new Map<number, number>()
  const open = new Map<number, number>()
  let most = 0
  for (const entry of seen) {
    if (entry.kind === "arrived") partnerOf.set(entry.call, entry.partner)
    const partner = partnerOf.get(entry.call)
    if (partner === undefined) continue
    open.set(partner, (open.get(partner) ?? 0) + (entry.kind === "arrived" ? 1 : -1))
    most = Math.max(most, open.get(partner) as number)
  }
  return most
}

/** Partners that mostly do well, and now and then reset, cut, refuse or ask to wait. */
async function mixed({ seed }: RowOptions): Promise<RowResult> {
  return await inWorld({ seed, channels }, async (world, driver) => {
    await converse(world, driver)
    await world.sink.order({ partner: "all", behaviour: "mixed" })
    const running = driver.begin({ inboundPerSecond: 50, repliesPerSecond: 50 })
    await delay(isFull ? 60_000 : 8_000)
    const missing = shortfall(await running.stop())
    await world.sink.order({ partner: "all", behaviour: "accept" })
    const found = await verdict(world)
    return { held: baseSet, figure: `${summary(found)}${missing}`, broken: found.broken }
  })
}

export const recoveryRows: Row[] = [
  { number: 16, fault: "partners answer 500 for a while", run: refused },
  { number: "15+16", fault: "partners fail now and then", run: mixed },
]
