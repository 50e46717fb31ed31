import { cp, readFile, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { afterAll, expect, test } from "vitest"
import { emptyDatabase, freshDatabase, temporaryDir } from "../../../test/database.ts"
import { createLog } from "../log.ts"
import { migrate, migrationsDir } from "./migrate.ts"
import { createPool } from "./pool.ts"
import { describeSchema } from "./snapshot.ts"

const log = createLog("silent")
const connection = { connectionString: await freshDatabase() }
const db = createPool(connection)
const folder = await temporaryDir("migrations")
await cp(migrationsDir, folder, { recursive: true })

afterAll(() => db.close())

test("the committed snapshot is the schema that the migrations make", async () => {
  const file = new URL("../../migrations/schema.sql", import.meta.url)
  const schema = await describeSchema(db)
  if (process.env.UPDATE_SCHEMA) await writeFile(file, schema)
  expect(await readFile(file, "utf8")).toBe(schema)
})

test("migrating twice changes nothing", async () => {
  const before = await db.query({ text: "select * from migration" })
  await migrate(connection, log)
  expect(await db.query({ text: "select * from migration" })).toEqual(before)
})

test("four processes that start at once migrate an empty database once", async () => {
  const empty = { connectionString: await emptyDatabase() }
  await Promise.all([1, 2, 3, 4].map(() => migrate(empty, log)))
  const made = createPool(empty)
  expect(await describeSchema(made)).toBe(await describeSchema(db))
  await made.close()
})

test("a migration that fails leaves nothing of itself, and names itself", async () => {
  await writeFile(join(folder, "0001_x.sql"), "")
  await expect(migrate(connection, log, { folder })).rejects.toThrow("0001_x.sql has the number of 0001_channels.sql")
  await rm(join(folder, "0001_x.sql"))
  const last = await db.query<{ number: number }>({ text: "select max(number) as number from migration" })
  const next = `${String((last[0]?.number ?? 0) + 1).padStart(4, "0")}_half.sql`
  await writeFile(join(folder, next), "create table half (id int);\nselect 1/0;")
  await expect(migrate(connection, log, { folder })).rejects.toThrow(`migration ${next} failed: division by zero`)
  expect(await db.query({ text: "select to_regclass('half') as found" })).toEqual([{ found: null }])
  await rm(join(folder, next))
})

test("a migration that changed after it was applied is refused", async () => {
  await writeFile(join(folder, "0001_channels.sql"), "select 1")
  await expect(migrate(connection, log, { folder })).rejects.toThrow("0001_channels.sql changed after it was applied")
})

test("a database that a newer version has used is refused", async () => {
  await db.query({ text: "insert into migration (number, name, sha256) values (9999, '9999_later.sql', '')" })
  await expect(migrate(connection, log)).rejects.toThrow("newer Causeway (it has 9999_later.sql)")
})
