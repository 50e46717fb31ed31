import type { ConversationRow } from "@causeway/contract/inbox"
import { lazy, Suspense } from "react"
import { useValue } from "../../value.ts"
import { isContactOpen } from "./panel-state.ts"

const ContactPanel = lazy(() => import("./ContactPanel.tsx"))

/** The contact of a conversation; its code comes when it is opened for the first time. */
export function BesideConversation({ row }: { row: ConversationRow }) {
  if (!useValue(isContactOpen)) return null
  return (
    <Suspense fallback={null}>
      <ContactPanel row={row} />
    </Suspense>
  )
}
