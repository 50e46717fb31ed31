import { setTimeout as delay } from "node:timers/promises"
import type { Driver } from "../harness/driver.ts"
import { seeded } from "../harness/seeded.ts"
import { databaseProcess, killDatabase } from "../harness/server-process.ts"
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
const load = { inboundPerSecond: 100, repliesPerSecond: 100 }
/** The most that one channel has in flight: what of it was notices may be told once more after a kill. */
const capMax = 16

/** Kills something, starts it again, and says how long that took. */
export type Kill = (world: World) => Promise<number>

export interface KillPlan {
  kill: Kill
  kills: number
  /** Milliseconds between one being ready again and the next kill: drawn from this range. */
  pauseMs: [number, number]
}

/** Load on a world, and something killed again and again at seeded moments. Says what the driver could not do, and how long each kill took to mend. */
export async function killAgain(
  world: World,
  driver: Driver,
  { kill, kills, pauseMs: [least, most] }: KillPlan,
): Promise<{ readyMs: number[]; missing: string }> {
  const random = seeded(world.seed)
  const running = driver.begin(load)
  const readyMs: number[] = []
  for (let round = 0; round < kills; round++) {
    await delay(least + random() * (most - least))
    readyMs.push(await world.calm.except(() => kill(world)))
  }
  await delay(1_000)
  return { readyMs, missing: shortfall(await running.stop()) }
}

async function killRow({ seed }: RowOptions, plan: KillPlan, readyMaxMs: number): Promise<RowResult> {
  return await inWorld({ seed, channels }, async (world, driver) => {
    await converse(world, driver)
    const { readyMs, missing } = await killAgain(world, driver, plan)
    const found = await verdict(world)
    const broken = [...found.broken]
    const noticesAgainMax = plan.kills * channels * capMax
    if (found.noticesAgain > noticesAgainMax)
      broken.push(`${found.noticesAgain} notices came again, and ${noticesAgainMax} can have been in flight`)
    const slowest = Math.max(...readyMs)
    if (slowest > readyMaxMs)
      broken.push(`ready again after ${seconds(slowest)}, and ${seconds(readyMaxMs)} are promised`)
    return {
      held: baseSet,
      figure: `${plan.kills} kills, ready again in ${seconds(slowest)} at most: ${summary(found)}${missing}`,
      broken,
    }
  })
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`

async function restart(world: World): Promise<number> {
  const began = performance.now()
  await world.start()
  return performance.now() - began
}

export const killServer: Kill = async (world) => {
  await world.servers[0]?.kill()
  return await restart(world)
}

export const killBoth: Kill = async (world) => {
  killDatabase(world.dataDir)
  await world.servers[0]?.kill()
  return await restart(world)
}

/** The server starts its database again by itself: until then it says 503, and never 202. Resolves when something can be kept again. */
export const killPostgres: Kill = async (world) => {
  const from = Date.now()
  const before = databaseProcess(world.dataDir)
  killDatabase(world.dataDir)
  const began = performance.now()
  while (performance.now() - began < databaseBackMaxMs) {
    const answer = await world.ask("GET", "/inboxes", { token: world.apiToken }).catch(() => null)
    const now = databaseProcess(world.dataDir)
    if (answer?.status === 200 && now !== null && now.pid !== before?.pid) {
      world.downs.push({ from, to: now.since })
      return performance.now() - began
    }
    await delay(20)
  }
  throw new Error(`the database did not come back within ${seconds(databaseBackMaxMs)}`)
}

const databaseBackMaxMs = 120_000
/** A quiet machine is ready in 1 to 2 s; these leave room for one that does something else at the same time. */
const readyMaxMs = { server: 15_000, database: 15_000 }
const moments: [number, number] = [0, 800]

export const killRows: Row[] = [
  {
    number: 1,
    fault: "kill -9 of the server",
    run: (options) => killRow(options, { kill: killServer, kills: options.kills, pauseMs: moments }, readyMaxMs.server),
  },
  {
    number: 6,
    fault: "kill -9 of PostgreSQL",
    run: (options) =>
      killRow(options, { kill: killPostgres, kills: options.kills, pauseMs: moments }, readyMaxMs.database),
  },
  {
    number: "1+6",
    fault: "kill -9 of the server and of PostgreSQL",
    run: (options) => killRow(options, { kill: killBoth, kills: options.kills, pauseMs: moments }, readyMaxMs.server),
  },
  {
    number: "R2",
    fault: "PostgreSQL killed every 5 to 10 s",
    // A minute, or ten.
    run: (options) =>
      killRow(options, { kill: killPostgres, kills: isFull ? 80 : 8, pauseMs: [5_000, 10_000] }, readyMaxMs.database),
  },
]
