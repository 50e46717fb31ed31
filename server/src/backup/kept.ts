import { mkdir, readdir, stat } from "node:fs/promises"
import { basename, join } from "node:path"
import type { Database } from "../database/database.ts"
import { type BackupOptions, type BackupResult, writeBackup } from "./write.ts"

/** Takes a backup, by default into `backups/` of the data directory, and remembers when, for the health page. */
export async function noteBackup(options: Omit<BackupOptions, "path"> & { path?: string }): Promise<BackupResult> {
  const folder = join(options.dataDir, "backups")
  if (options.path === undefined) await mkdir(folder, { recursive: true, mode: 0o700 })
  const at = new Date()
    .toISOString()
    .replace(/[-:]/g, "")
    .replace(/\.\d+Z$/, "Z")
  const result = await writeBackup({ ...options, path: options.path ?? join(folder, `causeway-${at}.tar.gz`) })
  await options.db.query({
    text: "insert into installation (key, value) values ('last_backup', $1) on conflict (key) do update set value = excluded.value",
    values: [JSON.stringify({ at: Date.now() / 1000, file: basename(result.path), bytes: result.bytes })],
  })
  return result
}

export interface LastBackup {
  /** Seconds since 1970. */
  at: number
  file: string
  bytes: number
}

/** The newest backup that was taken of this database; null when none ever was. */
export async function lastBackup(db: Database): Promise<LastBackup | null> {
  const rows = await db.query<{ value: string }>({ text: "select value from installation where key = 'last_backup'" })
  return rows[0] === undefined ? null : (JSON.parse(rows[0].value) as LastBackup)
}

/** Backups in the data directory, newest first. */
export async function listBackups(dataDir: string): Promise<{ name: string; bytes: number; at: number }[]> {
  const folder = join(dataDir, "backups")
  const names = await readdir(folder).catch(() => [])
  const found = await Promise.all(
    names
      .filter((name) => name.endsWith(".tar.gz"))
      .map(async (name) => {
        const { size, mtimeMs } = await stat(join(folder, name))
        return { name, bytes: size, at: mtimeMs / 1000 }
      }),
  )
  return found.sort((a, b) => b.at - a.at)
}
