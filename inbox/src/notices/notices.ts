import { createValue, type Value } from "../value.ts"
import type { Notice } from "./decide.ts"

/** What a teammate was told of on this device, newest first. */
export interface Notices {
  all: Value<readonly Kept[]>
  /** True when it is news: the first of its conversation since that was opened. */
  add(notice: Notice): boolean
  /** The conversation is in front of the reader: nothing in it is news. */
  open(conversationId: string): void
  openAll(): void
  stop(): void
}

export interface Kept extends Notice {
  isOpened: boolean
}

const keptMax = 50

/** Kept on this device, one list for all tabs of a teammate. */
export function openNotices(
  teammateId: string,
  storage: Storage,
  events: Pick<Window, "addEventListener" | "removeEventListener">,
): Notices {
  const key = `causeway.notices.${teammateId}`
  const read = (): readonly Kept[] => {
    try {
      const kept: unknown = JSON.parse(storage.getItem(key) ?? "[]")
      return Array.isArray(kept) ? (kept as Kept[]) : []
    } catch {
      return [] // written by something else under our name
    }
  }
  const all = createValue(read())
  const set = (next: readonly Kept[]): void => {
    storage.setItem(key, JSON.stringify(next))
    all.set(next)
  }
  // Another tab was told of something, or opened it.
  const onStorage = (event: StorageEvent): void => {
    if (event.key === key) all.set(read())
  }
  events.addEventListener("storage", onStorage)
  const opened = (matches: (kept: Kept) => boolean): void => {
    if (all.get().some((kept) => !kept.isOpened && matches(kept)))
      set(all.get().map((kept) => (matches(kept) ? { ...kept, isOpened: true } : kept)))
  }
  return {
    all,
    add(notice) {
      const known = all.get().find((kept) => kept.key === notice.key)
      // A change may be heard twice.
      if (known !== undefined && known.at >= notice.at) return false
      set([{ ...notice, isOpened: false }, ...all.get().filter((kept) => kept !== known)].slice(0, keptMax))
      return known === undefined || known.isOpened
    },
    open: (conversationId) => opened((kept) => kept.conversationId === conversationId),
    openAll: () => opened(() => true),
    stop: () => events.removeEventListener("storage", onStorage),
  }
}

export const unopened = (all: readonly Kept[]): number => all.filter(({ isOpened }) => !isOpened).length
