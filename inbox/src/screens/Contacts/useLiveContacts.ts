import { useEffect } from "react"
import { useLiveHere } from "../../live-here.ts"
import { useWorkspace } from "../../workspace.ts"
import { renew } from "../Contact/useContactChange.ts"

/** What moves within this time is asked for once, ms. */
const togetherMs = 500

/** Asks again for what is shown of contacts, and for the open one, when somebody changes one or a customer writes. */
export function useLiveContacts(contactId: string | null): void {
  const workspace = useWorkspace()
  useLiveHere()
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null
    const unsubscribe = workspace.contactsMoved.subscribe(() => {
      timer ??= setTimeout(() => {
        timer = null
        void renew(workspace, contactId)
      }, togetherMs)
    })
    return () => {
      unsubscribe()
      if (timer !== null) clearTimeout(timer)
    }
  }, [workspace, contactId])
}
