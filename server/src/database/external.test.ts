import { spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync } from "node:fs"
import { writeFile } from "node:fs/promises"
import { createServer } from "node:net"
import { delimiter, join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import pg from "pg"
import { expect, inject, onTestFinished, test } from "vitest"
import { freshDatabase, temporaryDir } from "../../../test/database.ts"
import { createLog } from "../log.ts"
import { openDatabase } from "./database.ts"

const log = createLog("silent")
const open = (databaseUrl: string) => openDatabase({ dataDir: "/nonexistent", databaseUrl }, log)

test("DATABASE_URL is used instead of the embedded database, by as many processes as like", async () => {
  const url = await freshDatabase()
  const [first, second] = await Promise.all([open(url), open(url)])
  expect([first.kind, second.kind]).toEqual(["external", "external"])
  await first.db.query({ text: "insert into installation (key, value) values ('a', 'b')" })
  expect(await second.db.query({ text: "select value from installation where key = 'a'" })).toEqual([{ value: "b" }])
  await Promise.all([first.stop(), second.stop()])
})

test("a DATABASE_URL where nobody listens is refused with the reason", async () => {
  const server = createServer().listen(0, "127.0.0.1")
  await once(server, "listening")
  const { port } = server.address() as { port: number }
  server.close()
  await expect(open(`postgres://causeway@127.0.0.1:${port}/causeway`)).rejects.toThrow(
    /DATABASE_URL does not answer: .*ECONNREFUSED/,
  )
})

test("a DATABASE_URL that names no database of that server is refused with the server's words", async () => {
  const url = await freshDatabase()
  await expect(open(url.replace(/test_\w+/, "nowhere"))).rejects.toThrow('database "nowhere" does not exist')
})

test("a server older than PostgreSQL 16 is refused with both numbers", async () => {
  await expect(open(await olderServer())).rejects.toThrow("DATABASE_URL is PostgreSQL 15; 16 or newer is needed.")
})

const pgbouncer = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin"]
  .map((folder) => join(folder, "pgbouncer"))
  .find((path) => existsSync(path))

test.skipIf(pgbouncer === undefined).each([
  ["transaction", 1],
  ["transaction", 10],
])("a pooler in %s mode with %i sessions is refused", async (mode, sessions) => {
  await expect(open(await pooler(mode, sessions))).rejects.toThrow("a pooler in transaction mode")
})

test.skipIf(pgbouncer === undefined)("a pooler in session mode serves", async () => {
  const { db, stop } = await open(await pooler("session", 30))
  expect(await db.query({ name: "one", text: "select 1 as one" })).toEqual([{ one: 1 }])
  await stop()
})

/** A pgbouncer before the run's cluster. As root it runs, like the cluster, in a namespace: it refuses root, and the socket is root's. */
async function pooler(mode: string, sessions: number): Promise<string> {
  const name = new pg.Client(await freshDatabase()).database
  const folder = await temporaryDir("pooler")
  const config = join(folder, "pgbouncer.ini")
  await writeFile(
    config,
    `[databases]\n* = host=${inject("clusterSocket")} user=causeway\n[pgbouncer]\nlisten_addr =\nunix_socket_dir = ${folder}\nlisten_port = 6432\nauth_type = any\npool_mode = ${mode}\ndefault_pool_size = ${sessions}\nignore_startup_parameters = extra_float_digits\n`,
  )
  const asOther = process.getuid?.() === 0 ? ["unshare", "--user", "--map-user=65534", "--map-group=65534", "--"] : []
  const [program = "", ...args] = [...asOther, pgbouncer as string, config]
  const child = spawn(program, args, { stdio: "ignore" })
  onTestFinished(() => void child.kill())
  while (!existsSync(join(folder, ".s.PGSQL.6432"))) {
    if (child.exitCode !== null) throw new Error(`pgbouncer ended with ${child.exitCode}`)
    await sleep(10)
  }
  return `postgres://causeway@/${name}?host=${encodeURIComponent(folder)}&port=6432`
}

/** Speaks as much of the protocol as a version takes: PostgreSQL 15 is not installed beside 18. */
async function olderServer(): Promise<string> {
  const message = (type: string, body: Buffer) => {
    const head = Buffer.alloc(5)
    head.write(type)
    head.writeInt32BE(body.length + 4, 1)
    return Buffer.concat([head, body])
  }
  const int16 = (value: number) => Buffer.from([value >> 8, value & 255])
  const int32 = (value: number) => Buffer.concat([int16(value >> 16), int16(value & 0xffff)])
  const columns = { version: "150004", encoding: "UTF8", fsync: "on", read_only: "off" }
  const fields = Object.keys(columns).map((column) =>
    Buffer.concat([Buffer.from(`${column}\0`), int32(0), int16(0), int32(25), int16(-1), int32(-1), int16(0)]),
  )
  const values = Object.values(columns).map((value) => Buffer.concat([int32(value.length), Buffer.from(value)]))
  const ready = message("Z", Buffer.from("I"))
  const answer = [
    message("T", Buffer.concat([int16(fields.length), ...fields])),
    message("D", Buffer.concat([int16(values.length), ...values])),
    message("C", Buffer.from("SELECT 1\0")),
    ready,
  ]
  const server = createServer((socket) => {
    socket.once("data", () => {
      socket.write(Buffer.concat([message("R", int32(0)), ready]))
      socket.on("data", (data) => (data[0] === 0x51 ? socket.write(Buffer.concat(answer)) : socket.end()))
    })
  }).listen(0, "127.0.0.1")
  await once(server, "listening")
  onTestFinished(() => void server.close())
  return `postgres://causeway@127.0.0.1:${(server.address() as { port: number }).port}/causeway`
}
