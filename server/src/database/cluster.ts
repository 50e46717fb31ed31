import { spawn } from "node:child_process"
import { createHash } from "node:crypto"
import { closeSync, openSync } from "node:fs"
import { lstat, mkdir, readFile, rename, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import pg from "pg"
import { StartError } from "../start-error.ts"
import { type Binaries, findBinaries } from "./binaries.ts"

/** A PostgreSQL server of our own, reachable by a unix socket only. */
export interface Cluster {
  /** How to connect to one of its databases. */
  connection(database?: string): pg.ClientConfig
  /** Starts the server if it is not running; resolves when it answers. Adopts one that a killed process of ours left running. */
  ensureRunning(): Promise<"started" | "adopted">
  /** Stops the server: sessions are ended, everything is flushed. */
  stop(): Promise<void>
  readonly remark: string | null
}

const port = 5432
/** sun_path holds 108 bytes, its last a zero. */
const socketPathMax = 107
const user = "causeway"

/** Prepares the database below `dataDir` (initdb on first use, at one stroke) without starting it. `settings` override ours. */
export async function openCluster(dataDir: string, settings: Record<string, string> = {}): Promise<Cluster> {
  const binaries = await findBinaries(dataDir)
  const folder = join(binaries.home, "postgres")
  await refuseOtherMajor(folder, binaries)
  const sockets = await socketFolder(binaries)
  await initialise(folder, binaries)
  const connection = (database = user): pg.ClientConfig => ({ host: sockets, port, user, database })

  async function ensureRunning(): Promise<"started" | "adopted"> {
    if (await answers(connection("postgres"))) return "adopted"
    const pid = await runningPid(folder)
    if (pid === null) {
      await rm(join(folder, "postmaster.pid"), { force: true })
      launch(folder, sockets, binaries, settings)
    }
    for (const deadline = Date.now() + 60_000; Date.now() < deadline; ) {
      if (await answers(connection("postgres"))) return pid === null ? "started" : "adopted"
      await sleep(25)
    }
    throw new StartError("The embedded PostgreSQL did not answer within 60 s.", `Its log says why: ${join(binaries.home, "postgres.log")}`)
  }

  async function stop(): Promise<void> {
    const pid = await runningPid(folder)
    if (pid === null) return
    process.kill(pid, "SIGINT") // fast shutdown: sessions are ended, work that committed is flushed
    for (const deadline = Date.now() + 30_000; Date.now() < deadline; await sleep(20)) if (!isAlive(pid)) return
    process.kill(pid, "SIGQUIT")
  }

  return { connection, ensureRunning, stop, remark: binaries.remark }
}

async function refuseOtherMajor(folder: string, binaries: Binaries): Promise<void> {
  const version = (await readFile(join(folder, "PG_VERSION"), "utf8").catch(() => binaries.major)).trim()
  if (version === binaries.major) return
  throw new StartError(
    `The database in ${folder} was made by PostgreSQL ${version}; this Causeway brings PostgreSQL ${binaries.major}.`,
    `Start the Causeway version that made it and take a backup, or give that server yourself: DATABASE_URL=postgres://… npm start`,
  )
}

/** A short path: below the data directory where that fits, else below the system's temporary folder under a name made from it. */
async function socketFolder(binaries: Binaries): Promise<string> {
  const near = join(binaries.home, "run")
  const fits = Buffer.byteLength(join(near, `.s.PGSQL.${port}`)) <= socketPathMax
  const folder = fits ? near : join(tmpdir(), `causeway-${createHash("sha256").update(binaries.home).digest("hex").slice(0, 16)}`)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const found = await lstat(folder)
  const owner = binaries.command("postgres").uid ?? process.getuid?.()
  if (!found.isDirectory() || (found.uid !== process.getuid?.() && found.uid !== owner) || (found.mode & 0o077) !== 0) {
    throw new StartError(`${folder} is not a private folder of ours.`, `Remove it and start again: rm -r ${folder}`)
  }
  return folder
}

/** initdb into a draft folder and one rename: a crash in between leaves nothing that looks like a database. */
async function initialise(folder: string, binaries: Binaries): Promise<void> {
  if (await lstat(join(folder, "PG_VERSION")).catch(() => null)) return
  const draft = `${folder}.new`
  await rm(draft, { recursive: true, force: true })
  const args = ["-D", draft, "-U", user, "--auth=trust", "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--no-instructions"]
  await run(binaries, "initdb", args)
  await rename(draft, folder)
}

async function run(binaries: Binaries, program: "initdb", args: string[]): Promise<void> {
  const { command, args: prefix, ...options } = binaries.command(program)
  const child = spawn(command, [...prefix, ...args], { ...options, cwd: "/", stdio: ["ignore", "pipe", "pipe"] })
  let output = ""
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece) => (output += piece))
  const code = await new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve))
  if (code !== 0) throw new StartError(`${program} failed: ${output.trim().split("\n").slice(-3).join(" ")}`, "Check that the data directory is writable and its disk has room.")
}

/** Detached, in a session of its own: Ctrl-C reaches it only through us, and it outlives us if we are killed. */
function launch(folder: string, sockets: string, binaries: Binaries, settings: Record<string, string>): void {
  const all = {
    listen_addresses: "",
    unix_socket_directories: sockets.includes(",") ? `"${sockets}"` : sockets,
    unix_socket_permissions: "0700",
    port: String(port),
    fsync: "on",
    synchronous_commit: "on",
    full_page_writes: "on",
    max_connections: "60",
    shared_buffers: "128MB",
    max_wal_size: "1GB",
    jit: "off",
    log_min_messages: "warning",
    cluster_name: "causeway",
    ...settings,
  }
  const log = openSync(join(binaries.home, "postgres.log"), "a", 0o600)
  const { command, args: prefix, ...options } = binaries.command("postgres")
  const args = [...prefix, "-D", folder, ...Object.entries(all).flatMap(([name, value]) => ["-c", `${name}=${value}`])]
  const child = spawn(command, args, { ...options, cwd: "/", detached: true, stdio: ["ignore", log, log] })
  child.on("error", () => {}) // the wait in ensureRunning tells
  child.unref()
  closeSync(log)
}

async function answers(connection: pg.ClientConfig): Promise<boolean> {
  const client = new pg.Client({ ...connection, connectionTimeoutMillis: 2_000 })
  client.on("error", () => {})
  try {
    await client.connect()
    return true
  } catch {
    return false
  } finally {
    await client.end().catch(() => {})
  }
}

/** The postmaster's pid, or null when the file is stale: no such process, or one that is not this database's. */
async function runningPid(folder: string): Promise<number | null> {
  const file = await readFile(join(folder, "postmaster.pid"), "utf8").catch(() => "")
  const pid = Number(file.split("\n")[0])
  if (!Number.isInteger(pid) || pid <= 1 || !isAlive(pid)) return null
  const commandLine = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")
  return commandLine.includes(folder) ? pid : null
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
