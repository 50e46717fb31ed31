import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { readdirSync, readFileSync } from "node:fs"
import { createInterface } from "node:readline"
import { fileURLToPath } from "node:url"

/** The server as people run it: a process of its own on a data directory, with what it printed when it was ready. */
export interface ServerProcess {
  url: string
  pid: number
  setupCode: string | null
  child: ChildProcess
  /** Ends it with SIGTERM and resolves to its exit code. */
  stop(): Promise<number | null>
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>
}

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
  child.stderr?.on("data", (piece) => {
    said = (said + piece).slice(-4000)
  })
  const exited = once(child, "exit")
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })
  const first = await Promise.race([once(lines, "line"), exited.then(() => null)])
  if (first === null) throw new Error(`the server ended before it was ready: ${said}`)
  const ready = JSON.parse(first[0] as string) as { url: string; pid: number; setup_code: string | null }
  return {
    url: ready.url,
    pid: ready.pid,
    setupCode: ready.setup_code,
    child,
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

/** kill -9 for the postmaster of this data directory and all its children: what a power cut leaves of a database. */
export function killDatabase(dataDir: string): void {
  for (const pid of processesOn(dataDir)) {
    const commandLine = readFileSync(`/proc/${pid}/cmdline`, "utf8")
    if (!commandLine.includes("main.ts")) process.kill(pid, "SIGKILL")
  }
}
