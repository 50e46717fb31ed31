import type { WallClock } from "../clock.ts"

/**
 * Runs `work` when it is its turn. `whose` names those that take turns: work of one begins in the order in which it came; whoever has least under way goes
 * next, and among these whoever was not served for longest. `payers`: who has it done, once for each part of it; default: `whose`.
 */
export type Turn = <T>(work: () => Promise<T>, whose?: string, payers?: readonly string[]) => Promise<T>

export interface TurnLimits {
  /** Pieces of work at a time. */
  max: number
  /** What one may take of them. Default: whatever is free. */
  fairness?: Fairness
}

export interface Fairness {
  wall: WallClock
  /** One that had nobody beside it for `othersMs` may take so many places at a time; */
  aloneMax: number
  /** beside others so many, */
  besideMax: number
  othersMs: number
  /**
   * and in the long run so much of one place's time, from 0 to 1: who took `burstMs` more than that, while the others take less, waits until it is made up
   * for, but `restMaxMs` at most: what is urgent among much, a reply behind a hundred notices, waits no longer for each of its turns.
   */
  share: number
  burstMs: number
  restMaxMs: number
}

interface Queue {
  running: number
  waiting: { begin: () => void; payers: readonly string[] }[]
}

/**
 * Who has much to do takes time from itself alone: beside others it gets few of the places, and waits after what it did in proportion to what that took, so
 * that the busier a machine is, the more it gives way. Alone it goes on without a rest.
 */
export function createTurns({ max, fairness }: TurnLimits): Turn {
  let running = 0
  /** Pieces of work that have not begun. */
  let waiting = 0
  /** Those who have anything under way or waiting, in the order in which they were last served. */
  const queues = new Map<string, Queue>()
  const budget = fairness === undefined ? null : createBudget(fairness)
  let callOff = () => {}

  /** Who goes next; or in how many milliseconds somebody who must wait now will. */
  function next(): { served: [string, Queue] | null; inMs: number } {
    let served: [string, Queue] | null = null
    let inMs = Number.POSITIVE_INFINITY
    for (const entry of queues) {
      const [whose, queue] = entry
      if (queue.waiting.length === 0 || queue.running >= (budget?.placesOf(whose) ?? max)) continue
      if (served !== null && queue.running >= served[1].running) continue
      const restMs = budget?.restMs(whose) ?? 0
      if (restMs <= 0) served = entry
      else inMs = Math.min(inMs, restMs)
    }
    return { served, inMs }
  }

  function serve(): void {
    callOff()
    while (running < max && waiting > 0) {
      const { served, inMs } = next()
      if (served === null) {
        if (fairness !== undefined && inMs < Number.POSITIVE_INFINITY) callOff = fairness.wall.after(inMs, serve)
        return
      }
      const [whose, queue] = served
      queues.delete(whose)
      queues.set(whose, queue)
      queue.running++
      running++
      waiting--
      const piece = queue.waiting.shift()
      for (const payer of piece?.payers ?? []) budget?.served(payer)
      piece?.begin()
    }
  }

  return async (work, whose = "", payers = [whose]) => {
    const queue = queues.get(whose) ?? { running: 0, waiting: [] }
    queues.set(whose, queue)
    const served = new Promise<void>((begin) => queue.waiting.push({ begin, payers }))
    waiting++
    serve()
    await served
    const beganMs = fairness?.wall.steady() ?? 0
    try {
      return await work()
    } finally {
      if (fairness !== undefined) budget?.charge(payers, fairness.wall.steady() - beganMs)
      running--
      if (--queue.running === 0 && queue.waiting.length === 0) queues.delete(whose)
      serve()
    }
  }
}

/** The most that one piece is charged with, in ms: what took longer met trouble, and says nothing of how busy the machine is. */
const chargeMaxMs = 30
/** Who owes so many times what the others do on average is a crowd beside them. */
const crowdTimes = 1.5
/** What the others owe on average is looked at this often. */
const averageMs = 20
/** Those who owe nothing any more are forgotten when there are so many. */
const accountsMax = 1_000

interface Account {
  debtMs: number
  atMs: number
}

/** What each may take. What is nobody's (`""`) is free, and is no company to anybody. */
function createBudget({ wall, aloneMax, besideMax, othersMs, share, burstMs, restMaxMs }: Fairness) {
  const accounts = new Map<string, Account>()
  const nobody = { whose: "", atMs: Number.NEGATIVE_INFINITY }
  let last = nobody
  /** Of somebody else than the last one. */
  let before = nobody

  const areBeside = (whose: string): boolean => {
    const other = last.whose === whose ? before : last
    return other.whose !== "" && wall.steady() - other.atMs < othersMs
  }
  const debtMs = (whose: string): number => {
    const account = accounts.get(whose)
    return account === undefined ? 0 : Math.max(0, account.debtMs - (wall.steady() - account.atMs) * share)
  }
  /** What was taken while alone is no debt beyond the burst: nobody missed it. */
  const debtMaxMs = burstMs + restMaxMs * share
  let average = { sumMs: 0, count: 0, atMs: Number.NEGATIVE_INFINITY }

  /** Of those who had something done lately. Where all have much to do nobody is a crowd, and nobody gains by another's rest. */
  function othersDebtMs(whose: string): number {
    const nowMs = wall.steady()
    if (nowMs - average.atMs >= averageMs) {
      const debts = [...accounts].filter(([, { atMs }]) => nowMs - atMs < othersMs).map(([name]) => debtMs(name))
      average = { sumMs: debts.reduce((sum, debt) => sum + debt, 0), count: debts.length, atMs: nowMs }
    }
    return average.count < 2 ? 0 : (average.sumMs - debtMs(whose)) / (average.count - 1)
  }
  function forgetPaid(): void {
    for (const whose of accounts.keys()) if (debtMs(whose) === 0) accounts.delete(whose)
  }

  return {
    placesOf: (whose: string): number => (areBeside(whose) ? besideMax : aloneMax),
    restMs(whose: string): number {
      const overMs = areBeside(whose) ? debtMs(whose) - burstMs : 0
      return overMs > 0 && debtMs(whose) > crowdTimes * othersDebtMs(whose) ? overMs / share : 0
    },
    served(whose: string): void {
      if (whose === "") return
      if (whose !== last.whose) before = last
      last = { whose, atMs: wall.steady() }
    },
    charge(payers: readonly string[], tookMs: number): void {
      const each = Math.min(tookMs, chargeMaxMs) / payers.length
      for (const whose of payers)
        if (whose !== "")
          accounts.set(whose, { debtMs: Math.min(debtMs(whose) + each, debtMaxMs), atMs: wall.steady() })
      if (accounts.size > accountsMax) forgetPaid()
    },
  }
}
