import type { ConversationRow } from "@causeway/contract/inbox"
import { useTags } from "../../../directory.ts"
import { Icon } from "../../../parts/Icon.tsx"
import { Picker } from "../../../parts/Picker.tsx"
import { Popover } from "../../../parts/Popover.tsx"
import { words } from "../../../words.ts"
import { useWorkspace } from "../../../workspace.ts"
import { createTag, toggleTag } from "./changes.ts"
import styles from "./Header.module.css"

const said = words.header.tags

/** Puts tags on and takes them off; the list stays open for the next one. */
export function Tags({ row }: { row: ConversationRow }) {
  return (
    <Popover
      command="tag"
      icon="tag"
      label={said.label}
      className={styles.action}
      text={<span className={styles.label}>{said.label}</span>}
    >
      {() => <Choice row={row} />}
    </Popover>
  )
}

function Choice({ row }: { row: ConversationRow }) {
  const workspace = useWorkspace()
  const known = useTags().data ?? []
  const on = new Set(row.tags.map(({ id }) => id))
  const options = known
    .map((tag) => ({
      id: tag.id,
      label: tag.name,
      isChosen: on.has(tag.id),
      mark: <Dot colour={tag.highlight} />,
      ...(tag.description !== null && { hint: tag.description }),
    }))
    .toSorted((a, b) => Number(b.isChosen) - Number(a.isChosen) || a.label.localeCompare(b.label))
  const isAdmin = workspace.session.teammate.role === "admin"
  return (
    <Picker
      label={said.search}
      options={options}
      none={said.none}
      onPick={({ id, label, isChosen }) => void toggleTag(workspace, row, { id, name: label }, isChosen === true)}
      create={isAdmin ? { label: said.create, make: (name) => void createTag(workspace, row, name) } : undefined}
    />
  )
}

const Dot = ({ colour }: { colour: string | null }) => (
  <span className={styles.dot} data-colour={colour ?? "grey"} aria-hidden="true" />
)

/** What is on the conversation, each with its way off. */
export function TagChips({ row, isReadOnly }: { row: ConversationRow; isReadOnly: boolean }) {
  const workspace = useWorkspace()
  if (row.tags.length === 0) return null
  return (
    <ul className={styles.chips} aria-label={said.label}>
      {row.tags.map((tag) => (
        <li key={tag.id} className={styles.chip}>
          <Dot colour={tag.highlight} />
          <span dir="auto">{tag.name}</span>
          {!isReadOnly && (
            <button
              type="button"
              aria-label={said.remove(tag.name)}
              onClick={() => void toggleTag(workspace, row, tag, true)}
            >
              <Icon name="close" size={12} />
            </button>
          )}
        </li>
      ))}
    </ul>
  )
}
