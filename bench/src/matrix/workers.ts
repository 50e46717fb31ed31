import { setTimeout as delay } from "node:timers/promises"
import type { Driver } from "../harness/driver.ts"
import { percentile } from "../harness/seeded.ts"
import type { ServerProcess } from "../harness/server-process.ts"
import type { World } from "../harness/world.ts"
import {
  baseSet,
  inWorld,
  isFull,
  type Row,
  type RowOptions,
  type RowResult,
  seconds,
  summary,
  verdict,
} from "./row.ts"

const channels = 6
export const handOverMaxMs = 15_000
const drainMaxMs = 10_000
/** A lane that is nobody's by then never will be anybody's. */
const givenUpMs = 60_000

/**
 * Takes a guest server, the one that works on most lanes now, away from the clients and treats it with `lose`. Resolves to how long each of its lanes
 * stood still, in calm time: until somebody else had leased it.
 */
export async function loseWorker(
  world: World,
  lose: (victim: ServerProcess) => void,
): Promise<{ n: number; victim: ServerProcess; handOverMs: number[] }> {
  const { n, victim, held } = await busiest(world)
  world.away.add(n)
  const lostAt = world.calm.ms()
  lose(victim)
  const waiting = new Map(held.map(({ channel_id, lease_token }) => [channel_id, lease_token]))
  const handOverMs: number[] = []
  while (waiting.size > 0 && world.calm.ms() - lostAt < givenUpMs) {
    for (const { channel_id, lease_token } of await listLeases(world).catch(() => [])) {
      if (lease_token <= (waiting.get(channel_id) ?? Number.POSITIVE_INFINITY)) continue
      waiting.delete(channel_id)
      handOverMs.push(world.calm.ms() - lostAt)
    }
    await delay(50)
  }
  for (const _ of waiting) handOverMs.push(givenUpMs)
  return { n, victim, handOverMs }
}

interface LeaseRow {
  channel_id: number
  lease_token: number
  pid: number | null
}

/** Each lane with its last lease; `pid` is who holds it now. */
const listLeases = (world: World): Promise<LeaseRow[]> =>
  world.db.query({
    text: "select channel_id, lease_token, case when leased_until > now() then split_part(leased_by, '/', 2)::int end as pid from lane",
  })

/** The guest that holds most leases, as soon as there is one. The first server owns the database, and is left alone. */
async function busiest(world: World): Promise<{ n: number; victim: ServerProcess; held: LeaseRow[] }> {
  for (;;) {
    const held = Map.groupBy(await listLeases(world), ({ pid }) => pid)
    const lanesOf = ({ pid }: ServerProcess) => held.get(pid) ?? []
    const [best] = [...world.servers.entries().drop(1)].toSorted(
      ([, a], [, b]) => lanesOf(b).length - lanesOf(a).length,
    )
    if (best === undefined) throw new Error("there is no worker to lose")
    const [n, victim] = best
    if (lanesOf(victim).length > 0) return { n, victim, held: lanesOf(victim) }
    await delay(20)
  }
}

/** Three conversations on each channel. */
export async function converse(world: World, driver: Driver): Promise<void> {
  for (let channel = 0; channel < world.channels.length; channel++)
    for (let i = 0; i < 3; i++) await driver.converse(channel)
}

/** Workers that are killed, or stopped long enough to lose their leases and then go on: others take over. */
async function lose(signal: "SIGKILL" | "SIGSTOP", { seed }: RowOptions, rounds: number): Promise<RowResult> {
  return await inWorld({ seed, channels, servers: 3 }, async (world, driver) => {
    await converse(world, driver)
    await world.sink.order({ partner: "all", behaviour: "accept", delayMs: 100 })
    const running = driver.begin({ inboundPerSecond: 20, repliesPerSecond: 40 })
    const handOverMs: number[] = []
    let stale = 0
    for (let round = 0; round < rounds; round++) {
      await delay(1_000)
      const lost = await loseWorker(world, (victim) => void process.kill(victim.pid, signal))
      handOverMs.push(...lost.handOverMs)
      if (signal === "SIGKILL") await world.start(lost.n)
      else {
        await delay(Math.max(0, (isFull ? 30_000 : 16_000) - Math.max(...lost.handOverMs)))
        process.kill(lost.victim.pid, "SIGCONT")
        world.away.delete(lost.n)
        await delay(1_000)
        stale += lost.victim.logged("delivery.stale_result")
      }
    }
    await running.stop()
    const found = await verdict(world)
    const slowest = percentile(handOverMs, 0.99)
    const late = slowest > handOverMaxMs ? [`p99 of the hand-over is ${seconds(slowest)}`] : []
    const refused = signal === "SIGSTOP" ? `, ${stale} late results refused` : ""
    return {
      held: `${baseSet}; lanes go on elsewhere within 15 s`,
      figure: `${handOverMs.length} lanes handed over, p99 ${seconds(slowest)}${refused}: ${summary(found)}`,
      broken: [...found.broken, ...late],
    }
  })
}

/** Servers that are told to stop and started again, one after the other; clients go to the others meanwhile. */
async function roll({ seed }: RowOptions): Promise<RowResult> {
  return await inWorld({ seed, channels: 4, servers: 3 }, async (world, driver) => {
    await converse(world, driver)
    const running = driver.begin({ inboundPerSecond: 40, repliesPerSecond: 20 })
    const drainMs: number[] = []
    const broken: string[] = []
    // The first one owns the embedded database, so it is the guests that are renewed.
    for (const n of [1, 2]) {
      await delay(1_000)
      const began = performance.now()
      const code = await world.servers[n]?.stop()
      drainMs.push(performance.now() - began)
      if (code !== 0) broken.push(`a server that was told to stop exited with ${code}`)
      await world.start(n)
    }
    await delay(500)
    await running.stop()
    const found = await verdict(world)
    const slowest = Math.max(...drainMs)
    if (slowest > drainMaxMs) broken.push(`draining took ${seconds(slowest)}`)
    return {
      held: `${baseSet}; no request fails for good`,
      figure: `drained in ${seconds(slowest)} at most: ${summary(found)}`,
      broken: [...found.broken, ...broken],
    }
  })
}

export const workerRows: Row[] = [
  {
    number: 3,
    fault: "kill -9 of one of 3 workers",
    run: (options) => lose("SIGKILL", options, isFull ? 20 : 3),
  },
  {
    number: 4,
    fault: "a worker stopped for 16 s goes on",
    run: (options) => lose("SIGSTOP", options, isFull ? 5 : 1),
  },
  { number: 5, fault: "SIGTERM, one server after the other", run: roll },
]
