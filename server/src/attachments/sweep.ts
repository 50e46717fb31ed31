import type { Database, Tx } from "../database/database.ts"
import type { Log } from "../log.ts"
import { type FileStore, foldersCount } from "./files.ts"

/** A file this young may belong to a request that has not written its row yet. */
export const youngMs = 60 * 60_000
const sweepEveryMs = 10 * 60_000
const sweptMax = 1_000
/** What no row names after so long never gets one. */
const unnamedMs = 24 * 60 * 60_000
const foldersPerSweep = 2

/** To be looked at when they are no longer young. */
export async function removeLater(tx: Tx, candidates: readonly Buffer[]): Promise<void> {
  await tx.query({
    name: "files.remove_later",
    text: "insert into file_removal (sha256, due_at) select distinct sha256, now() + $2 * interval '1 ms' from unnest($1::bytea[]) sha256 on conflict do nothing",
    values: [candidates, youngMs],
  })
}

/**
 * Removes those of `candidates` that no row of any company names; one file may be many people's. A file younger than `olderThanMs` is left for the sweep.
 * Answers how many were removed and how many were left so.
 */
export async function removeUnnamed(
  tx: Tx,
  files: FileStore,
  candidates: readonly Buffer[],
  olderThanMs: number,
): Promise<{ removed: number; later: number }> {
  const named = await tx.query<{ sha256: Buffer }>({
    name: "files.named", // attachment_sha256 and the like
    text: `select candidate as sha256 from unnest($1::bytea[]) candidate
           where exists (select from attachment where sha256 = candidate) or exists (select from message_template_attachment where sha256 = candidate)
             or exists (select from contact where avatar_sha256 = candidate)`,
    values: [candidates],
  })
  const kept = new Set(named.map(({ sha256 }) => sha256.toString("hex")))
  const counts = { removed: 0, later: 0 }
  for (const sha256 of candidates) {
    if (kept.has(sha256.toString("hex"))) continue
    const outcome = await files.remove(sha256, olderThanMs)
    if (outcome === "removed") counts.removed += 1
    else if (outcome === "young") counts.later += 1
  }
  return counts
}

/** Removes what is due of what was deleted. Answers how many files were looked at. */
export async function sweepFiles(db: Database, files: FileStore): Promise<number> {
  const due = await db.query<{ sha256: Buffer }>({
    name: "files.due",
    text: "select sha256 from file_removal where due_at <= now() order by due_at limit $1",
    values: [sweptMax],
  })
  const candidates = due.map(({ sha256 }) => sha256)
  await removeUnnamed(db, files, candidates, youngMs)
  // One that came again meanwhile is named again, or young: whoever deletes that one puts it back here.
  await db.query({
    name: "files.swept",
    text: "delete from file_removal where sha256 = any($1::bytea[])",
    values: [candidates],
  })
  return candidates.length
}

/**
 * Removes what came with a request that was refused afterwards, or was cut off: files of one folder of the store that are over a day old and that no row
 * names. What is older than the first company is left alone: it came from elsewhere, and a database that knows nothing of these files may be the wrong one.
 */
export async function sweepUnnamed(db: Database, files: FileStore, folder: number): Promise<number> {
  const [first] = await db.query<{ at: Date | null }>({
    name: "files.first_company",
    text: "select min(created_at) as at from company",
  })
  if (first?.at == null) return 0
  const candidates = await files.list(folder, first.at.getTime(), Date.now() - unnamedMs)
  if (candidates.length === 0) return 0
  return (await removeUnnamed(db, files, candidates, unnamedMs)).removed
}

/** Sweeps by itself every few minutes; each folder of the store is looked through about once a day. */
export function startSweeping(deps: { db: Database; files: FileStore; log: Log }): { stop(): Promise<void> } {
  let running: Promise<unknown> = Promise.resolve()
  let folder = Math.floor(Math.random() * foldersCount)
  async function sweep(): Promise<void> {
    await sweepFiles(deps.db, deps.files)
    for (let i = 0; i < foldersPerSweep; i++) {
      folder = (folder + 1) % foldersCount
      const count = await sweepUnnamed(deps.db, deps.files, folder)
      if (count > 0) deps.log.info({ count }, "files.swept")
    }
  }
  const timer = setInterval(() => {
    running = sweep().catch((error: unknown) => deps.log.warn({ err: error }, "files.not_swept"))
  }, sweepEveryMs)
  timer.unref()
  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
