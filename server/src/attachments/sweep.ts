import type { Database, Tx } from "../database/database.ts"
import type { Log } from "../log.ts"
import type { FileStore } from "./files.ts"

/** A file this young may belong to a request that has not written its row yet. */
export const youngMs = 60 * 60_000
const sweepEveryMs = 10 * 60_000
const sweptMax = 1_000

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

/** Sweeps by itself every few minutes. */
export function startSweeping(deps: { db: Database; files: FileStore; log: Log }): { stop(): Promise<void> } {
  let running: Promise<unknown> = Promise.resolve()
  const timer = setInterval(() => {
    running = sweepFiles(deps.db, deps.files).catch((error: unknown) =>
      deps.log.warn({ err: error }, "files.not_swept"),
    )
  }, sweepEveryMs)
  timer.unref()
  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
