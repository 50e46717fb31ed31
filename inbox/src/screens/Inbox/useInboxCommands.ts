import { retry, toggleArchive, toggleAssign, undoSend } from "../../actions.ts"
import { undoableAt } from "../../activity.ts"
import { inboxState, useInbox } from "../../inbox-state.ts"
import { useCommand } from "../../keys/useCommand.ts"
import { timelineOf } from "../../store.ts"
import { useWorkspace, type Workspace } from "../../workspace.ts"

/** What keys and the palette do in the list and the conversation that is open. */
export function useInboxCommands(conversationId: string | null): void {
  const workspace = useWorkspace()
  const row = useInbox((state) => (conversationId === null ? undefined : state.conversations.get(conversationId)))
  const mayChange = row !== undefined && workspace.session.teammate.role !== "observer"
  useCommand("archive", mayChange ? () => void toggleArchive(workspace, row) : null)
  useCommand("assignToMe", mayChange ? () => void toggleAssign(workspace, row) : null)
  useCommand("reply", mayChange ? () => focus("[data-composer-field]") : null)
  useCommand("retry", mayChange ? () => retryLast(workspace, row.id) : null)
  useCommand("undo", () => undoLast(workspace, conversationId))
}

function focus(selector: string): boolean {
  const element = document.querySelector<HTMLElement>(selector)
  if (element === null) return false
  element.focus()
  return true
}

function retryLast(workspace: Workspace, conversationId: string): boolean {
  const failed = timelineOf(inboxState.get(), conversationId).findLast(
    ({ state }) => state === "failed" || state === "unknown",
  )
  if (failed === undefined) return false
  void retry(workspace, failed)
  return true
}

/** Takes back what was done last: a reply that has not left yet, or what the Activity strip shows. */
function undoLast(workspace: Workspace, conversationId: string | null): boolean {
  const timeline = conversationId === null ? [] : timelineOf(inboxState.get(), conversationId)
  const held = timeline.findLast(({ state }) => state === "held")
  const done = undoableAt(workspace.activity, Date.now())
  const isDoneLater = done !== null && (held === undefined || done.at > held.created_at * 1000)
  if (isDoneLater) void done.undo?.()
  else if (held !== undefined) void undoSend(workspace, held)
  return isDoneLater || held !== undefined
}
