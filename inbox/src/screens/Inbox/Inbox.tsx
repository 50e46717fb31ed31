import { useParams } from "@tanstack/react-router"
import { useState } from "react"
import { useWorkspace } from "../../workspace.ts"
import { Conversation } from "../Conversation/Conversation.tsx"
import { NoConversation } from "../Conversation/NoConversation.tsx"
import { ActivityStrip } from "./ActivityStrip.tsx"
import { ChannelAlerts } from "./ChannelAlerts.tsx"
import styles from "./Inbox.module.css"
import { KeySheet } from "./KeySheet.tsx"
import { List } from "./List.tsx"
import { useChannels } from "./useChannels.ts"
import { useInboxKeys } from "./useInboxKeys.ts"
import { Views } from "./Views.tsx"

/** Views, list and conversation. What is shown is what the address says. */
export function InboxScreen() {
  const { view, conversationId = null } = useParams({ strict: false }) as {
    view: Parameters<typeof List>[0]["view"]
    conversationId?: string
  }
  const [isSheetOpen, setIsSheetOpen] = useState(false)
  useChannels()
  useInboxKeys({ view, conversationId, onHelp: () => setIsSheetOpen(true) })
  const { me } = useWorkspace()
  return (
    <div className={styles.screen} data-pane={conversationId === null ? "list" : "conversation"}>
      <Views view={view} />
      <List key={`${me} ${view}`} view={view} openId={conversationId} onKeys={() => setIsSheetOpen(true)} />
      <main className={styles.main} tabIndex={-1}>
        {conversationId === null ? (
          <NoConversation view={view} />
        ) : (
          <Conversation key={conversationId} id={conversationId} view={view} />
        )}
      </main>
      <ChannelAlerts />
      <ActivityStrip />
      <KeySheet isOpen={isSheetOpen} onClose={() => setIsSheetOpen(false)} />
    </div>
  )
}
