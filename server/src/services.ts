import type { FileStore } from "./attachments/files.ts"
import type { ScheduleClock } from "./clock.ts"
import type { Config } from "./config.ts"
import type { Database } from "./database/database.ts"
import type { Stalls } from "./health/stalls.ts"
import type { Ids } from "./ids.ts"
import type { LiveHub } from "./live/hub.ts"
import type { Log } from "./log.ts"
import type { Replier } from "./messages/reply-together.ts"

/** What a running server is made of. A function takes the few of these it uses, not the whole. */
export interface Services {
  config: Config
  db: Database
  ids: Ids
  clock: ScheduleClock
  log: Log
  files: FileStore
  live: LiveHub
  /** Keeps replies. */
  replier: Replier
  stalls: Pick<Stalls, "longestMs">
  /** Told after a commit: deliveries may be due and browsers may have news. */
  committed(companyIds: Iterable<number>): void
}
