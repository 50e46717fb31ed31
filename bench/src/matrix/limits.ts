import { execFileSync } from "node:child_process"
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmdirSync, rmSync, writeFileSync } from "node:fs"
import { connect, type Socket } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as delay } from "node:timers/promises"
import { openOutsideDatabase } from "../harness/outside.ts"
import { countOf, mebibytes, probeDuring, reading, residentBytes, seconds, untilWell } from "../harness/probe.ts"
import type { World, WorldOptions } from "../harness/world.ts"
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

const channels = 6
const load = { inboundPerSecond: 40, repliesPerSecond: 20 }

type Act = Parameters<typeof inWorld<RowResult>>[1]

/** A server that is held to a limit; its database is not. */
async function inLimitedWorld({ seed }: RowOptions, through: WorldOptions["through"], act: Act): Promise<RowResult> {
  const folder = mkdtempSync(join(tmpdir(), "causeway-faults-"))
  const database = await openOutsideDatabase(folder, seed)
  const options = { seed, channels, database, ...(through !== undefined && { through }) }
  try {
    return await inWorld(options, async (world, driver) => {
      for (let channel = 0; channel < channels; channel++) await driver.converse(channel)
      return await act(world, driver)
    })
  } finally {
    await database.stop()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** What a server may still take before the kernel ends it. */
const roomBytes = 32 * 1024 * 1024
const groups = "/sys/fs/cgroup/memory"

/** The kernel ends the server for want of memory, as a container's limit does; it is started again, as containers are. */
async function outOfMemory(options: RowOptions): Promise<RowResult | Cannot> {
  if (!existsSync(join(groups, "memory.limit_in_bytes")))
    return { cannot: "there is no memory controller of version 1 that this user may write" }
  const group = join(groups, `causeway-faults-${process.pid}`)
  try {
    mkdirSync(group)
  } catch (error) {
    return { cannot: `no control group can be made (${(error as Error).message})` }
  }
  const enter = ["sh", "-c", `echo $$ > ${group}/cgroup.procs && exec "$@"`, "sh"]
  try {
    return await inLimitedWorld(options, enter, async (world, driver) => {
      const running = driver.begin(load)
      const kills: string[] = []
      for (let round = 0; round < (isFull ? 10 : 2); round++) {
        await delay(1_500)
        kills.push(await world.calm.except(() => starve(world, group)))
      }
      await delay(500)
      await running.stop()
      const found = await verdict(world)
      const odd = kills.filter((signal) => signal !== "SIGKILL")
      const counted = /^oom_kill (\d+)$/m.exec(readFileSync(join(group, "memory.oom_control"), "utf8"))?.[1] ?? "?"
      return {
        held: `as a kill at any moment; ${baseSet}`,
        figure: `${kills.length} times out of memory (the kernel counts ${counted} kills): ${summary(found)}`,
        broken: [
          ...found.broken,
          ...odd.map((signal) => `the server ended with ${signal} instead of the kernel's kill`),
        ],
      }
    })
  } finally {
    rmdirSync(group)
  }
}

/** Ends when the kernel has ended the server, which is started again then; answers by which signal. */
async function starve(world: World, group: string): Promise<string> {
  const server = world.servers[0] as World["servers"][number]
  const died = new Promise<string>((resolve) =>
    server.child.once("exit", (code, signal) => resolve(signal ?? String(code))),
  )
  setLimit(group, residentBytes(server.pid) + roomBytes)
  const signal = await Promise.race([died, squeeze(world, died).then(() => "alive")])
  writeFileSync(join(group, "memory.limit_in_bytes"), "-1")
  if (signal !== "alive") await world.start()
  return signal
}

/** A little above what is in use, which is as low as the kernel lets it be. */
function setLimit(group: string, resident: number): void {
  for (let bytes = resident; bytes < resident * 4; bytes += 4 * 1024 * 1024)
    try {
      writeFileSync(join(group, "memory.limit_in_bytes"), String(bytes))
      return
    } catch {}
}

/** Bodies as large as they may be, many at once, until there is no room for them. */
async function squeeze(world: World, died: Promise<unknown>): Promise<void> {
  const [{ id, token }] = world.channels as [{ id: string; token: string }]
  const json = {
    sender: { handle: "mia" },
    body: "x".repeat(3_500_000),
    metadata: { external_id: "", external_conversation_id: "large" },
  }
  let isOver = false
  void died.then(() => {
    isOver = true
  })
  for (let round = 0; round < 20 && !isOver; round++)
    await Promise.all(
      Array.from({ length: 16 }, () =>
        // Without an external id it is refused, after it was read whole.
        world.ask("POST", `/channels/${id}/inbound_messages`, { token, json }).catch(() => null),
      ),
    )
}

const files = 128

/** More connections than the server may have files open. */
async function outOfFiles(options: RowOptions): Promise<RowResult | Cannot> {
  try {
    execFileSync("prlimit", ["--version"], { stdio: "ignore" })
  } catch {
    return { cannot: "there is no prlimit" }
  }
  return await inLimitedWorld(options, ["prlimit", `--nofile=${files}`], async (world, driver) => {
    const server = world.servers[0] as { url: string; pid: number }
    const running = driver.begin(load)
    await delay(1_000)
    const before = residentBytes(server.pid)
    const crowd: Socket[] = []
    const probes = await probeDuring(reading(world), async () => {
      const { hostname, port } = new URL(server.url)
      for (let i = 0; i < 3 * files; i++) crowd.push(connect(Number(port), hostname).on("error", () => {}))
      await delay(isFull ? 30_000 : 5_000)
    })
    for (const socket of crowd) socket.destroy()
    const backMs = await untilWell(reading(world), 30_000)
    await delay(1_000)
    await running.stop()
    const found = await verdict(world)
    const broken = [...found.broken]
    const child = world.servers[0]?.child
    if (child?.exitCode !== null || child.signalCode !== null) broken.push("the server ended")
    if (backMs > 5_000) broken.push(`well only ${seconds(backMs)} after the crowd had left`)
    const growth = mebibytes(Math.max(0, residentBytes(server.pid) - before))
    return {
      held: `the server lives and is well again by itself; ${baseSet}`,
      figure: `${crowd.length} connections on ${files} files, ${countOf(probes, 200)} of ${probes.length} probes 200, well ${seconds(backMs)} after they left, +${growth}: ${summary(found)}`,
      broken,
    }
  })
}

export const limitRows: Row[] = [
  { number: 25, fault: "out of memory, ended by the kernel", run: outOfMemory },
  { number: 26, fault: "out of file descriptors", run: outOfFiles },
]
