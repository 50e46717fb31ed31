import { seeded } from "../harness/seeded.ts"

/** Every choice of a simulated world: the same seed makes the same world. */
export interface Dice {
  /** 0 ≤ x < 1. */
  next(): number
  chance(share: number): boolean
  /** A whole number, both ends included. */
  between(least: number, most: number): number
  pick<T>(from: readonly T[]): T
  /** Keys are picked in proportion to their weights. */
  weigh<K extends string>(weights: Readonly<Record<K, number>>): K
}

export function createDice(seed: number): Dice {
  const next = seeded(seed)
  const between = (least: number, most: number) => least + Math.floor(next() * (most - least + 1))
  return {
    next,
    chance: (share) => next() < share,
    between,
    pick: (from) => from[between(0, from.length - 1)] as (typeof from)[number],
    weigh(weights) {
      let sum = 0
      for (const key in weights) sum += weights[key]
      let rest = next() * sum
      let last = ""
      for (const key in weights) {
        last = key
        rest -= weights[key]
        if (rest < 0) break
      }
      return last as keyof typeof weights
    },
  }
}
