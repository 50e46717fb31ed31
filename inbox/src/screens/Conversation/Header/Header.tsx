import type { ConversationRow, ConversationViewName } from "@causeway/contract/inbox"
import { Link } from "@tanstack/react-router"
import { lazy, Suspense, useEffect, useState } from "react"
import { isArchived, toggleArchive } from "../../../actions.ts"
import { momentOf, useNow } from "../../../format.ts"
import { useCommand, useKeysOf } from "../../../keys/useCommand.ts"
import { snoozedUntil } from "../../../lists.ts"
import { Button } from "../../../parts/Button.tsx"
import { Icon } from "../../../parts/Icon.tsx"
import { words } from "../../../words.ts"
import { useWorkspace } from "../../../workspace.ts"
import { ContactToggle } from "../../Contact/ContactToggle.tsx"
import { Assign } from "./Assign.tsx"
import { restore } from "./changes.ts"
import { Followers } from "./Followers.tsx"
import styles from "./Header.module.css"
import { MergeButton } from "./MergeButton.tsx"
import { Presence } from "./Presence.tsx"
import { Snooze } from "./Snooze.tsx"
import { TagChips, Tags } from "./Tags.tsx"

const said = words.conversation
const TrashDialog = lazy(() => import("./Trash.tsx"))

/** A discussion among teammates is with nobody: it goes by its subject. */
export const nameOf = (row: ConversationRow): string =>
  row.contact.name || row.contact.handle || row.subject || words.header.discussion

/** Whom the conversation is with, what is on it and who is here, and everything one may do with it as a whole. */
export function Header({ row, view }: { row: ConversationRow; view: ConversationViewName }) {
  const workspace = useWorkspace()
  const name = nameOf(row)
  useEffect(() => {
    document.title = `${name} · ${words.product}`
  }, [name])
  const isObserver = workspace.session.teammate.role === "observer"
  const until = snoozedUntil(row, workspace.me)
  return (
    <header className={styles.head}>
      <Back view={view} />
      <div className={styles.who}>
        <h2 tabIndex={-1} data-conversation-title dir="auto">
          {name}
        </h2>
        <Facts row={row} until={until} />
      </div>
      {!isObserver && (
        // biome-ignore lint/a11y/useSemanticElements: a fieldset is for fields, and brings its own box
        <div className={styles.actions} role="group" aria-label={words.header.label}>
          <Assign row={row} />
          <Tags row={row} />
          <Snooze row={row} until={until} />
          <ArchiveOrRestore row={row} />
          <Followers row={row} />
          <MergeButton row={row} />
          <Trash row={row} />
        </div>
      )}
      <ContactToggle className={styles.contact} />
      <div className={styles.below}>
        <TagChips row={row} isReadOnly={isObserver} />
        <Presence conversationId={row.id} />
      </div>
    </header>
  )
}

function Facts({ row, until }: { row: ConversationRow; until: number | null }) {
  const now = useNow(60_000)
  const { me } = useWorkspace()
  const status = {
    unassigned: said.unassigned,
    assigned: row.assignee?.id === me ? said.assignedToYou : said.assignedTo(row.assignee?.name ?? ""),
    archived: until === null ? said.archived : words.header.status.snoozed(momentOf(until, now)),
    deleted: words.header.status.deleted,
    spam: words.header.status.spam,
  }[row.status]
  return (
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
      {status}
    </p>
  )
}

function ArchiveOrRestore({ row }: { row: ConversationRow }) {
  const workspace = useWorkspace()
  const isDeleted = row.status === "deleted"
  const label = isDeleted ? words.header.trash.restore : isArchived(row) ? said.reopen : said.archive
  return (
    <Button
      icon={isArchived(row) || isDeleted ? "open" : "archived"}
      aria-keyshortcuts="e"
      title={label}
      className={styles.action ?? ""}
      onClick={() => void (isDeleted ? restore(workspace, row) : toggleArchive(workspace, row))}
    >
      <span className={styles.label}>{label}</span>
    </Button>
  )
}

function Trash({ row }: { row: ConversationRow }) {
  const [isAsking, setIsAsking] = useState(false)
  const [shortcut] = useKeysOf("trash")
  useCommand("trash", row.status === "deleted" ? null : () => setIsAsking(true))
  if (row.status === "deleted") return null
  return (
    <>
      <Button
        icon="trash"
        title={words.header.trash.label}
        aria-label={words.header.trash.label}
        aria-keyshortcuts={shortcut}
        className={styles.action ?? ""}
        onClick={() => setIsAsking(true)}
      />
      {isAsking && (
        <Suspense>
          <TrashDialog row={row} onClose={() => setIsAsking(false)} />
        </Suspense>
      )}
    </>
  )
}

/** On a phone, the way back to the list. */
export const Back = ({ view }: { view: ConversationViewName }) => (
  <Link
    to="/inbox/$view"
    params={{ view }}
    search={(previous) => previous}
    className={styles.back}
    aria-label={said.back}
  >
    <Icon name="back" size={20} />
  </Link>
)
