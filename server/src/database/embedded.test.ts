import { type ChildProcess, spawn } from "node:child_process"
import { once } from "node:events"
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import pg from "pg"
import { afterAll, expect, test } from "vitest"
import { temporaryDir } from "../../../test/database.ts"
import { OutageError } from "../http/errors.ts"
import { createLog } from "../log.ts"
import { type OpenDatabase, openDatabase } from "./database.ts"
import { findRunning, startEmbedded } from "./embedded.ts"
import { createPool } from "./pool.ts"
import { serverRole } from "./rights.ts"

const log = createLog("silent")
const root = await temporaryDir("embedded")
const opened: { stop(): Promise<void> }[] = []

afterAll(async () => {
  await Promise.all(opened.map((database) => database.stop()))
})

async function open(dataDir: string): Promise<OpenDatabase> {
  const database = await openDatabase({ dataDir, databaseUrl: null }, log)
  opened.push(database)
  return database
}

const postmasterPid = async (dataDir: string) =>
  Number((await readFile(join(dataDir, "postgres", "postmaster.pid"), "utf8")).split("\n")[0])

/** Programs that have the directory on their command line. */
async function programsOf(dataDir: string): Promise<string[]> {
  const lines = await Promise.all(
    (await readdir("/proc"))
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")),
  )
  return lines.filter((line) => line.includes(dataDir))
}

/** A process that holds the database open until it is killed. */
async function holder(dataDir: string): Promise<ChildProcess> {
  const script = `
    import { openDatabase } from ${JSON.stringify(fileURLToPath(new URL("./database.ts", import.meta.url)))}
    import { createLog } from ${JSON.stringify(fileURLToPath(new URL("../log.ts", import.meta.url)))}
    const { db } = await openDatabase({ dataDir: ${JSON.stringify(dataDir)}, databaseUrl: null }, createLog("silent"))
    await db.query({ text: "insert into installation (key, value) values ('held', 'yes')" })
    process.stdout.write("ready")
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "inherit"] })
  await once(child.stdout as NodeJS.EventEmitter, "data")
  return child
}

test("what is committed is on disk before it is answered, in C.UTF-8, behind a socket that only its owner may enter", async () => {
  const dataDir = join(root, "a directory with spaces")
  const { db, kind, stop } = await open(dataDir)
  expect(kind).toBe("embedded")
  expect(
    await db.query({
      text: `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as synchronous_commit, current_setting('full_page_writes') as full_page_writes,
               current_setting('listen_addresses') as listen_addresses, current_setting('server_encoding') as encoding,
               (select datlocale from pg_database where datname = current_database()) as locale`,
    }),
  ).toEqual([
    {
      fsync: "on",
      synchronous_commit: "on",
      full_page_writes: "on",
      listen_addresses: "",
      encoding: "UTF8",
      locale: "C.UTF-8",
    },
  ])
  expect((await stat(join(dataDir, "run"))).mode & 0o777).toBe(0o700)
  await stop()
  expect(await programsOf(dataDir)).toEqual([])
})

test("the server works in it as a role that owns nothing, makes nothing and enters no other database", async () => {
  const dataDir = join(root, "owned")
  const { db } = await open(dataDir)
  expect(
    await db.query({
      text: `select current_user::text as role, has_schema_privilege('public', 'create') as makes, has_database_privilege(current_database(), 'temporary, create') as also,
               exists (select from pg_class where pg_has_role(relowner, 'member')) as owns`,
    }),
  ).toEqual([{ role: serverRole, makes: false, also: false, owns: false }])
  const running = await findRunning(dataDir, log)
  for (const database of ["postgres", "template1"]) {
    const elsewhere = new pg.Client({ host: running?.host, user: serverRole, database })
    await expect(elsewhere.connect()).rejects.toThrow(`permission denied for database "${database}"`)
    await elsewhere.end()
  }
})

test("a second server is refused and named the first, which goes on", async () => {
  const dataDir = join(root, "owned")
  const first = opened.at(-1) as OpenDatabase
  await expect(open(dataDir)).rejects.toThrow(`Causeway is already running on ${dataDir} (process ${process.pid}).`)
  expect(await first.db.query({ text: "select 1 as one" })).toEqual([{ one: 1 }])
})

test("of four that start at once on an empty directory one gets it", async () => {
  const dataDir = join(root, "race")
  const outcomes = await Promise.allSettled([1, 2, 3, 4].map(() => open(dataDir)))
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1)
  for (const outcome of outcomes) {
    if (outcome.status === "rejected") expect(outcome.reason.message).toContain("already running")
  }
})

test("the database of a killed server is adopted as it runs", async () => {
  const dataDir = join(root, "adopted")
  const killed = await holder(dataDir)
  const pid = await postmasterPid(dataDir)
  await expect(open(dataDir)).rejects.toThrow(`(process ${killed.pid})`)
  killed.kill("SIGKILL")
  await once(killed, "exit")
  const { db, stop } = await open(dataDir)
  expect(await postmasterPid(dataDir)).toBe(pid)
  expect(await db.query({ text: "select value from installation where key = 'held'" })).toEqual([{ value: "yes" }])
  await stop()
  expect(await programsOf(dataDir)).toEqual([])
})

test("a database that dies is started again; meanwhile statements fail as an outage, afterwards they work", async () => {
  const dataDir = join(root, "killed")
  const { db } = await open(dataDir)
  await db.query({ text: "insert into installation (key, value) values ('kept', 'yes')" })
  const inTransaction = db.tx(async (tx) => {
    process.kill(await postmasterPid(dataDir), "SIGKILL")
    for (;;) await tx.query({ text: "select pg_sleep(0.01)" })
  })
  await expect(inTransaction).rejects.toBeInstanceOf(OutageError)
  const answers: unknown[] = []
  while (answers.at(-1) !== "yes" && answers.length < 1000) {
    const asked = db.query<{ value: string }>({ text: "select value from installation where key = 'kept'" })
    answers.push(await asked.then((rows) => rows[0]?.value).catch((error: unknown) => error))
    await new Promise((resolve) => setTimeout(resolve, 10)) // another process recovers: there is nothing here to wait on
  }
  expect(answers.pop()).toBe("yes")
  for (const answer of answers) expect(answer).toBeInstanceOf(OutageError)
})

test("a pid file left by a crash is no obstacle, even when its number is another program's now", async () => {
  const dataDir = join(root, "stale")
  const first = await open(dataDir)
  await first.stop()
  await writeFile(
    join(dataDir, "postgres", "postmaster.pid"),
    `${process.pid}\n${join(dataDir, "postgres")}\n1\n5432\n\n\n`,
  )
  const { db } = await open(dataDir)
  expect(await db.query({ text: "select 1 as one" })).toEqual([{ one: 1 }])
})

test("a data directory whose path is too long for a socket works", async () => {
  const dataDir = join(root, "x".repeat(60), "y".repeat(60))
  const { db } = await open(dataDir)
  expect(await db.query({ text: "select 1 as one" })).toEqual([{ one: 1 }])
})

test("a directory made by another major version is refused with both numbers", async () => {
  const dataDir = join(root, "old")
  await mkdir(join(dataDir, "postgres"), { recursive: true })
  await writeFile(join(dataDir, "postgres", "PG_VERSION"), "15\n")
  await expect(open(dataDir)).rejects.toThrow(/was made by PostgreSQL 15, and this program brings PostgreSQL 18/)
})

test("a throw-away cluster is not durable and says so", async () => {
  const cluster = await startEmbedded({ dataDir: join(root, "throw-away"), log, durable: false })
  opened.push(cluster)
  const db = createPool(cluster.connection)
  expect(await db.query({ text: "show fsync" })).toEqual([{ fsync: "off" }])
  await db.close()
})
