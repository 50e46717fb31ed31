import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { readdir, readFile } from "node:fs/promises"
import { createServer } from "node:net"
import { join } from "node:path"
import { text } from "node:stream/consumers"
import { setTimeout as sleep } from "node:timers/promises"
import { fileURLToPath } from "node:url"
import { expect, onTestFinished, test } from "vitest"
import { temporaryDir } from "./database.ts"

const main = fileURLToPath(new URL("../server/src/main.ts", import.meta.url))

interface Started {
  child: ChildProcess
  /** The one line on stdout. */
  ready: { url: string; pid: number; data_dir: string; database: string; setup_code: string | null; demo: unknown }
  /** Everything on stdout, when it has ended. */
  stdout: Promise<string>
}

function run(args: string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [main, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, DATABASE_URL: "", CAUSEWAY_LOG: "warn", ...env },
  })
  onTestFinished(() => void child.kill("SIGKILL"))
  return { child, stdout: text(child.stdout), stderr: text(child.stderr) }
}

/** The program as a script starts it, ready. */
async function start(dataDir: string, ...args: string[]): Promise<Started> {
  const { child, stdout, stderr } = run(["--json", "--port", "0", "--data", dataDir, ...args])
  const line = await Promise.race([
    once(child.stdout as NodeJS.EventEmitter, "data"),
    once(child, "exit").then(() => null),
  ])
  if (line === null) throw new Error(`it ended: ${await stderr}`)
  return { child, ready: JSON.parse(String(line[0])), stdout }
}

/** The program as it ends by itself: its exit code and what it said. */
async function failure(args: string[], env: Record<string, string> = {}) {
  const { child, stdout, stderr } = run(args, env)
  const [code] = await once(child, "exit")
  return { code, stdout: await stdout, stderr: await stderr }
}

async function stopped(child: ChildProcess, ...signals: NodeJS.Signals[]): Promise<number | null> {
  const exit = once(child, "exit")
  for (const signal of signals) child.kill(signal)
  return (await exit)[0]
}

/** Programs that have the directory on their command line: the server, its database. */
async function programsOf(dataDir: string): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name))
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")))
  return pids.filter((_, index) => lines[index]?.includes(dataDir)).map(Number)
}

const postmaster = async (dataDir: string) =>
  Number.parseInt(await readFile(join(dataDir, "postgres", "postmaster.pid"), "utf8"), 10)

test("with --json stdout is one line that says where it listens, and SIGTERM ends it with 0 and leaves no process", async () => {
  const dataDir = await temporaryDir("start")
  const { child, ready, stdout } = await start(dataDir)
  expect(ready).toEqual({
    url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
    pid: child.pid,
    data_dir: dataDir,
    database: "embedded",
    setup_code: expect.any(String),
    demo: null,
  })
  expect((await fetch(`${ready.url}/readyz`)).status).toBe(200)
  expect(await stopped(child, "SIGTERM")).toBe(0)
  expect((await stdout).trim().split("\n")).toHaveLength(1)
  expect(await programsOf(dataDir)).toEqual([])

  const again = await start(dataDir)
  expect(again.ready.setup_code).toEqual(expect.any(String))
  // npm and a terminal each send their own.
  expect(await stopped(again.child, "SIGINT", "SIGTERM", "SIGINT")).toBe(0)
  expect(await programsOf(dataDir)).toEqual([])
})

test("a second one on the same data directory says that the first runs and ends with 1; the first goes on", async () => {
  const dataDir = await temporaryDir("second")
  const { child, ready } = await start(dataDir)
  const second = await failure(["--json", "--port", "0", "--data", dataDir])
  expect(second).toMatchObject({ code: 1, stdout: "" })
  expect(second.stderr).toContain(`Causeway is already running on ${dataDir} (process ${child.pid}).`)
  expect((await fetch(`${ready.url}/readyz`)).status).toBe(200)
  expect(await stopped(child, "SIGTERM")).toBe(0)
})

test("killed with -9 and started again, it adopts the database that still runs", async () => {
  const dataDir = await temporaryDir("adopt")
  const first = await start(dataDir)
  const pid = await postmaster(dataDir)
  await stopped(first.child, "SIGKILL")
  const second = await start(dataDir)
  expect(await postmaster(dataDir)).toBe(pid)
  expect(await stopped(second.child, "SIGTERM")).toBe(0)
  expect(await programsOf(dataDir)).toEqual([])
})

test("while its database is dead requests get 503 with Retry-After; then it is back by itself", async () => {
  const dataDir = await temporaryDir("dead")
  const { child, ready } = await start(dataDir)
  process.kill(await postmaster(dataDir), "SIGKILL")
  const answers: Response[] = []
  while (answers.at(-1)?.status !== 200 && answers.length < 500) {
    answers.push(await fetch(`${ready.url}/readyz`))
    await sleep(10) // the other process has to start a database
  }
  expect(answers.at(-1)?.status).toBe(200)
  for (const answer of answers.slice(0, -1)) {
    expect(answer.status).toBe(503)
    expect(answer.headers.get("retry-after")).toMatch(/^\d+$/)
  }
  expect(await stopped(child, "SIGTERM")).toBe(0)
  expect(await programsOf(dataDir)).toEqual([])
})

test("a port in use ends it with 1 and a way out, and leaves no database running", async () => {
  const other = createServer().listen(0, "127.0.0.1")
  await once(other, "listening")
  const { port } = other.address() as { port: number }
  const dataDir = await temporaryDir("port")
  const refused = await failure(["--port", String(port), "--data", dataDir])
  other.close()
  expect(refused.code).toBe(1)
  expect(refused.stderr).toMatch(new RegExp(`${port}.* is in use`))
  expect(await programsOf(dataDir)).toEqual([])
})

test("a signal while it starts leaves no process and ends it with 0", async () => {
  const dataDir = await temporaryDir("early")
  const { child } = run(["--port", "0", "--data", dataDir], { CAUSEWAY_LOG: "info" })
  await new Promise<void>((resolve) => {
    child.stderr.on("data", (line) => String(line).includes("database.starting") && resolve())
  })
  expect(await stopped(child, "SIGTERM")).toBe(0)
  expect(await programsOf(dataDir)).toEqual([])
})

test("an option that cannot be used ends it with 2 and an example", async () => {
  expect(await failure(["--port", "http"])).toEqual({
    code: 2,
    stdout: "",
    stderr: '--port must be a port from 0 to 65535 (was "http"). Example: --port 7400\n',
  })
})

test("a data directory that cannot be made ends it with 1 and names it", async () => {
  const refused = await failure(["--port", "0", "--data", "/proc/nothing"])
  expect(refused.code).toBe(1)
  expect(refused.stderr).toContain("The data directory /proc/nothing cannot be written")
})
