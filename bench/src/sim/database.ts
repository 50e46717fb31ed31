import type { Database, Statement, Tx } from "@causeway/server/database/database"
import { OutageError } from "@causeway/server/http/errors"
import type { Dice } from "./dice.ts"
import { statements } from "./statements/index.ts"
import type { Change, Store } from "./store.ts"
import type { Timeline } from "./timeline.ts"

/** What may go wrong with one transaction. */
export const troubles = {
  /** The process dies before a statement: nothing is kept. */
  diesWithin: 3,
  /** The process dies after the commit and never hears of it. */
  diesAfter: 3,
  /** The connection breaks before a statement: nothing is kept. */
  breaksWithin: 4,
  /** The connection breaks after the commit: kept, but the process is told otherwise. */
  breaksAfter: 3,
  /** A statement is refused, as a row that cannot be stored is. */
  refuses: 1,
}
type Trouble = keyof typeof troubles

export interface Actor {
  name: string
  alive: boolean
  frozenUntilMs: number
  /** People's transactions do not kill anybody. */
  mortal: boolean
}

export interface DatabaseDeps<A extends Actor> {
  timeline: Timeline
  store: Store
  dice: Dice
  actor: A
  /** Whether the database is away at this moment. */
  isDown(): boolean
  /** The share of transactions that meet trouble. */
  troubleShare(): number
  kill(actor: A): void
  committed(actor: A, changes: readonly Change[], begunAt: number): void
  /** A statement that nobody has imitated: whoever asked for it may have ways round its failure, but the world is no world then. */
  unknown(statement: string): void
  /** Orders what happens: a number that grows. */
  mark(): number
}

const never = new Promise<never>(() => {})

class Refused extends Error {}

/** The database as one process sees it: every transaction takes a little virtual time, and may go wrong at every step. */
export function simulatedDatabase<A extends Actor>(deps: DatabaseDeps<A>): Database {
  const transaction = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
    deps.actor.alive ? new Promise((resolve, reject) => enter(deps, work, resolve, reject)) : never
  return {
    query: <R>(statement: Statement) => transaction((tx) => tx.query<R>(statement)),
    tx: transaction,
    get pool(): never {
      throw new Error("the simulated database has no pool")
    },
    close: async () => {},
  }
}

function enter<A extends Actor, T>(
  deps: DatabaseDeps<A>,
  work: (tx: Tx) => Promise<T>,
  resolve: (value: T) => void,
  reject: (error: unknown) => void,
): void {
  const { timeline, dice, actor, store } = deps
  const begunAt = deps.mark()
  const later = (run: () => void) => timeline.at(timeline.nowMs + latencyMs(dice), actor, run)
  const outage = () => later(() => reject(new OutageError("the simulated database does not answer")))
  later(() => {
    if (deps.isDown()) {
      outage()
      return
    }
    const trouble = plan(deps)
    store.begin()
    inTransaction(work, transactionHandle(deps, trouble)).then(
      (value) => {
        if (!actor.alive) return
        const changes = store.commit()
        if (changes.length > 0) deps.committed(actor, changes, begunAt)
        if (trouble?.kind === "diesAfter") deps.kill(actor)
        else if (trouble?.kind === "breaksAfter") outage()
        else if (dice.chance(atOnceShare)) resolve(value)
        else later(() => resolve(value))
      },
      (error) => {
        if (!actor.alive) return
        store.rollback()
        later(() => reject(error))
      },
    )
  })
}

const inTransaction = async <T>(work: (tx: Tx) => Promise<T>, tx: Tx): Promise<T> => await work(tx)

interface Plan {
  kind: Trouble
  /** At which statement. */
  step: number
}

function plan<A extends Actor>({ dice, actor, troubleShare }: DatabaseDeps<A>): Plan | null {
  if (!dice.chance(troubleShare())) return null
  const kind = dice.weigh(troubles)
  if (!actor.mortal && (kind === "diesWithin" || kind === "diesAfter")) return null
  return { kind, step: dice.between(0, 6) }
}

function transactionHandle<A extends Actor>(deps: DatabaseDeps<A>, trouble: Plan | null): Tx {
  const { store, actor } = deps
  let step = 0
  return {
    query<R>({ name = "", text, values = [] }: Statement): Promise<R[]> {
      if (!actor.alive) return never
      if (trouble !== null && step++ === trouble.step) {
        if (trouble.kind === "diesWithin") {
          store.rollback()
          deps.kill(actor)
          return never
        }
        if (trouble.kind === "breaksWithin") return Promise.reject(new OutageError("the connection broke"))
        if (trouble.kind === "refuses") return Promise.reject(new Refused(`refused: ${name}`))
      }
      const statement = statements[name]
      if (statement === undefined) {
        deps.unknown(name || text)
        return never
      }
      return Promise.resolve(statement(store, values) as R[])
    },
  }
}

/** Of the answers, those that take no time. */
const atOnceShare = 0.75

/** Mostly a moment, sometimes long. */
const latencyMs = (dice: Dice): number => (dice.chance(0.995) ? dice.between(0, 3) : dice.between(10, 4_000))
