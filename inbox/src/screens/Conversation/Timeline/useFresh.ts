import { useEffect, useRef, useState } from "react"
import { bySpot, type Entry, isComment, isMessage, type Spot, spotOf } from "../../../timeline.ts"

const storageKey = "causeway.read"
const conversationsMax = 500

/** How far each conversation was read on this device, those opened last at the end. */
function readMarks(): [id: string, spot: Spot][] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(storageKey) ?? "[]")
    return Array.isArray(kept) ? kept : []
  } catch {
    return [] // written by something else under our name
  }
}

/** Not written yet. */
const pending = new Map<string, Spot>()

function write(): void {
  if (pending.size === 0) return
  const others = readMarks().filter(([id]) => !pending.has(id))
  localStorage.setItem(storageKey, JSON.stringify([...others, ...pending].slice(-conversationsMax)))
  pending.clear()
}
// A page that goes says so; whoever walks through a list is not made to wait for what is written about each.
addEventListener("pagehide", write)

function mark(id: string, spot: Spot): void {
  if (pending.size === 0) (globalThis.requestIdleCallback ?? setTimeout)(write)
  pending.delete(id)
  pending.set(id, spot)
}

const readTo = (id: string): Spot | null => pending.get(id) ?? readMarks().find(([other]) => other === id)?.[1] ?? null

/** What somebody else wrote. */
const isNews = (entry: Entry, me: string): boolean =>
  isMessage(entry) ? entry.direction === "inbound" : isComment(entry) && entry.author.id !== me

/**
 * The id of the first entry that is new to whoever reads here, null when nothing is: what came since this conversation was last read on this device, or
 * while the end was out of sight. It stays where it is until the teammate writes.
 */
export function useFresh(
  conversationId: string,
  entries: readonly Entry[],
  isAtEnd: { readonly current: boolean },
  me: string,
): string | null {
  const lastSeen = useRef<Spot | null>(null)
  const [newFrom, setNewFrom] = useState<string | null>(() => {
    const spot = readTo(conversationId)
    if (spot === null) return null
    return entries.find((entry) => bySpot(spotOf(entry), spot) > 0 && isNews(entry, me))?.id ?? null
  })
  useEffect(() => {
    const last = entries.at(-1)
    if (last === undefined) return
    const spot = spotOf(last)
    const seen = lastSeen.current
    const added = seen === null ? [] : entries.filter((entry) => bySpot(spotOf(entry), seen) > 0)
    const isRead = isAtEnd.current && document.visibilityState === "visible"
    if (added.some((entry) => isMessage(entry) && entry.author?.id === me)) setNewFrom(null)
    else if (!isRead) {
      const first = added.find((entry) => isNews(entry, me))
      if (first !== undefined) setNewFrom((present) => present ?? first.id)
    }
    lastSeen.current = spot
    if (isRead) mark(conversationId, spot)
  }, [conversationId, entries, isAtEnd, me])
  return newFrom
}
