import type { ConversationRow } from "@causeway/contract/inbox"
import { memo, useEffect, useRef } from "react"
import { useDraft } from "../../drafts.ts"
import { agoOf, shortAgoOf } from "../../format.ts"
import { Icon } from "../../parts/Icon.tsx"
import { Time } from "../../parts/Time.tsx"
import { words } from "../../words.ts"
import { useWorkspace } from "../../workspace.ts"
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

/** One conversation in two lines. Its name for screen readers is one sentence. */
export const Row = memo(function Row({ row, now, isOpen, position, total, onOpen }: RowProps) {
  const { me } = useWorkspace()
  const hasDraft = useDraft(me, row.id) !== ""
  const element = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (isOpen) element.current?.scrollIntoView({ block: "nearest" })
  }, [isOpen])
  const name = row.contact.name || row.contact.handle
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the listbox's, see useInboxKeys
    // biome-ignore lint/a11y/useFocusableInteractive: the listbox has the focus, and names this row as its active one
    <div
      ref={element}
      id={rowId(row.id)}
      role="option"
      className={styles.row}
      aria-selected={isOpen}
      aria-posinset={position}
      aria-setsize={total}
      aria-label={sentenceOf(row, now, hasDraft)}
      onClick={() => onOpen(row.id)}
    >
      <span className={styles.line}>
        <span className={styles.name} dir="auto">
          {name}
        </span>
        <span className={styles.channel} dir="auto">
          {row.channel_name}
        </span>
        <Time at={row.activity_at} className={styles.time}>
          {shortAgoOf(row.activity_at, now)}
        </Time>
      </span>
      <span className={styles.line}>
        <span className={styles.preview} dir="auto">
          {row.preview_direction === "outbound" && <span className={styles.you}>{words.list.you}</span>}
          {row.preview || row.subject || words.message.noWords}
        </span>
        {row.failed_count > 0 && (
          <span className={styles.failed}>
            <Icon name="failed" size={13} /> {words.list.failedShort(row.failed_count)}
          </span>
        )}
        {hasDraft && <span className={styles.draft}>{words.list.draft}</span>}
        {row.assignee !== null && (
          <span className={styles.assignee} title={words.conversation.assignedTo(row.assignee.name)}>
            {initialsOf(row.assignee.name)}
          </span>
        )}
      </span>
    </div>
  )
})

export const initialsOf = (name: string): string =>
  name
    .split(/\s+/)
    .map((part) => [...part][0] ?? "")
    .slice(0, 2)
    .join("")
    .toUpperCase()

function sentenceOf(row: ConversationRow, now: number, hasDraft: boolean): string {
  const parts = [
    row.contact.name || row.contact.handle,
    row.channel_name,
    (row.preview_direction === "outbound" ? words.list.sentBefore : "") +
      (row.preview || row.subject || words.message.noWords),
    agoOf(row.activity_at, now),
    row.failed_count > 0 && words.list.failed(row.failed_count),
    row.assignee && words.conversation.assignedTo(row.assignee.name),
    hasDraft && words.list.draftBy,
  ]
  return parts.filter(Boolean).join(", ")
}
