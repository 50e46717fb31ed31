import { useParams } from "@tanstack/react-router"
import { type CSSProperties, lazy, Suspense, useDeferredValue } from "react"
import { useDeviceSettings } from "../../settings/device.ts"
import { usePaneSizes } from "../../settings/panes.ts"
import { words } from "../../words.ts"
import { useWorkspace } from "../../workspace.ts"
import { Conversation } from "../Conversation/Conversation.tsx"
import { NoConversation } from "../Conversation/NoConversation.tsx"
import { List } from "../List/List.tsx"
import { useListQuery } from "../List/useListQuery.ts"
import { ActivityStrip } from "./ActivityStrip.tsx"
import styles from "./Inbox.module.css"
import { ListEdge } from "./ListEdge.tsx"
import { SkipLinks } from "./SkipLinks.tsx"
import { useChannels } from "./useChannels.ts"
import { useInboxCommands } from "./useInboxCommands.ts"
import { useReading } from "./useReading.ts"
import { Views } from "./Views.tsx"

/** What is said of channels can come a moment after the conversations. */
const ChannelAlerts = lazy(() => import("./ChannelAlerts.tsx"))

/** Views, list and conversation. What is shown is what the address says. */
export function InboxScreen() {
  const { conversationId = null } = useParams({ strict: false }) as { conversationId?: string }
  const query = useListQuery()
  const { view } = query
  // The list follows the keys at once; the conversation as soon as there is time for it.
  const shownId = useDeferredValue(conversationId)
  useChannels()
  useInboxCommands(conversationId)
  useReading(conversationId)
  const { me } = useWorkspace()
  const { layout } = useDeviceSettings()
  const size = usePaneSizes()[layout]
  const own = size === null ? undefined : ({ "--list-size": `${size}px` } as CSSProperties)
  return (
    <div
      className={styles.screen}
      data-pane={conversationId === null ? "list" : "conversation"}
      data-layout={layout}
      style={own}
    >
      <SkipLinks hasConversation={conversationId !== null} />
      <Views query={query} />
      <main className={styles.main}>
        <h1 className="said">{words.product}</h1>
        <List key={me} query={query} openId={conversationId} />
        <ListEdge layout={layout} size={size} />
        <section
          className={styles.conversation}
          aria-label={words.conversation.label}
          data-conversation
          data-region="conversation"
        >
          {shownId === null ? (
            <NoConversation query={query} />
          ) : (
            <Conversation key={shownId} id={shownId} view={view} />
          )}
        </section>
      </main>
      <Suspense>
        <ChannelAlerts />
      </Suspense>
      <ActivityStrip />
    </div>
  )
}
