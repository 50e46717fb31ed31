import type { WallClock } from "../clock.ts"

/**
 * Runs `work` when it is its turn. `whose` names those that take turns: work of one begins in the order in which it came; whoever has least under way goes
 * next, and among these whoever was not served for longest.
 */
export type Turn = <T>(work: () => Promise<T>, whose?: string) => Promise<T>

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
  /** beside others so many. */
  besideMax: number
  othersMs: number
  /** One that has more pieces waiting than this is a crowd: beside others it leaves its place empty after each piece, `restTimes` as long as that took. */
  crowd: number
  restTimes: number
}

interface Queue {
  running: number
  waiting: (() => void)[]
}

/** The longest rest, in ms: a piece that took longer met trouble, and says nothing of how busy the machine is. */
const restMaxMs = 200

/**
 * What one has waiting in great number takes time from it alone: beside others it gets few of the places, and rests after each piece in proportion to what
 * that took, so that the busier a machine is, the more it gives way. Alone it goes on without a rest.
 */
export function createTurns({ max, fairness }: TurnLimits): Turn {
  let running = 0
  /** Those who have anything under way or waiting, in the order in which they were last served. */
  const queues = new Map<string, Queue>()
  const others = fairness === undefined ? null : watchOthers(fairness)

  const placesOf = (whose: string): number => {
    if (fairness === undefined) return max
    return others?.areBeside(whose) ? fairness.besideMax : fairness.aloneMax
  }

  function next(): [string, Queue] | null {
    let least: [string, Queue] | null = null
    for (const entry of queues) {
      const [whose, queue] = entry
      if (queue.waiting.length === 0 || queue.running >= placesOf(whose)) continue
      if (least === null || queue.running < least[1].running) least = entry
    }
    return least
  }

  function serve(): void {
    while (running < max) {
      const served = next()
      if (served === null) return
      const [whose, queue] = served
      queues.delete(whose)
      queues.set(whose, queue)
      others?.served(whose)
      queue.running++
      running++
      queue.waiting.shift()?.()
    }
  }

  function leave(whose: string, queue: Queue): void {
    if (--queue.running === 0 && queue.waiting.length === 0) queues.delete(whose)
    serve()
  }

  const rests = (whose: string, queue: Queue): boolean =>
    fairness !== undefined && queue.waiting.length > fairness.crowd && others?.areBeside(whose) === true

  return async (work, whose = "") => {
    const queue = queues.get(whose) ?? { running: 0, waiting: [] }
    queues.set(whose, queue)
    const served = new Promise<void>((resolve) => queue.waiting.push(resolve))
    serve()
    await served
    const beganMs = fairness?.wall.steady() ?? 0
    try {
      return await work()
    } finally {
      running--
      if (fairness !== undefined && rests(whose, queue)) {
        const tookMs = fairness.wall.steady() - beganMs
        fairness.wall.after(Math.min(restMaxMs, tookMs * fairness.restTimes), () => leave(whose, queue))
        serve()
      } else leave(whose, queue)
    }
  }
}

/** Notes who is served, and tells whether somebody else was a short while ago. What is nobody's does not count. */
function watchOthers({ wall, othersMs }: Pick<Fairness, "wall" | "othersMs">) {
  let last = { whose: "", atMs: Number.NEGATIVE_INFINITY }
  /** Of somebody else than the last one. */
  let before = last
  return {
    served(whose: string): void {
      if (whose === "") return
      if (whose !== last.whose) before = last
      last = { whose, atMs: wall.steady() }
    },
    areBeside(whose: string): boolean {
      const other = last.whose === whose ? before : last
      return other.whose !== "" && wall.steady() - other.atMs < othersMs
    },
  }
}
