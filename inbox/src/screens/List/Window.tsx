import { memo, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react"
import { useNow } from "../../format.ts"
import { indexOf, type Layout, rowAt } from "../../lists.ts"
import { Button } from "../../parts/Button.tsx"
import { words } from "../../words.ts"
import styles from "./List.module.css"
import { Placeholder, Row } from "./Row.tsx"
import { chunkRows, rowId, shownRows, useRowHeight } from "./rows.ts"

export const listboxId = "conversation-list"

interface WindowProps {
  label: string
  layout: Layout
  openId: string | null
  selected: ReadonlySet<string>
  sort: "newest" | "oldest" | "waiting"
  onOpen(id: string): void
  onSelect(index: number, isRange: boolean): void
  need(first: number, last: number): void
}

interface Range {
  first: number
  last: number
  /** As many chunks as are ever mounted at once: what leaves the window is filled anew rather than thrown away. */
  slots: number
  /** Which way the list is scrolled: 1 down, -1 up, 0 leapt or not at all. */
  towards: number
}

/** Read beyond what is in sight, the way the list is scrolled: a row that is there in time is drawn once, and no place is held for it. */
const aheadRows = 40

/** Away from the top by more than this, what is new is counted instead of pushing down what is read. */
const nearTopPx = 30

/**
 * The rows of a list as a listbox. All rows of a density are of one height, so that where each stands is known without measuring: chunks of five are
 * mounted where they are looked at, rows that are not read yet hold their place, and what changes above moves nothing of what is read.
 */
export function Window({ label, layout, openId, selected, sort, onOpen, onSelect, need }: WindowProps) {
  const { density, height } = useRowHeight()
  const box = useRef<HTMLDivElement>(null)
  const total = shownRows(layout.total, height)
  const [range, setRange] = useState<Range>({ first: 0, last: 2, slots: 3, towards: 0 })
  const [readTop, setReadTop] = useState<number | null>(null)
  const anchor = useAnchor(box, layout, height)

  function look(): void {
    const { scrollTop, clientHeight } = box.current as HTMLDivElement
    anchor.remember(scrollTop)
    const chunk = chunkRows * height
    const first = Math.max(0, Math.floor(scrollTop / chunk) - 1)
    const last = Math.floor((scrollTop + clientHeight) / chunk) + 1
    const slots = Math.ceil(clientHeight / chunk) + 3
    const by = first - range.first
    const towards = Math.abs(by) > slots ? 0 : Math.sign(by)
    if (by !== 0 || last !== range.last || slots !== range.slots) setRange({ first, last, slots, towards })
    if (scrollTop <= nearTopPx) setReadTop(null)
    else if (readTop === null) setReadTop(rowAt(layout, 0)?.activity_at ?? null)
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever there are more rows or of another height
  useLayoutEffect(look, [height, total])
  const latestLook = useRef(look)
  latestLook.current = look
  useEffect(() => {
    // The pane may be made larger, and the window with it.
    const observer = new ResizeObserver(() => latestLook.current())
    observer.observe(box.current as HTMLDivElement)
    return () => observer.disconnect()
  }, [])
  useEffect(() => {
    const { first, last, towards } = range
    const [above, below] = [Math.min(0, towards) * aheadRows, Math.max(0, towards) * aheadRows]
    need(first * chunkRows + above, (last + 1) * chunkRows - 1 + below)
  })
  useOpenInView(box, openId, indexOf(layout, openId), height)

  const now = useNow(30_000)
  const latest = useRef({ onOpen, onSelect })
  latest.current = { onOpen, onSelect }
  // The same for ever: rows are drawn again only when they change.
  const open = useCallback((id: string) => latest.current.onOpen(id), [])
  const select = useCallback((index: number, isRange: boolean) => latest.current.onSelect(index, isRange), [])
  const chunks = Math.ceil(total / chunkRows)
  const mounted = Array.from(
    { length: Math.max(0, Math.min(range.last, chunks - 1) - range.first + 1) },
    (_, i) => range.first + i,
  )
  const fresh = sort === "newest" && readTop !== null ? countNewer(layout, readTop) : 0
  return (
    <div className={styles.wrap}>
      <div className={styles.scroller} ref={box} onScroll={look}>
        <div
          id={listboxId}
          role="listbox"
          aria-multiselectable="true"
          className={styles.rows}
          data-density={density}
          data-selecting={selected.size > 0 || undefined}
          style={{ blockSize: total * height, "--row": `${height}px` } as React.CSSProperties}
          tabIndex={0}
          aria-label={label}
          aria-activedescendant={openId !== null && indexOf(layout, openId) !== -1 ? rowId(openId) : undefined}
        >
          {mounted.map((chunk) => (
            <Chunk
              key={chunk % range.slots}
              chunk={chunk}
              layout={layout}
              total={total}
              height={height}
              openId={openId}
              selected={selected}
              byWaiting={sort === "waiting"}
              now={now}
              onOpen={open}
              onSelect={select}
            />
          ))}
        </div>
        {total < layout.total && <p className={styles.more}>{words.list.beyond(layout.total - total)}</p>}
      </div>
      {fresh > 0 && (
        <Button look="primary" className={styles.fresh} onClick={() => box.current?.scrollTo({ top: 0 })}>
          {words.list.fresh(fresh)}
        </Button>
      )}
    </div>
  )
}

/** Newer than what was on top when it was left; all of them are in the first run. */
function countNewer(layout: Layout, readTop: number): number {
  const rows = layout.runs[0]?.offset === 0 ? layout.runs[0].rows : []
  const at = rows.findIndex((row) => row.activity_at <= readTop)
  return at === -1 ? rows.length : at
}

interface ChunkProps {
  chunk: number
  layout: Layout
  total: number
  height: number
  openId: string | null
  selected: ReadonlySet<string>
  byWaiting: boolean
  now: number
  onOpen(id: string): void
  onSelect(index: number, isRange: boolean): void
}

const Chunk = memo(function Chunk({ chunk, layout, total, height, openId, selected, ...rest }: ChunkProps) {
  const first = chunk * chunkRows
  const length = Math.min(chunkRows, total - first)
  return (
    <div role="presentation" className={styles.chunk} style={{ insetBlockStart: first * height }}>
      {Array.from({ length }, (_, i) => {
        const row = rowAt(layout, first + i)
        return row === undefined ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place, filled with whatever stands there
          <Placeholder key={i} />
        ) : (
          <Row
            // biome-ignore lint/suspicious/noArrayIndexKey: as above
            key={i}
            row={row}
            index={first + i}
            total={total}
            isOpen={row.id === openId}
            isSelected={selected.has(row.id)}
            {...rest}
          />
        )
      })}
    </div>
  )
})

/** Keeps what is read in place: the topmost row in sight stays where it is when rows come and go above it. */
function useAnchor(box: React.RefObject<HTMLDivElement | null>, layout: Layout, height: number) {
  const anchor = useRef<{ id: string; index: number } | null>(null)
  const latest = useRef(layout)
  const top = useRef(0)
  // As it was scrolled to: asking the box after rows were drawn would lay them out at once, and again for the paint.
  function remember(scrollTop = top.current): void {
    top.current = scrollTop
    const index = Math.ceil(scrollTop / height)
    const row = rowAt(latest.current, index)
    anchor.current = scrollTop <= nearTopPx || row === undefined ? null : { id: row.id, index }
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: only what the list holds and how tall its rows are move anything
  useLayoutEffect(() => {
    latest.current = layout
    const held = anchor.current
    const index = held === null ? -1 : indexOf(layout, held.id)
    // What was in sight has gone from the list, or was not read yet when it was scrolled to: from now on what is there.
    if (held === null || index === -1) return remember()
    if (index === held.index) return
    anchor.current = { id: held.id, index }
    top.current += (index - held.index) * height
    ;(box.current as HTMLDivElement).scrollTop = top.current
  }, [layout, height])
  return { remember }
}

/** The open conversation's row is brought into sight when another one is opened, and left alone when the list moves. */
function useOpenInView(
  box: React.RefObject<HTMLDivElement | null>,
  openId: string | null,
  index: number,
  height: number,
) {
  const shown = useRef<string | null>(null)
  useLayoutEffect(() => {
    if (box.current === null || shown.current === openId || (index === -1 && openId !== null)) return
    shown.current = openId
    if (openId === null) return
    const { scrollTop, clientHeight } = box.current
    const top = index * height
    if (top < scrollTop) box.current.scrollTop = top
    else if (top + height > scrollTop + clientHeight) box.current.scrollTop = top + height - clientHeight
  })
}
