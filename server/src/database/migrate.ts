import { createHash } from "node:crypto"
import { readdir, readFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import pg from "pg"
import type { Log } from "../log.ts"
import { StartError } from "../start-error.ts"
import { type Connection, clientOptions } from "./pool.ts"
import { grantRights } from "./rights.ts"

export const migrationsDir = fileURLToPath(new URL("../../migrations/", import.meta.url))

/** Any constant, as long as nothing else of ours uses it. */
const migrationLock = 7_400_001

interface Migration {
  number: number
  name: string
  sha256: string
  sql: string
}

export interface MigrateOptions {
  folder?: string
  /** The last one to apply: a backup is restored at its own schema. */
  upTo?: number
  /** The role that the server works with, when it is not the one that migrates; it gets what it needs of the tables. */
  server?: string
}

/**
 * Applies what `server/migrations/NNNN_*.sql` has and the database has not, forward only, each file in its own transaction. A second process
 * waits for the first. Refuses a database in which an applied file has changed since, or that is newer than this code.
 */
export async function migrate(connection: Connection, log: Log, options: MigrateOptions = {}): Promise<void> {
  const { folder = migrationsDir, upTo = Number.POSITIVE_INFINITY, server } = options
  const files = await readMigrations(folder)
  const client = new pg.Client(clientOptions(connection))
  await client.connect()
  client.on("error", () => {}) // the pending statement fails with it
  try {
    await client.query("select pg_advisory_lock($1)", [migrationLock])
    await makeList(client)
    const { rows: applied } = await client.query<Migration>(
      "select number, name, sha256 from migration order by number",
    )
    checkApplied(files, applied)
    const done = new Set(applied.map(({ number }) => number))
    const missing = files.filter(({ number }) => !done.has(number) && number <= upTo)
    for (const file of missing) {
      await apply(client, file)
      log.info({ migration: file.name }, "database.migrated")
    }
    // A restore at an old schema grants nothing: it is the owner's work, and the start after it grants what is there then.
    if (server !== undefined && upTo === Number.POSITIVE_INFINITY) await grantRights(client, server, missing.length > 0)
  } finally {
    await client.end() // gives the lock back with the session
  }
}

/** The list of what was applied. Not made where it is: then a role that may make nothing can start too, as long as no migration is missing. */
async function makeList(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ list: string | null }>("select to_regclass('public.migration')::text as list")
  if (rows[0]?.list !== null) return
  const columns =
    "number int primary key, name text not null, sha256 text not null, applied_at timestamptz not null default now()"
  await client.query(`create table migration (${columns})`).catch((error: unknown) => {
    throw asRefusal(error)
  })
}

/** "insufficient_privilege" */
const asRefusal = (error: unknown): unknown =>
  (error as { code?: string }).code === "42501"
    ? new StartError(
        `The role of DATABASE_URL may not make tables (${(error as Error).message}), and some are missing.`,
        "Name the role that owns them beside it: DATABASE_OWNER_URL=postgres://owner:password@host/name",
        { cause: error },
      )
    : error

async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}_.+\.sql$/.test(name)).sort()
  return Promise.all(
    names.map(async (name, index) => {
      const number = Number(name.slice(0, 4))
      // A number may be missing: work that was begun side by side arrives in any order, each piece with the tables it alone changes.
      const before = names[index - 1]
      if (before?.slice(0, 4) === name.slice(0, 4)) throw new Error(`migration ${name} has the number of ${before}`)
      const sql = await readFile(`${folder}/${name}`, "utf8")
      return { number, name, sql, sha256: createHash("sha256").update(sql).digest("hex") }
    }),
  )
}

function checkApplied(files: Migration[], applied: Migration[]): void {
  for (const row of applied) {
    const file = files.find(({ number }) => number === row.number)
    if (file === undefined) {
      throw new StartError(
        `The database was made by a newer Causeway (it has ${row.name}).`,
        "Start that version, or a later one.",
      )
    }
    if (file.sha256 !== row.sha256) {
      throw new StartError(
        `${file.name} changed after it was applied to this database.`,
        "Restore the file; a change goes into a new migration.",
      )
    }
  }
}

async function apply(client: pg.Client, file: Migration): Promise<void> {
  await client.query("begin")
  try {
    await client.query(file.sql)
    await client.query("insert into migration (number, name, sha256) values ($1, $2, $3)", [
      file.number,
      file.name,
      file.sha256,
    ])
    await client.query("commit")
  } catch (error) {
    await client.query("rollback").catch(() => {}) // a broken connection has rolled back already
    const refusal = asRefusal(error)
    if (refusal !== error) throw refusal
    throw new Error(`migration ${file.name} failed: ${(error as Error).message}`, { cause: error })
  }
}
