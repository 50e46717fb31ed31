import pg from "pg"
import type { Log } from "../log.ts"
import { StartError } from "../start-error.ts"
import { type Connection, clientOptions } from "./pool.ts"

const versionMin = 16

/** Refuses at start what would only fail later: no answer, an old server, a pooler that changes the session between transactions. */
export async function checkExternal(connection: Connection, log: Log): Promise<void> {
  const client = new pg.Client(clientOptions(connection))
  client.on("error", () => {}) // the pending statement fails with it
  try {
    await client.connect()
  } catch (error) {
    throw new StartError(
      `DATABASE_URL does not answer: ${describe(error)}.`,
      "Check host, port, user and password, and that the server runs.",
      { cause: error },
    )
  }
  try {
    await checkServer(client, log)
    await checkSession(client, connection)
  } finally {
    await client.end()
  }
}

async function checkServer(client: pg.Client, log: Log): Promise<void> {
  const { rows } = await client.query<Record<"version" | "encoding" | "fsync" | "read_only", string>>(
    `select current_setting('server_version_num') as version, current_setting('server_encoding') as encoding,
            current_setting('fsync') as fsync, current_setting('transaction_read_only') as read_only`,
  )
  const server = rows[0]
  if (server === undefined) throw new StartError("DATABASE_URL answered without its version.", "Is it a PostgreSQL?")
  const major = Math.floor(Number(server.version) / 10_000)
  if (major < versionMin)
    throw new StartError(
      `DATABASE_URL is PostgreSQL ${major}; ${versionMin} or newer is needed.`,
      "Upgrade it, or leave DATABASE_URL unset.",
    )
  if (server.encoding !== "UTF8") {
    throw new StartError(
      `DATABASE_URL has the encoding ${server.encoding}; UTF8 is needed.`,
      "Make one: create database causeway encoding 'UTF8' template template0",
    )
  }
  if (server.read_only === "on")
    throw new StartError("DATABASE_URL is read-only: is it a replica?", "Give the primary.")
  if (server.fsync === "off") log.warn({ fsync: "off" }, "database.not_durable")
}

/**
 * A transaction-mode pooler lends one session to many clients, so prepared statements and advisory locks would break at random. It shows when
 * a second client's open transaction sits in the first client's session, or takes it away. (It lends the session used last first; one that
 * goes round by turns moves the first client by itself.)
 */
async function checkSession(first: pg.Client, connection: Connection): Promise<void> {
  const second = new pg.Client(clientOptions(connection))
  second.on("error", () => {}) // the pending statement fails with it
  await second.connect()
  try {
    const before = await backend(first)
    await second.query("begin")
    const taken = await backend(second)
    const after = await backend(first)
    if (taken === before || after !== before) throw poolerRefusal()
  } catch (error) {
    // A pooler with a single session never answers the first client here; one without prepared statements refuses them.
    const refused = error instanceof pg.DatabaseError && /^(26000|42P05|08P01)$/.test(error.code ?? "")
    if (refused || (error as Error).message === "Query read timeout") throw poolerRefusal()
    throw error
  } finally {
    await second.end()
  }
}

const poolerRefusal = () =>
  new StartError(
    "DATABASE_URL leads through a pooler in transaction mode, which breaks prepared statements and advisory locks.",
    "Give the server's own address, or a pooler's port in session mode.",
  )

async function backend(client: pg.Client): Promise<number | undefined> {
  const { rows } = await client.query<{ pid: number }>({
    name: "causeway.backend",
    text: "select pg_backend_pid() as pid",
    query_timeout: 5_000,
  } as pg.QueryConfig)
  return rows[0]?.pid
}

function describe(error: unknown): string {
  if (error instanceof AggregateError) return error.errors.map(describe).join("; ")
  return error instanceof Error && error.message !== "" ? error.message : String(error)
}
