import type { Database, Tx } from "../database/database.ts"
import { OutageError } from "../http/errors.ts"

/** In a transaction of its own whose statements end at `deadline`, on the clock of `performance.now`. */
export async function withinTime<Row>(
  db: Database,
  deadline: number,
  find: (tx: Tx) => Promise<Row[]>,
): Promise<Row[]> {
  const leftMs = Math.max(1, Math.ceil(deadline - performance.now()))
  return await db.tx(async (tx) => {
    await tx.query({ text: `set local statement_timeout = ${leftMs}` })
    return await find(tx)
  })
}

/** False: it took too long, and was ended. */
export async function inTime(work: () => Promise<void>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    if (isTimeout(error)) return false
    throw error
  }
}

export const isTimeout = (error: unknown): boolean =>
  error instanceof OutageError && (error.cause as { code?: string } | undefined)?.code === "57014"
