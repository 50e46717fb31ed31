import { mkdtempSync, readdirSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import type { Driver } from "../harness/driver.ts"
import { mountSmallDisk, refusal, type SmallDisk } from "../harness/mount.ts"
import { type OutsideDatabase, openOutsideDatabase } from "../harness/outside.ts"
import {
  countOf,
  countStatuses,
  mebibytes,
  probeDuring,
  reading,
  residentBytes,
  seconds,
  slowestOf,
  untilWell,
} from "../harness/probe.ts"
import { seeded } from "../harness/seeded.ts"
import type { World } from "../harness/world.ts"
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

const channels = 10
const load = { inboundPerSecond: 60, repliesPerSecond: 30 }
/** What a request may take while the database is out of reach, and how much a server may grow meanwhile. */
const answerMaxMs = 5_000
const growthMax = 128 * 1024 * 1024

type Act = (world: World, driver: Driver, database: OutsideDatabase) => Promise<RowResult>

/** A world whose database is elsewhere, behind a network that can be told to misbehave. */
async function inOutsideWorld({ seed }: RowOptions, act: Act, folder = newFolder()): Promise<RowResult> {
  const database = await openOutsideDatabase(folder, seed)
  try {
    return await inWorld({ seed, channels, database }, async (world, driver) => {
      for (let channel = 0; channel < channels; channel++) await driver.converse(channel)
      return await act(world, driver, database)
    })
  } finally {
    await database.stop()
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true, force: true })
  }
}

const newFolder = (): string => mkdtempSync(join(tmpdir(), "causeway-faults-"))

/** Packets between the server and its database are lost for a while; then the network is well again. */
const swallow = (options: RowOptions): Promise<RowResult> =>
  inOutsideWorld(options, async (world, driver, { proxy }) => {
    const running = driver.begin(load)
    await delay(2_000)
    const pid = world.servers[0]?.pid as number
    const before = residentBytes(pid)
    proxy.set({ hold: true })
    const probes = await probeDuring(reading(world), () => delay(isFull ? 60_000 : 10_000))
    const growth = Math.max(0, residentBytes(pid) - before)
    proxy.set({})
    const backMs = await untilWell(reading(world), 30_000)
    await delay(1_000)
    await running.stop()
    const found = await verdict(world)
    const broken = [...found.broken]
    const refused = countOf(probes, 503)
    if (slowestOf(probes) > answerMaxMs) broken.push(`a request was answered after ${seconds(slowestOf(probes))}`)
    if (refused === 0) broken.push("nothing was refused: was the network cut?")
    for (const { status, retryAfter } of probes) {
      if (status !== 200 && status !== 503) broken.push(`a request was answered ${status}`)
      if (status === 503 && retryAfter === null) broken.push("a 503 came without Retry-After")
    }
    if (growth > growthMax) broken.push(`the server grew by ${mebibytes(growth)}`)
    if (backMs > 10_000) broken.push(`the server needed ${seconds(backMs)} to come back by itself`)
    return {
      held: `503 within 5 s; no pile-up; back by itself; ${baseSet}`,
      figure: `slowest answer ${seconds(slowestOf(probes))}, ${refused} of ${probes.length} probes 503, +${mebibytes(growth)}, well after ${seconds(backMs)}: ${summary(found)}`,
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
      // More questions than the pool has connections: every one of them is tried.
      await Promise.all(Array.from({ length: 16 }, () => untilWell(reading(world), 30_000)))
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

/** Somebody else who locks the same rows, in the wrong order too, so that deadlocks come about; `lasts` for so long. */
async function quarrel({ db }: World, random: () => number, lastsMs: number): Promise<number> {
  const until = performance.now() + lastsMs
  const rows = (table: string, key: string) =>
    `select from ${table} where ${key} in (select ${key} from ${table} order by random() limit 3) order by ${key} desc for no key update`
  const one = async () => {
    while (performance.now() < until) {
      await delay(random() * 150)
      const backwards = [rows("company_feed", "company_id"), rows("conversation", "id"), rows("contact", "id")]
      await db
        .tx(async (tx) => {
          await tx.query({ text: "set local deadlock_timeout = '2s'" }) // the server finds it first, and loses
          for (const text of random() < 0.5 ? backwards : backwards.slice(1).toReversed()) {
            await tx.query({ text })
            await delay(random() * 100)
          }
        })
        .catch((error: { code?: string }) => {
          if (error.code !== "40P01") throw error
        })
    }
  }
  const count = async () => {
    const [row] = await db.query<{ deadlocks: number }>({
      text: "select deadlocks::int as deadlocks from pg_stat_database where datname = current_database()",
    })
    return row?.deadlocks ?? 0
  }
  const before = await count()
  await Promise.all([one(), one()])
  await delay(1_000) // the statistics come a moment later
  return (await count()) - before
}

/** Statements of the server cancelled and its connections ended, at random. */
async function harass({ db }: World, random: () => number, lastsMs: number): Promise<number> {
  const until = performance.now() + lastsMs
  let ended = 0
  while (performance.now() < until) {
    await delay(random() * 200)
    const how = random() < 0.5 ? "pg_cancel_backend" : "pg_terminate_backend"
    const rows = await db.query({
      text: `select ${how}(pid) from (select pid from pg_stat_activity where application_name = 'causeway' and pid <> pg_backend_pid()
               and datname = current_database() and (state = 'active' or $1) order by random() limit 1) as chosen`,
      values: [random() < 0.3],
    })
    ended += rows.length
  }
  return ended
}

const contend = (options: RowOptions): Promise<RowResult> =>
  inOutsideWorld(options, async (world, driver) => {
    const random = seeded(options.seed)
    const statuses = countStatuses(world)
    const lastsMs = isFull ? 60_000 : 6_000
    const running = driver.begin(load)
    const deadlocks = await quarrel(world, random, lastsMs)
    await delay(500)
    const quarrelled = new Map(statuses)
    const ended = await harass(world, random, lastsMs)
    await running.stop()
    const found = await verdict(world)
    const broken = [...found.broken]
    for (const status of statuses.keys())
      if (status >= 500 && status !== 503) broken.push(`a request was answered ${status}`)
    if (deadlocks === 0) broken.push("no deadlock came about")
    return {
      held: `locks and deadlocks are waited for or tried again inside; ${baseSet}`,
      figure: `${deadlocks} deadlocks, ${quarrelled.get(503) ?? 0} × 503 meanwhile; ${ended} statements or connections ended, ${(statuses.get(503) ?? 0) - (quarrelled.get(503) ?? 0)} × 503: ${summary(found)}`,
      broken,
    }
  })

/** The database's disk runs full under load, and has room again later. */
async function fillDisk(options: RowOptions): Promise<RowResult | Cannot> {
  const folder = newFolder()
  let disk: SmallDisk
  try {
    disk = mountSmallDisk(folder, 160)
  } catch (error) {
    return { cannot: refusal(error) }
  }
  const act: Act = async (world, driver) => {
    const statuses = countStatuses(world)
    const running = driver.begin(load)
    await delay(1_500)
    disk.fill()
    const reads = await probeDuring(reading(world), () => delay(isFull ? 30_000 : 6_000))
    const refused = statuses.get(503) ?? 0
    disk.free()
    const backMs = await untilWell(() => writing(world), 60_000)
    await delay(1_000)
    await running.stop()
    const found = await verdict(world)
    const broken = [...found.broken]
    for (const status of statuses.keys())
      if (status >= 500 && status !== 503) broken.push(`a request was answered ${status}`)
    if (refused === 0) broken.push("nothing was refused: was the disk full?")
    if (backMs > 30_000) broken.push(`no message was kept until ${seconds(backMs)} after there was room again`)
    return {
      held: `503 for writes; back by itself once there is room; ${baseSet}`,
      figure: `${refused} × 503, reads answered 200 in ${countOf(reads, 200)} of ${reads.length}, writes well ${seconds(backMs)} after there was room: ${summary(found)}`,
      broken,
    }
  }
  try {
    return await inOutsideWorld(options, act, folder)
  } finally {
    disk.unmount()
    rmSync(folder, { recursive: true, force: true })
  }
}

let written = 0
function writing(world: World) {
  const [{ id, token }] = world.channels as [{ id: string; token: string }]
  const json = {
    sender: { handle: "room", name: "Mia Kovač" },
    body: "Is there room?",
    metadata: { external_id: `room-${++written}`, external_conversation_id: "room" },
  }
  return world.ask("POST", `/channels/${id}/inbound_messages`, { token, json })
}

export const databaseRows: Row[] = [
  { number: 7, fault: "PostgreSQL out of reach, packets lost", run: swallow },
  { number: 8, fault: "half-open connections to PostgreSQL", run: halfOpen },
  { number: 9, fault: "locks, deadlocks, statements and sessions ended", run: contend },
  { number: 10, fault: "the database's disk is full", run: fillDisk },
]
