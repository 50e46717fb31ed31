import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import type { Driver } from "../harness/driver.ts"
import { readLedger, type Seen } from "../harness/ledger.ts"
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
const hourMs = 3_600_000
/** Forward, right again, back, right again. */
const jumps = [hourMs, 0, -hourMs, 0]
const restMs = isFull ? 10_000 : 2_500
const load = { inboundPerSecond: 30, repliesPerSecond: 20 }
/** Longer than the first pauses of a lane. */
const hearsWithinMs = 30_000

/** The server's clock is set an hour forward and back, under load, while one partner takes no notices. */
async function setClock({ seed }: RowOptions): Promise<RowResult> {
  const folder = mkdtempSync(join(tmpdir(), "causeway-faults-clock-"))
  const file = join(folder, "offset")
  writeFileSync(file, "0")
  const preload = new URL("../harness/clock.ts", import.meta.url).href
  const env = { NODE_OPTIONS: `--import=${preload}`, CAUSEWAY_FAULTS_CLOCK: file }
  try {
    return await inWorld({ seed, channels, env }, (world, driver) => jumpAbout(world, driver, file))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function jumpAbout(world: World, driver: Driver, file: string): Promise<RowResult> {
  for (let channel = 0; channel < channels; channel++) await driver.converse(channel)
  await world.sink.order({ partner: 0, behaviour: { status: 500 } })
  const running = driver.begin(load)
  await delay(restMs)
  for (const offsetMs of jumps) {
    writeFileSync(file, String(offsetMs))
    process.kill((world.servers[0] as { pid: number }).pid, "SIGUSR2")
    await delay(restMs)
  }
  await running.stop()
  // The schedule is 0, 5 s, 30 s: a try or two fit in, and each jump may bring one more forward.
  const most = Math.max(0, ...noticesOf(world).values())
  await world.sink.order({ partner: 0, behaviour: "accept" })
  const began = performance.now()
  const deaf = await listDeaf(world, driver)
  const heardMs = performance.now() - began
  const found = await verdict(world)
  const broken = [...found.broken, ...deaf.map((channel) => `channel ${channel} hears of no new message`)]
  if (most > 2 + jumps.length) broken.push(`a notice was tried ${most} times`)
  return {
    held: `no burst; no lane is stuck; ${baseSet}`,
    figure: `${jumps.length} jumps of an hour: no notice tried more than ${most} times; new messages told on every channel after ${seconds(heardMs)}: ${summary(found)}`,
    broken,
  }
}

/** A new message on every channel: on which of them nobody told the partner of it in time. */
async function listDeaf(world: World, driver: Driver): Promise<number[]> {
  const before = new Set(noticedChannels(world).keys())
  for (let channel = 0; channel < channels; channel++) await driver.converse(channel)
  let deaf = [...Array(channels).keys()]
  for (const until = Date.now() + hearsWithinMs; deaf.length > 0 && Date.now() < until; ) {
    await delay(100)
    const heard = new Set(
      [...noticedChannels(world)].filter(([call]) => !before.has(call)).map(([, partner]) => partner),
    )
    deaf = deaf.filter((channel) => !heard.has(channel))
  }
  return deaf
}

/** The partner of each notice, by its call. */
const noticedChannels = (world: World): Map<number, number> =>
  new Map(
    readLedger<Seen>(join(world.folder, "sink.jsonl")).flatMap((entry) =>
      entry.kind === "arrived" && entry.type === "message_imported" ? [[entry.call, entry.partner]] : [],
    ),
  )

/** Tries of each notice to the first partner. */
function noticesOf(world: World): Map<string, number> {
  const tries = new Map<string, number>()
  for (const entry of readLedger<Seen>(join(world.folder, "sink.jsonl")))
    if (entry.kind === "arrived" && entry.type === "message_imported" && entry.partner === 0)
      tries.set(entry.key, (tries.get(entry.key) ?? 0) + 1)
  return tries
}

export const clockRows: Row[] = [
  { number: 24, fault: "the server's clock jumps an hour, forward and back", run: setClock },
]
