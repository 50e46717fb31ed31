import { useState } from "react"
import { type Layout, rowAt } from "../../lists.ts"

/** Which conversations of a list are chosen to be changed together. */
export interface Selection {
  ids: ReadonlySet<string>
  /** Chooses a row or lets it go; as a range: everything that is read between the last one chosen and this one. */
  toggle(index: number, isRange: boolean): void
  choose(ids: readonly string[]): void
  clear(): void
}

const none: ReadonlySet<string> = new Set()

export function useSelection(layout: Layout | null): Selection {
  const [chosen, setChosen] = useState<{ ids: ReadonlySet<string>; last: number | null }>({ ids: none, last: null })
  return {
    ids: chosen.ids,
    toggle(index, isRange) {
      const row = layout === null ? undefined : rowAt(layout, index)
      if (layout === null || row === undefined) return
      const ids = new Set(chosen.ids)
      if (isRange && chosen.last !== null) {
        const [from, to] = [Math.min(chosen.last, index), Math.max(chosen.last, index)]
        for (let at = from; at <= to; at++) {
          const between = rowAt(layout, at)
          if (between !== undefined) ids.add(between.id)
        }
      } else if (!ids.delete(row.id)) ids.add(row.id)
      setChosen({ ids, last: index })
    },
    choose: (ids) => setChosen({ ids: new Set(ids), last: null }),
    clear: () => setChosen({ ids: none, last: null }),
  }
}
