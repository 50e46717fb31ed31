import { createHash } from "node:crypto"
import { readdir, readFile } from "node:fs/promises"
import type { Log } from "../log.ts"
import { StartError } from "../start-error.ts"
import type { Database, Tx } from "./database.ts"

const folder = new URL("../../migrations/", import.meta.url)
const migrationLock = 7_420_002

interface Migration {
  number: number
  name: string
  sha256: string
  sql: string
}

/** Brings the schema up to date: every file above the last applied number, in order, each in the one transaction that also records it. Forward only. */
export async function migrate(db: Database, log: Log): Promise<void> {
  const migrations = await readMigrations()
  await db.tx(async (tx) => {
    await tx.query({ text: "select pg_advisory_xact_lock($1)", values: [migrationLock] })
    await tx.query({
      text: "create table if not exists migration (number int primary key, name text not null, sha256 text not null, applied_at timestamptz not null default now())",
    })
    const applied = await tx.query<{ number: number; name: string; sha256: string }>({ text: "select number, name, sha256 from migration order by number" })
    refuseForeign(applied, migrations)
    for (const migration of migrations.filter(({ number }) => !applied.some((row) => row.number === number))) {
      await apply(tx, migration)
      log.info({ migration: migration.name }, "database.migrated")
    }
  })
}

async function apply(tx: Tx, migration: Migration): Promise<void> {
  await tx.query({ text: migration.sql })
  await tx.query({ text: "insert into migration (number, name, sha256) values ($1, $2, $3)", values: [migration.number, migration.name, migration.sha256] })
}

/** A file that changed after it was applied, or one that only a newer Causeway knows, means that the schema is not what this code was written for. */
function refuseForeign(applied: { number: number; name: string; sha256: string }[], migrations: Migration[]): void {
  for (const row of applied) {
    const known = migrations.find(({ number }) => number === row.number)
    if (known === undefined) throw new StartError(`The database was used by a newer Causeway (it has ${row.name}).`, "Start that version, or restore a backup from before the upgrade.")
    if (known.sha256 !== row.sha256) throw new StartError(`Migration ${row.name} changed after it was applied.`, "Restore the file, and put the change into a new migration.")
  }
}

async function readMigrations(): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}_.+\.sql$/.test(name)).sort()
  return await Promise.all(
    names.map(async (name) => {
      const sql = await readFile(new URL(name, folder), "utf8")
      return { number: Number(name.slice(0, 4)), name, sql, sha256: createHash("sha256").update(sql).digest("hex") }
    }),
  )
}
