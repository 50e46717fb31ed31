import pg from "pg"
import { afterAll, expect, onTestFinished, test } from "vitest"
import { asServer, emptyDatabase, freshDatabase } from "../../../test/database.ts"
import { ana, startStory } from "../../../test/story.ts"
import { createLog } from "../log.ts"
import { openDatabase } from "./database.ts"
import { serverRole } from "./rights.ts"

const log = createLog("silent")
const story = await startStory()
afterAll(() => story.close())
const { db, config } = story.server.services
const ownerUrl = String(config.databaseOwnerUrl)
const open = (databaseUrl: string, databaseOwnerUrl: string | null) =>
  openDatabase({ dataDir: "/nonexistent", databaseUrl, databaseOwnerUrl }, log)

/** What a statement of the running server's comes to: "done", or the SQLSTATE that refuses it. */
const outcome = (text: string): Promise<string> =>
  db.query({ text }).then(
    () => "done",
    (error: { code?: string }) => String(error.code),
  )

test("the running server is nobody that owns a table", async () => {
  const [who] = await db.query<{ role: string; rights: number; owned: number }>({
    text: `select current_user as role, (select count(*)::int from pg_class where pg_has_role(relowner, 'member')) as owned,
                  (rolsuper or rolcreatedb or rolcreaterole or rolreplication or rolbypassrls)::int as rights from pg_roles where rolname = current_user`,
  })
  expect(who).toEqual({ role: serverRole, rights: 0, owned: 0 })
})

test.each([
  ["make a table", "create table loot (id int)"],
  ["make a function", "create function loot() returns int language sql as 'select 1'"],
  ["make a schema", "create schema loot"],
  ["make a role", "create role loot superuser"],
  ["make an extension", "create extension dblink"],
  ["drop a table", "drop table message"],
  ["empty a table", "truncate message"],
  ["change a table", "alter table message add column loot text"],
  ["drop an index", "drop index audit_chain"],
  ["switch off what writes the audit log", "alter table teammate disable trigger user"],
  ["switch off all triggers for itself", "set session_replication_role = 'replica'"],
  ["switch off the audit log's rules", "alter table audit disable row level security"],
  ["change what writes the audit log", "alter function audit_change() owner to current_user"],
  ["become the owner", "set role causeway"],
  ["change a setting of the whole database", "alter system set fsync = off"],
  ["start a program", "copy message to program 'cat'"],
  ["write a file of the machine", "copy message to '/tmp/loot'"],
  ["read a file of the machine", "select pg_read_file('/etc/passwd')"],
  ["list the machine's files", "select pg_ls_dir('/')"],
  ["read the passwords of roles", "select * from pg_authid"],
  ["write a migration down as applied", "insert into migration (number, name, sha256) values (9999, 'x', 'x')"],
  ["forget a migration", "delete from migration"],
])("it cannot %s", async (_what, text) => {
  expect(await outcome(text)).toBe("42501") // insufficient_privilege
})

test("the past of the audit log is not the server's to change", async () => {
  await story.call("GET", "/causeway/audit/verify", { token: story.apiToken })
  const chained =
    "select count(*)::int as count, max(encode(hash, 'hex')) as hash from audit where position is not null"
  const [before] = await db.query<{ count: number }>({ text: chained })
  expect(before?.count).toBeGreaterThan(3)
  await outcome(`grant all on audit to ${serverRole}`) // is done, and gives nothing
  for (const text of [
    "delete from audit",
    "update audit set after = '{}'",
    "update audit set at = now()",
    "update audit set actor = null",
    "insert into audit (company_id, at, noun, verb, target) values (1, '2020-01-01', 'app', 'created', '1')",
    "insert into audit (company_id, noun, verb, target, position, hash) values (1, 'app', 'created', '1', 1, '')",
  ])
    expect([text, await outcome(text)]).toEqual([text, "42501"])
  // Its place in the chain is given once; whatever has one is not found again.
  expect(
    await db.query({ text: "update audit set hash = '\\x00', position = 9 where position = 2 returning id" }),
  ).toEqual([])
  expect(await db.query({ text: chained })).toEqual([before])
  // It goes on adding: a change that is made now is there.
  await story.call("POST", "/inboxes", { token: story.apiToken, json: { name: "Later" } })
  expect(
    await db.query({ text: "select from audit where noun = 'inbox' and after ->> 'name' = 'Later'" }),
  ).toHaveLength(1)
})

test("whoever starts with the server's role alone is told which other one is missing, and needs none once all is made", async () => {
  const empty = await emptyDatabase()
  await expect(open(asServer(empty), null)).rejects.toThrow("may not make tables")
  const { db, stop } = await open(asServer(empty), empty)
  expect(await db.query({ text: "select count(*)::int as count from message" })).toEqual([{ count: 0 }])
  await stop()
  const again = await open(asServer(empty), null)
  expect(await again.db.query({ text: "select current_user::text as role" })).toEqual([{ role: serverRole }])
  await again.stop()
})

test("a server's role that is more than one, and a database that is not the owner's, stop the start with the fix", async () => {
  const other = await freshDatabase()
  await expect(open(asServer(other), ownerUrl)).rejects.toThrow("lead to two databases")
  await expect(open(other, other)).rejects.toThrow("is a superuser, and beside DATABASE_OWNER_URL it must not")
  const admin = new pg.Client({ connectionString: other })
  await admin.connect()
  onTestFinished(() => admin.end())
  await admin.query(`grant create on schema public to ${serverRole}`)
  await expect(open(asServer(other), other)).rejects.toThrow("may make tables")
})

test("a role with a right of the whole cluster's, or in a role of PostgreSQL's own, is none for a server", async () => {
  const admin = new pg.Client({ connectionString: ownerUrl })
  await admin.connect()
  const role = "careless_server"
  onTestFinished(async () => {
    await admin.query(`drop owned by ${role}; drop role ${role}`)
    await admin.end()
  })
  await admin.query(`create role ${role} login; grant connect on database ${admin.database} to ${role}`)
  const start = () => open(ownerUrl.replace("//causeway@", `//${role}@`), ownerUrl)
  for (const [right, said] of [
    ["bypassrls", "passes by the rules of the audit log"],
    ["createrole", "may make roles"],
    ["createdb", "may make databases"],
    ["replication", "may copy the whole cluster"],
  ]) {
    await admin.query(`alter role ${role} ${right}`)
    await expect(start()).rejects.toThrow(`The role ${role} of DATABASE_URL ${said}`)
    await admin.query(`alter role ${role} no${right}`)
  }
  await admin.query(`grant pg_write_all_data to ${role}`)
  await expect(start()).rejects.toThrow(`The role ${role} of DATABASE_URL is in pg_write_all_data`)
  await admin.query(`revoke pg_write_all_data from ${role}`)
  // What somebody gave it is taken; what everybody was given is not ours to take.
  await admin.query(`grant all on all tables in schema public to ${role}`)
  const { db: own, stop } = await start()
  for (const text of ["truncate message", "delete from audit", "insert into migration values (9999, 'x', 'x')"])
    await expect(own.query({ text })).rejects.toMatchObject({ code: "42501" })
  await stop()
  await admin.query("grant delete on audit to public")
  await expect(start()).rejects.toThrow("may empty tables or rewrite the audit log")
  await admin.query("revoke delete on audit from public")
  await (await start()).stop()
})

test("signing in, writing and answering need no more than that", async () => {
  const accepted = await story.customerWrites("Is my order late?")
  expect(accepted.status).toBe(202)
  const session = await story.call("POST", "/causeway/auth/sign-in/email", {
    json: { email: ana.email, password: ana.password },
  })
  expect(session.status).toBe(200)
  for (const text of ["select count_rows('message')", "select merge_words('message_words')"])
    expect([text, await outcome(text)]).toEqual([text, "done"])
})
