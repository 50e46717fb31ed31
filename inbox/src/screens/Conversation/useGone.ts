import { useNavigate } from "@tanstack/react-router"
import { useEffect } from "react"
import { carryWritten } from "../../drafts.ts"
import { useInbox } from "../../inbox-state.ts"
import { words } from "../../words.ts"
import { tell, useWorkspace } from "../../workspace.ts"
import { useListQuery } from "../List/useListQuery.ts"

/** Whether somebody deleted the open conversation, or moved it out of sight. One that was merged is followed to where it goes on. */
export function useGone(conversationId: string): boolean {
  const workspace = useWorkspace()
  const navigate = useNavigate()
  const { view } = useListQuery()
  const survivor = useInbox((state) => state.gone.get(conversationId))
  useEffect(() => {
    if (survivor === undefined || survivor === null) return
    carryWritten(workspace.me, conversationId, survivor)
    tell(workspace, words.list.followed)
    const params = { view, conversationId: survivor }
    void navigate({ to: "/inbox/$view/$conversationId", params, search: (previous) => previous, replace: true })
  }, [conversationId, survivor, workspace, navigate, view])
  return survivor === null
}
