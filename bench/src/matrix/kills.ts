import { setTimeout as delay } from "node:timers/promises"
import { seeded } from "../harness/seeded.ts"
import { killDatabase } from "../harness/server-process.ts"
import type { World } from "../harness/world.ts"
import { baseSet, inWorld, type Row, type RowOptions, type RowResult, summary, verdict } from "./row.ts"

const channels = 10
const load = { inboundPerSecond: 100, repliesPerSecond: 100 }

/** Load, and something killed again and again at seeded moments; then both ledgers against the database. */
async function killAgain(
  { seed, kills }: RowOptions,
  kill: (world: World, round: number) => Promise<number | null>,
  pauseMs: [number, number] = [0, 1_500],
): Promise<RowResult> {
  return await inWorld({ seed, channels }, async (world, driver) => {
    const random = seeded(seed)
    for (let channel = 0; channel < channels; channel++) for (let i = 0; i < 5; i++) await driver.converse(channel)
    const running = driver.begin(load)
    const readyMs: number[] = []
    for (let round = 0; round < kills; round++) {
      await delay(pauseMs[0] + random() * (pauseMs[1] - pauseMs[0]))
      const tookMs = await kill(world, round)
      if (tookMs !== null) readyMs.push(tookMs)
    }
    await delay(1_000)
    await running.stop()
    const found = await verdict(world)
    const ready =
      readyMs.length === 0 ? "" : `, ready again after ${(Math.max(...readyMs) / 1000).toFixed(1)} s at most`
    return { held: baseSet, figure: `${kills} kills: ${summary(found)}${ready}`, broken: found.broken }
  })
}

async function restart(world: World): Promise<number> {
  const began = performance.now()
  await world.start()
  return performance.now() - began
}

export const killServer = (options: RowOptions): Promise<RowResult> =>
  killAgain(options, async (world) => {
    await world.servers[0]?.kill()
    return await restart(world)
  })

export const killBoth = (options: RowOptions): Promise<RowResult> =>
  killAgain(options, async (world) => {
    killDatabase(world.dataDir)
    await world.servers[0]?.kill()
    return await restart(world)
  })

/** The server starts its database again by itself: until then it says 503, and never 202. */
export const killPostgres = (options: RowOptions, pauseMs: [number, number] = [0, 1_500]): Promise<RowResult> =>
  killAgain(
    options,
    async (world) => {
      const began = performance.now()
      killDatabase(world.dataDir)
      for (let i = 0; i < 600; i++) {
        const answer = await world.ask("GET", "/inboxes", { token: world.apiToken }).catch(() => null)
        if (answer?.status === 200) return performance.now() - began
        await delay(50)
      }
      throw new Error("the database did not come back within 30 s")
    },
    pauseMs,
  )

/** A worker that is killed, or stopped long enough to lose its leases and then goes on: another one takes over. */
async function lose(signal: "SIGKILL" | "SIGSTOP", { seed }: RowOptions): Promise<RowResult> {
  return await inWorld({ seed, channels: 6, servers: 3 }, async (world, driver) => {
    const paths: string[] = []
    for (let channel = 0; channel < 6; channel++) paths.push(await driver.converse(channel))
    await world.sink.order({ partner: "all", behaviour: "accept", delayMs: 100 })
    const running = driver.begin({ inboundPerSecond: 20, repliesPerSecond: 40 })
    await delay(2_000)
    const victim = world.servers.pop()
    if (victim === undefined) throw new Error("there is no worker to lose")
    const lostAt = performance.now()
    process.kill(victim.pid, signal)
    // A lane that the lost worker held moves again when a reply of each channel that was written after the loss is sent.
    const handOverMs = await Promise.all(
      paths.map(async (path) => {
        const key = await driver.reply(path)
        await sentOrEnded(world, key)
        return performance.now() - lostAt
      }),
    )
    await delay(signal === "SIGSTOP" ? Math.max(0, 16_000 - (performance.now() - lostAt)) : 0)
    if (signal === "SIGSTOP") process.kill(victim.pid, "SIGCONT")
    await delay(1_000)
    await running.stop()
    const found = await verdict(world)
    await victim.stop()
    const slowest = Math.max(...handOverMs) / 1000
    const late = slowest > 15 ? [`the slowest lane moved again after ${slowest.toFixed(1)} s`] : []
    return {
      held: `${baseSet}; lanes go on elsewhere within 15 s`,
      figure: `slowest hand-over ${slowest.toFixed(1)} s: ${summary(found)}`,
      broken: [...found.broken, ...late],
    }
  })
}

async function sentOrEnded(world: World, key: string): Promise<void> {
  for (let i = 0; i < 400; i++) {
    const rows = await world.db.query<{ state: string }>({
      text: "select state from message where direction = 'outbound' and trim(text) = $1",
      values: [key],
    })
    if (["sent", "unknown", "failed"].includes(rows[0]?.state ?? "")) return
    await delay(50)
  }
}

/** Two servers, each told to stop and started again in turn; clients go to the other one meanwhile. */
async function roll({ seed }: RowOptions): Promise<RowResult> {
  return await inWorld({ seed, channels: 4, servers: 3 }, async (world, driver) => {
    for (let channel = 0; channel < 4; channel++) await driver.converse(channel)
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
    const slowest = Math.max(...drainMs) / 1000
    if (slowest > 10) broken.push(`draining took ${slowest.toFixed(1)} s`)
    return {
      held: `${baseSet}; no request fails for good`,
      figure: `drained in ${slowest.toFixed(1)} s at most: ${summary(found)}`,
      broken: [...found.broken, ...broken],
    }
  })
}

export const killRows: Row[] = [
  { number: 1, fault: "kill -9 of the server", run: killServer },
  { number: 3, fault: "kill -9 of one of 3 workers", run: (options) => lose("SIGKILL", options) },
  { number: 4, fault: "a worker stopped for 16 s goes on", run: (options) => lose("SIGSTOP", options) },
  { number: 5, fault: "SIGTERM, one server after the other", run: roll },
  { number: 6, fault: "kill -9 of PostgreSQL", run: killPostgres },
]
