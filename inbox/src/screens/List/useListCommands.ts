import { useNavigate } from "@tanstack/react-router"
import { useRef } from "react"
import { useCommand } from "../../keys/useCommand.ts"
import { indexOf, type Layout, rowAt } from "../../lists.ts"
import { useListQuery } from "./useListQuery.ts"
import type { Selection } from "./useSelection.ts"

/** From one conversation of the list to another, into it and back. */
export function useListCommands(layout: Layout | null, openId: string | null, selection: Selection): void {
  const navigate = useNavigate()
  const { view } = useListQuery()
  const isOpen = openId !== null
  const place = usePlace(layout, openId)
  function move(by: 1 | -1, chord: string | null): boolean {
    // Arrows belong to what has the focus, unless that is the list or nothing; letters come here from everywhere but a field.
    if (layout === null || (chord?.startsWith("Arrow") && !isOnListOrNothing())) return false
    const next = rowAt(layout, by === 1 ? place.next(layout) : place.previous(layout))
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

interface Place {
  next(layout: Layout): number
  previous(layout: Layout): number
}

/** Where the open conversation stands; once it has left the list, as when it was archived, where it stood: by the row that followed it. */
function usePlace(layout: Layout | null, openId: string | null): Place {
  const stood = useRef<{ id: string | null; at: number; followed: string | null }>({ id: null, at: 0, followed: null })
  const at = layout === null ? -1 : indexOf(layout, openId)
  if (layout !== null && at !== -1) stood.current = { id: openId, at, followed: rowAt(layout, at + 1)?.id ?? null }
  const hasLeft = at === -1 && openId !== null && stood.current.id === openId
  const gap = (now: Layout): number => {
    const following = indexOf(now, stood.current.followed)
    return following === -1 ? stood.current.at : following
  }
  return {
    next: (now) => (hasLeft ? gap(now) : at + 1),
    previous: (now) => (hasLeft ? gap(now) - 1 : Math.max(at - 1, at === -1 ? 0 : -1)),
  }
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
