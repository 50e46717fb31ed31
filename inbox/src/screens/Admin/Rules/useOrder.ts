import type { RuleView } from "@causeway/contract/endpoints/rules"
import { useLayoutEffect, useRef, useState } from "react"
import { adminWords } from "../../../admin-words.ts"
import { rulesApi } from "../../../rules-api.ts"
import { useChange } from "../resource.ts"

const said = adminWords.rules

/** An order that was asked for, by whose move and to which place. */
interface Asked {
  ids: string[]
  name: string
  place: number
}

/**
 * The rules in the order in which they are shown: the server's, and while it is being changed the one that was asked for last, which is sent as soon as the
 * one before it was answered. What had the focus in the moved row has it afterwards.
 */
export function useOrder(rules: readonly RuleView[], onChanged: () => Promise<unknown>) {
  const { run, problem } = useChange()
  const [wanted, setWanted] = useState<string[] | null>(null)
  const asked = useRef<Asked | null>(null)
  const dragged = useRef<string | null>(null)
  const focused = useRef<Element | null>(null)
  const ordered = wanted === null ? [...rules] : wanted.flatMap((id) => rules.find((rule) => rule.id === id) ?? [])

  // A browser takes the focus away from what is moved in the document.
  useLayoutEffect(() => {
    if (focused.current instanceof HTMLElement) focused.current.focus()
    focused.current = null
  })

  async function put(id: string, placeIn: (from: number) => number): Promise<void> {
    const isSending = asked.current !== null
    const ids = asked.current === null ? ordered.map((rule) => rule.id) : [...asked.current.ids]
    const from = ids.indexOf(id)
    const place = placeIn(from)
    if (from === -1 || place < 0 || place >= ids.length || place === from) return
    ids.splice(place, 0, ...ids.splice(from, 1))
    focused.current = document.activeElement
    asked.current = { ids, name: rules.find((rule) => rule.id === id)?.name ?? "", place }
    setWanted(ids)
    if (!isSending) await sendUntilLast()
  }

  async function sendUntilLast(): Promise<void> {
    let sent: Asked | null = null
    while (asked.current !== null && asked.current !== sent) {
      sent = asked.current
      const { ids, name, place } = sent
      const done = await run(() => rulesApi.order(ids), said.moved(name, String(place + 1), String(ids.length)))
      if (done === null) asked.current = sent
      await onChanged()
    }
    asked.current = null
    focused.current = document.activeElement
    setWanted(null)
  }

  return {
    ordered,
    problem,
    move: (rule: RuleView, by: 1 | -1) => put(rule.id, (from) => from + by),
    setDragged: (id: string) => {
      dragged.current = id
    },
    drop: async (place: number) => {
      if (dragged.current !== null) await put(dragged.current, () => place)
      dragged.current = null
    },
  }
}
