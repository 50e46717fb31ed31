import { execFileSync } from "node:child_process"
import { closeSync, fdatasyncSync, openSync, writeSync } from "node:fs"
import { cpus, release, totalmem } from "node:os"
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
  /** The share of the processors that other programs used for a second before it began, 0 to 1. */
  othersShare: number
  /** Short; with "+" where more than docs differs from it. */
  commit: string
}

const root = fileURLToPath(new URL("../../..", import.meta.url))

export async function describeMachine(): Promise<Machine> {
  const { folder, remove } = await ownFolder()
  try {
    const others = watchOthers()
    const flush = measureFlush(join(folder, "flushed"))
    const othersShare = others()
    const { postgres, env } = findBinaries(join(folder, "lib"))
    return {
      processor: cpus()[0]?.model.trim() ?? "unknown",
      cores: cpus().length,
      memoryGib: Math.round(totalmem() / 2 ** 30),
      system: `${process.platform} ${release()}`,
      node: process.version,
      postgres: said(postgres, ["--version"], env).replace(/^postgres \(PostgreSQL\) /, ""),
      flush,
      othersShare,
      commit: `${said("git", ["rev-parse", "--short", "HEAD"])}${said("git", ["status", "--porcelain", "--", ".", ":!docs"]) === "" ? "" : "+"}`,
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

/** From now until it is asked: the share of the processors that was used, but not by this process. */
function watchOthers(): () => number {
  const used = () => {
    const all = cpus().map(({ times: { user, nice, sys, idle, irq } }) => ({ busy: user + nice + sys + irq, idle }))
    const { user, system } = process.cpuUsage()
    return {
      busyMs: all.reduce((sum, { busy }) => sum + busy, 0) - (user + system) / 1000,
      allMs: all.reduce((sum, { busy, idle }) => sum + busy + idle, 0),
    }
  }
  const before = used()
  return () => {
    const after = used()
    return Math.max(0, (after.busyMs - before.busyMs) / Math.max(1, after.allMs - before.allMs))
  }
}

/** A quiet machine does a little by itself. */
const quietShareMax = 0.25

/** Figures that were taken beside somebody else's work are a hint and no verdict. */
export const isQuiet = ({ othersShare }: Machine): boolean => othersShare <= quietShareMax

export const machineText = (machine: Machine): string => {
  const { processor, cores, memoryGib, system, node, postgres, flush, commit, othersShare } = machine
  const busy = isQuiet(machine) ? "" : ` · not quiet: others used ${Math.round(othersShare * 100)} % of the processors`
  return (
    `${cores} × ${processor}, ${memoryGib} GiB, ${system} · Node ${node} · PostgreSQL ${postgres} · an 8 kB write is flushed in ` +
    `${flush.p50Ms.toFixed(2)} ms (p50; p99 ${flush.p99Ms.toFixed(2)} ms) · commit ${commit}${busy}`
  )
}
