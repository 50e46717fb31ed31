import { useParams } from "@tanstack/react-router"
import { words } from "../../words.ts"
import { useWorkspace } from "../../workspace.ts"
import { Conversation } from "../Conversation/Conversation.tsx"
import { NoConversation } from "../Conversation/NoConversation.tsx"
import { ActivityStrip } from "./ActivityStrip.tsx"
import { ChannelAlerts } from "./ChannelAlerts.tsx"
import styles from "./Inbox.module.css"
import { List } from "./List.tsx"
import { SkipLinks } from "./SkipLinks.tsx"
import { useChannels } from "./useChannels.ts"
import { useInboxCommands } from "./useInboxCommands.ts"
import { Views } from "./Views.tsx"

/** Views, list and conversation. What is shown is what the address says. */
export function InboxScreen() {
  const { view, conversationId = null } = useParams({ strict: false }) as {
    view: Parameters<typeof List>[0]["view"]
    conversationId?: string
  }
  useChannels()
  useInboxCommands(view, conversationId)
  const { me } = useWorkspace()
  return (
    <div className={styles.screen} data-pane={conversationId === null ? "list" : "conversation"}>
      <SkipLinks hasConversation={conversationId !== null} />
      <Views view={view} />
      <main className={styles.main}>
        <h1 className="said">{words.product}</h1>
        <List key={`${me} ${view}`} view={view} openId={conversationId} />
        <section
          className={styles.conversation}
          aria-label={words.conversation.label}
          data-conversation
          data-region="conversation"
        >
          {conversationId === null ? (
            <NoConversation view={view} />
          ) : (
            <Conversation key={conversationId} id={conversationId} view={view} />
          )}
        </section>
      </main>
      <ChannelAlerts />
      <ActivityStrip />
    </div>
  )
}
