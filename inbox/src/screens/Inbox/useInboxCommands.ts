import { retry, toggleArchive, toggleAssign } from "../../actions.ts"
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
