import { createValue, type Value } from "./value.ts"

/** One thing that was done or went wrong on this page, and how to take it back. */
export interface Activity {
  /** Grows; no two are alike on a page. */
  id: number
  text: string
  isProblem: boolean
  /** Null: there is no way back, or it was taken. */
  undo: (() => Promise<void>) | null
  wasUndone: boolean
  /** ms since 1970 */
  at: number
}

/** Newest first. Nothing leaves it by time, only by what comes after. */
export type ActivityLog = Value<readonly Activity[]>

export const activitiesMax = 20
/** How long the undo key takes back what was done last, ms: later somebody means something else by it. The buttons stay. Source: ux.md 4.6. */
export const undoKeyMs = 60_000

export const createActivityLog = (): ActivityLog => createValue<readonly Activity[]>([])

let lastId = 0

export interface Telling {
  undo?: () => Promise<void>
  isProblem?: boolean
}

/** Adds a line. Its `undo` works once, and the line says that it did. `at`: ms since 1970. */
export function add(log: ActivityLog, text: string, { undo, isProblem = false }: Telling, at: number): void {
  const id = ++lastId
  const change = (changed: Partial<Activity>): void =>
    log.set(log.get().map((entry) => (entry.id === id ? { ...entry, ...changed } : entry)))
  const takeBack = async (): Promise<void> => {
    const before = lastId
    change({ undo: null, wasUndone: true })
    await undo?.()
    // What went wrong was told meanwhile: then nothing was taken back, and it can be tried again.
    if (log.get().some((entry) => entry.id > before && entry.isProblem)) change({ undo: takeBack, wasUndone: false })
  }
  const entry = { id, text, isProblem, undo: undo === undefined ? null : takeBack, wasUndone: false, at }
  log.set([entry, ...log.get()].slice(0, activitiesMax))
}

/** Takes a line away: a problem that was seen to. */
export const dismiss = (log: ActivityLog, id: number): void => log.set(log.get().filter((entry) => entry.id !== id))

/** What the undo key takes back at `now`, ms since 1970; null: nothing that was done recently. */
export const undoableAt = (log: ActivityLog, now: number): Activity | null =>
  log.get().find(({ undo, at }) => undo !== null && now - at <= undoKeyMs) ?? null
