import type { ConversationRow, ConversationViewName } from "@causeway/contract/inbox"
import { Link } from "@tanstack/react-router"
import { useEffect } from "react"
import { isArchived, toggleArchive, toggleAssign } from "../../actions.ts"
import { Button } from "../../parts/Button.tsx"
import { Icon } from "../../parts/Icon.tsx"
import { Late } from "../../parts/Late.tsx"
import { Notice } from "../../parts/Notice.tsx"
import { words } from "../../words.ts"
import { useWorkspace } from "../../workspace.ts"
import { Composer } from "./Composer.tsx"
import styles from "./Conversation.module.css"
import { Merge } from "./Merge.tsx"
import { Timeline } from "./Timeline.tsx"
import { useConversation } from "./useConversation.ts"

const said = words.conversation

export function Conversation({ id, view }: { id: string; view: ConversationViewName }) {
  const conversation = useConversation(id)
  switch (conversation.state) {
    case "loading":
      return <Loading view={view} />
    case "missing":
      return (
        <Notice title={words.failedLoad.missing} text={words.failedLoad.missingHint}>
          <Link to="/inbox/$view" params={{ view }}>
            {words.failedLoad.back}
          </Link>
        </Notice>
      )
    case "unreachable":
      return (
        <Notice title={words.failedLoad.conversation} text={words.unreachable.text} onRetry={conversation.reload} />
      )
    case "open": {
      const { row, channel, messages, older } = conversation
      return (
        <>
          <Header row={row} view={view} />
          <Timeline key={row.id} row={row} messages={messages} older={older} />
          <Composer key={`composer ${row.id}`} row={row} channel={channel} />
        </>
      )
    }
  }
}

export const nameOf = (row: ConversationRow): string => row.contact.name || row.contact.handle

function Header({ row, view }: { row: ConversationRow; view: ConversationViewName }) {
  const workspace = useWorkspace()
  const name = nameOf(row)
  const isMine = row.assignee?.id === workspace.me
  useEffect(() => {
    document.title = `${name} · ${words.product}`
  }, [name])
  const isObserver = workspace.session.teammate.role === "observer"
  const assigned = isMine
    ? said.assignedToYou
    : row.assignee
      ? said.assignedTo(row.assignee.name)
      : isArchived(row)
        ? said.archived
        : said.unassigned
  return (
    <header className={styles.head}>
      <Back view={view} />
      <div className={styles.who}>
        <h2 tabIndex={-1} data-conversation-title dir="auto">
          {name}
        </h2>
        <p>
          <bdi>{row.channel_name}</bdi>
          {row.contact.name && (
            <>
              {" · "}
              <bdi>{row.contact.handle}</bdi>
            </>
          )}
          {row.subject && (
            <>
              {" · "}
              <bdi>{row.subject}</bdi>
            </>
          )}
          {" · "}
          {assigned}
        </p>
      </div>
      {!isObserver && (
        <div className={styles.actions}>
          <Button icon="mine" aria-keyshortcuts="i" onClick={() => void toggleAssign(workspace, row)}>
            <span className={styles.label}>{isMine ? said.unassign : said.assignToMe}</span>
          </Button>
          <Button
            icon={isArchived(row) ? "open" : "archived"}
            aria-keyshortcuts="e"
            onClick={() => void toggleArchive(workspace, row)}
          >
            <span className={styles.label}>{isArchived(row) ? said.reopen : said.archive}</span>
          </Button>
          <Merge row={row} />
        </div>
      )}
    </header>
  )
}

const Back = ({ view }: { view: ConversationViewName }) => (
  <Link to="/inbox/$view" params={{ view }} className={styles.back} aria-label={said.back}>
    <Icon name="back" size={20} />
  </Link>
)

const skeletonBubbles = [62, 44, 70, 38]

function Loading({ view }: { view: ConversationViewName }) {
  return (
    <>
      <header className={styles.head}>
        <Back view={view} />
        <h2 className="said">{words.loading}</h2>
      </header>
      <Late>
        <output className="said">{words.loading}</output>
        <div className={styles.skeleton} aria-hidden="true">
          {skeletonBubbles.map((width, index) => (
            <i key={width} data-side={index % 2 === 0 ? "in" : "out"} />
          ))}
        </div>
        <Late afterMs={8_000}>
          <p className={styles.slow}>{words.slow}</p>
        </Late>
      </Late>
    </>
  )
}
