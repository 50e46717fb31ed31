import { createHash, randomBytes } from "node:crypto"
import { lstat, mkdir, open, readdir, readFile, rename, rm, rmdir, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { StartError } from "../start-error.ts"
import { postgresMajor } from "./binaries.ts"
import { exitCode, type Place } from "./place.ts"

/** The role that owns everything; the server works with another one (rights.ts). Neither has a password: what counts is who may enter the socket's directory. */
export const superuser = "causeway"

/** A unix socket's address holds 107 bytes; the file is called .s.PGSQL.5432. */
const socketDirBytesMax = 107 - "/.s.PGSQL.5432".length
const logBytesMax = 10 * 1024 * 1024

/** A database directory that can be started. */
export interface Cluster {
  dir: string
  socketDir: string
  logPath: string
}

/** Makes the database directory when there is none. Throws `StartError` for one of another major version. */
export async function prepareCluster(place: Place, dataDir: string, options: { durable: boolean }): Promise<Cluster> {
  const dir = join(place.home, "postgres")
  const logPath = join(place.home, "postgres.log")
  const version = await readFile(join(dir, "PG_VERSION"), "utf8").catch(() => null)
  if (version === null) await initialise(place, dir, options)
  else if (version.trim() !== String(postgresMajor)) {
    throw new StartError(
      `${dir} was made by PostgreSQL ${version.trim()}, and this program brings PostgreSQL ${postgresMajor}.`,
      "Start the version of Causeway that made it and dump it, or give another directory: npm start -- --data DIR",
    )
  }
  const socketDir = await makeSocketDir(place, dataDir)
  await writeFile(join(dir, "postgresql.conf"), settings(socketDir, options.durable), { mode: 0o600 })
  return { dir, socketDir, logPath }
}

/** Into a draft that is renamed when it is whole: a crash in between leaves no half database. */
async function initialise(place: Place, dir: string, options: { durable: boolean }): Promise<void> {
  await removeDrafts(place.home)
  const draft = `${dir}.draft-${process.pid}-${randomBytes(4).toString("hex")}`
  await place.makeDir(draft)
  const args = [
    "-D",
    draft,
    "-U",
    superuser,
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C.UTF-8",
    "--locale-provider=builtin",
  ]
  const report = await open(join(place.home, "postgres-initdb.log"), "w", 0o600)
  try {
    const child = place.run(
      place.binaries.initdb,
      [...args, "--builtin-locale=C.UTF-8", "--no-instructions", ...(options.durable ? [] : ["--no-sync"])],
      { stdio: ["ignore", report.fd, report.fd] },
    )
    if ((await exitCode(child)) !== 0) {
      const said = (await readFile(join(place.home, "postgres-initdb.log"), "utf8"))
        .trim()
        .split("\n")
        .slice(-3)
        .join(" ")
      throw new StartError(
        `The database could not be made in ${place.home}: ${said || "initdb did not start"}`,
        "Check that the disk has room and that the directory may be written.",
      )
    }
  } finally {
    await report.close()
  }
  await rename(draft, dir).catch(async (error: NodeJS.ErrnoException) => {
    await rm(draft, { recursive: true, force: true })
    if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error
    // Another process, started at the same moment, was first; which of us goes on is decided by the lock.
  })
}

async function removeDrafts(home: string): Promise<void> {
  for (const name of await readdir(home)) {
    const pid = /^postgres\.draft-(\d+)-/.exec(name)?.[1]
    if (pid !== undefined && !(await isAlive(Number(pid)))) await rm(join(home, name), { recursive: true, force: true })
  }
}

/** In the data directory, or under /tmp where that path is too long for a socket. Only we may enter it: it is the database's only door. */
async function makeSocketDir(place: Place, dataDir: string): Promise<string> {
  const near = join(place.home, "run")
  if (Buffer.byteLength(near) <= socketDirBytesMax) {
    await place.makeDir(near)
    return near
  }
  const uid = process.getuid?.() ?? 0
  const far = `/tmp/causeway-${uid}-${createHash("sha256").update(dataDir).digest("hex").slice(0, 16)}`
  await mkdir(far, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "EEXIST") throw error
  })
  const found = await lstat(far)
  if (!found.isDirectory() || found.uid !== uid)
    throw new StartError(`${far} belongs to someone else.`, "Remove it, or give a shorter --data directory.")
  await place.makeDir(far)
  return far
}

/** After a stop: nothing of ours stays under /tmp. */
export async function removeSocketDir(cluster: Cluster): Promise<void> {
  if (/^\/tmp\/causeway-\d+-[0-9a-f]{16}$/.test(cluster.socketDir)) await rmdir(cluster.socketDir).catch(() => {}) // not empty: another start is under way
}

/** Written at every start; an operator's own settings (ALTER SYSTEM) come after it and win. */
function settings(socketDir: string, durable: boolean): string {
  const lines: [string, string][] = [
    ["listen_addresses", "''"],
    ["unix_socket_directories", quote(socketDir)],
    ["unix_socket_permissions", "0700"],
    ["max_connections", durable ? "60" : "300"],
    ["shared_buffers", "128MB"],
    ["max_wal_size", "2GB"],
    ["checkpoint_timeout", "15min"],
    ["jit", "off"],
    // Parallel plans take shared memory, of which containers often have 64 MB, and our statements are small.
    ["max_parallel_workers_per_gather", "0"],
    ["max_parallel_maintenance_workers", "0"],
    ["fsync", durable ? "on" : "off"],
    ["synchronous_commit", durable ? "on" : "off"],
    ["full_page_writes", durable ? "on" : "off"],
    ["timezone", "'UTC'"],
    ["log_timezone", "'UTC'"],
    ["log_checkpoints", "off"],
    ["log_line_prefix", "'%m [%p] '"],
  ]
  return `# Written by Causeway at every start. Your own settings: ALTER SYSTEM SET …\n${lines.map(([name, value]) => `${name} = ${value}\n`).join("")}`
}

const quote = (text: string) => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`

/** The running postmaster, as its pid file tells and /proc confirms: after a crash the file stays, and the number may be another program's by now. */
export async function findPostmaster(dir: string): Promise<{ pid: number; socketDir: string } | null> {
  const lines = (await readFile(join(dir, "postmaster.pid"), "utf8").catch(() => "")).split("\n")
  const pid = Number(lines[0])
  if (!(pid > 1) || !(await isPostmaster(pid, lines[1] ?? dir))) return null
  return { pid, socketDir: lines[4] ?? "" }
}

/**
 * Only after `findPostmaster` said null: PostgreSQL itself refuses to start when the number in a lock file is in use by any program, and so it is after
 * a power cut, or while a killed postmaster has not been reaped.
 */
export async function removeStaleLocks(cluster: Cluster): Promise<void> {
  await rm(join(cluster.dir, "postmaster.pid"), { force: true })
  await rm(join(cluster.socketDir, ".s.PGSQL.5432.lock"), { force: true })
}

async function isPostmaster(pid: number, dir: string): Promise<boolean> {
  if (!(await isAlive(pid))) return false
  if (process.platform !== "linux") return true
  const words = (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).split("\0")
  return words.includes(dir) && words.some((word) => word.endsWith("/postgres"))
}

/** A zombie is dead, though a signal still finds it: in a container often nobody collects it. */
export async function isAlive(pid: number): Promise<boolean> {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false
  }
  const status = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null)
  if (status === null) return process.platform !== "linux"
  return !/^[ZX]/.test(status.slice(status.lastIndexOf(")") + 2))
}

/** Opens the server's log for appending; one that has grown too large becomes `.1` first. */
export async function openLog(path: string) {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  )
  if (size > logBytesMax) await rename(path, `${path}.1`)
  return open(path, "a", 0o600)
}
