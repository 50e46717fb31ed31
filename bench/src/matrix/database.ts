import { mkdtempSync, readFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import type { Driver } from "../harness/driver.ts"
import { type OutsideDatabase, openOutsideDatabase } from "../harness/outside.ts"
import type { World } from "../harness/world.ts"
import { baseSet, inWorld, isFull, type Row, type RowOptions, type RowResult, summary, verdict } from "./row.ts"

const channels = 10
const load = { inboundPerSecond: 60, repliesPerSecond: 30 }
/** What a request may take while the database is out of reach, and how much a server may grow meanwhile. */
const answerMaxMs = 5_000
const growthMax = 128 * 1024 * 1024

/** A world whose database is elsewhere, behind a network that can be told to misbehave. */
async function inOutsideWorld(
  { seed }: RowOptions,
  act: (world: World, driver: Driver, database: OutsideDatabase) => Promise<RowResult>,
): Promise<RowResult> {
  const folder = mkdtempSync(join(tmpdir(), "causeway-faults-"))
  const database = await openOutsideDatabase(join(folder, "database"), seed)
  try {
    return await inWorld({ seed, channels, database, folder }, async (world, driver) => {
      for (let channel = 0; channel < channels; channel++) await driver.converse(channel)
      return await act(world, driver, database)
    })
  } finally {
    await database.stop()
  }
}

interface Probe {
  status: number | null
  tookMs: number
  retryAfter: string | null
}

/** Asks a little question again and again, each in its own time, until `work` has ended. */
async function probeDuring(world: World, work: () => Promise<unknown>, everyMs = 200): Promise<Probe[]> {
  const probes: Promise<Probe>[] = []
  const timer = setInterval(() => probes.push(probe(world)), everyMs)
  try {
    await work()
  } finally {
    clearInterval(timer)
  }
  return await Promise.all(probes)
}

async function probe(world: World): Promise<Probe> {
  const began = performance.now()
  const answer = await world.ask("GET", "/inboxes", { token: world.apiToken }).catch(() => null)
  const tookMs = performance.now() - began
  return { status: answer?.status ?? null, tookMs, retryAfter: answer?.headers.get("retry-after") ?? null }
}

/** Milliseconds until a request is answered 200 again. */
async function untilWell(world: World, limitMs: number): Promise<number> {
  const began = performance.now()
  while (performance.now() - began < limitMs) {
    if ((await probe(world)).status === 200) break
    await delay(50)
  }
  return performance.now() - began
}

const residentBytes = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) * 1024

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
const slowestOf = (probes: readonly Probe[]): number => Math.max(0, ...probes.map(({ tookMs }) => tookMs))

/** Packets between the server and its database are lost for a while; then the network is well again. */
const swallow = (options: RowOptions): Promise<RowResult> =>
  inOutsideWorld(options, async (world, driver, { proxy }) => {
    const running = driver.begin(load)
    await delay(2_000)
    const [server] = world.servers
    const pid = server?.pid as number
    const before = residentBytes(pid)
    proxy.set({ hold: true })
    const probes = await probeDuring(world, () => delay(isFull ? 60_000 : 10_000))
    const growth = residentBytes(pid) - before
    proxy.set({})
    const backMs = await untilWell(world, 30_000)
    await delay(1_000)
    await running.stop()
    const found = await verdict(world)
    const broken = [...found.broken]
    const refused = probes.filter(({ status }) => status === 503)
    if (slowestOf(probes) > answerMaxMs) broken.push(`a request was answered after ${seconds(slowestOf(probes))}`)
    if (refused.length === 0) broken.push("nothing was refused: was the network cut?")
    for (const { status } of probes)
      if (status !== 200 && status !== 503) broken.push(`a request was answered ${status}`)
    if (refused.some(({ retryAfter }) => retryAfter === null)) broken.push("a 503 came without Retry-After")
    if (growth > growthMax) broken.push(`the server grew by ${Math.round(growth / 2 ** 20)} MiB`)
    if (backMs > 10_000) broken.push(`the server needed ${seconds(backMs)} to come back by itself`)
    const grown = Math.max(0, Math.round(growth / 2 ** 20))
    return {
      held: `503 within 5 s; no pile-up; back by itself; ${baseSet}`,
      figure: `slowest answer ${seconds(slowestOf(probes))}, ${refused.length} of ${probes.length} probes 503, +${grown} MiB, well after ${seconds(backMs)}: ${summary(found)}`,
      broken,
    }
  })

/** Every connection to the database loses its other end, again and again, without a word. */
const halfOpen = (options: RowOptions): Promise<RowResult> =>
  inOutsideWorld(options, async (world, driver, { proxy }) => {
    const running = driver.begin(load)
    const noticedMs: number[] = []
    for (let round = 0; round < (isFull ? 10 : 2); round++) {
      await delay(1_500)
      proxy.lose()
      const began = performance.now()
      // As many questions as the pool has connections: every one of them is tried.
      const answers = Array.from({ length: 16 }, () => untilWell(world, 30_000))
      await Promise.all(answers)
      noticedMs.push(performance.now() - began)
    }
    await delay(500)
    await running.stop()
    const found = await verdict(world)
    const slowest = Math.max(...noticedMs)
    return {
      held: `noticed within 15 s; ${baseSet}`,
      figure: `every connection lost ${noticedMs.length} times, all well after ${seconds(slowest)} at most: ${summary(found)}`,
      broken: [...found.broken, ...(slowest > 15_000 ? [`noticed after ${seconds(slowest)}`] : [])],
    }
  })

export const databaseRows: Row[] = [
  { number: 7, fault: "PostgreSQL out of reach, packets lost", run: swallow },
  { number: 8, fault: "half-open connections to PostgreSQL", run: halfOpen },
]
