import { once } from "node:events"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { noticesSettled } from "../harness/checker.ts"
import { type Driver, promisesOf } from "../harness/driver.ts"
import { type Promised, readLedger, type Seen } from "../harness/ledger.ts"
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
  shortfall,
  summary,
  verdict,
} from "./row.ts"
import { converse } from "./workers.ts"

const answered = { CAUSEWAY_FAIL_POINT: "delivery.answered" }

/**
 * The server dies when a partner has answered and before that is written down: while it sends a reply on each but the last of the channels, and while it
 * tells the last one of a message. Resolves to what is wrong with it.
 */
export async function dieAnswered(world: World, driver: Driver): Promise<string[]> {
  const last = world.channels.length - 1
  const paths: string[] = []
  for (let channel = 0; channel < last; channel++) paths.push(await driver.converse(channel))
  await noticesSettled(world)
  const keys: string[] = []
  for (const path of paths) keys.push(await dieDuring(world, () => driver.reply(path)))
  await dieDuring(world, () => driver.converse(last))
  await restart(world)
  await noticesSettled(world)
  await verdict(world)
  const replies = await world.db.query<{ key: string; state: string }>({
    text: "select trim(text) as key, state from message where direction = 'outbound' and trim(text) = any($1)",
    values: [keys],
  })
  const open = await world.db.query<{ state: string; channel_id: number }>({
    text: "select state, channel_id from delivery where sequence = 'notice' and state <> 'sent'",
  })
  const told = arrivals(world).filter(({ type, partner }) => type === "message_imported" && partner === last)
  const times = [...Map.groupBy(told, ({ key }) => key).values()].map((calls) => calls.length)
  return [
    ...replies.filter(({ state }) => state !== "unknown").map(({ key, state }) => `${key} is ${state}, not unknown`),
    ...open.map(({ channel_id, state }) => `a notice of channel ${channel_id} is ${state}`),
    ...times.filter((count) => count > 2).map((count) => `a notice came ${count} times`),
  ]
}

const arrivals = (world: World) =>
  readLedger<Seen>(join(world.folder, "sink.jsonl")).filter((entry) => entry.kind === "arrived")

/** Starts the server so that it dies when a partner has answered, and makes one do so. */
async function dieDuring<T>(world: World, act: () => Promise<T>): Promise<T> {
  await world.servers[0]?.stop()
  const { child } = await world.start(0, answered)
  const died = once(child, "exit")
  return await world.calm.except(async () => {
    const acting = act()
    await died
    await restart(world)
    return await acting
  })
}

const restart = async (world: World): Promise<void> => {
  await world.servers[0]?.stop()
  await world.start(0)
}

async function answeredRow({ seed }: RowOptions): Promise<RowResult> {
  return await inWorld({ seed, channels: isFull ? 20 : 4 }, async (world, driver) => {
    const wrong = await dieAnswered(world, driver)
    const found = await verdict(world)
    return {
      held: "such a reply is unknown and never repeated; such a notice is told again, once, with the same id",
      figure: `${world.channels.length} kills: ${summary(found)}`,
      broken: [...found.broken, ...wrong],
    }
  })
}

/** Milliseconds: a lease outlives the one and is lost in the other. */
const blocksMs = [3_000, 12_000]

/** Two of three servers do nothing for seconds, again and again, each time just before they would dial. */
async function blocked({ seed }: RowOptions): Promise<RowResult> {
  const firstEnv = (n: number): Record<string, string> =>
    n === 0 ? {} : { CAUSEWAY_FAIL_POINT: `delivery.claimed=${blocksMs[n - 1]}` }
  return await inWorld({ seed, channels: 6, servers: 3, firstEnv }, async (world, driver) => {
    await converse(world, driver)
    await world.sink.order({ partner: "all", behaviour: "accept", delayMs: 100 })
    const running = driver.begin({ inboundPerSecond: 20, repliesPerSecond: 20 })
    const over = new AbortController()
    const watching = blocksMs.map((ms, i) => countBlocks(world.servers[i + 1] as ServerProcess, ms, over.signal))
    await delay(isFull ? 120_000 : 30_000)
    const missing = shortfall(await running.stop())
    over.abort()
    const counts = await Promise.all(watching)
    const found = await verdict(world)
    const refused = world.servers.reduce((sum, server) => sum + server.logged("delivery.stale_result"), 0)
    const never = counts.flatMap((count, i) => (count === 0 ? [`no server stood still for ${blocksMs[i]} ms`] : []))
    const figure = `${counts[0]} × 3 s, ${counts[1]} × 12 s, ${refused} late results refused: ${summary(found)}${missing}`
    return {
      held: `${baseSet}; leases are kept or lost, and what was claimed under a lost one is not dialled`,
      figure,
      broken: [...found.broken, ...never],
    }
  })
}

/** How often a server did not answer a question that costs nothing for nearly so long. */
async function countBlocks(server: ServerProcess, blockMs: number, over: AbortSignal): Promise<number> {
  let blocks = 0
  while (!over.aborted) {
    const asked = performance.now()
    await fetch(`${server.url}/healthz`, { signal: AbortSignal.timeout(60_000) }).catch(() => {})
    if (performance.now() - asked > blockMs * 0.8) blocks++
    await delay(50)
  }
  return blocks
}

/** What `server/src/delivery/lookout.ts` waits between two looks when nothing is going on, in milliseconds. */
const pollMs = 500

/** Nobody is told of a commit, neither within a process nor between two: what is due is found by looking. */
async function hintsLost({ seed }: RowOptions): Promise<RowResult> {
  return await inWorld({ seed, channels: 4, servers: 2 }, async (world, driver) => {
    const paths: string[] = []
    for (let channel = 0; channel < 4; channel++) paths.push(await driver.converse(channel))
    const told = await latencies(world, driver, paths)
    for (const n of [1, 0]) {
      await world.servers[n]?.stop()
      await world.start(n, { CAUSEWAY_FAIL_POINT: "hints" })
    }
    await noticesSettled(world)
    const untold = await latencies(world, driver, paths)
    const found = await verdict(world)
    const allowedMs = pollMs + 2 * percentile(told, 0.95)
    const slow = percentile(untold, 0.95)
    const late =
      slow > allowedMs ? [`p95 without hints is ${slow.toFixed(0)} ms, ${allowedMs.toFixed(0)} ms are allowed`] : []
    return {
      held: `${baseSet}; a reply leaves at most half a second later`,
      figure: `202 to partner p95 ${slow.toFixed(0)} ms without hints, ${percentile(told, 0.95).toFixed(0)} ms with them: ${summary(found)}`,
      broken: [...found.broken, ...late],
    }
  })
}

/** Replies one after the other at moments that have nothing to do with the polls: milliseconds from the promise of each to its arrival. */
async function latencies(world: World, driver: Driver, paths: readonly string[]): Promise<number[]> {
  const keys = new Set<string>()
  for (let i = 0; i < (isFull ? 200 : 24); i++) {
    keys.add(await driver.reply(paths[i % paths.length] as string))
    await delay(130 + ((i * 97) % 400))
  }
  await verdict(world)
  const promised = readLedger<Promised>(promisesOf(world))
  const keptAt = new Map(promised.flatMap((entry) => (entry.kind === "reply" ? [[entry.key, entry.at]] : [])))
  return arrivals(world)
    .filter(({ key }) => keys.has(key))
    .map(({ key, at }) => Math.max(0, at - (keptAt.get(key) ?? at)))
}

export const pointRows: Row[] = [
  { number: 2, fault: "kill -9 between a partner's answer and our commit", run: answeredRow },
  { number: 27, fault: "the event loop stands still for 3 s and 12 s", run: blocked },
  { number: 30, fault: "all wake-up hints are lost", run: hintsLost },
]
