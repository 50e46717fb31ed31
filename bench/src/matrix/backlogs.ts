import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { pileUp } from "../harness/backlog.ts"
import { compare, measureBeside, measuredText, takeTurn, takeTurns } from "../harness/beside.ts"
import { settled } from "../harness/checker.ts"
import { readLedger, type Seen } from "../harness/ledger.ts"
import { seconds } from "../harness/probe.ts"
import { expectOk, type World } from "../harness/world.ts"
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

const pending = 100_000
const doorMaxMs = 200
/** All of them are parked, and told to browsers, in one transaction. */
const switchMaxMs = 120_000

/** A channel with a great many replies behind a partner that is dead: what others and the screens notice of it. */
const deadBacklog = ({ seed }: RowOptions): Promise<RowResult | Cannot> =>
  inWorld({ seed, channels: 11 }, async (world, driver) => {
    const paths = await converseAll(driver.converse, numbers(1, 10))
    await takeTurns(world, driver, paths, 1) // plans and connections are warm
    const without = await takeTurns(world, driver, paths)
    await pileUp(world, driver, 0, pending)
    await world.sink.order({ partner: 0, behaviour: "reset" })
    await delay(2_000)
    const beside = await takeTurns(world, driver, paths)
    const doors = await slowestDoor(world)
    const channel = (world.channels[0] as { id: string }).id
    const switched = async (status: "offline" | "ok") => {
      const began = performance.now()
      const options = { token: world.apiToken, json: { status }, limitMs: switchMaxMs }
      await expectOk(world.ask("PATCH", `/channels/${channel}`, options))
      return performance.now() - began
    }
    const offMs = await switched("offline")
    await world.sink.order({ partner: 0, behaviour: "accept" })
    const onMs = await switched("ok")
    await delay(3_000)
    const [left] = await world.db.query<{ sent: number }>({
      text: "select count(*)::int as sent from message where text like 'pile-%' and state = 'sent'",
    })
    const measured = compare(without, beside)
    const broken: string[] = []
    if (doors.tookMs > doorMaxMs) broken.push(`${doors.path} took ${Math.round(doors.tookMs)} ms`)
    if ((left?.sent ?? 0) === 0) broken.push("nothing left after the channel was well again")
    return judged(measured, {
      held: "the others take no longer; lists within 200 ms; off and on again, and they leave",
      figure: `${pending} waiting: ${measuredText(measured)}; slowest list ${Math.round(doors.tookMs)} ms (${doors.path}); offline in ${seconds(offMs)}, ok in ${seconds(onMs)}, ${left?.sent} sent 3 s later`,
      broken,
    })
  })

/** The lists that people and developers open, each a few times; its best time counts, as the first one reads from disk. */
async function slowestDoor(world: World): Promise<{ path: string; tookMs: number }> {
  const channel = (world.channels[0] as { id: string }).id
  const doors = [
    "/conversations?limit=50",
    `/inboxes/${world.inboxId}/conversations`,
    "/channels",
    "/events?limit=50",
    `/causeway/deliveries?channel_id=${channel}`,
    `/causeway/deliveries?channel_id=${channel}&status=queued`,
  ]
  let slowest = { path: "", tookMs: 0 }
  for (const path of doors) {
    let best = Number.POSITIVE_INFINITY
    for (let i = 0; i < 5; i++) {
      const began = performance.now()
      await expectOk(world.ask("GET", path, { token: world.apiToken }))
      best = Math.min(best, performance.now() - began)
    }
    if (best > slowest.tookMs) slowest = { path: path.replace(channel, "…").replace(world.inboxId, "…"), tookMs: best }
  }
  return slowest
}

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
        await takeTurn(world, driver, paths, { lastsMs: 500 }) // piling up ends with an `analyze`, which has every statement planned anew
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
    run: deadBacklog,
  },
  { number: "R8", fault: "a partner is back, and all that waited leaves", run: comeBack },
]
