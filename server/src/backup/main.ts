import { stat } from "node:fs/promises"
import { join, resolve } from "node:path"
import { parseArgs } from "node:util"
import { type Config, ConfigError, readConfig } from "../config.ts"
import { type OpenDatabase, openDatabase } from "../database/database.ts"
import { findRunning } from "../database/embedded.ts"
import { createPool } from "../database/pool.ts"
import { createLog } from "../log.ts"
import { StartError } from "../start-error.ts"
import { BackupError } from "./archive.ts"
import { noteBackup } from "./kept.ts"
import { restoreBackup } from "./restore.ts"
import { verifyBackup } from "./verify.ts"

const usage = `Usage: npm run backup  -- [--to FILE] [--data DIR]   everything into one file, while the server runs
       npm run verify  -- FILE                         reads a backup whole and checks every part of it
       npm run restore -- --from FILE [--data DIR]     fills an empty data directory (or DATABASE_URL) from it

  --to FILE    where the backup goes (default: DATA/backups/causeway-<time>.tar.gz)
  --data DIR   the data directory (CAUSEWAY_DATA, default ./data)
  --json       the result as one line of JSON on stdout

The file holds everything, the key of sealed secrets included (unless CAUSEWAY_SECRET_KEY keeps it elsewhere): store it as you would the server itself.
`

/** Exit codes: 0 done · 1 it could not be done, or the backup is not whole · 2 an option that cannot be used. */
async function main(): Promise<number> {
  const [verb, ...rest] = process.argv.slice(2)
  const given = optionsOf(rest)
  if (given === null || (verb !== "backup" && verb !== "restore" && verb !== "verify")) return fail(2, usage)
  if (given.values.help) {
    process.stdout.write(usage)
    return 0
  }
  const { values, positionals } = given
  const config = readConfig(values.data === undefined ? [] : ["--data", values.data], process.env) as Config
  const say = (result: object, sentence: string): number => {
    process.stdout.write(values.json ? `${JSON.stringify(result)}\n` : `${sentence}\n`)
    return 0
  }
  switch (verb) {
    case "backup": {
      const result = await backup(config, values.to)
      return say(
        result,
        `Backed up ${result.rows} rows and ${result.files} files: ${result.path} (${mebibytes(result.bytes)})`,
      )
    }
    case "verify": {
      const path = positionals[0] ?? values.from
      if (path === undefined) return fail(2, `Which file? Example: npm run verify -- backup.tar.gz\n`)
      const { head, manifest, rows } = await verifyBackup(resolve(path), (count) => progress(`${count} parts read`))
      return say(
        { created_at: head.created_at, rows, files: manifest.files },
        `Whole: ${rows} rows and ${manifest.files} files of ${head.created_at}, made by Causeway ${head.causeway}`,
      )
    }
    case "restore": {
      const path = values.from ?? positionals[0]
      if (path === undefined)
        return fail(2, `From which file? Example: npm run restore -- --from backup.tar.gz --data ./new\n`)
      const restored = await restoreBackup({
        config,
        path: resolve(path),
        log: createLog(),
        onProgress: ({ rows, files }) => progress(`${rows} rows, ${files} files restored`),
      })
      const held =
        restored.heldBack === 0
          ? ""
          : ` ${restored.heldBack} replies had not left yet: they wait for somebody to send them, as they may have left since.`
      return say(
        { rows: restored.rows, files: restored.manifest.files, held_back: restored.heldBack },
        `Restored ${restored.rows} rows and ${restored.manifest.files} files of ${restored.head.created_at}.${held}\nStart it: npm start -- --data ${config.dataDir}`,
      )
    }
  }
}

function optionsOf(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: {
        to: { type: "string" },
        from: { type: "string" },
        data: { type: "string" },
        json: { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    })
  } catch {
    return null
  }
}

async function backup(config: Config, to: string | undefined) {
  if ((await stat(join(config.dataDir, "files")).catch(() => null)) === null)
    throw new StartError(`There is no Causeway in ${config.dataDir}.`, "Give its data directory: --data DIR")
  const opened = await reach(config)
  try {
    return await noteBackup({
      db: opened.db,
      dataDir: config.dataDir,
      keyIsElsewhere: config.secretKey !== null,
      ...(to !== undefined && { path: resolve(to) }),
      onProgress: ({ rows, files }) => progress(`${rows} rows, ${files} files`),
    })
  } finally {
    await opened.stop()
  }
}

/** The database of a server that runs, or else the one in the data directory, started for as long as this takes. */
async function reach(config: Config): Promise<Pick<OpenDatabase, "db" | "stop">> {
  const log = createLog()
  const running = config.databaseUrl === null ? await findRunning(config.dataDir, log) : null
  if (running === null) return openDatabase(config, log)
  const db = createPool(running)
  return { db, stop: () => db.close() }
}

const progress = (text: string): void => void (process.stderr.isTTY && process.stderr.write(`\r\u001b[K${text}`))
const mebibytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`

function fail(code: number, text: string): number {
  process.stderr.write(text)
  return code
}

process.exitCode = await main().catch((error: unknown) => {
  if (error instanceof StartError) return fail(1, `${error.message} ${error.fix}\n`)
  if (error instanceof ConfigError) return fail(2, `${error.message}\n`)
  if (error instanceof BackupError) return fail(1, `${error.message}\nFix: take another backup, or use an older one.\n`)
  throw error
})
