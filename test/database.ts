import { randomBytes } from "node:crypto"
import { mkdtemp } from "node:fs/promises"
import { join } from "node:path"
import pg from "pg"
import { inject } from "vitest"

/** A new, migrated database for one test file: a clone of the run's template. Returns its URL; it goes with the run. */
export async function freshDatabase(): Promise<string> {
  return cloneDatabase("template_causeway")
}

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
