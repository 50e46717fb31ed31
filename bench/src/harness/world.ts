import { createHmac } from "node:crypto"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Database } from "@causeway/server/database/database"
import { createPool } from "@causeway/server/database/pool"
import { type Calm, createCalm } from "./calm.ts"
import { killAll, processesOn, type ServerProcess, startProcess } from "./server-process.ts"
import { openSink, type Sink } from "./sink.ts"

/** A channel of an app of its own: each is a partner with its own address. */
export interface WorldChannel {
  id: string
  token: string
}

export interface Answer {
  /** When the request left, as `Date.now()`. */
  askedAt: number
  status: number
  headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape
  body: any
  text: string
}

/** A company on real server processes with an embedded database that flushes, and its partners in a sink. Everything is below one folder. */
export interface World {
  seed: number
  folder: string
  dataDir: string
  sink: Sink
  servers: ServerProcess[]
  /** Places in `servers` that clients do not go to for now, as behind a balancer. */
  away: Set<number>
  channels: WorldChannel[]
  apiToken: string
  inboxId: string
  db: Database
  /** How long the first start took, on an empty folder. */
  firstStartMs: number
  /** When the database was certainly not there, as `Date.now()`: nothing that was asked for within may have been acknowledged within. */
  downs: { from: number; to: number }[]
  /** Whoever breaks something says so here: `world.calm.except(…)`. */
  calm: Calm
  /** The run is over: whoever still insists may stop. */
  readonly isOver: boolean
  /** Asks the n-th server; throws when no answer comes within `limitMs`, by default 30 s. */
  ask(
    method: string,
    path: string,
    options?: { token?: string; json?: unknown; form?: FormData; key?: string; server?: number; limitMs?: number },
  ): Promise<Answer>
  /** Starts the n-th server again; one more where there was none. */
  start(n?: number, env?: Record<string, string>): Promise<ServerProcess>
  close(): Promise<void>
}

export interface WorldOptions {
  seed: number
  channels: number
  servers?: number
  /** A database that somebody else runs, where `url` leads the servers to it and this program goes by its socket. Default: the first server brings it. */
  database?: { socket: string; url: string }
  /** What every server of this world is started with besides. */
  env?: Record<string, string>
  /** What else the n-th server finds in its environment at its first start. */
  firstEnv?(n: number): Record<string, string>
  args?: readonly string[]
  /** A command that the server's is appended to: limits, for one. */
  through?: readonly string[]
  /** Where everything is kept; removed in the end. Default: a new folder in the system's place for temporary ones. */
  folder?: string
}

const secretKey = Buffer.alloc(32, 7).toString("base64")

export async function openWorld(options: WorldOptions): Promise<World> {
  const { seed, channels, servers: count = 1, database } = options
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), "causeway-faults-"))
  const dataDir = join(folder, "data")
  const servers: ServerProcess[] = []
  const away = new Set<number>()
  const sink = await openSink({ ledger: join(folder, "sink.jsonl"), partners: channels, seed })
  let databaseUrl = database?.url ?? ""
  let isOver = false

  const remove = () => {
    killAll(processesOn(folder))
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  process.once("exit", remove) // whoever interrupts a row leaves nothing running

  const start: World["start"] = async (n = 0, more = {}) => {
    // The first owns the embedded database; the others are guests on it.
    const dir = n === 0 ? dataDir : join(folder, `guest-${n}`)
    const url = n === 0 ? (database?.url ?? "") : databaseUrl
    const given = { CAUSEWAY_SECRET_KEY: secretKey, DATABASE_URL: url, ...options.env, ...more }
    servers[n] = await startProcess(dir, options.args, given, options.through)
    away.delete(n)
    return servers[n]
  }
  const ask: World["ask"] = async (method, path, { token, json, form, key, server = 0, limitMs = 30_000 } = {}) => {
    const askedAt = Date.now()
    const response = await fetch((servers[server] as ServerProcess).url + path, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(json !== undefined && { "content-type": "application/json" }),
        ...(key !== undefined && { "idempotency-key": key }),
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
      ...(form !== undefined && { body: form }),
      signal: AbortSignal.timeout(limitMs),
    })
    const text = await response.text()
    const isJson = response.headers.get("content-type")?.includes("json") && text !== ""
    const { status, headers } = response
    return { askedAt, status, headers, text, body: isJson ? JSON.parse(text) : undefined }
  }
  const removeNow = () => {
    process.off("exit", remove)
    remove()
  }
  const began = performance.now()
  try {
    await start(0, options.firstEnv?.(0))
  } catch (error) {
    removeNow()
    throw error
  }
  const firstStartMs = performance.now() - began
  const socket = database?.socket ?? socketOf(dataDir)
  if (database === undefined) databaseUrl = `postgres://causeway@localhost/causeway?host=${encodeURIComponent(socket)}`
  const db = createPool({ host: socket, user: "causeway", database: "causeway" }, { connectionsMax: 3 })
  const company = await setUp(ask, servers[0] as ServerProcess, sink)
  for (let n = 1; n < count; n++) await start(n, options.firstEnv?.(n))
  return {
    seed,
    folder,
    dataDir,
    sink,
    servers,
    away,
    db,
    firstStartMs,
    downs: [],
    calm: createCalm(),
    get isOver() {
      return isOver
    },
    ...company,
    ask,
    start,
    async close() {
      isOver = true
      await db.close()
      // The database's owner last.
      for (const server of servers.toReversed()) await server.stop()
      await sink.close()
      removeNow()
    },
  }
}

async function setUp(ask: World["ask"], server: ServerProcess, sink: Sink) {
  const setup = await expectOk(
    ask("POST", "/causeway/setup", {
      json: {
        code: server.setupCode,
        name: "Ana Lee",
        email: "ana@example.test",
        password: "correct horse battery",
        company: "Acme",
      },
    }),
  )
  const apiToken: string = setup.body.api_token
  const inboxId: string = (await expectOk(ask("GET", "/inboxes", { token: apiToken }))).body._results[0].id
  const channels: WorldChannel[] = []
  for (const [n, url] of sink.urls.entries()) {
    const app = await expectOk(
      ask("POST", "/causeway/apps", { token: apiToken, json: { name: `Partner ${n}`, webhook_url: url } }),
    )
    const json = { type: "custom", name: `Channel ${n}`, application_uid: app.body.uid }
    const made = await expectOk(ask("POST", `/inboxes/${inboxId}/channels`, { token: apiToken, json }))
    const id = String(made.headers.get("location")).split("/").at(-1) as string
    channels.push({ id, token: channelToken(app.body, id) })
  }
  return { apiToken, inboxId, channels }
}

export async function expectOk(answer: Promise<Answer>): Promise<Answer> {
  const got = await answer
  if (got.status > 299) throw new Error(`answered ${got.status}: ${got.text}`)
  return got
}

function channelToken(app: { uid: string; secret: string }, channelId: string): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url")
  const exp = Math.floor(Date.now() / 1000) + 86_400
  const signed = `${part({ typ: "JWT", alg: "HS256" })}.${part({ iss: app.uid, sub: channelId, exp })}`
  return `${signed}.${createHmac("sha256", app.secret).update(signed).digest("base64url")}`
}

/** The folder of the socket, from the file that PostgreSQL itself keeps. */
function socketOf(dataDir: string): string {
  return readFileSync(join(dataDir, "postgres", "postmaster.pid"), "utf8").split("\n")[4] as string
}
