import { spawn } from "node:child_process"
import { once } from "node:events"
import { setTimeout as delay } from "node:timers/promises"
import { residentBytes } from "../harness/probe.ts"
import { startProcess } from "../harness/server-process.ts"
import { closedLoop } from "../load.ts"
import { openPartner, ownFolder } from "../processes.ts"
import { buildScene, inboundShot } from "../scene.ts"
import type { Benchmark, Finding, RunOptions } from "./benchmark.ts"
import { openBrowsers, signInAll } from "./fan-out.ts"

const streams = 1_000
const teammates = 10
const lookEveryMs = 100
/** What a start leaves behind is collected by then. */
const restMs = 5_000

export const memoryBenchmark: Benchmark = {
  name: "memory",
  title: "Memory",
  method: `Resident memory (VmRSS) of the server's process, as npm start runs it; PostgreSQL is apart. Under load: the most that was seen while 64 connections post messages and deliveries run; then after ${restMs / 1000} s of rest; then with ${streams.toLocaleString("en-US")} live streams. The limit: a Node process that only listens.`,
  run: (options) => measureMemory(options),
}

const mebibytesOf = (pid: number): number => residentBytes(pid) / 2 ** 20

/** The most that a process holds while `work` lasts, and now and then how much; seconds since the beginning. */
async function watch(pid: number, work: () => Promise<unknown>): Promise<{ most: number; points: [number, number][] }> {
  const points: [number, number][] = []
  const began = performance.now()
  const look = () => points.push([(performance.now() - began) / 1000, mebibytesOf(pid)])
  const timer = setInterval(look, lookEveryMs)
  try {
    await work()
  } finally {
    clearInterval(timer)
  }
  look()
  return { most: Math.max(...points.map(([, mebibytes]) => mebibytes)), points }
}

async function bareNode(): Promise<number> {
  const script = 'require("node:http").createServer().listen(0, "127.0.0.1", () => console.log("ready"))'
  const child = spawn(process.execPath, ["-e", script], { stdio: ["ignore", "pipe", "inherit"] })
  await once(child.stdout, "data")
  await delay(500)
  const mebibytes = mebibytesOf(child.pid as number)
  child.kill("SIGKILL")
  return mebibytes
}

async function measureMemory({ seconds, say }: RunOptions): Promise<Finding> {
  const bare = await bareNode()
  const { folder, remove } = await ownFolder()
  const partner = await openPartner()
  say("a server that idles")
  const server = await startProcess(folder)
  try {
    await delay(restMs)
    const idle = mebibytesOf(server.pid)
    const scene = await buildScene(server, partner.url)
    say("under load")
    const next = (n: number) => inboundShot(scene, "memory", n)
    const loop = { url: scene.url, connections: 64, status: 202, seconds, next }
    const load = await watch(server.pid, () => closedLoop(loop))
    say("at rest")
    await delay(restMs)
    const rested = mebibytesOf(server.pid)
    say(`${streams} streams`)
    const browsers = await openBrowsers(`${scene.url}/causeway/live`, streams, await signInAll(scene, teammates))
    await delay(restMs)
    const listening = mebibytesOf(server.pid)
    await browsers.close()
    return finding({ bare, idle, load, rested, listening })
  } finally {
    await server.stop()
    await partner.close()
    remove()
  }
}

interface Held {
  bare: number
  idle: number
  load: Awaited<ReturnType<typeof watch>>
  rested: number
  listening: number
}

function finding({ bare, idle, load, rested, listening }: Held): Finding {
  const rows: [string, number][] = [
    ["a Node process that only listens", bare],
    ["idle, just started", idle],
    ["under load, the most", load.most],
    [`${restMs / 1000} s after it`, rested],
    [`with ${streams.toLocaleString("en-US")} live streams`, listening],
  ]
  return {
    tables: [
      {
        columns: [{ name: "process" }, { name: "MiB" }, { name: "÷ bare Node", digits: 1 }],
        rows: rows.map(([name, mebibytes]) => [name, mebibytes, mebibytes / bare]),
      },
    ],
    aims: [{ what: "idle server without the database", figure: idle, most: 150, unit: " MiB" }],
    plots: [
      {
        kind: "bars",
        name: "memory",
        title: "Resident memory of the server's process",
        unit: "MiB",
        bars: rows.map(([name, value]) => ({ name, value })),
      },
    ],
  }
}
