import pg from "pg"
import { isOutage } from "./outage.ts"

/**
 * A network that swallows packets ends no connection, and a statement on it would wait for ever. So statements that wait are looked after: once one has
 * waited for a second, a new connection asks the database what it is doing for them. No answer: the database is out of reach, and all who wait hear so. An
 * answer: whoever it works for goes on waiting, up to its statement timeout; those of which it knows nothing, twice in a row, are on a connection of
 * which only one end is left.
 */
export interface Silence {
  /** Looks after every statement of this client, whoever asks it. */
  watch(client: pg.ClientBase, pid: number): void
  /** A new connection could not be made in time: until a look gets an answer, the database is out of reach. */
  suspect(): void
  /** Whether the last look got no answer: asking would only mean waiting. */
  readonly isOutOfReach: boolean
  stop(): void
}

export interface SilenceTimes {
  lookEveryMs: number
  /** A statement that has waited this long is asked about. */
  overdueMs: number
  /** The answer to that has this long. */
  answerMs: number
}

/** Together less than the 5 s in which a request is answered, whatever happens. */
const times: SilenceTimes = { lookEveryMs: 500, overdueMs: 1_000, answerMs: 2_500 }

interface Watched {
  pid: number
  /** When the statement that waits was sent; null: none does. */
  sinceMs: number | null
  /** Of the statement of which the database knew nothing at the last look. */
  unknownSinceMs: number | null
}

export function lookAfter(options: pg.ClientConfig, over: Partial<SilenceTimes> = {}): Silence {
  const { lookEveryMs, overdueMs, answerMs } = { ...times, ...over }
  const watched = new Map<pg.ClientBase, Watched>()
  let isOutOfReach = false
  let isLooking = false

  const timer = setInterval(() => {
    const late = [...watched].filter(([, { sinceMs }]) => sinceMs !== null && performance.now() - sinceMs >= overdueMs)
    if (isLooking || (late.length === 0 && !isOutOfReach)) return
    isLooking = true
    void look(late).finally(() => {
      isLooking = false
    })
  }, lookEveryMs)
  timer.unref()

  async function look(late: [pg.ClientBase, Watched][]): Promise<void> {
    const asked = late.map(([client, { sinceMs }]) => ({ client, sinceMs }))
    const found = await ask(
      options,
      answerMs,
      late.map(([, { pid }]) => pid),
    )
    isOutOfReach = found === "no answer"
    for (const { client, sinceMs } of asked) {
      const one = watched.get(client)
      if (one === undefined || one.sinceMs !== sinceMs) continue // answered meanwhile
      if (found === "no answer") end(client)
      else if (found === "alive" || found.has(one.pid)) one.unknownSinceMs = null
      else if (one.unknownSinceMs === sinceMs) end(client)
      else one.unknownSinceMs = sinceMs
    }
  }

  return {
    watch(client, pid) {
      const one: Watched = { pid, sinceMs: null, unknownSinceMs: null }
      watched.set(client, one)
      client.once("end", () => watched.delete(client))
      onStatement(
        client,
        () => {
          one.sinceMs = performance.now()
        },
        () => {
          one.sinceMs = null
        },
      )
    },
    suspect() {
      isOutOfReach = true
    },
    get isOutOfReach() {
      return isOutOfReach
    },
    stop: () => clearInterval(timer),
  }
}

/** The connections for which the database is at work; "alive" when it only says that it cannot tell. */
async function ask(
  options: pg.ClientConfig,
  answerMs: number,
  pids: number[],
): Promise<Set<number> | "alive" | "no answer"> {
  const client = new pg.Client({ ...options, connectionTimeoutMillis: answerMs })
  client.on("error", () => {}) // the pending statement fails with it
  const overdue = setTimeout(() => end(client), answerMs)
  try {
    await client.connect()
    // Waiting for its client, says the database of a connection whose client waits for the database. Anything else may be work.
    const { rows } = await client.query<{ pid: number }>(
      "select pid from pg_stat_activity where pid = any($1) and state is distinct from 'idle' and state is distinct from 'idle in transaction' and state is distinct from 'idle in transaction (aborted)'",
      [pids],
    )
    return new Set(rows.map(({ pid }) => pid))
  } catch (error) {
    return error instanceof Error && isOutage(error) && !(error instanceof pg.DatabaseError) ? "no answer" : "alive"
  } finally {
    clearTimeout(overdue)
    client.end().catch(() => {})
  }
}

/** The connection, without a word to the other side; statements under way fail as they do when it breaks. */
const end = (client: pg.ClientBase): void => {
  const { connection } = client as unknown as { connection: { stream: { destroy(): void } } }
  connection.stream.destroy()
}

type Ask = (...args: unknown[]) => unknown

/** Calls `began` and `ended` around each statement, in whichever of the client's ways it is asked. */
function onStatement(client: pg.ClientBase, began: () => void, ended: () => void): void {
  const asked = client as unknown as { query: Ask }
  const ask = asked.query.bind(client) as Ask
  asked.query = (...args) => {
    began()
    const last = args.at(-1)
    if (typeof last === "function")
      return ask(...args.slice(0, -1), (...answer: unknown[]) => {
        ended()
        last(...answer)
      })
    const answer = ask(...args)
    if (answer instanceof Promise) answer.then(ended, ended)
    else ended() // a statement that speaks for itself: nobody here knows when it is over
    return answer
  }
}
