import type { ContactEntry } from "@causeway/contract/endpoints/contact-book"
import { Link, useParams } from "@tanstack/react-router"
import { useEffect, useLayoutEffect, useRef, useState } from "react"
import { contactsWords } from "../../contacts-words.ts"
import { shortAgoOf, useNow } from "../../format.ts"
import { useCommand } from "../../keys/useCommand.ts"
import { Avatar } from "../../parts/Avatar.tsx"
import { Time } from "../../parts/Time.tsx"
import bookStyles from "./Book.module.css"
import chipStyles from "./Chips.module.css"
import styles from "./Rows.module.css"
import textStyles from "./Text.module.css"
import { useAddress } from "./useAddress.ts"
import type { useBook } from "./useBook.ts"

const said = contactsWords.book
/** Every row is of one height, so that where each stands is known without measuring. */
const rowPx = 60
/** Drawn beyond what is seen; and so near to the end more is read. */
const aheadRows = 10

export const nameOf = (contact: { name: string | null; handles: readonly { handle: string }[] }): string =>
  contact.name || contact.handles[0]?.handle || said.unnamed

/** How somebody is reached, without what they go by already. */
export const handlesBelow = (contact: { name: string | null; handles: readonly { handle: string }[] }): string[] =>
  contact.handles.slice(contact.name ? 0 : 1).map(({ handle }) => handle)

interface RowsProps {
  book: ReturnType<typeof useBook>
  chosen: ReadonlySet<string>
  /** Null: nothing can be done with several. */
  onChoose: ((chosen: ReadonlySet<string>) => void) | null
}

/** The rows that are looked at, and the one with the focus; one stop for Tab, ↑ ↓ or j k from one to the next, Enter opens. */
export function Rows({ book, chosen, onChoose }: RowsProps) {
  const { entries, hasMore, readOn } = book
  const { contactId = null } = useParams({ strict: false }) as { contactId?: string }
  const box = useRef<HTMLDivElement>(null)
  const [range, setRange] = useState({ first: 0, last: 30 })
  const openAt = entries.findIndex(({ id }) => id === contactId)
  const [at, setAt] = useState(Math.max(0, openAt))
  const isMoving = useRef(false)
  const current = Math.min(at, entries.length - 1)

  function look(): void {
    const { scrollTop, clientHeight } = box.current as HTMLDivElement
    const first = Math.max(0, Math.floor(scrollTop / rowPx) - aheadRows)
    const last = Math.ceil((scrollTop + clientHeight) / rowPx) + aheadRows
    if (first !== range.first || last !== range.last) setRange({ first, last })
  }
  const latestLook = useRef(look)
  latestLook.current = look
  useEffect(() => {
    const observer = new ResizeObserver(() => latestLook.current())
    observer.observe(box.current as HTMLDivElement)
    return () => observer.disconnect()
  }, [])
  useEffect(() => {
    if (hasMore && range.last >= entries.length) readOn()
  })
  useLayoutEffect(() => {
    if (!isMoving.current) return
    isMoving.current = false
    box.current?.querySelector<HTMLElement>(`[data-at="${current}"] a`)?.focus()
  })

  function moveTo(next: number): boolean {
    const place = Math.max(0, Math.min(entries.length - 1, next))
    const scroller = box.current as HTMLDivElement
    const top = place * rowPx
    if (top < scroller.scrollTop) scroller.scrollTop = top
    else if (top + rowPx > scroller.scrollTop + scroller.clientHeight)
      scroller.scrollTop = top + rowPx - scroller.clientHeight
    isMoving.current = true
    setAt(place)
    look()
    return true
  }
  const isInRows = (): boolean => box.current?.contains(document.activeElement) ?? false
  /** Arrows keep their usual meaning where something else has the focus. */
  const step = (by: 1 | -1, chord: string | null): boolean => {
    if (isInRows()) return moveTo(current + by)
    return chord?.startsWith("Arrow") ? false : moveTo(current)
  }
  useCommand("next", (chord) => step(1, chord))
  useCommand("previous", (chord) => step(-1, chord))
  const toggle = (id: string): void => {
    const next = new Set(chosen)
    if (!next.delete(id)) next.add(id)
    onChoose?.(next)
  }
  useCommand("select", onChoose === null ? null : () => toggle((entries[current] as ContactEntry).id))

  const shown = Array.from(
    { length: Math.max(0, Math.min(range.last, entries.length - 1) - range.first + 1) },
    (_, i) => range.first + i,
  )
  if (!shown.includes(current)) shown.push(current)
  return (
    <div className={bookStyles.scroller} ref={box} onScroll={look}>
      <ul className={styles.rows} style={{ blockSize: entries.length * rowPx }} aria-label={said.rows}>
        {shown.map((index) => {
          const entry = entries[index] as ContactEntry
          return (
            <Row
              key={entry.id}
              entry={entry}
              index={index}
              total={hasMore ? -1 : entries.length}
              isCurrent={index === current}
              isOpen={entry.id === contactId}
              isChosen={chosen.has(entry.id)}
              onFocus={() => setAt(index)}
              onChoose={onChoose === null ? null : () => toggle(entry.id)}
            />
          )
        })}
      </ul>
    </div>
  )
}

/** Puts the focus where a contact stands in the list; it may still have to be drawn. */
export function focusRow(contactId: string, tries = 30): void {
  const row = document.querySelector<HTMLElement>(`[data-contact="${contactId}"] a`)
  if (row?.checkVisibility()) row.focus()
  else if (tries > 0) requestAnimationFrame(() => focusRow(contactId, tries - 1))
}

interface RowProps {
  entry: ContactEntry
  index: number
  total: number
  isCurrent: boolean
  isOpen: boolean
  isChosen: boolean
  onFocus(): void
  onChoose: (() => void) | null
}

function Row({ entry, index, total, isCurrent, isOpen, isChosen, onFocus, onChoose }: RowProps) {
  const { address } = useAddress()
  const now = useNow(60_000)
  const name = nameOf(entry)
  const tabIndex = isCurrent ? 0 : -1
  const below = handlesBelow(entry).slice(0, 2)
  const others = entry.handle_count - below.length - (entry.name ? 0 : 1)
  return (
    <li
      className={styles.row}
      style={{ insetBlockStart: index * rowPx }}
      aria-posinset={index + 1}
      aria-setsize={total}
      data-at={index}
      data-contact={entry.id}
      data-chosen={isChosen || undefined}
      onFocus={onFocus}
    >
      {onChoose !== null && (
        <label className={styles.choose}>
          <input type="checkbox" tabIndex={tabIndex} checked={isChosen} onChange={onChoose} />
          <span className="said">{contactsWords.chosen.choose(name)}</span>
        </label>
      )}
      <Link
        to="/contacts/$contactId"
        params={{ contactId: entry.id }}
        search={address}
        tabIndex={tabIndex}
        aria-current={isOpen ? "true" : undefined}
        className={styles.entry}
      >
        <Avatar name={name} size={32} />
        <span className={styles.who}>
          <strong dir="auto">{name}</strong>
          <span className={textStyles.side}>
            <bdi>{below.join(" · ") || said.unnamed}</bdi>
            {others > 0 && ` ${said.more(others)}`}
          </span>
        </span>
        <span className={chipStyles.tags}>
          {entry.lists.slice(0, 2).map((list) => (
            <span key={list.id} className={chipStyles.chip} dir="auto">
              {list.name}
            </span>
          ))}
          {entry.lists.length > 2 && <span className={textStyles.side}>{said.more(entry.lists.length - 2)}</span>}
        </span>
        <span className={styles.heard}>
          {entry.last_activity_at === null ? (
            <span className={`${textStyles.side} ${styles.never}`}>{said.never}</span>
          ) : (
            <>
              <span>{said.conversations(entry.conversation_count)}</span>
              <span className={textStyles.side}>
                <span className="said">{said.heard}</span>{" "}
                <Time at={entry.last_activity_at}>{shortAgoOf(entry.last_activity_at, now)}</Time>
              </span>
            </>
          )}
        </span>
      </Link>
    </li>
  )
}
