import { readFile, writeFile } from "node:fs/promises"
import { afterAll, expect, test } from "vitest"
import { freshDatabase } from "../../../test/database.ts"
import { createLog } from "../log.ts"
import { createDatabase } from "./database.ts"
import { migrate } from "./migrate.ts"
import { describeSchema } from "./snapshot.ts"

const log = createLog("silent")
const db = createDatabase({ connectionString: await freshDatabase() }, log)
afterAll(() => db.close())

test("the committed snapshot is the schema that the migrations make", async () => {
  const file = new URL("../../migrations/schema.sql", import.meta.url)
  const schema = await describeSchema(db)
  if (process.env.UPDATE_SCHEMA) await writeFile(file, schema)
  expect(await readFile(file, "utf8")).toBe(schema)
})

test("migrating twice changes nothing", async () => {
  const before = await db.query({ text: "select * from migration" })
  await migrate(db, log)
  expect(await db.query({ text: "select * from migration" })).toEqual(before)
})

test("a database that a newer version has used is refused", async () => {
  await db.query({ text: "insert into migration (number, name, sha256) values (9999, '9999_later.sql', '')" })
  await expect(migrate(db, log)).rejects.toThrow("newer Causeway (it has 9999_later.sql)")
  await db.query({ text: "delete from migration where number = 9999" })
})

test("a migration that changed after it was applied is refused", async () => {
  await db.query({ text: "update migration set sha256 = 'x' where number = 1" })
  await expect(migrate(db, log)).rejects.toThrow("0001_channels.sql changed after it was applied")
})
