import type { ConversationViewName } from "@causeway/contract/inbox"
import { useNavigate } from "@tanstack/react-router"
import { useEffect, useRef } from "react"
import { retry, toggleArchive, toggleAssign, undoSend } from "../../actions.ts"
import { inboxState } from "../../inbox-state.ts"
import { listOf, timelineOf } from "../../store.ts"
import { useWorkspace, type Workspace } from "../../workspace.ts"

interface Place {
  view: ConversationViewName
  conversationId: string | null
  onHelp(): void
}

/** Single keys: matched by the character, so that layouts work, and only while nothing is being written and no modifier is down. */
export function useInboxKeys(place: Place): void {
  const workspace = useWorkspace()
  const navigate = useNavigate()
  const latest = useRef(place)
  latest.current = place
  useEffect(() => {
    function open(conversationId: string | null, replace: boolean): void {
      const { view } = latest.current
      if (conversationId === null) void navigate({ to: "/inbox/$view", params: { view } })
      else void navigate({ to: "/inbox/$view/$conversationId", params: { view, conversationId }, replace })
    }
    function onKeyDown(event: KeyboardEvent): void {
      if (event.defaultPrevented || !isFree(event)) return
      const act = keys(workspace, latest.current, open)[event.key]
      if (act === undefined || !act(event)) return
      event.preventDefault()
    }
    document.addEventListener("keydown", onKeyDown)
    return () => document.removeEventListener("keydown", onKeyDown)
  }, [workspace, navigate])
}

function isFree(event: KeyboardEvent): boolean {
  const { ctrlKey, metaKey, altKey, isComposing } = event
  const isPlain = !(ctrlKey || metaKey || altKey || isComposing || event.getModifierState("AltGraph"))
  const target = event.target as HTMLElement
  const isWriting = target.matches("input, textarea, select, [contenteditable]")
  return isPlain && !isWriting && document.querySelector("dialog[open], :popover-open") === null
}

/** Whether it did something; if not, the key keeps its usual meaning. */
type Key = (event: KeyboardEvent) => boolean
type Open = (conversationId: string | null, replace: boolean) => void

function keys(workspace: Workspace, place: Place, open: Open): Record<string, Key> {
  const { view, conversationId } = place
  const row = conversationId === null ? undefined : inboxState.get().conversations.get(conversationId)
  const move = (by: 1 | -1): boolean => {
    const rows = listOf(inboxState.get(), view, workspace.me) ?? []
    const at = rows.findIndex((candidate) => candidate.id === conversationId)
    const next = rows[at === -1 ? 0 : at + by]
    if (next !== undefined) open(next.id, conversationId !== null)
    return next !== undefined
  }
  // Arrows belong to what has the focus, unless that is the list or nothing.
  const moveUnlessScrolling =
    (by: 1 | -1): Key =>
    () =>
      isOnListOrNothing() ? move(by) : false
  return {
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: moveUnlessScrolling(1),
    ArrowUp: moveUnlessScrolling(-1),
    Enter: () => (isOnListOrNothing() && row ? focus("[data-conversation-title]") : false),
    r: () => focus("textarea"),
    e: () => row !== undefined && started(toggleArchive(workspace, row)),
    i: () => row !== undefined && started(toggleAssign(workspace, row)),
    y: () => retryLast(workspace, conversationId),
    z: () => undoLast(workspace, conversationId),
    Escape: () => {
      if (conversationId !== null) open(null, false)
      return conversationId !== null
    },
    "?": () => {
      place.onHelp()
      return true
    },
  }
}

function isOnListOrNothing(): boolean {
  const { activeElement } = document
  return activeElement === null || activeElement === document.body || activeElement.matches('[role="listbox"]')
}

/** What it does tells how it ended by itself. */
const started = (_work: Promise<unknown>): boolean => true

function focus(selector: string): boolean {
  const element = document.querySelector<HTMLElement>(selector)
  if (element === null) return false
  element.focus()
  return true
}

function retryLast(workspace: Workspace, conversationId: string | null): boolean {
  if (conversationId === null) return false
  const failed = timelineOf(inboxState.get(), conversationId).findLast(
    ({ state }) => state === "failed" || state === "unknown",
  )
  if (failed === undefined) return false
  return started(retry(workspace, failed))
}

/** Takes back what was done last: a reply that has not left yet, or what the Activity strip shows. */
function undoLast(workspace: Workspace, conversationId: string | null): boolean {
  const timeline = conversationId === null ? [] : timelineOf(inboxState.get(), conversationId)
  const held = timeline.findLast(({ state }) => state === "held")
  const activity = workspace.activity.get()
  const isActivityLater =
    activity !== null && activity.undo !== null && (held === undefined || activity.at > held.created_at * 1000)
  if (isActivityLater) void activity.undo?.()
  else if (held !== undefined) void undoSend(workspace, held)
  return isActivityLater || held !== undefined
}
