import { createReadStream } from "node:fs"
import { readdir, readFile, rename, rm, stat } from "node:fs/promises"
import { join } from "node:path"
import type { Database, Tx } from "../database/database.ts"
import { version } from "../version.ts"
import {
  type ArchiveWriter,
  type BackupHead,
  headName,
  keyName,
  type Manifest,
  manifestName,
  writeArchive,
} from "./archive.ts"
import { listSequences, listTables, quoted, type Table } from "./tables.ts"

export interface BackupOptions {
  db: Database
  dataDir: string
  /** Where the archive goes; nothing may be there yet. */
  path: string
  /** `CAUSEWAY_SECRET_KEY` is in use: the key is the environment's to keep. */
  keyIsElsewhere: boolean
  onProgress?(step: BackupStep): void
}

/** How far it is: `rows` and `files` so far. */
export interface BackupStep {
  table: string | null
  rows: number
  files: number
}

export interface BackupResult {
  path: string
  bytes: number
  rows: number
  files: number
}

const fetchRows = 2_000
/** An entry of the archive holds about so much. */
const chunkBytes = 8 * 1024 * 1024

/**
 * Writes everything that a Causeway is into one file, while it runs: the database as it stood at one moment (a read-only snapshot), then every file of the
 * file store. A file is flushed before its row is written and never changed after, so whatever the snapshot names is there. What was acknowledged before the
 * backup began is in it.
 */
export async function writeBackup(options: BackupOptions): Promise<BackupResult> {
  const draft = `${options.path}.part`
  await rm(draft, { force: true })
  const archive = writeArchive(draft)
  try {
    const counted = await options.db.tx((tx) => writeDatabase(tx, archive, options))
    const files = await writeFiles(archive, options, counted.total)
    if (!options.keyIsElsewhere) await archive.add(keyName, await readFile(join(options.dataDir, "secret.key")))
    const manifest: Manifest = {
      entries: [...archive.entries],
      rows: counted.rows,
      sequences: counted.sequences,
      files,
      finished_at: new Date().toISOString(),
    }
    await archive.add(manifestName, Buffer.from(JSON.stringify(manifest, null, 1)))
    const bytes = await archive.finish()
    await rename(draft, options.path)
    return { path: options.path, bytes, rows: counted.total, files }
  } catch (error) {
    await archive.abandon(error as Error)
    await rm(draft, { force: true })
    throw error
  }
}

interface Counted {
  rows: Record<string, number>
  sequences: Record<string, number>
  total: number
}

async function writeDatabase(tx: Tx, archive: ArchiveWriter, options: BackupOptions): Promise<Counted> {
  await tx.query({ text: "set transaction isolation level repeatable read, read only" })
  await tx.query({ text: "set local statement_timeout = 0" })
  await tx.query({ text: "set local idle_in_transaction_session_timeout = 0" })
  const head: BackupHead = {
    format: 1,
    causeway: version,
    created_at: new Date().toISOString(),
    migrations: await tx.query({ text: "select number, name, sha256 from migration order by number" }),
    key: options.keyIsElsewhere ? "environment" : "included",
  }
  await archive.add(headName, Buffer.from(JSON.stringify(head, null, 1)))
  const rows: Record<string, number> = {}
  let total = 0
  for (const table of await listTables(tx)) {
    rows[table.name] = await writeTable(tx, archive, table, (count) =>
      options.onProgress?.({ table: table.name, rows: total + count, files: 0 }),
    )
    total += rows[table.name] as number
  }
  // After the rows: a number that was given meanwhile is only skipped.
  return { rows, sequences: await listSequences(tx), total }
}

async function writeTable(
  tx: Tx,
  archive: ArchiveWriter,
  { name, columns }: Table,
  onRows: (count: number) => void,
): Promise<number> {
  await tx.query({
    text: `declare backup no scroll cursor for select row_to_json(picked)::text as line from (select ${columns.map(quoted).join(", ")} from ${quoted(name)}) picked`,
  })
  let lines: string[] = []
  let size = 0
  let count = 0
  let part = 0
  const flush = async (): Promise<void> => {
    part += 1
    await archive.add(`database/${name}/${String(part).padStart(6, "0")}.jsonl`, Buffer.from(`${lines.join("\n")}\n`))
    lines = []
    size = 0
    onRows(count)
  }
  for (;;) {
    const fetched = await tx.query<{ line: string }>({ text: `fetch ${fetchRows} from backup` })
    for (const { line } of fetched) {
      lines.push(line)
      size += line.length
      count += 1
      if (size >= chunkBytes) await flush()
    }
    if (fetched.length < fetchRows) break
  }
  if (lines.length > 0) await flush()
  await tx.query({ text: "close backup" })
  return count
}

async function writeFiles(
  archive: ArchiveWriter,
  { dataDir, onProgress }: BackupOptions,
  rows: number,
): Promise<number> {
  const root = join(dataDir, "files")
  let files = 0
  for (const folder of (await readdir(root)).filter((name) => /^[0-9a-f]{2}$/.test(name)).sort())
    for (const name of (await readdir(join(root, folder))).sort()) {
      const path = join(root, folder, name)
      const { size } = await stat(path)
      await archive.addStream(`files/${folder}/${name}`, size, createReadStream(path))
      files += 1
      if (files % 100 === 0) onProgress?.({ table: null, rows, files })
    }
  return files
}
