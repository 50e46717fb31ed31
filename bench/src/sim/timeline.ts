/** Something that happens to somebody at a moment of virtual time. */
export interface Moment {
  atMs: number
  order: number
  /** Null: called off. */
  run: (() => void) | null
  /** Whose it is; moments of the dead never come, those of the frozen come later. */
  owner: Owner | null
}

export interface Owner {
  alive: boolean
  /** Nothing of it moves before. */
  frozenUntilMs: number
}

/** Moments that share one turn of the event loop; between any two of them all promises that can go on do. */
const chains = 64

/** Virtual time: it stands still while anything can go on, and then jumps to the next moment. */
export class Timeline {
  nowMs: number
  #heap: Moment[] = []
  #order = 0

  constructor(startMs: number) {
    this.nowMs = startMs
  }

  at(atMs: number, owner: Owner | null, run: () => void): Moment {
    const moment = { atMs: Math.max(atMs, this.nowMs), order: this.#order++, run, owner }
    this.#push(moment)
    return moment
  }

  /** The next moment that will come; null: nothing will ever happen again. */
  next(): Moment | null {
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      if (first.run === null || first.owner?.alive === false) this.#pop()
      else if (first.owner !== null && first.owner.frozenUntilMs > first.atMs) {
        this.#pop()
        first.atMs = first.owner.frozenUntilMs
        this.#push(first)
      } else return first
    }
    return null
  }

  /** Lives through moment after moment until `isOver`, which is asked before each. */
  run(isOver: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      let ended = false
      const end = (how: () => void) => {
        ended = true
        how()
      }
      const tick = () => {
        if (ended) return
        try {
          const moment = isOver() ? null : this.next()
          if (moment === null) return end(resolve)
          this.#pop()
          this.nowMs = moment.atMs
          moment.run?.()
          setImmediate(tick)
        } catch (error) {
          end(() => reject(error))
        }
      }
      for (let i = 0; i < chains; i++) setImmediate(tick)
    })
  }

  #push(moment: Moment): void {
    const heap = this.#heap
    let at = heap.length
    heap.push(moment)
    while (at > 0) {
      const above = (at - 1) >> 1
      const parent = heap[above] as Moment
      if (!isBefore(moment, parent)) break
      heap[at] = parent
      at = above
    }
    heap[at] = moment
  }

  #pop(): void {
    const heap = this.#heap
    const moment = heap.pop() as Moment
    if (heap.length === 0) return
    let at = 0
    for (;;) {
      let below = 2 * at + 1
      if (below >= heap.length) break
      if (below + 1 < heap.length && isBefore(heap[below + 1] as Moment, heap[below] as Moment)) below++
      const child = heap[below] as Moment
      if (!isBefore(child, moment)) break
      heap[at] = child
      at = below
    }
    heap[at] = moment
  }
}

const isBefore = (one: Moment, other: Moment): boolean =>
  one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order)
