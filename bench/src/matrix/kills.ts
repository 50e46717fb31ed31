import { setTimeout as delay } from "node:timers/promises"
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
  seconds,
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

/** Something is killed again and again at seeded moments, under whatever load there is. Resolves to how long each took to be ready again, in ms. */
export async function killAgain(world: World, { kill, kills, pauseMs: [least, most] }: KillPlan): Promise<number[]> {
  const random = seeded(world.seed)
  const readyMs: number[] = []
  for (let round = 0; round < kills; round++) {
    await delay(least + random() * (most - least))
    readyMs.push(await world.calm.except(() => kill(world)))
  }
  return readyMs
}

async function killRow({ seed }: RowOptions, plan: KillPlan): Promise<RowResult> {
  return await inWorld({ seed, channels }, async (world, driver) => {
    await converse(world, driver)
    const running = driver.begin(load)
    const readyMs = await killAgain(world, plan)
    await delay(1_000)
    const missing = shortfall(await running.stop())
    const found = await verdict(world)
    const broken = [...found.broken]
    const noticesAgainMax = plan.kills * channels * capMax
    if (found.noticesAgain > noticesAgainMax)
      broken.push(`${found.noticesAgain} notices came again, and ${noticesAgainMax} can have been in flight`)
    const slowest = Math.max(...readyMs)
    // A machine that needed longer than that for an empty one, before anything was killed, is held to its own measure.
    const allowedMs = Math.max(readyMaxMs, 2 * world.firstStartMs)
    if (slowest > allowedMs) broken.push(`ready again after ${seconds(slowest)}, and ${seconds(allowedMs)} are allowed`)
    return {
      held: baseSet,
      figure: `${plan.kills} kills, ready again in ${seconds(slowest)} at most: ${summary(found)}${missing}`,
      broken,
    }
  })
}

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
  const from = Date.now()
  killDatabase(world.dataDir)
  await world.servers[0]?.kill()
  const tookMs = await restart(world)
  const now = databaseProcess(world.dataDir)
  if (now !== null) world.downs.push({ from, to: now.since })
  return tookMs
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
const readyMaxMs = 5_000
const moments: [number, number] = [0, 800]

export const killRows: Row[] = [
  {
    number: 1,
    fault: "kill -9 of the server",
    run: (options) => killRow(options, { kill: killServer, kills: options.kills, pauseMs: moments }),
  },
  {
    number: 6,
    fault: "kill -9 of PostgreSQL",
    run: (options) => killRow(options, { kill: killPostgres, kills: options.kills, pauseMs: moments }),
  },
  {
    number: "1+6",
    fault: "kill -9 of the server and of PostgreSQL",
    run: (options) => killRow(options, { kill: killBoth, kills: options.kills, pauseMs: moments }),
  },
  {
    number: "R2",
    fault: "PostgreSQL killed every 5 to 10 s",
    // A minute, or ten.
    run: (options) => killRow(options, { kill: killPostgres, kills: isFull ? 80 : 8, pauseMs: [5_000, 10_000] }),
  },
]
