import { randomBytes } from "node:crypto"
import { mkdtemp } from "node:fs/promises"
import { join } from "node:path"
import type { Database } from "@causeway/server/database/database"
import { serverRole } from "@causeway/server/database/rights"
import pg from "pg"
import { inject } from "vitest"

/** A new, migrated database for one test file: a clone of the run's template. Returns its URL; it goes with the run. */
export async function freshDatabase(): Promise<string> {
  return cloneDatabase("template_causeway")
}

/** The same database as the role that a server has: it reads and writes rows, and that is all. */
export const asServer = (url: string): string => url.replace("//causeway@", `//${serverRole}@`)

/** The same without tables. */
export async function emptyDatabase(): Promise<string> {
  return cloneDatabase("template0")
}

/** A new directory, for a data directory or anything else. It goes with the run, even an interrupted one, and so does a database in it. */
export const temporaryDir = (name: string): Promise<string> => mkdtemp(join(inject("runFolder"), `${name}-`))

async function cloneDatabase(template: string): Promise<string> {
  const host = inject("clusterSocket")
  const name = `test_${randomBytes(6).toString("hex")}`
  const client = new pg.Client({ host, user: "causeway", database: "postgres" })
  await client.connect()
  try {
    await client.query(`create database ${name} template ${template}`)
  } finally {
    await client.end()
  }
  return `postgres://causeway@/${name}?host=${encodeURIComponent(host)}`
}

/** Everything in a database, `table {row as JSON}` a line. */
export async function dump(db: Database): Promise<string> {
  const tables = await db.query<{ name: string }>({
    text: "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'",
  })
  const rows = await Promise.all(
    tables.map(({ name }) =>
      db.query<{ line: string }>({ text: `select row_to_json(t)::text as line from ${name} t` }),
    ),
  )
  return rows.flatMap((found, i) => found.map(({ line }) => `${tables[i]?.name} ${line}`)).join("\n")
}
