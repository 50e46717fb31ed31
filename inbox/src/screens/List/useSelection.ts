import { useState } from "react"
import { type Layout, rowAt } from "../../lists.ts"

/** Which conversations of a list are chosen to be changed together. */
export interface Selection {
  ids: ReadonlySet<string>
  /** Chooses a row or lets it go; as a range: everything that is read between the last one chosen and this one. */
  toggle(index: number, isRange: boolean): void
  /** Chooses both rows, and with them where one is now; for moving on by key. */
  extend(from: number, to: number): void
  choose(ids: readonly string[]): void
  clear(): void
}

const none: ReadonlySet<string> = new Set()

interface Chosen {
  ids: ReadonlySet<string>
  last: number | null
  list: string
}

/** `list`: its key; another list begins with nothing chosen. */
export function useSelection(layout: Layout | null, list: string): Selection {
  const [kept, setChosen] = useState<Chosen>({ ids: none, last: null, list })
  const chosen = kept.list === list ? kept : { ids: none, last: null, list }
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
      setChosen({ ids, last: index, list })
    },
    extend(from, to) {
      const both = layout === null ? [] : [rowAt(layout, from), rowAt(layout, to)]
      setChosen({ ids: new Set([...chosen.ids, ...both.flatMap((row) => row?.id ?? [])]), last: to, list })
    },
    choose: (ids) => setChosen({ ids: new Set(ids), last: null, list }),
    clear: () => setChosen({ ids: none, last: null, list }),
  }
}
