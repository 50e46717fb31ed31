import type { Log } from "../log.ts"
import type { Database } from "./database.ts"

/**
 * What a message adds to the indexes that searches walk is first put on a list beside each of them. Whoever fills that list (4 MB: some 10,000 messages)
 * merges it into the index at once and keeps a whole batch waiting for a tenth of a second, and until then every search reads through it. So it is merged
 * here, a little at a time and beside everything else; while somebody merges, PostgreSQL lets writers pass.
 * Source: PostgreSQL, "GIN Fast Update Technique".
 */
export interface PendingWords {
  /** So many messages more were written: told by the process that took them in or, of replies, by the one that sends them. Waits for nothing. */
  wrote(messages: number): void
}

/** Merging fewer costs more a message: common words are touched once for all of them. */
const mergeAt = 2_000

const indexes = ["message_words", "message_handles"]

export function createPendingWords(db: Database, log: Log): PendingWords {
  let written = 0
  let isMerging = false
  async function merge(): Promise<void> {
    for (const index of indexes)
      await db.query({
        name: "words.merge",
        text: "select merge_words($1)",
        values: [index],
      })
  }
  return {
    wrote(messages) {
      written += messages
      if (written < mergeAt || isMerging) return
      written = 0
      isMerging = true
      merge()
        .catch((error: unknown) => log.warn({ err: error }, "database.words_not_merged"))
        .finally(() => {
          isMerging = false
        })
    },
  }
}
