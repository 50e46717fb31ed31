import type { DeliveryRow, LaneRow, Store } from "../store.ts"

/** Does what one named statement of the server does, to the tables in memory. `values` are the statement's own parameters. */
// biome-ignore lint/suspicious/noExplicitAny: each statement's parameters are its own
export type Statement = (store: Store, values: any[]) => object[]
export type Statements = Record<string, Statement>

/** 'infinity' is the last Date there is, as in the server's own reading of timestamps. */
const lastMs = 8.64e15
export const msOf = (date: Date | null, missing: number): number => {
  if (date === null) return missing
  const ms = date.getTime()
  return ms >= lastMs ? Number.POSITIVE_INFINITY : ms <= -lastMs ? Number.NEGATIVE_INFINITY : ms
}
export const dateOf = (ms: number): Date => new Date(Math.max(-lastMs, Math.min(lastMs, ms)))

/** The first `max` of some in this order, as ORDER BY … LIMIT finds them: without sorting the others. */
export function firstOf<T>(rows: Iterable<T>, max: number, compare: (one: T, other: T) => number): T[] {
  const first: T[] = []
  for (const row of rows) {
    let at = first.length
    if (at === max) {
      if (compare(row, first[at - 1] as T) >= 0) continue
      at--
    }
    for (; at > 0 && compare(row, first[at - 1] as T) < 0; at--) first[at] = first[at - 1] as T
    first[at] = row
  }
  return first
}

/** What is new in a lane makes it due, but not before anything may leave it. */
export function wake(store: Store, companyId: number, channelId: number, dueMs: number): void {
  const lane = store.lane(companyId, channelId)
  if (lane === undefined) store.insert("lane", newLane(companyId, channelId, dueMs))
  else
    store.update("lane", lane, {
      due_at: Math.min(lane.due_at, Math.max(dueMs, Math.min(lane.sends_from, lane.notices_from))),
    })
}

/** The table's defaults. */
export const newLane = (companyId: number, channelId: number, dueMs: number): LaneRow => ({
  company_id: companyId,
  channel_id: channelId,
  due_at: dueMs,
  cap: 2,
  lease_token: 0,
  leased_by: null,
  leased_until: Number.NEGATIVE_INFINITY,
  sends_from: Number.NEGATIVE_INFINITY,
  notices_from: Number.NEGATIVE_INFINITY,
  health: "{}",
})

/** Wakes each lane once, for the earliest of what is due in it. */
export function wakeAll(store: Store, rows: readonly DeliveryRow[]): void {
  const earliest = new Map<LaneRow | number, DeliveryRow>()
  for (const row of rows) {
    const lane = store.lane(row.company_id, row.channel_id) ?? row.channel_id
    const known = earliest.get(lane)
    if (known === undefined || row.due_at < known.due_at) earliest.set(lane, row)
  }
  for (const row of earliest.values()) wake(store, row.company_id, row.channel_id, row.due_at)
}

export const byDue = (one: DeliveryRow, other: DeliveryRow): number =>
  one.due_at === other.due_at ? one.id - other.id : one.due_at < other.due_at ? -1 : 1
