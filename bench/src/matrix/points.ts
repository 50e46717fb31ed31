import { once } from "node:events"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { noticesSettled, settled } from "../harness/checker.ts"
import { type Driver, promisesOf } from "../harness/driver.ts"
import { type Promised, readLedger, type Seen } from "../harness/ledger.ts"
import { percentile } from "../harness/seeded.ts"
import type { ServerProcess } from "../harness/server-process.ts"
import { expectOk, type World } from "../harness/world.ts"
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

/** Where the servers of `dieAnswered` are killed: while they send a reply on each of some channels, and while they tell another one of a message. */
export interface Deaths {
  sends: readonly number[]
  notice: number
}

/**
 * The server dies when a partner has answered and before that is written down. Resolves to what is wrong with it afterwards. There must be no other server
 * that delivers.
 */
export async function dieAnswered(world: World, driver: Driver, { sends, notice }: Deaths): Promise<string[]> {
  const paths: string[] = []
  for (const channel of sends) paths.push(await driver.converse(channel))
  await noticesSettled(world)
  const told = noticesOf(world, notice).length
  const keys = await world.calm.except(async () => {
    const acting: Promise<string>[] = []
    for (const path of paths)
      acting.push((await dieDuring(world, "delivery.answered", () => driver.reply(path))).acting)
    acting.push((await dieDuring(world, "delivery.answered", () => driver.converse(notice))).acting)
    await world.start(0)
    return await Promise.all(acting)
  })
  await noticesSettled(world)
  await settled(world)
  const replies = await world.db.query<{ key: string; state: string }>({
    text: "select trim(text) as key, state from message where direction = 'outbound' and trim(text) = any($1)",
    values: [keys],
  })
  const open = await world.db.query<{ state: string; channel_id: number }>({
    text: "select state, channel_id from delivery where sequence = 'notice' and state <> 'sent'",
  })
  const times = noticesOf(world, notice).length - told
  return [
    ...replies.filter(({ state }) => state !== "unknown").map(({ key, state }) => `${key} is ${state}, not unknown`),
    ...open.map(({ channel_id, state }) => `a notice of channel ${channel_id} is ${state}`),
    ...(times > 2 ? [`a notice came ${times} times`] : []),
  ]
}

const arrivals = (world: World) =>
  readLedger<Seen>(join(world.folder, "sink.jsonl")).filter((entry) => entry.kind === "arrived")

const noticesOf = (world: World, channel: number) =>
  arrivals(world).filter(({ type, partner }) => type === "message_imported" && partner === channel)

/** Starts the server so that it dies at a fail point, and makes it come there. Whoever acts goes on once there is a server again. */
export async function dieDuring<T>(
  world: World,
  point: "accept.committed" | "delivery.answered",
  act: () => Promise<T>,
): Promise<{ acting: Promise<T> }> {
  await world.servers[0]?.stop()
  const { child } = await world.start(0, { CAUSEWAY_FAIL_POINT: point })
  const died = once(child, "exit")
  const acting = act()
  await died
  return { acting }
}

async function answeredRow({ seed }: RowOptions): Promise<RowResult> {
  const channels = isFull ? 20 : 4
  return await inWorld({ seed, channels }, async (world, driver) => {
    const sends = Array.from({ length: channels - 1 }, (_, channel) => channel)
    const wrong = await dieAnswered(world, driver, { sends, notice: channels - 1 })
    const found = await verdict(world)
    return {
      held: "such a reply is unknown and never repeated; such a notice is told again, once, with the same id",
      figure: `${channels} kills: ${summary(found)}`,
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
    // What stands still is the delivering: clients are served by the one that does not.
    for (const n of [1, 2]) world.away.add(n)
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
    const silent = await Promise.all(blocksMs.map((ms, i) => silentProblems(world, i + 1, ms)))
    const figure = `${counts[0]} × 3 s, ${counts[1]} × 12 s, ${refused} late results refused: ${summary(found)}${missing}`
    return {
      held: `${baseSet}; leases are kept or lost, and what was claimed under a lost one is not dialled; the health page tells of it`,
      figure,
      broken: [...found.broken, ...never, ...silent.flat()],
    }
  })
}

/** What the health page of a server that stood still does not say of it. */
async function silentProblems(world: World, server: number, blockMs: number): Promise<string[]> {
  const { body } = await expectOk(world.ask("GET", "/causeway/health", { token: world.apiToken, server }))
  const { state, longest_stall_ms: longest } = body.process
  const isSaid = state === "warn" && longest > blockMs * 0.8
  return isSaid ? [] : [`a server that stood still for ${blockMs} ms is "${state}" and says ${longest} ms`]
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
