import { randomUUID } from "node:crypto"
import pg from "pg"
import type { Database } from "../database/database.ts"
import { isLostAt } from "../failpoint.ts"
import type { Log } from "../log.ts"
import type { Sight } from "../presence/presence.ts"

/**
 * What one process commits, the others on the same database learn by polling. A hint makes them look sooner: a notification of PostgreSQL's, sent
 * after the commit on a connection of the pool and together with whatever else was committed within a moment. Inside the writing transaction it would
 * make all writers wait for one another. Hints may be lost (a connection that broke, a pooler that cannot LISTEN): then the poll finds the work.
 */
export interface Hints {
  /** Something of these companies was committed, or is about to be. */
  tell(companyIds: Iterable<number>): void
  /** Somebody is at a conversation. Told at once and kept nowhere: a notification is no row. */
  saw(sight: Sight): void
  /** A customer is writing, or has stopped: the same way. */
  typed(typing: Typing): void
  close(): Promise<void>
}

const channel = "causeway_committed"
/** Hints are gathered for this long: at most forty notifications a second from a process, however much it writes. */
const gatherMs = 25
const reconnectMs = 1_000
/** A notification holds 8,000 bytes. */
const companiesPerHint = 400

/** What a channel says of the customer of a conversation. */
export interface Typing {
  companyId: number
  conversationId: number
  /** For how long it is true; 0: they have stopped. */
  forMs: number
}

interface Hint {
  from: string
  companies: number[]
  sight?: Sight
  typing?: Typing
}

interface HintDeps {
  db: Database
  log: Log
  onHint(companyIds: number[]): void
  onSight(sight: Sight): void
  onTyping(typing: Typing): void
}

/** `onHint` hears of commits of other processes, `onSight` of who is where and `onTyping` of customers, never of our own. */
export function openHints({ db, log, onHint, onSight, onTyping }: HintDeps): Hints {
  const self = randomUUID()
  const gathered = new Set<number>()
  let sending: NodeJS.Timeout | null = null
  let listening: pg.Client | null = null
  let reconnecting: NodeJS.Timeout | undefined
  let closed = false

  async function send(): Promise<void> {
    sending = null
    const companies = [...gathered]
    gathered.clear()
    try {
      for (let i = 0; i < companies.length; i += companiesPerHint) {
        await notify({ from: self, companies: companies.slice(i, i + companiesPerHint) })
      }
    } catch (error) {
      log.debug({ err: error }, "hints.not_told")
    }
  }

  async function notify(hint: Hint): Promise<void> {
    await db.query({ name: "hints.tell", text: "select pg_notify($1, $2)", values: [channel, JSON.stringify(hint)] })
  }

  function tellAtOnce(what: Pick<Hint, "sight" | "typing">): void {
    if (closed) return
    notify({ from: self, companies: [], ...what }).catch((error: unknown) =>
      log.debug({ err: error }, "hints.not_told"),
    )
  }

  function hear(payload: string | undefined): void {
    const hint = parseHint(payload ?? "")
    if (hint === null || hint.from === self) return
    if (hint.companies.length > 0) onHint(hint.companies)
    if (hint.sight !== undefined) onSight(hint.sight)
    if (hint.typing !== undefined) onTyping(hint.typing)
  }

  async function listen(): Promise<void> {
    const client = new pg.Client(db.pool.options)
    const again = () => {
      if (listening !== client) return
      listening = null
      if (!closed) reconnecting = setTimeout(() => void listen(), reconnectMs)
      client.end().catch(() => {})
    }
    client.on("error", again)
    client.on("end", again)
    client.on("notification", (notification) => hear(notification.payload))
    listening = client
    try {
      await client.connect()
      await client.query(`listen ${channel}`)
    } catch (error) {
      log.debug({ err: error }, "hints.not_listening")
      again()
    }
  }

  void listen()
  return {
    tell(companyIds) {
      if (isLostAt("hints")) return
      for (const companyId of companyIds) gathered.add(companyId)
      if (gathered.size > 0 && !closed) sending ??= setTimeout(() => void send(), gatherMs)
    },
    saw: (sight) => tellAtOnce({ sight }),
    typed: (typing) => tellAtOnce({ typing }),
    async close() {
      closed = true
      clearTimeout(reconnecting)
      if (sending !== null) clearTimeout(sending)
      await listening?.end().catch(() => {})
    },
  }
}

/** Whoever reaches the database may notify: what is no hint is null. */
function parseHint(payload: string): Hint | null {
  try {
    const hint: Partial<Hint> | null = JSON.parse(payload)
    return Array.isArray(hint?.companies) && typeof hint.from === "string" ? (hint as Hint) : null
  } catch {
    return null
  }
}
