import { useSyncExternalStore } from "react"

/** One value that parts of the page watch. */
export interface Value<Held> {
  get(): Held
  set(next: Held): void
  subscribe(listener: () => void): () => void
}

export function createValue<Held>(initial: Held): Value<Held> {
  let held = initial
  const listeners = new Set<() => void>()
  return {
    get: () => held,
    set(next) {
      if (Object.is(held, next)) return
      held = next
      for (const listener of listeners) listener()
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

export const useValue = <Held>(value: Value<Held>): Held => useSyncExternalStore(value.subscribe, value.get)
