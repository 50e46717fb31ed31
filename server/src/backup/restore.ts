import { mkdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import type { Readable } from "node:stream"
import { openFileStore } from "../attachments/files.ts"
import type { Config } from "../config.ts"
import { type Database, openDatabase, type Tx } from "../database/database.ts"
import type { Log } from "../log.ts"
import { writePrivate } from "../secrets/private-file.ts"
import { StartError } from "../start-error.ts"
import { BackupError, keyName, readAll, readArchive } from "./archive.ts"
import { listTables, quoted, type Table } from "./tables.ts"
import { type Verified, verifyBackup } from "./verify.ts"

export interface RestoreOptions {
  config: Pick<Config, "dataDir" | "databaseUrl" | "secretKey"> & Partial<Pick<Config, "databaseOwnerUrl">>
  path: string
  log: Log
  onProgress?(step: { entry: string; rows: number; files: number }): void
}

export interface Restored extends Verified {
  /** Sends that had not left when the backup was taken: they wait for a person, because they may have left since. */
  heldBack: number
}

/**
 * Fills an empty Causeway from a backup, embedded or on a PostgreSQL of the operator's own: checks the archive whole, puts the key and the files in place,
 * and writes the database in one transaction, at the backup's own schema; later migrations run after it. Ids stay what they were; the feed gets a new
 * epoch, so every browser loads again. Throws `BackupError` or `StartError` with a sentence; then nothing was written to the database.
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const { config, path, log } = options
  const verified = await verifyBackup(path)
  await restoreKey(options, verified)
  const last = verified.head.migrations.at(-1)?.number ?? 0
  const before = await openDatabase(config, log, {}, { upTo: last, asOwner: true })
  let heldBack = 0
  try {
    await refuseOccupied(before.db)
    await refuseOtherSchema(before.db, verified)
    heldBack = await fill(before.db, options, verified)
  } finally {
    await before.stop()
  }
  const after = await openDatabase(config, log)
  await after.stop()
  return { ...verified, heldBack }
}

async function restoreKey({ config, path }: RestoreOptions, { head }: Verified): Promise<void> {
  if (head.key === "environment") {
    if (config.secretKey === null)
      throw new StartError(
        "This backup was taken without its key.",
        "Give it: CAUSEWAY_SECRET_KEY=… npm run restore -- …",
      )
    return
  }
  if (config.secretKey !== null)
    throw new StartError("This backup brings its own key.", "Restore without CAUSEWAY_SECRET_KEY.")
  const place = join(config.dataDir, "secret.key")
  for await (const entry of readArchive(path)) {
    const content = await readAll(entry.body)
    if (entry.name !== keyName) continue
    await mkdir(config.dataDir, { recursive: true, mode: 0o700 })
    const present = await readFile(place).catch(() => null)
    if (present === null) await writePrivate(place, content.toString("utf8"))
    else if (!present.equals(content))
      throw new StartError(`${place} is another installation's key.`, "Restore into an empty directory: --data DIR")
  }
}

async function refuseOccupied(db: Database): Promise<void> {
  if ((await db.query({ text: "select 1 from company limit 1" })).length > 0)
    throw new StartError(
      "There is a company here already, and a restore would mix the two.",
      "Restore into an empty data directory or database.",
    )
}

/** The migrations that made the backup must be the ones that are here. */
async function refuseOtherSchema(db: Database, { head }: Verified): Promise<void> {
  const here = await db.query<{ number: number; sha256: string }>({ text: "select number, sha256 from migration" })
  const known = new Map(here.map(({ number, sha256 }) => [number, sha256]))
  const other = head.migrations.find(({ number, sha256 }) => known.get(number) !== sha256)
  if (other !== undefined)
    throw new StartError(
      `The backup was made by Causeway ${head.causeway} with ${other.name}, which this version does not have in that form.`,
      "Restore it with that version or a later one.",
    )
}

async function fill(db: Database, options: RestoreOptions, { manifest }: Verified): Promise<number> {
  const files = await openFileStore(options.config.dataDir)
  return db.tx(async (tx) => {
    await tx.query({ text: "set local statement_timeout = 0" })
    await tx.query({ text: "set local idle_in_transaction_session_timeout = 0" })
    const tables = new Map((await listTables(tx)).map((table) => [table.name, table]))
    for (const { name } of tables.values()) {
      await tx.query({ text: `truncate ${quoted(name)} cascade` })
      await tx.query({ text: `alter table ${quoted(name)} disable trigger user` })
    }
    const done = { rows: 0, files: 0 }
    for await (const entry of readArchive(options.path)) {
      const table = /^database\/([^/]+)\/\d+\.jsonl$/.exec(entry.name)?.[1]
      if (table !== undefined) done.rows += await load(tx, tables.get(table), table, entry.body)
      else if (entry.name.startsWith("files/")) {
        await files.store(entry.body, () => {})
        done.files += 1
      } else for await (const _ of entry.body);
      options.onProgress?.({ entry: entry.name, ...done })
    }
    await check(tx, tables, manifest.rows)
    for (const { name } of tables.values()) await tx.query({ text: `alter table ${quoted(name)} enable trigger user` })
    for (const [name, value] of Object.entries(manifest.sequences))
      await tx.query({ text: "select setval($1::regclass, greatest($2, 1))", values: [quoted(name), value] })
    return begin(tx)
  })
}

async function load(tx: Tx, table: Table | undefined, name: string, body: Readable): Promise<number> {
  if (table === undefined) throw new BackupError(`the backup has a table ${name} that its own schema does not have`)
  const lines = (await readAll(body)).toString("utf8").trimEnd().split("\n")
  const columns = Object.keys(JSON.parse(lines[0] as string)).map(quoted)
  await tx.query({
    text: `insert into ${quoted(name)} (${columns.join(", ")}) overriding system value
           select ${columns.join(", ")} from json_populate_recordset(null::${quoted(name)}, $1::json)`,
    values: [`[${lines.join(",")}]`],
  })
  return lines.length
}

async function check(tx: Tx, tables: ReadonlyMap<string, Table>, expected: Record<string, number>): Promise<void> {
  for (const { name } of tables.values()) {
    const rows = await tx.query<{ count: number }>({ text: `select count(*)::int as count from ${quoted(name)}` })
    if (rows[0]?.count !== (expected[name] ?? 0))
      throw new BackupError(`${name} has ${rows[0]?.count} rows after the restore, and had ${expected[name] ?? 0}`)
  }
}

/** What makes a restored database a new beginning: the epoch, no leases, and no reply that leaves a second time. */
async function begin(tx: Tx): Promise<number> {
  await tx.query({ text: "delete from installation where key = 'epoch'" })
  await tx.query({
    text: "insert into installation (key, value) values ('restored_at', now()::text) on conflict (key) do update set value = excluded.value",
  })
  await tx.query({
    text: "update lane set leased_by = null, leased_until = '-infinity', lease_token = lease_token + 1",
  })
  const held = await tx.query<{ company_id: number; message_id: number }>({
    text: `update delivery set state = 'waiting', due_at = 'infinity', stepped_aside = true, waiting_reason = 'needs_a_person'
           where sequence = 'send' and state in ('held', 'queued', 'waiting') returning company_id, message_id`,
  })
  await tx.query({
    text: `update message set state = 'waiting', state_at = now(), due_at = null, version = version + 1
           from unnest($1::bigint[], $2::bigint[]) as held (company_id, id) where message.company_id = held.company_id and message.id = held.id`,
    values: [held.map((row) => row.company_id), held.map((row) => row.message_id)],
  })
  return held.length
}
