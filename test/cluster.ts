import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { startEmbedded } from "@causeway/server/database/embedded"
import { migrate } from "@causeway/server/database/migrate"
import { clientOptions } from "@causeway/server/database/pool"
import { serverRole } from "@causeway/server/database/rights"
import { createLog } from "@causeway/server/log"
import pg from "pg"
import type { TestProject } from "vitest/node"
import { killAll, processesOn } from "./process.ts"

declare module "vitest" {
  interface ProvidedContext {
    /** Folder of the run's socket: tests connect there, and nothing else can. */
    clusterSocket: string
    /** Removed after the run, and every database in it stopped: see `temporaryDir`. */
    runFolder: string
  }
}

const prefix = "causeway-test-"

/** One throw-away PostgreSQL for the run, with a migrated template that every file clones. fsync is off: what tests durability brings its own. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  sweep()
  const folder = mkdtempSync(join(tmpdir(), prefix))
  writeFileSync(join(folder, "run.pid"), String(process.pid))
  const log = createLog("silent")
  const cluster = await startEmbedded({ dataDir: folder, log, durable: false })
  const removeNow = () => remove(folder)
  process.once("exit", removeNow) // an interrupted run reaches no teardown
  const template = { ...cluster.connection, database: "template_causeway" }
  const admin = new pg.Client(clientOptions(cluster.connection))
  await admin.connect()
  await admin.query("create database template_causeway")
  await admin.end()
  await migrate(template, log, { server: serverRole })
  project.provide("clusterSocket", String(cluster.connection.host))
  project.provide("runFolder", folder)
  return async () => {
    process.off("exit", removeNow)
    await cluster.stop()
    remove(folder)
  }
}

/** What runs that were killed left behind. */
function sweep(): void {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    const folder = join(tmpdir(), name)
    const runner = readPid(join(folder, "run.pid"))
    if (runner === null || isRunning(runner)) continue
    remove(folder)
  }
}

/** The folder with everything that still runs in it: the run's own database, and the servers and databases of tests that failed or were interrupted. */
function remove(folder: string): void {
  killAll(processesOn(folder).filter((pid) => !isDatabase(pid))) // first: a server would start its database again
  for (const path of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (path.endsWith("postgres/postmaster.pid")) kill(readPid(join(folder, path)) ?? 0)
  }
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
}

function readPid(path: string): number | null {
  try {
    return Number.parseInt(readFileSync(path, "utf8"), 10)
  } catch {
    return null
  }
}

/** PostgreSQL is told to end by itself: killed, it would leave its children. */
function isDatabase(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0")[0]?.endsWith("/postgres") ?? false
  } catch {
    return false
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** SIGQUIT: at once, nothing is kept. */
function kill(pid: number): void {
  if (pid > 1 && isRunning(pid)) process.kill(pid, "SIGQUIT")
}
