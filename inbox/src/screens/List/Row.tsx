import type { ConversationRow } from "@causeway/contract/inbox"
import { type MouseEvent, memo } from "react"
import { useDraft } from "../../drafts.ts"
import { agoOf, momentOf, shortAgoOf } from "../../format.ts"
import { isUnread, snoozedUntil } from "../../lists.ts"
import { initialsOf } from "../../parts/Avatar.tsx"
import { Icon, type IconName } from "../../parts/Icon.tsx"
import { Time } from "../../parts/Time.tsx"
import { words } from "../../words.ts"
import { useWorkspace } from "../../workspace.ts"
import { RowPresence, useColleagues } from "../Conversation/Header/Presence.tsx"
import styles from "./List.module.css"
import { rowId } from "./rows.ts"

const said = words.list

interface RowProps {
  row: ConversationRow
  /** Its place in the list, from 0. */
  index: number
  total: number
  now: number
  isOpen: boolean
  isSelected: boolean
  /** Whether the list goes by who has waited longest. */
  byWaiting: boolean
  onOpen(id: string): void
  onSelect(index: number, isRange: boolean): void
}

/** One conversation. What is read out is one sentence; what is seen says the same in its places. */
export const Row = memo(function Row({ row, index, total, now, isOpen, isSelected, byWaiting, ...on }: RowProps) {
  const { me } = useWorkspace()
  const hasLocalDraft = useDraft(me, row.id) !== ""
  const badges = badgesOf(row, me, hasLocalDraft, now)
  const colleague = useColleagues(row.id)[0]
  const presence = colleague === undefined ? "" : words.presence.one(colleague.name, words.presence[colleague.state])
  const at = byWaiting ? (row.waiting_since ?? row.activity_at) : row.activity_at
  function onClick(event: MouseEvent): void {
    const isBox = (event.target as HTMLElement).closest("[data-select]") !== null
    if (isBox || event.shiftKey || event.ctrlKey || event.metaKey) on.onSelect(index, event.shiftKey)
    else on.onOpen(row.id)
  }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the listbox's, see useListCommands
    // biome-ignore lint/a11y/useFocusableInteractive: the listbox has the focus, and names this row as its active one
    <div
      id={rowId(row.id)}
      role="option"
      className={styles.row}
      data-unread={isUnread(row) || undefined}
      aria-current={isOpen ? "true" : undefined}
      aria-selected={isSelected}
      aria-posinset={index + 1}
      aria-setsize={total}
      onClick={onClick}
    >
      <span className={`said ${styles.sentence}`}>{sentenceOf(row, badges, agoOf(at, now), presence)}</span>
      <span className={styles.mark} data-select>
        <i />
      </span>
      <span className={styles.line} aria-hidden="true">
        <span className={styles.from}>
          <bdi className={styles.name}>{nameOf(row)}</bdi>
          <bdi className={styles.channel}>
            {row.is_call && <Icon name="call" size={12} />}
            {row.channel_name}
          </bdi>
        </span>
        <span className={styles.time}>
          {byWaiting && row.waiting_since !== null && <Icon name="clock" size={12} />}
          <Time at={at}>{shortAgoOf(at, now)}</Time>
        </span>
      </span>
      <Preview row={row} />
      <Badges row={row} badges={badges} />
    </div>
  )
})

/** A row that is not read yet, of the right height. */
export const Placeholder = () => (
  <div className={styles.row} data-placeholder aria-hidden="true">
    <i />
    <i />
  </div>
)

/** It runs as the words do, whatever stands before them: they are cut off at their end. */
function Preview({ row }: { row: ConversationRow }) {
  return (
    <span className={styles.preview} dir="auto" aria-hidden="true">
      {row.preview_direction === "outbound" && (
        <>
          <bdi className={styles.you}>{said.you.trimEnd()}</bdi>{" "}
        </>
      )}
      {row.subject !== "" && row.preview !== row.subject && <b>{row.subject} </b>}
      {row.preview || row.subject || words.message.noWords}
    </span>
  )
}

function Badges({ row, badges }: { row: ConversationRow; badges: readonly Badge[] }) {
  // How it stands comes before what it is about, and neither may leave the words no room.
  const shown = row.tags.slice(0, badges.length > 0 ? 1 : 2)
  const rest = row.tags.slice(shown.length)
  return (
    <span className={styles.badges} aria-hidden="true">
      {badges.map(({ kind, text, icon }) => (
        <span key={kind} className={styles[kind]}>
          {icon && <Icon name={icon} size={13} />}
          {text}
        </span>
      ))}
      {shown.map(({ id, name, highlight }) => (
        <span key={id} className={styles.tag} data-highlight={highlight ?? undefined} dir="auto">
          {name}
        </span>
      ))}
      {rest.length > 0 && (
        <span className={styles.rest} dir="ltr" title={rest.map(({ name }) => name).join(", ")}>
          +{rest.length}
        </span>
      )}
      <RowPresence conversationId={row.id} />
      {row.assignee !== null && (
        <span className={styles.assignee} title={row.assignee.name}>
          {initialsOf(row.assignee.name)}
        </span>
      )}
    </span>
  )
}

interface Badge {
  kind: "failed" | "draft" | "snoozed"
  text: string
  icon: IconName
}

function badgesOf(row: ConversationRow, me: string, hasLocalDraft: boolean, now: number): Badge[] {
  const badges: Badge[] = []
  if (row.failed_count > 0) badges.push({ kind: "failed", text: said.failed(row.failed_count), icon: "failed" })
  const others = row.drafts_by.filter(({ id }) => id !== me)
  if (hasLocalDraft || others.length < row.drafts_by.length)
    badges.push({ kind: "draft", text: said.draft, icon: "drafts" })
  else if (others[0] !== undefined) badges.push({ kind: "draft", text: said.draftBy(others[0].name), icon: "drafts" })
  const until = row.status === "archived" ? snoozedUntil(row, me) : null
  if (until !== null) badges.push({ kind: "snoozed", text: said.until(momentOf(until, now)), icon: "snoozed" })
  return badges
}

export const nameOf = (row: ConversationRow): string => row.contact.name || row.contact.handle || row.subject

/** "Unread. Mia Kovač, SMS, It should have come on Monday, 2 minutes ago, Draft". */
function sentenceOf(row: ConversationRow, badges: readonly Badge[], ago: string, presence: string): string {
  const preview = row.preview || row.subject || words.message.noWords
  const parts = [
    nameOf(row),
    row.is_call ? `${row.channel_name} (${said.call})` : row.channel_name,
    row.preview_direction === "outbound" ? `${said.you}${preview}` : preview,
    ago,
    presence,
    ...badges.map(({ text }) => text),
    ...(row.waiting_since === null || row.status === "archived" ? [] : [said.waiting]),
    ...row.tags.map(({ name }) => name),
    ...(row.assignee === null ? [] : [words.conversation.assignedTo(row.assignee.name)]),
  ]
  const sentence = parts.filter((part) => part !== "").join(", ")
  return isUnread(row) ? `${said.unread}. ${sentence}` : sentence
}
