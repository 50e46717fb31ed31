import pg from "pg"
import { actorSql, hasActor } from "../audit/actor.ts"
import { OutageError } from "../http/errors.ts"
import type { Log } from "../log.ts"
import type { Database, Statement, Tx, TxOptions } from "./database.ts"
import { asOutage, LostDatabaseError, watchOutages } from "./outage.ts"
import { type Backend, lookAfter, type SilenceTimes } from "./silence.ts"
import { typeParsers } from "./types.ts"

/** How a database is reached. */
export type Connection = Pick<pg.ClientConfig, "connectionString" | "host" | "user" | "database">

const connectionsMax = 12
/** A request that has waited this long for a connection is better told to come back. */
const connectTimeoutMs = 4_000
/** No statement of ours comes near; one that does has met a wrong plan or a lock, and must not hold its connection for ever. */
const statementTimeoutMs = 30_000
/** A process that stands still within a transaction keeps its locks, a whole company's feed among them: shorter than a lease, so that others can go on. */
const idleInTransactionTimeoutMs = 5_000
/** Long: a new connection has to prepare every statement again. */
const idleTimeoutMs = 5 * 60_000

/** What every client of ours has, pooled or not. */
export const clientOptions = (connection: Connection): pg.ClientConfig => ({
  ...connection,
  application_name: "causeway",
  types: typeParsers,
  keepAlive: true,
  keepAliveInitialDelayMillis: 10_000,
  connectionTimeoutMillis: connectTimeoutMs,
})

export interface PoolOptions {
  /** Connections this process may hold. Default 12: more only wait for each other in the database. */
  connectionsMax?: number
  /** When a database that does not answer counts as out of reach. */
  silence?: Partial<SilenceTimes>
  /** Hears when the database is lost and when it is back. */
  log?: Log
}

export function createPool(connection: Connection, options: PoolOptions = {}): Database {
  const silence = lookAfter(clientOptions(connection), options.silence)
  const pool = new pg.Pool({
    ...clientOptions(connection),
    max: options.connectionsMax ?? connectionsMax,
    // Statements that do not wait for one another's rows leave together: a round trip costs a batch as much as some of its rows.
    pipeline: true,
    idleTimeoutMillis: idleTimeoutMs,
    // By SET and not as start-up parameters, which poolers refuse.
    onConnect: async (client) => silence.watch(client, await setUp(client)),
  })
  const outages = options.log === undefined ? null : watchOutages(options.log)
  const reach = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      if (silence.isOutOfReach) throw new LostDatabaseError()
      const answer = await work()
      outages?.answered()
      return answer
    } catch (error) {
      if (isConnectTimeout(error)) silence.suspect()
      outages?.failed(error)
      throw error
    }
  }
  // A connection that breaks while nobody waits for it is replaced at the next use; without these listeners it would end the process.
  pool.on("error", () => {})
  pool.on("connect", (client) => client.on("error", () => {}))

  return {
    pool,
    // A change that somebody makes says who it was, also where it is one statement alone.
    query: <R>(statement: Statement) =>
      reach(() =>
        hasActor() && isChange(statement.text)
          ? transaction(pool, (tx) => tx.query<R>(statement))
          : run<R>(pool, statement),
      ),
    tx: (work, options) => reach(() => transaction(pool, work, options)),
    async close() {
      silence.stop()
      if (!pool.ended && !pool.ending) await pool.end()
    },
  }
}

/** Our limits on a new connection; answers its process in the database. */
async function setUp(client: pg.ClientBase): Promise<Backend> {
  const text =
    `set statement_timeout = ${statementTimeoutMs}; set idle_in_transaction_session_timeout = ${idleInTransactionTimeoutMs}; ` +
    "select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'; " +
    "select pid, extract(epoch from backend_start)::text as began from pg_stat_activity where pid = pg_backend_pid()"
  const results = (await client.query({
    text,
    query_timeout: connectTimeoutMs,
  } as pg.QueryConfig)) as unknown as pg.QueryResult<Backend>[]
  return results.at(-1)?.rows[0] ?? { pid: 0, began: "" }
}

/** As the pool says it of a connection that was begun and not made. */
const isConnectTimeout = (error: unknown): boolean =>
  error instanceof OutageError &&
  error.cause instanceof Error &&
  error.cause.message === "Connection terminated due to connection timeout"

const isChange = (text: string): boolean => /^\s*(insert|update|delete|with)\b/i.test(text)

async function run<R>(queryable: pg.Pool | pg.ClientBase, statement: Statement): Promise<R[]> {
  try {
    const result = await queryable.query(statement)
    return result.rows as R[]
  } catch (error) {
    throw asOutage(error)
  }
}

/** Lost to another transaction, by a deadlock for one, and nothing of it is left: it begins again, so often at most. */
const triesMax = 4
const lostStates = new Set(["40001", "40P01"])
const againMs = 50

async function transaction<T>(pool: pg.Pool, work: (tx: Tx) => Promise<T>, options?: TxOptions): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await tryTransaction(pool, work, options)
    } catch (error) {
      if (tries === triesMax || !lostStates.has((error as { code?: string }).code ?? "")) throw error
      await new Promise((resolve) => setTimeout(resolve, Math.random() * againMs * tries))
    }
  }
}

async function tryTransaction<T>(pool: pg.Pool, work: (tx: Tx) => Promise<T>, options: TxOptions = {}): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => {
    throw asOutage(error)
  })
  let broken: Error | undefined
  let ending: Promise<void> | null = null
  let cause: unknown
  const query = <R>(statement: Statement): Promise<R[]> => {
    if (ending !== null) throw new Error("a statement came after the last one of its transaction")
    const rows = run<R>(client, statement).catch((error: unknown) => {
      cause ??= error
      throw error
    })
    if (statement.isLast) ending = handled(commit(client))
    return rows
  }
  try {
    // BEGIN leaves with the first statement: it fails only where that fails too.
    const begun = handled(run(client, { text: beginText(options) }))
    const value = await work({ query: async <R>(statement: Statement) => query<R>(statement) })
    await begun
    await (ending ?? commit(client))
    return value
  } catch (error) {
    // A transaction that has its COMMIT already ends by that: what failed in it made it a rollback.
    await (ending ?? client.query("rollback")).catch((endError: Error) => {
      if (ending === null || endError instanceof OutageError) broken = endError // the connection goes; the server rolls back by itself
    })
    // Of statements that left together each after the first that failed is refused for that alone, and may be heard of before it.
    throw isAftermath(error) ? (cause ?? error) : error
  } finally {
    client.release(broken)
  }
}

/** "current transaction is aborted": says nothing of why. */
const isAftermath = (error: unknown): boolean => (error as { code?: string } | null)?.code === "25P02"

/** The same promise, which is awaited later: until then its failure is nobody's surprise. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}

const plansByKeys =
  "set local plan_cache_mode = force_generic_plan; set local enable_seqscan = off; set local enable_hashjoin = off; set local enable_mergejoin = off"

/** BEGIN, and with it who acts and how long a lock may take: one message to the database, none of which costs a round trip of its own. */
const beginText = ({ lockTimeoutMs, byKeys }: TxOptions): string =>
  [
    "begin",
    actorSql(),
    lockTimeoutMs === undefined ? null : `set local lock_timeout = ${Math.round(lockTimeoutMs)}`,
    byKeys ? plansByKeys : null,
  ]
    .filter((part) => part !== null)
    .join("; ")

/** COMMIT of a transaction in which a statement failed is answered with ROLLBACK and no error: whoever swallowed that failure must not hear "kept". */
async function commit(client: pg.ClientBase): Promise<void> {
  const result = await client.query("commit").catch((error: unknown) => {
    throw asOutage(error)
  })
  if (result.command !== "COMMIT")
    throw new Error("the transaction was rolled back: an error inside it was caught and not thrown on")
}
