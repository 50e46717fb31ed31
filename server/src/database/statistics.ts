import type { Log } from "../log.ts"
import type { Database } from "./database.ts"

/**
 * A new database knows nothing of its rows, and the plans that it makes for empty tables walk a whole company where one key would do: on them a message
 * costs twice as much. Autovacuum looks once a minute; so the tables that fill at once are counted at these numbers of messages. Plans that were made
 * before are made again by themselves.
 */
const countAt = [500, 5_000]

const tables = [
  "message",
  "external_message_id",
  "thread_key",
  "conversation",
  "contact",
  "contact_handle",
  "delivery",
  "attempt",
  "event",
  "lane",
]

export interface Statistics {
  /** So many messages more were written by this process. Waits for nothing, and costs nothing once a process has written some. */
  wrote(messages: number): void
}

export function createStatistics(db: Database, log: Log): Statistics {
  let written = 0
  let step = 0
  return {
    wrote(messages) {
      written += messages
      if (written < (countAt[step] ?? Number.POSITIVE_INFINITY)) return
      step++
      count(db).catch((error: unknown) => log.warn({ err: error }, "database.not_counted"))
    },
  }
}

/**
 * Those that were never counted, or of which much has changed since: none in a database that has been in use for a while. Of the columns only those that
 * indexes are made of: to count the words of messages would take as long as writing them.
 */
async function count(db: Database): Promise<void> {
  const stale = await db.query<{ name: string }>({
    text: `select relname as name from pg_stat_user_tables
           where relid = any(select to_regclass(name)::oid from unnest($1::text[]) name)
             and (coalesce(last_analyze, last_autoanalyze) is null or n_mod_since_analyze > n_live_tup / 2)`,
    values: [tables],
  })
  // One by one: each is let go when it is counted. An owner's work, done by a function of the owner's.
  for (const { name } of stale) await db.query({ text: "select count_rows($1)", values: [name] })
}
