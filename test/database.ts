import { randomBytes } from "node:crypto"
import pg from "pg"
import { inject } from "vitest"

/** A new, migrated database for one test file: a clone of the run's template. Returns its URL; it goes with the run. */
export async function freshDatabase(): Promise<string> {
  const socket = inject("clusterSocket")
  const name = `test_${randomBytes(6).toString("hex")}`
  const client = new pg.Client({ host: socket, port: 5432, user: "causeway", database: "postgres" })
  await client.connect()
  await client.query(`create database ${name} template template_causeway`)
  await client.end()
  return `postgres://causeway@/${name}?host=${encodeURIComponent(socket)}&port=5432`
}
