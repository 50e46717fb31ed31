import type { RuleView } from "@causeway/contract/endpoints/rules"
import { useLayoutEffect, useRef, useState } from "react"
import { adminWords } from "../../../admin-words.ts"
import { rulesApi } from "../../../rules-api.ts"
import { useChange } from "../resource.ts"

const said = adminWords.rules

/**
 * The rules in the order in which they are shown: the server's, and while it is being changed the one that was asked for. What had the focus in the
 * moved row has it afterwards.
 */
export function useOrder(rules: readonly RuleView[], onChanged: () => Promise<unknown>) {
  const { run, isBusy, problem } = useChange()
  const [wanted, setWanted] = useState<string[] | null>(null)
  const dragged = useRef<string | null>(null)
  const focused = useRef<Element | null>(null)
  const ordered = wanted === null ? [...rules] : wanted.flatMap((id) => rules.find((rule) => rule.id === id) ?? [])

  // A browser takes the focus away from what is moved in the document.
  useLayoutEffect(() => {
    if (focused.current instanceof HTMLElement) focused.current.focus()
    focused.current = null
  })

  async function put(id: string, place: number): Promise<void> {
    const ids = ordered.map((rule) => rule.id)
    const from = ids.indexOf(id)
    if (isBusy || from === -1 || place < 0 || place >= ids.length || place === from) return
    ids.splice(place, 0, ...ids.splice(from, 1))
    focused.current = document.activeElement
    setWanted(ids)
    const name = ordered[from]?.name ?? ""
    await run(() => rulesApi.order(ids), said.moved(name, String(place + 1), String(ids.length)))
    await onChanged()
    focused.current = document.activeElement
    setWanted(null)
  }

  return {
    ordered,
    problem,
    move: (rule: RuleView, by: 1 | -1) => put(rule.id, ordered.indexOf(rule) + by),
    setDragged: (id: string) => {
      dragged.current = id
    },
    drop: async (place: number) => {
      if (dragged.current !== null) await put(dragged.current, place)
      dragged.current = null
    },
  }
}
