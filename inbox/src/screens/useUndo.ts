import { useNavigate, useParams } from "@tanstack/react-router"
import { useEffect } from "react"
import { editAgain, undoSend, undoSent } from "../actions.ts"
import { undoableAt, undoKeyMs } from "../activity.ts"
import { inboxState } from "../inbox-state.ts"
import { useCommand } from "../keys/useCommand.ts"
import type { OutboxEntry } from "../sending.ts"
import { timelineOf } from "../store.ts"
import { useValue } from "../value.ts"
import { words } from "../words.ts"
import { tell, useWorkspace, type Workspace } from "../workspace.ts"

/** What the undo key does, on every screen; and what becomes of a reply that was taken back before the server had answered. */
export function useUndo(): void {
  const workspace = useWorkspace()
  const navigate = useNavigate()
  const { conversationId = null } = useParams({ strict: false }) as { conversationId?: string }

  /** To where its words are, if another conversation was gone on to. */
  function show(id: string): void {
    if (id === conversationId) return
    void navigate({ to: "/inbox/$view/$conversationId", params: { view: "open", conversationId: id } })
  }
  useCommand("undo", () => undoLast(workspace, conversationId, show))

  const answered = useValue(workspace.entries).find(
    ({ isUnwanted, stage }) => isUnwanted && (stage.name === "accepted" || stage.name === "refused"),
  )
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each, wherever one is by then
  useEffect(() => {
    const taken = answered === undefined ? null : workspace.outbox.take(answered.key)
    if (taken?.stage.name === "accepted")
      void undoSent(workspace, taken, taken.stage.uid).then(() => show(taken.conversationId))
    else if (taken !== null) editAgain(workspace, taken.conversationId, taken)
  }, [answered])
}

/** Takes back what was done last: a reply that has not left yet, or what the Activity strip shows. */
function undoLast(workspace: Workspace, conversationId: string | null, show: (id: string) => void): boolean {
  const done = undoableAt(workspace.activity, Date.now())
  const sent = lastSent(workspace)
  if (sent !== null && sent.createdAt >= (done?.at ?? 0)) {
    takeBack(workspace, sent, show)
    return true
  }
  const timeline = conversationId === null ? [] : timelineOf(inboxState.get(), conversationId)
  const held = timeline.findLast(({ state, author }) => state === "held" && author?.id === workspace.me)
  const isDoneLater = done !== null && (held === undefined || done.at > held.created_at * 1000)
  if (isDoneLater) void done.undo?.()
  else if (held !== undefined) void undoSend(workspace, held)
  return isDoneLater || held !== undefined
}

/** What the server has had for longer has left, or is in its conversation as one that is held. */
function lastSent({ outbox }: Workspace): OutboxEntry | null {
  const sent = outbox.lastSent()
  return sent?.stage.name === "submitting" || (sent && Date.now() - sent.createdAt <= undoKeyMs) ? sent : null
}

function takeBack(workspace: Workspace, sent: OutboxEntry, show: (id: string) => void): void {
  if (sent.stage.name === "accepted")
    void undoSent(workspace, sent, sent.stage.uid).then(() => show(sent.conversationId))
  else {
    workspace.outbox.takeBack(sent.key)
    tell(workspace, words.activity.takingBack)
  }
}
