import { useRef, useSyncExternalStore } from "react"
import { type Action, emptyState, reduce, type State } from "./store.ts"
import { createValue } from "./value.ts"

/** What this page holds at the moment. */
export const inboxState = createValue<State>(emptyState)

export const dispatch = (action: Action): void => inboxState.set(reduce(inboxState.get(), action))

/** What `select` makes of the state, drawn again only when that differs: by identity, or item by item when it is a list. */
export function useInbox<Selected>(select: (state: State) => Selected): Selected {
  const last = useRef<{ selected: Selected } | null>(null)
  return useSyncExternalStore(inboxState.subscribe, () => {
    const selected = select(inboxState.get())
    if (last.current !== null && isSame(last.current.selected, selected)) return last.current.selected
    last.current = { selected }
    return selected
  })
}

function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false
  return a.every((item, index) => Object.is(item, b[index]))
}
