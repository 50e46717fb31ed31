import type { ChildProcess } from "node:child_process"
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import pg from "pg"
import type { Log } from "../log.ts"
import { StartError } from "../start-error.ts"
import {
  type Cluster,
  findPostmaster,
  isAlive,
  openLog,
  prepareCluster,
  removeSocketDir,
  removeStaleLocks,
  superuser,
} from "./cluster.ts"
import { isOutage } from "./outage.ts"
import { choosePlace, type Place } from "./place.ts"
import { type Connection, clientOptions } from "./pool.ts"
import { makeServerRole } from "./rights.ts"

/**
 * The PostgreSQL in the data directory: started, owned, watched and stopped by one server process.
 *
 *   absent ──start──▶ running, ours ──stop──▶ absent
 *     ▲                    │ owner connection ends
 *     └──── restart ◀──────┘ (died, or was killed)
 *
 * Ours means holding a session's advisory lock. We find the database running and the lock free when an earlier server was killed: then we adopt
 * it. We find the lock held: another server lives, and we do not start. The end of the owner connection is also how we hear that it died,
 * adopted or not. PostgreSQL runs in a session of its own, so that Ctrl-C reaches it only through us.
 */
export interface Embedded {
  /** As the role that owns everything; see rights.ts for the one that a server works with. */
  connection: Connection
  /** The postmaster's process now. */
  pid(): number
  /** Fast shutdown: transactions are rolled back, everything is on disk when it resolves. */
  stop(): Promise<void>
  /** The same without waiting, for a process that is about to die of a bug. */
  signalStop(): void
}

export interface EmbeddedOptions {
  dataDir: string
  log: Log
  /** False only for throw-away test databases. */
  durable?: boolean
}

const databaseName = "causeway"
/** Any constant; taken in the maintenance database, where nothing else of ours takes locks. */
const ownerLock = 7_400_000
const readyTimeoutMs = 10 * 60_000 // recovery after a crash replays up to max_wal_size
const stopTimeoutMs = 60_000
/** A killed server's session ends a moment after it; a living one keeps the lock. */
const lockPatienceMs = 1_500

export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const { dataDir, log, durable = true } = options
  const place = await choosePlace(dataDir, log)
  const cluster = await prepareCluster(place, dataDir, { durable })
  const supervised = new Supervisor(place, cluster, dataDir, log)
  await supervised.begin()
  return supervised
}

/** How the database in a data directory is reached while another process of ours runs it; null when none does. */
export async function findRunning(dataDir: string, log: Log): Promise<Connection | null> {
  const place = await choosePlace(dataDir, log)
  const found = await findPostmaster(join(place.home, "postgres"))
  return found === null ? null : { host: found.socketDir, user: superuser, database: databaseName }
}

/** Another living server owns the database. */
export class AlreadyRunningError extends StartError {}

class Supervisor implements Embedded {
  readonly #place: Place
  readonly #cluster: Cluster
  readonly #dataDir: string
  readonly #log: Log
  #socketDir: string
  #pid = 0
  #stopping = false
  #recovering: Promise<void> = Promise.resolve()

  constructor(place: Place, cluster: Cluster, dataDir: string, log: Log) {
    this.#place = place
    this.#cluster = cluster
    this.#dataDir = dataDir
    this.#log = log
    this.#socketDir = cluster.socketDir
  }

  get connection(): Connection {
    return { host: this.#socketDir, user: superuser, database: databaseName }
  }

  pid(): number {
    return this.#pid
  }

  async begin(): Promise<void> {
    const owner = await this.#run()
    try {
      await this.#own(owner)
      await createDatabase(owner)
    } catch (error) {
      this.#stopping = true
      await owner.end()
      if (!(error instanceof AlreadyRunningError)) await this.#shutDown()
      throw error
    }
  }

  /** Returns a connection to a running server, starting one when there is none. */
  async #run(): Promise<pg.Client> {
    const deadline = Date.now() + readyTimeoutMs
    for (let failures = 0; ; ) {
      const found = await findPostmaster(this.#cluster.dir)
      const child = found === null ? await this.#spawn() : null
      this.#pid = found?.pid ?? child?.pid ?? 0
      this.#socketDir = found?.socketDir || this.#cluster.socketDir
      this.#log.info({ postgres_pid: this.#pid, adopted: found !== null }, "database.starting")
      const owner = await this.#connect(deadline)
      if (owner !== null) return owner
      if (this.#stopping) throw new Error("stopped while the database was starting")
      // It went away: a shutdown that was under way, another process's start that won, or a start that failed.
      if (child !== null && child.exitCode !== 0 && ++failures === 3) throw await this.#lastWords()
      if (Date.now() > deadline) throw await this.#lastWords()
      await sleep(100)
    }
  }

  async #spawn(): Promise<ChildProcess> {
    await removeStaleLocks(this.#cluster)
    const logFile = await openLog(this.#cluster.logPath)
    try {
      const child = this.#place.run(this.#place.binaries.postgres, ["-D", this.#cluster.dir], {
        stdio: ["ignore", logFile.fd, logFile.fd],
        detached: true,
      })
      child.on("error", (error) => this.#log.error({ err: error }, "database.spawn_failed"))
      child.unref()
      return child
    } finally {
      await logFile.close()
    }
  }

  /** Tries until the server answers; null when its process is gone. */
  async #connect(deadline: number): Promise<pg.Client | null> {
    while (Date.now() < deadline && !this.#stopping) {
      const client = new pg.Client({
        ...clientOptions({ ...this.connection, database: "postgres" }),
        application_name: `causeway server ${process.pid}`,
      })
      client.on("error", () => {}) // its end is what counts
      try {
        await client.connect()
        return client
      } catch (error) {
        await client.end().catch(() => {})
        if (!isOutage(error as Error)) throw error
      }
      if (!(await isAlive(this.#pid))) return null
      await sleep(20)
    }
    return null
  }

  async #own(owner: pg.Client): Promise<void> {
    const patience = Date.now() + lockPatienceMs
    while (!(await tryLock(owner))) {
      if (Date.now() > patience)
        throw new AlreadyRunningError(
          `Causeway is already running on ${this.#dataDir}${await ownerName(owner)}.`,
          "Stop that process, or give this one another place: npm start -- --data ./other --port 7401",
        )
      await sleep(50)
    }
    owner.on("end", () => {
      if (!this.#stopping) this.#recovering = this.#recover()
    })
  }

  /** Never gives up while this process lives: requests are answered 503 meanwhile. */
  async #recover(): Promise<void> {
    this.#log.error({ postgres_pid: this.#pid }, "database.lost")
    for (let waitMs = 50; !this.#stopping; waitMs = Math.min(waitMs * 2, 2_000)) {
      try {
        await this.#own(await this.#run())
        this.#log.info({ postgres_pid: this.#pid }, "database.recovered")
        return
      } catch (error) {
        // Two servers on one database must not be: whoever took it in the meantime keeps it, and this process ends.
        if (error instanceof AlreadyRunningError) throw error
        this.#log.error({ err: error }, "database.restart_failed")
        await sleep(waitMs)
      }
    }
  }

  async stop(): Promise<void> {
    this.#stopping = true
    await this.#recovering
    await this.#shutDown()
    await removeSocketDir(this.#cluster)
  }

  async #shutDown(): Promise<void> {
    for (const [signal, timeoutMs] of [
      ["SIGINT", stopTimeoutMs],
      ["SIGQUIT", 5_000],
      ["SIGKILL", 5_000],
    ] as const) {
      if (!this.#signal(signal)) return
      const deadline = Date.now() + timeoutMs
      while (Date.now() < deadline) {
        if (!(await isAlive(this.#pid))) return
        await sleep(10)
      }
      this.#log.error({ postgres_pid: this.#pid, signal }, "database.slow_stop")
    }
  }

  signalStop(): void {
    this.#stopping = true
    this.#signal("SIGINT")
  }

  #signal(signal: NodeJS.Signals): boolean {
    try {
      return this.#pid > 1 && process.kill(this.#pid, signal)
    } catch {
      return false // it is gone
    }
  }

  async #lastWords(): Promise<StartError> {
    const lines = (await readFile(this.#cluster.logPath, "utf8").catch(() => "")).trim().split("\n")
    const fatal = lines.slice(-20).findLast((line) => /FATAL|PANIC|error while loading/.test(line)) ?? lines.at(-1)
    return new StartError(
      `The database does not start: ${fatal || "it wrote nothing"}`,
      `Its log is ${this.#cluster.logPath}`,
    )
  }
}

async function tryLock(owner: pg.Client): Promise<boolean> {
  const { rows } = await owner.query<{ locked: boolean }>("select pg_try_advisory_lock($1) as locked", [ownerLock])
  return rows[0]?.locked === true
}

async function ownerName(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    "select application_name as name from pg_stat_activity join pg_locks using (pid) where locktype = 'advisory' and objid = $1 and granted",
    [ownerLock],
  )
  const pid = /^causeway server (\d+)$/.exec(rows[0]?.name ?? "")?.[1]
  return pid === undefined ? "" : ` (process ${pid})`
}

async function createDatabase(owner: pg.Client): Promise<void> {
  const { rowCount } = await owner.query("select 1 from pg_database where datname = $1", [databaseName])
  if (rowCount === 0) await owner.query(`create database ${databaseName}`)
  await makeServerRole(owner, databaseName)
}
