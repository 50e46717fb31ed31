import { execFileSync } from "node:child_process"
import { closeSync, fdatasyncSync, openSync, writeSync } from "node:fs"
import { cpus, loadavg, release, totalmem } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { findBinaries } from "@causeway/server/database/binaries"
import { percentile } from "../load.ts"
import { ownFolder } from "../processes.ts"

/** Where figures come from: without it they mean nothing. */
export interface Machine {
  processor: string
  cores: number
  memoryGib: number
  system: string
  node: string
  postgres: string
  /** Writing 8 kB and waiting until the disk has it, in ms: what every commit waits for. */
  flush: { p50Ms: number; p99Ms: number }
  /** How many programs wanted a processor in the minute before; more than a few tenths were not ours. */
  load: number
  /** Short; with "+" where the work tree differs from it. */
  commit: string
}

const root = fileURLToPath(new URL("../../..", import.meta.url))

export async function describeMachine(): Promise<Machine> {
  const { folder, remove } = await ownFolder()
  try {
    const { postgres, env } = findBinaries(join(folder, "lib"))
    return {
      processor: cpus()[0]?.model.trim() ?? "unknown",
      cores: cpus().length,
      memoryGib: Math.round(totalmem() / 2 ** 30),
      system: `${process.platform} ${release()}`,
      node: process.version,
      postgres: said(postgres, ["--version"], env).replace(/^postgres \(PostgreSQL\) /, ""),
      load: loadavg()[0] ?? 0,
      flush: measureFlush(join(folder, "flushed")),
      commit: `${said("git", ["rev-parse", "--short", "HEAD"])}${said("git", ["status", "--porcelain"]) === "" ? "" : "+"}`,
    }
  } finally {
    remove()
  }
}

function said(program: string, args: string[], env: Record<string, string> = {}): string {
  try {
    return execFileSync(program, args, {
      cwd: root,
      encoding: "utf8",
      env: { ...process.env, ...env },
      stdio: "pipe",
    }).trim()
  } catch {
    return "unknown" // no git, or not a clone
  }
}

const pageBytes = 8192
const flushForMs = 1_000

/** As PostgreSQL writes its log: page after page, each flushed. */
function measureFlush(path: string): Machine["flush"] {
  const file = openSync(path, "w")
  const page = Buffer.alloc(pageBytes, 1)
  const times: number[] = []
  for (const until = performance.now() + flushForMs; performance.now() < until; ) {
    writeSync(file, page, 0, pageBytes, (times.length % 2048) * pageBytes)
    const before = performance.now()
    fdatasyncSync(file)
    times.push(performance.now() - before)
  }
  closeSync(file)
  return { p50Ms: percentile(times, 0.5), p99Ms: percentile(times, 0.99) }
}

/** Figures taken while somebody else uses the machine are a hint, and have to say so. */
const busyText = ({ load, cores }: Machine): string =>
  load > cores / 2 ? ` · **not quiet**: a load of ${load.toFixed(1)} before it began` : ""

export const machineText = (machine: Machine): string => {
  const { processor, cores, memoryGib, system, node, postgres, flush, commit } = machine
  return (
    `${cores} × ${processor}, ${memoryGib} GiB, ${system} · Node ${node} · PostgreSQL ${postgres} · an 8 kB write is flushed in ` +
    `${flush.p50Ms.toFixed(2)} ms (p50; p99 ${flush.p99Ms.toFixed(2)} ms) · commit ${commit}${busyText(machine)}`
  )
}
