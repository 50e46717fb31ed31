import type pg from "pg"
import type { Config } from "../config.ts"
import type { Log } from "../log.ts"
import { startEmbedded } from "./embedded.ts"
import { checkExternal } from "./external.ts"
import { migrate } from "./migrate.ts"
import { type Connection, createPool, type PoolOptions } from "./pool.ts"
import { serverRole, serverRoleOf } from "./rights.ts"

/** One statement. A name makes it a prepared statement: one name, one text, in the whole process. */
export interface Statement {
  name?: string
  text: string
  values?: unknown[]
  /** Nothing follows it in its transaction: COMMIT leaves with it, so that no lock is held while this process has other things to do. Outside a transaction it says nothing. */
  isLast?: boolean
}

/** Runs statements on one connection, inside one transaction. */
export interface Tx {
  /**
   * The rows. int8 is a number, timestamptz a Date ('infinity' the last Date there is), jsonb a value, date and numeric text.
   * Throws `OutageError` when the database does not answer; `pg.DatabaseError` with its SQLSTATE when it refuses the statement.
   */
  // biome-ignore lint/suspicious/noExplicitAny: the row's shape is the statement's, which only the caller knows
  query<R = any>(statement: Statement): Promise<R[]>
}

export interface TxOptions {
  /** A lock that is not given within this time refuses its statement (SQLSTATE 55P03). Default: as the database is set, for ever. */
  lockTimeoutMs?: number
  /**
   * All its statements find their rows by keys, as many as they are given. Each is planned once a connection and not for each list of keys, which often
   * takes longer than carrying it out; and no plan reads a whole table because that was small when it was made. Not for lists or searches.
   */
  byKeys?: boolean
}

/** The pool: each `query` is its own transaction. */
export interface Database extends Tx {
  /**
   * BEGIN … COMMIT on one connection; statements that are asked together leave together, and are carried out in that order. ROLLBACK when `work` throws. When it resolves, the commit was acknowledged. `work` is called again, a few times at
   * most, when the transaction lost to another one (deadlock): it changes nothing but the database.
   */
  tx<T>(work: (tx: Tx) => Promise<T>, options?: TxOptions): Promise<T>
  /** For Better Auth and Kysely only; everything else goes through `query` and `tx`. */
  readonly pool: pg.Pool
  close(): Promise<void>
}

export interface OpenDatabase {
  db: Database
  kind: "embedded" | "external"
  /** Ends the pool; the embedded database is shut down cleanly with it. */
  stop(): Promise<void>
  /** Tells the embedded database to stop and waits for nothing: for a process that is about to die of a bug. */
  signalStop(): void
}

export interface SchemaOptions {
  /** Migrates no further than this migration. */
  upTo?: number
  /** Works as the owner of the tables, as a restore has to, and not as the role that a server has. */
  asOwner?: boolean
}

/** The database a configuration asks for, started when it is ours, and migrated. Throws `StartError` with a sentence that says what to do. */
export async function openDatabase(
  config: Pick<Config, "dataDir" | "databaseUrl"> & Partial<Pick<Config, "databaseOwnerUrl">>,
  log: Log,
  options: PoolOptions = {},
  schema: SchemaOptions = {},
): Promise<OpenDatabase> {
  if (config.databaseUrl !== null)
    return openExternal(config.databaseUrl, config.databaseOwnerUrl ?? null, log, options, schema)
  const embedded = await startEmbedded({ dataDir: config.dataDir, log })
  const server = { ...embedded.connection, user: serverRole }
  const db = createPool(schema.asOwner ? embedded.connection : server, { ...options, log })
  const stop = async () => {
    await db.close()
    await embedded.stop()
  }
  try {
    await migrate(embedded.connection, log, { upTo: schema.upTo, server: serverRole })
  } catch (error) {
    await stop()
    throw error
  }
  return { db, kind: "embedded", stop, signalStop: () => embedded.signalStop() }
}

async function openExternal(
  url: string,
  ownerUrl: string | null,
  log: Log,
  options: PoolOptions,
  schema: SchemaOptions,
): Promise<OpenDatabase> {
  const connection: Connection = { connectionString: url }
  await checkExternal(connection, log)
  const owner: Connection = ownerUrl === null ? connection : { connectionString: ownerUrl }
  const server = ownerUrl === null ? undefined : await serverRoleOf(connection, owner)
  await migrate(owner, log, { upTo: schema.upTo, server })
  const db = createPool(schema.asOwner ? owner : connection, { ...options, log })
  return { db, kind: "external", stop: () => db.close(), signalStop: () => {} }
}
