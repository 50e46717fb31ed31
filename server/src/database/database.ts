import pg from "pg"
import { OutageError } from "../http/errors.ts"
import type { Log } from "../log.ts"

/** A statement. With a name it is prepared once per connection. */
export interface Statement {
  name?: string
  text: string
  values?: unknown[]
}

/** Somewhere statements can be run: the database itself or one transaction. Rows come with int8 as number, timestamptz as Date, jsonb as objects. */
export interface Tx {
  // biome-ignore lint/suspicious/noExplicitAny: the row's shape is the statement's, which only the caller knows
  query<R = any>(statement: Statement): Promise<R[]>
}

export interface Database extends Tx {
  /** BEGIN … COMMIT on one connection; anything thrown rolls back. Returns only once the commit is flushed. */
  tx<T>(work: (tx: Tx) => Promise<T>): Promise<T>
  /** For libraries that bring their own queries (sign-in). */
  readonly pool: pg.Pool
  close(): Promise<void>
}

const connectionsMax = 12
const connectMs = 5_000
const statementMs = 30_000

// Every number of ours fits a double exactly; an id that does not is a bug and must not be rounded.
const parseInt8 = (text: string): number => {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new Error(`int8 ${text} is larger than a number can hold`)
  return value
}

const types = {
  getTypeParser(oid: number, format?: "text" | "binary") {
    // biome-ignore lint/suspicious/noExplicitAny: pg's overloads cannot say "text or binary"
    return oid === pg.types.builtins.INT8 ? parseInt8 : (pg.types.getTypeParser as any)(oid, format)
  },
} as pg.CustomTypesConfig

/** A pool of connections to `connection`. Lost connections and refusals come out as `OutageError`, which is a 503 to callers. */
export function createDatabase(connection: pg.ClientConfig, log: Log): Database {
  const pool = new pg.Pool({
    ...connection,
    types,
    max: connectionsMax,
    connectionTimeoutMillis: connectMs,
    idleTimeoutMillis: 60_000,
    statement_timeout: statementMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 5_000,
    application_name: "causeway",
  })
  // An idle connection that dies is replaced by the next request; without a listener it would end the process.
  pool.on("error", (error) => log.warn({ err: error }, "database.connection_lost"))

  const connect = (): Promise<pg.PoolClient> => pool.connect().catch(rethrow)

  return {
    pool,
    async query(statement) {
      return (await pool.query(statement).catch(rethrow)).rows
    },
    async tx(work) {
      const client = await connect()
      let broken = false
      const onError = () => {
        broken = true
      }
      client.on("error", onError)
      try {
        await client.query("begin").catch(rethrow)
        const result = await work({ query: async (statement) => (await client.query(statement).catch(rethrow)).rows })
        await client.query("commit").catch(rethrow)
        return result
      } catch (error) {
        await client.query("rollback").catch(onError)
        throw error
      } finally {
        client.off("error", onError)
        client.release(broken)
      }
    },
    close: () => pool.end(),
  }
}

/** Connection trouble, a server that stops or starts, a full disk, a lock that was not given in time: ours to mend, the caller's to try again. */
const outageCodes = /^(08...|53...|57P0.|55P03|40P01|40001|25006|ECONNREFUSED|ECONNRESET|EPIPE|ENOENT|ETIMEDOUT|EAI_AGAIN|ENOTFOUND)$/
const outageMessages = /Connection terminated|timeout exceeded when trying to connect|not queryable|Cannot use a pool after calling end/

function rethrow(error: unknown): never {
  const { code, message } = error as { code?: string; message: string }
  if ((code !== undefined && outageCodes.test(code)) || outageMessages.test(message)) throw new OutageError("the database does not answer", 1, { cause: error })
  throw error
}
