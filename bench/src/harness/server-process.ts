import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { createInterface } from "node:readline"
import { setTimeout as delay } from "node:timers/promises"
import { fileURLToPath } from "node:url"

/** The server as people run it: a process of its own on a data directory, with what it printed when it was ready. */
export interface ServerProcess {
  url: string
  pid: number
  setupCode: string | null
  child: ChildProcess
  /** How often it has written a line of this name (`msg`) to its log. */
  logged(name: string): number
  /** Ends it with SIGTERM and resolves to its exit code. */
  stop(): Promise<number | null>
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>
}

/** The unit of `/proc/<pid>/stat` on every Linux that Node runs on. */
const ticksPerSecond = 100
/** Longer than any machine needs that can run it at all. */
const readyMaxMs = 120_000
const main = fileURLToPath(new URL("../../../server/src/main.ts", import.meta.url))

export async function startProcess(
  dataDir: string,
  args: readonly string[] = [],
  env: Record<string, string> = {},
  through: readonly string[] = [],
): Promise<ServerProcess> {
  const server = [process.execPath, main, "--json", "--port", "0", "--data", dataDir, ...args]
  const [program, ...rest] = [...through, ...server] as [string, ...string[]]
  const child = spawn(program, rest, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, CAUSEWAY_LOG: "warn", DATABASE_URL: "", ...env },
  })
  let said = ""
  const names = new Map<string, number>()
  createInterface({ input: child.stderr as NodeJS.ReadableStream }).on("line", (line) => {
    said = `${said}${line}\n`.slice(-4000)
    const name = /"msg":"([^"]+)"\}$/.exec(line)?.[1]
    if (name !== undefined) names.set(name, (names.get(name) ?? 0) + 1)
  })
  const exited = once(child, "exit")
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })
  const waiting = new AbortController()
  const first = await Promise.race([
    once(lines, "line"),
    exited.then(() => null),
    delay(readyMaxMs, null, { signal: waiting.signal, ref: false }),
  ])
  waiting.abort()
  if (first === null) {
    child.kill("SIGKILL")
    throw new Error(`the server was not ready: ${said}`)
  }
  const ready = JSON.parse(first[0] as string) as { url: string; pid: number; setup_code: string | null }
  return {
    url: ready.url,
    pid: ready.pid,
    setupCode: ready.setup_code,
    child,
    logged: (name) => names.get(name) ?? 0,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM")
      await exited
      return child.exitCode
    },
    async kill() {
      child.kill("SIGKILL")
      await exited
    },
  }
}

/** Processes whose command line names this data directory: the server and its database. */
export function processesOn(dataDir: string): number[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((name) => {
      try {
        return readFileSync(`/proc/${name}/cmdline`, "utf8").includes(dataDir)
      } catch {
        return false
      }
    })
    .map(Number)
}

/** The first process of the embedded database of this data directory; null when it is not there. `since` as `Date.now()`. */
export function databaseProcess(dataDir: string): { pid: number; since: number } | null {
  try {
    const pid = Number.parseInt(readFileSync(join(dataDir, "postgres", "postmaster.pid"), "utf8"), 10)
    const startedTicks = Number(statOf(pid)[19])
    if (Number.isNaN(startedTicks)) return null
    const upSeconds = Number(readFileSync("/proc/uptime", "utf8").split(" ")[0])
    return { pid, since: Date.now() - (upSeconds - startedTicks / ticksPerSecond) * 1_000 }
  } catch {
    return null
  }
}

/** kill -9 for the postmaster of this data directory and all its children: what a power cut leaves of a database. */
export function killDatabase(dataDir: string): void {
  const first = processesOn(join(dataDir, "postgres"))
  killAll([...first, ...childrenOf(new Set(first))])
}

/** Its children do not name the directory. */
const childrenOf = (parents: ReadonlySet<number>): number[] =>
  readdirSync("/proc").flatMap((name) => {
    const parent = /^\d+$/.test(name) ? Number(statOf(name)[1]) : 0
    return parents.has(parent) ? [Number(name)] : []
  })

/** The fields of a process after its name: state, parent, …; none when it has gone. */
function statOf(pid: string | number): string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? []
  } catch {
    return []
  }
}

/** kill -9; whoever has gone already has gone. */
export function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL")
    } catch {}
  }
}
