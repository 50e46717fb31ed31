import type { Finding } from "./benchmark.ts"
import type { Machine } from "./machine.ts"

/** One benchmark's figures, and all that is needed to take them again. */
export interface Result {
  finding: Finding
  machine: Machine
  seconds: number
  rounds: number
  seed: number
  /** ISO 8601. */
  at: string
}

/** By the benchmark's name. */
export type Results = Record<string, Result>

/** The figures of one benchmark take the place of its former ones; long decimals say nothing and go. */
export const withResult = (results: Results, name: string, result: Result): Results => ({
  ...results,
  [name]: JSON.parse(JSON.stringify(result), (_key, value) =>
    typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value,
  ),
})
