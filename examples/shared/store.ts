import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"

/** A value as SQLite takes it. */
export type Value = string | number | null | Uint8Array

/** A SQLite file, or memory. Everything is synchronous: between two statements nothing else of this process runs. */
export interface Store {
  /** Rows; the caller says their shape. */
  all<Row>(sql: string, ...values: Value[]): Row[]
  one<Row>(sql: string, ...values: Value[]): Row | undefined
  /** Returns how many rows were changed. */
  run(sql: string, ...values: Value[]): number
  /** All of `work` or nothing of it. */
  tx<T>(work: () => T): T
  close(): void
}

/**
 * Opens `name.db` in the directory and makes the tables that are missing.
 * @param dataDir null: in memory, forgotten at the end
 */
export function openStore(dataDir: string | null, name: string, schema: string): Store {
  if (dataDir !== null) mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const db = new DatabaseSync(dataDir === null ? ":memory:" : join(dataDir, `${name}.db`))
  // What was answered must survive a crash of the machine: WAL alone would not promise it.
  db.exec("pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 2000")
  db.exec(`create table if not exists setting (name text primary key, value text not null) strict; ${schema}`)
  const prepared = new Map<string, ReturnType<DatabaseSync["prepare"]>>()
  const prepare = (sql: string) => {
    const statement = prepared.get(sql) ?? db.prepare(sql)
    prepared.set(sql, statement)
    return statement
  }
  return {
    all: <Row>(sql: string, ...values: Value[]) => prepare(sql).all(...values) as Row[],
    one: <Row>(sql: string, ...values: Value[]) => prepare(sql).get(...values) as Row | undefined,
    run: (sql, ...values) => Number(prepare(sql).run(...values).changes),
    tx(work) {
      db.exec("begin immediate")
      try {
        const result = work()
        db.exec("commit")
        return result
      } catch (error) {
        db.exec("rollback")
        throw error
      }
    },
    close: () => db.close(),
  }
}

/** A setting that is made once and kept: a key, an id. */
export function setting(store: Store, name: string, make: () => string): string {
  const kept = store.one<{ value: string }>("select value from setting where name = ?", name)
  if (kept !== undefined) return kept.value
  const value = make()
  store.run("insert into setting (name, value) values (?, ?)", name, value)
  return value
}
