import type { ConversationRow, ConversationViewName } from "@causeway/contract/inbox"
import { useNavigate } from "@tanstack/react-router"
import { useEffect, useRef, useState } from "react"
import { timeOf, useNow } from "../../format.ts"
import { Button } from "../../parts/Button.tsx"
import { Late } from "../../parts/Late.tsx"
import { Notice } from "../../parts/Notice.tsx"
import { useValue } from "../../value.ts"
import { words } from "../../words.ts"
import { useWorkspace } from "../../workspace.ts"
import { Account } from "./Account.tsx"
import { FirstSteps } from "./FirstSteps.tsx"
import styles from "./List.module.css"
import { Row, rowId } from "./Row.tsx"
import { type ListState, useList } from "./useList.ts"

interface ListProps {
  view: ConversationViewName
  openId: string | null
}

export const listboxId = "conversation-list"

/** One view of the inbox as a listbox; the row that is open is the one that is selected. */
export function List({ view, openId }: ListProps) {
  const list = useList(view)
  const name = words.views.names[view]
  useEffect(() => {
    if (openId === null) document.title = `${name} · ${words.product}`
  }, [name, openId])
  return (
    <section className={styles.pane} aria-label={words.list.label} data-list data-region="list">
      <header className={styles.head}>
        <h2>{name}</h2>
        {list.total !== null && list.total > 0 && <span className={styles.total}>{list.total}</span>}
        <AsOf />
        <Account />
      </header>
      <Content view={view} openId={openId} list={list} />
    </section>
  )
}

/** While the stream is down the list says how old it is. */
function AsOf() {
  const { liveState, heardAt } = useWorkspace()
  const state = useValue(liveState)
  const at = useValue(heardAt)
  if (state === "live" || state === "connecting" || at === null) return null
  return <span className={styles.asOf}>{words.list.asOf(timeOf(at / 1000))}</span>
}

function Content({ view, openId, list }: { view: ConversationViewName; openId: string | null; list: ListState }) {
  const { rows, error } = list
  if (rows === null) {
    return error ? (
      <Notice title={words.failedLoad.list} text={words.unreachable.text} onRetry={list.reload} />
    ) : (
      <Skeleton />
    )
  }
  if (rows.length === 0 && !list.hasMore) return <Empty view={view} />
  return <Rows view={view} openId={openId} list={list} rows={rows} />
}

function Empty({ view }: { view: ConversationViewName }) {
  const [title, text] = words.list.empty[view]
  if (view === "open") return <FirstSteps title={title} text={text} />
  return <Notice title={title} text={text} />
}

const nearTopPx = 30
const nearEndPx = 600

function Rows({
  view,
  openId,
  list,
  rows,
}: {
  view: ConversationViewName
  openId: string | null
  list: ListState
  rows: ConversationRow[]
}) {
  const now = useNow(30_000)
  const navigate = useNavigate()
  const box = useRef<HTMLDivElement>(null)
  const [readTop, setReadTop] = useState<number | null>(null)
  const fresh = readTop === null ? 0 : rows.filter((row) => row.activity_at > readTop).length

  function onScroll(): void {
    const { scrollTop, scrollHeight, clientHeight } = box.current as HTMLDivElement
    // Away from the top, what is new is counted instead of pushing down what is read.
    if (scrollTop <= nearTopPx) setReadTop(null)
    else if (readTop === null) setReadTop(rows[0]?.activity_at ?? null)
    if (scrollHeight - scrollTop - clientHeight < nearEndPx && list.error === null) list.loadMore()
  }
  const open = (id: string): void =>
    void navigate({ to: "/inbox/$view/$conversationId", params: { view, conversationId: id } })

  return (
    <div className={styles.wrap}>
      <div className={styles.scroller} ref={box} onScroll={onScroll}>
        <div
          id={listboxId}
          role="listbox"
          className={styles.rows}
          tabIndex={0}
          aria-label={words.views.names[view]}
          aria-activedescendant={openId !== null && rows.some((row) => row.id === openId) ? rowId(openId) : undefined}
        >
          {rows.map((row, index) => (
            <Row
              key={row.id}
              row={row}
              now={now}
              isOpen={row.id === openId}
              position={index + 1}
              total={list.hasMore ? Math.max(list.total ?? -1, rows.length) : rows.length}
              onOpen={open}
            />
          ))}
        </div>
        {list.error !== null && (
          <p className={styles.more} role="alert">
            {words.failedLoad.list} <Button onClick={list.loadMore}>{words.retry}</Button>
          </p>
        )}
        {list.hasMore && list.error === null && (
          <p className={styles.more}>
            <Button look="quiet" onClick={list.loadMore}>
              {list.isLoadingMore ? words.list.loadingMore : words.list.more}
            </Button>
          </p>
        )}
      </div>
      {fresh > 0 && (
        <Button look="primary" className={styles.fresh} onClick={() => box.current?.scrollTo({ top: 0 })}>
          {words.list.fresh(fresh)}
        </Button>
      )}
    </div>
  )
}

const skeletonRows = Array.from({ length: 9 }, (_, index) => index)

function Skeleton() {
  return (
    <Late>
      <output className="said">{words.loading}</output>
      <div aria-hidden="true" className={styles.rows}>
        {skeletonRows.map((index) => (
          <div key={index} className={styles.skeleton}>
            <i />
            <i />
          </div>
        ))}
      </div>
      <Late afterMs={8_000}>
        <p className={styles.more}>{words.slow}</p>
      </Late>
    </Late>
  )
}
