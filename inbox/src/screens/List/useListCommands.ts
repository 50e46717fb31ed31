import { useNavigate } from "@tanstack/react-router"
import { useCommand } from "../../keys/useCommand.ts"
import { indexOf, type Layout, rowAt } from "../../lists.ts"
import { useListQuery } from "./useListQuery.ts"
import type { Selection } from "./useSelection.ts"

/** From one conversation of the list to another, into it and back. */
export function useListCommands(layout: Layout | null, openId: string | null, selection: Selection): void {
  const navigate = useNavigate()
  const { view } = useListQuery()
  const isOpen = openId !== null
  function move(by: 1 | -1, chord: string | null): boolean {
    // Arrows belong to what has the focus, unless that is the list or nothing; letters come here from everywhere but a field.
    if (layout === null || (chord?.startsWith("Arrow") && !isOnListOrNothing())) return false
    const at = indexOf(layout, openId)
    const next = rowAt(layout, at === -1 ? 0 : at + by)
    if (next === undefined) return false
    const params = { view, conversationId: next.id }
    void navigate({ to: "/inbox/$view/$conversationId", params, search: (previous) => previous, replace: isOpen })
    return true
  }
  useCommand("next", (chord) => move(1, chord))
  useCommand("previous", (chord) => move(-1, chord))
  const at = layout === null ? -1 : indexOf(layout, openId)
  const extend = (by: 1 | -1) => (): boolean => {
    if (layout === null || rowAt(layout, at + by) === undefined) return false
    selection.extend(at, at + by)
    return move(by, null)
  }
  useCommand("select", at === -1 ? null : () => selection.toggle(at, false))
  useCommand("selectNext", at === -1 ? null : extend(1))
  useCommand("selectPrevious", at === -1 ? null : extend(-1))
  useCommand("open", isOpen ? () => isOnListOrNothing() && focus("[data-conversation-title]") : null)
  const leave = (): void => void navigate({ to: "/inbox/$view", params: { view }, search: (previous) => previous })
  useCommand("leave", selection.ids.size > 0 ? selection.clear : isOpen ? leave : null)
}

function isOnListOrNothing(): boolean {
  const { activeElement } = document
  return activeElement === null || activeElement === document.body || activeElement.matches('[role="listbox"]')
}

function focus(selector: string): boolean {
  const element = document.querySelector<HTMLElement>(selector)
  if (element === null) return false
  element.focus()
  return true
}
