import type { ConversationRow } from "@causeway/contract/inbox"
import { memo, type ReactNode, useEffect, useRef } from "react"
import { useDraft } from "../../drafts.ts"
import { agoOf, shortAgoOf } from "../../format.ts"
import { initialsOf } from "../../parts/Avatar.tsx"
import { Icon } from "../../parts/Icon.tsx"
import { Time } from "../../parts/Time.tsx"
import { words } from "../../words.ts"
import { useWorkspace } from "../../workspace.ts"
import { RowPresence } from "../Conversation/Header/Presence.tsx"
import styles from "./List.module.css"

export const rowId = (conversationId: string): string => `row-${conversationId}`

interface RowProps {
  row: ConversationRow
  now: number
  isOpen: boolean
  position: number
  total: number
  onOpen(id: string): void
}

/** One conversation in two lines, which read out as one sentence. */
export const Row = memo(function Row({ row, now, isOpen, position, total, onOpen }: RowProps) {
  const { me } = useWorkspace()
  const hasDraft = useDraft(me, row.id) !== ""
  const element = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (isOpen) element.current?.scrollIntoView({ block: "nearest" })
  }, [isOpen])
  const isWaiting = isWaitingForUs(row)
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the listbox's, see useInboxKeys
    // biome-ignore lint/a11y/useFocusableInteractive: the listbox has the focus, and names this row as its active one
    <div
      ref={element}
      id={rowId(row.id)}
      role="option"
      className={styles.row}
      data-waiting={isWaiting || undefined}
      aria-selected={isOpen}
      aria-posinset={position}
      aria-setsize={total}
      onClick={() => onOpen(row.id)}
    >
      <span className={styles.line}>
        {isWaiting && <span className={styles.dot} />}
        {isWaiting && <Said>{words.list.waiting}. </Said>}
        <span className={styles.name} dir="auto">
          {row.contact.name || row.contact.handle}
        </span>
        <Comma />
        <span className={styles.channel} dir="auto">
          {row.channel_name}
        </span>
        <Comma />
        <span className={styles.time} aria-hidden="true">
          <Time at={row.activity_at}>{shortAgoOf(row.activity_at, now)}</Time>
        </span>
        <Said>{agoOf(row.activity_at, now)}</Said>
      </span>
      <span className={styles.line}>
        <Comma />
        <span className={styles.preview} dir="auto">
          {row.preview_direction === "outbound" && <span className={styles.you}>{words.list.you}</span>}
          {row.preview || row.subject || words.message.noWords}
        </span>
        {row.failed_count > 0 && (
          <span className={styles.failed}>
            <Comma />
            <Icon name="failed" size={13} /> {words.list.failed(row.failed_count)}
          </span>
        )}
        {hasDraft && (
          <span className={styles.draft}>
            <Comma />
            {words.list.draft}
          </span>
        )}
        <RowPresence conversationId={row.id} />
        {row.assignee !== null && (
          <>
            <span className={styles.assignee} title={row.assignee.name} aria-hidden="true">
              {initialsOf(row.assignee.name)}
            </span>
            <Said>, {words.conversation.assignedTo(row.assignee.name)}</Said>
          </>
        )}
      </span>
    </div>
  )
})

const Said = ({ children }: { children: ReactNode }) => <span className="said">{children}</span>
const Comma = () => <Said>, </Said>

const isWaitingForUs = (row: ConversationRow): boolean =>
  row.waiting_since !== null && (row.status === "unassigned" || row.status === "assigned")
