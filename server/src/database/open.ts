import { mkdir } from "node:fs/promises"
import { setTimeout as sleep } from "node:timers/promises"
import pg from "pg"
import type { Log } from "../log.ts"
import { StartError } from "../start-error.ts"
import { openCluster } from "./cluster.ts"
import { createDatabase, type Database } from "./database.ts"
import { migrate } from "./migrate.ts"

export interface OpenedDatabase {
  db: Database
  kind: "embedded" | "external"
  /** Closes the pool, then stops the embedded server if there is one. */
  stop(): Promise<void>
}

/** The database of this installation, migrated and ready: the given one, or our own in the data directory. */
export async function openDatabase(config: { databaseUrl: string | null; dataDir: string }, log: Log): Promise<OpenedDatabase> {
  const opened = config.databaseUrl === null ? await openEmbedded(config.dataDir, log) : await openExternal(config.databaseUrl, log)
  try {
    await migrate(opened.db, log)
    return opened
  } catch (error) {
    await opened.stop()
    throw error
  }
}

/** Any number; the same in every process, so that they meet. */
const ownerLock = 7_420_001
/** A killed process's connection is gone within moments; a running one's is not. */
const lockPatienceMs = 3_000

async function openEmbedded(dataDir: string, log: Log): Promise<OpenedDatabase> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 })
  const cluster = await openCluster(dataDir)
  if (cluster.remark) log.warn({ remark: cluster.remark }, "database.remark")
  let stopping = false
  const how = await cluster.ensureRunning()
  await createOwnDatabase(cluster.connection("postgres"))
  let owner = await takeOwnership(cluster.connection(), dataDir)
  log.info({ how }, "database.ready")
  const db = createDatabase(cluster.connection(), log)

  // The owner's connection ends when the server does: that is how its death is noticed, whoever started it.
  function supervise(client: pg.Client): void {
    client.once("end", () => {
      if (!stopping) void revive()
    })
  }

  async function revive(): Promise<void> {
    log.error({}, "database.died")
    while (!stopping) {
      try {
        await cluster.ensureRunning()
        owner = await takeOwnership(cluster.connection(), dataDir)
        supervise(owner)
        log.warn({}, "database.restarted")
        return
      } catch (error) {
        log.error({ err: error }, "database.restart_failed")
        await sleep(1_000)
      }
    }
  }

  supervise(owner)
  return {
    db,
    kind: "embedded",
    async stop() {
      stopping = true
      await db.close().catch(() => {})
      await owner.end().catch(() => {})
      await cluster.stop()
    },
  }
}

async function createOwnDatabase(connection: pg.ClientConfig): Promise<void> {
  const client = new pg.Client(connection)
  await client.connect()
  try {
    const { rowCount } = await client.query("select 1 from pg_database where datname = 'causeway'")
    if (rowCount === 0) await client.query("create database causeway")
  } catch (error) {
    if ((error as { code?: string }).code !== "42P04") throw error // another process made it in between
  } finally {
    await client.end()
  }
}

/** One process owns an embedded database: by a lock that lives exactly as long as its connection. */
async function takeOwnership(connection: pg.ClientConfig, dataDir: string): Promise<pg.Client> {
  const client = new pg.Client({ ...connection, application_name: "causeway owner", keepAlive: true })
  client.on("error", () => {})
  await client.connect()
  for (const deadline = Date.now() + lockPatienceMs; ; await sleep(100)) {
    const { rows } = await client.query("select pg_try_advisory_lock($1) as taken", [ownerLock])
    if (rows[0].taken) return client
    if (Date.now() > deadline) break
  }
  await client.end()
  throw new StartError(`Causeway is already running on ${dataDir}.`, "Stop that process, or give this one another place: npm start -- --data ./other --port 7401")
}

async function openExternal(url: string, log: Log): Promise<OpenedDatabase> {
  await checkExternal(url)
  const db = createDatabase({ connectionString: url }, log)
  return { db, kind: "external", stop: () => db.close() }
}

/** PostgreSQL 16 or newer, reached without a pooler that hands out connections per transaction. */
async function checkExternal(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 })
  client.on("error", () => {})
  try {
    await client.connect()
  } catch (error) {
    throw new StartError(`The database of DATABASE_URL cannot be reached: ${(error as Error).message}.`, "Example: DATABASE_URL=postgres://user:password@localhost:5432/causeway")
  }
  try {
    const { rows } = await client.query("select current_setting('server_version_num')::int as version, current_setting('server_version') as name")
    if (rows[0].version < 160_000) throw new StartError(`The database of DATABASE_URL is PostgreSQL ${rows[0].name}; Causeway needs 16 or newer.`, "Upgrade it, or leave DATABASE_URL unset.")
    await refusePooler(client)
  } finally {
    await client.end().catch(() => {})
  }
}

/** What a session sets must still be there in its next transaction; behind a transaction-mode pooler another session answers. */
async function refusePooler(client: pg.Client): Promise<void> {
  const answers = new Set<string>()
  await client.query("select set_config('causeway.probe', 'kept', false)")
  for (let i = 0; i < 5; i++) {
    const { rows } = await client.query("select pg_backend_pid() || ':' || coalesce(current_setting('causeway.probe', true), '') as answer")
    answers.add(rows[0].answer)
  }
  const [only] = answers
  if (answers.size === 1 && only?.endsWith(":kept")) return
  throw new StartError("DATABASE_URL leads to a pooler in transaction mode; Causeway needs sessions (prepared statements, advisory locks).", "Use the server's own port, or session mode.")
}
