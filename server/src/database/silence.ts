import pg from "pg"
import { isOutage } from "./outage.ts"

/**
 * A network that swallows packets ends no connection, and a statement on it would wait for ever. So statements that wait are looked after: once one has
 * waited for a second, a new connection asks the database what it is doing for them. No answer: the database is out of reach, and all who wait hear so. An
 * answer: whoever it works for goes on waiting, up to its statement timeout; those of which it knows nothing, twice in a row, are on a connection of
 * which only one end is left. The database is told to end the other ones, since they may hold locks.
 */
export interface Silence {
  /** Looks after every statement of this client, whoever asks it. */
  watch(client: pg.ClientBase, backend: Backend): void
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

/** A connection's process in the database, and when that began, as the database writes it: numbers are used again. */
export interface Backend {
  pid: number
  began: string
}

interface Watched {
  backend: Backend
  /** Statements that were sent and not answered yet; the database takes them one after the other. */
  waiting: number
  /** When the first of them was sent, or the one before it was answered; null: none waits. */
  sinceMs: number | null
  /** Of the statement of which the database knew nothing at the last look. */
  unknownSinceMs: number | null
}

export function lookAfter(options: pg.ClientConfig, over: Partial<SilenceTimes> = {}): Silence {
  const { lookEveryMs, overdueMs, answerMs } = { ...times, ...over }
  const watched = new Map<pg.ClientBase, Watched>()
  let ended: Backend[] = []
  let isOutOfReach = false
  let isLooking = false

  const timer = setInterval(() => {
    const late = [...watched].filter(([, { sinceMs }]) => sinceMs !== null && performance.now() - sinceMs >= overdueMs)
    if (isLooking || (late.length === 0 && ended.length === 0 && !isOutOfReach)) return
    isLooking = true
    void look(late).finally(() => {
      isLooking = false
    })
  }, lookEveryMs)
  timer.unref()

  async function look(late: [pg.ClientBase, Watched][]): Promise<void> {
    const asked = late.map(([client, { sinceMs }]) => ({ client, sinceMs }))
    const found = await ask(options, answerMs, { working: late.map(([, { backend }]) => backend), ended })
    isOutOfReach = found === "no answer"
    if (!isOutOfReach) ended = []
    for (const { client, sinceMs } of asked) {
      const one = watched.get(client)
      if (one === undefined || one.sinceMs !== sinceMs) continue // answered meanwhile
      const isKnown = found === "alive" || (found !== "no answer" && found.has(one.backend.pid))
      if (found === "no answer" || (!isKnown && one.unknownSinceMs === sinceMs)) {
        ended.push(one.backend)
        end(client)
      }
      one.unknownSinceMs = isKnown ? null : sinceMs
    }
  }

  return {
    watch(client, backend) {
      const one: Watched = { backend, waiting: 0, sinceMs: null, unknownSinceMs: null }
      watched.set(client, one)
      client.once("end", () => watched.delete(client))
      onStatement(
        client,
        () => {
          one.waiting++
          one.sinceMs ??= performance.now()
        },
        () => {
          one.waiting--
          one.sinceMs = one.waiting === 0 ? null : performance.now()
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

/** Nothing was asked: this process has no file left for it. */
const isOurs = new Set(["EMFILE", "ENFILE"])

interface Question {
  working: readonly Backend[]
  /** Of connections that were given up here. */
  ended: readonly Backend[]
}

/** Those of `working` that are at work, once those of `ended` have been ended; "alive" when the database only says that it cannot tell. */
async function ask(
  options: pg.ClientConfig,
  answerMs: number,
  { working, ended }: Question,
): Promise<Set<number> | "alive" | "no answer"> {
  const client = new pg.Client({ ...options, connectionTimeoutMillis: answerMs })
  client.on("error", () => {}) // the pending statement fails with it
  const overdue = setTimeout(() => end(client), answerMs)
  try {
    await client.connect()
    if (ended.length > 0)
      await client.query(
        `select pg_terminate_backend(pid) from pg_stat_activity join unnest($1::int[], $2::text[]) as ended(pid, began) using (pid)
         where extract(epoch from backend_start)::text = began`,
        [ended.map(({ pid }) => pid), ended.map(({ began }) => began)],
      )
    // A connection that waits for its client, says the database, while its client waits for the database. Anything else may be work.
    const { rows } = await client.query<{ pid: number }>(
      "select pid from pg_stat_activity where pid = any($1) and coalesce(state, '') not in ('idle', 'idle in transaction', 'idle in transaction (aborted)')",
      [working.map(({ pid }) => pid)],
    )
    return new Set(rows.map(({ pid }) => pid))
  } catch (error) {
    const isSaid = error instanceof pg.DatabaseError || isOurs.has((error as NodeJS.ErrnoException).code ?? "")
    return error instanceof Error && isOutage(error) && !isSaid ? "no answer" : "alive"
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
