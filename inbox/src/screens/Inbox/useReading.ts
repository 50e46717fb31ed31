import { useEffect, useRef } from "react"
import { api } from "../../api.ts"
import { inboxState, useInbox } from "../../inbox-state.ts"
import { useCommand } from "../../keys/useCommand.ts"
import { isUnread } from "../../lists.ts"
import { tellProblem, useWorkspace } from "../../workspace.ts"

/** A conversation that is glanced at on the way to another one is not read. */
const glanceMs = 400

/** What is open and in sight counts as read, until the teammate says that it is to be unread: then it stays so until it is opened again. */
export function useReading(conversationId: string | null): void {
  const workspace = useWorkspace()
  const isNew = useInbox((state) => {
    const row = conversationId === null ? undefined : state.conversations.get(conversationId)
    return row !== undefined && isUnread(row)
  })
  const keptUnread = useRef<string | null>(null)
  useEffect(() => {
    if (keptUnread.current !== conversationId) keptUnread.current = null
  }, [conversationId])
  useEffect(() => {
    if (!isNew || conversationId === null) return
    function read(): void {
      const row = inboxState.get().conversations.get(conversationId as string)
      if (document.hidden || row === undefined || keptUnread.current === conversationId) return
      // When it fails it stays unread, and is read with the next message or opening.
      void api.markRead(row.id, row.last_number).catch(() => {})
    }
    const timer = setTimeout(read, glanceMs)
    document.addEventListener("visibilitychange", read)
    return () => {
      clearTimeout(timer)
      document.removeEventListener("visibilitychange", read)
    }
  }, [conversationId, isNew])
  useCommand(
    "unread",
    conversationId === null
      ? null
      : async () => {
          keptUnread.current = conversationId
          await api.markRead(conversationId, 0).catch((error: unknown) => tellProblem(workspace, error))
        },
  )
}
