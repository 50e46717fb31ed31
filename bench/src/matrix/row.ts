import { check, settled, stallMs, type Verdict } from "../harness/checker.ts"
import { type Driver, openDriver } from "../harness/driver.ts"
import type { Arrivals } from "../harness/load.ts"
import { openWorld, type World, type WorldOptions } from "../harness/world.ts"

export interface RowOptions {
  seed: number
  /** How often something is killed in the rows that kill. */
  kills: number
}

/** What a row came to: `broken` is empty when all held. */
export interface RowResult {
  held: string
  figure: string
  broken: string[]
}

/** Why this machine cannot make a fault. */
export interface Cannot {
  cannot: string
}

/** One fault of the matrix; goals that belong to no single one have a letter before their number. Some find out only as they run that they cannot. */
export type Row = { number: number | string; fault: string } & (
  | { run(options: RowOptions): Promise<RowResult | Cannot> }
  | Cannot
)

/** Rows as long as they are promised, instead of their short form. */
export const isFull = Boolean(process.env.CAUSEWAY_FULL)

/** A world with a driver, and its end whatever happens in it. */
export async function inWorld<T>(options: WorldOptions, act: (world: World, driver: Driver) => Promise<T>): Promise<T> {
  const world = await openWorld(options)
  try {
    return await act(world, openDriver(world))
  } finally {
    await world.close()
  }
}

/** Waits for the replies to end, until nothing gets on any more, and holds the ledgers against the database. */
export async function verdict(world: World, stallLimitMs = stallMs): Promise<Verdict> {
  await settled(world, stallLimitMs)
  return await check(world)
}

export const baseSet = "nothing lost, nothing twice, in order, no send repeated, every reply ended"

export const summary = ({ inbound, replies, calls, noticesAgain }: Verdict): string => {
  const states = Object.entries(replies).map(([state, count]) => `${count} ${state}`)
  return `${inbound} in, ${states.join(", ") || "no replies"}, ${calls} calls, ${noticesAgain} notices again`
}

/** What a driver could not do on this machine; empty when it did all that was asked. */
export const shortfall = ({ came, stayedAway }: Arrivals): string =>
  stayedAway === 0 ? "" : `, ${Math.ceil((100 * stayedAway) / (came + stayedAway))} % of the arrivals stayed away`

export const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`
