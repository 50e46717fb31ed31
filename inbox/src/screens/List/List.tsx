import { Link, useNavigate } from "@tanstack/react-router"
import { lazy, Suspense, useEffect } from "react"
import { timeOf } from "../../format.ts"
import { locale } from "../../language.ts"
import { type ListQuery, listKey } from "../../lists.ts"
import { Icon } from "../../parts/Icon.tsx"
import { Late } from "../../parts/Late.tsx"
import { Notice } from "../../parts/Notice.tsx"
import { useValue } from "../../value.ts"
import { words } from "../../words.ts"
import { useWorkspace } from "../../workspace.ts"
import { Account } from "../Inbox/Account.tsx"
import { Bell } from "../Notices/Bell.tsx"
import { isNarrowed, useTitle } from "./Filters.tsx"
import styles from "./List.module.css"
import { useRowHeight } from "./rows.ts"
import { SortMenu } from "./SortMenu.tsx"
import { type ListState, useList } from "./useList.ts"
import { useListCommands } from "./useListCommands.ts"
import { useNarrow } from "./useListQuery.ts"
import { type Selection, useSelection } from "./useSelection.ts"
import { Window } from "./Window.tsx"

/** Only while something is chosen. */
const BulkBar = lazy(() => import("./BulkBar.tsx"))
/** Only while a list is narrowed. */
const FilterChips = lazy(() => import("./FilterChips.tsx"))
/** Only while nothing is open. */
const FirstSteps = lazy(() => import("../Inbox/FirstSteps.tsx"))

const figures = new Intl.NumberFormat(locale)

interface ListProps {
  query: ListQuery
  openId: string | null
}

/** One list of the inbox as a listbox; what it is of and how it is sorted stands above it. */
export function List({ query, openId }: ListProps) {
  const list = useList(query)
  const selection = useSelection(list.layout, listKey(query))
  const name = useTitle(query)
  useListCommands(list.layout, openId, selection)
  useEffect(() => {
    if (openId === null) document.title = `${name} · ${words.product}`
  }, [name, openId])
  const total = list.layout?.total ?? 0
  return (
    <section className={styles.pane} aria-label={words.list.label} data-list data-region="list">
      {selection.ids.size > 0 && (
        <Suspense>
          <BulkBar query={query} total={total} selection={selection} />
        </Suspense>
      )}
      <header className={styles.head} hidden={selection.ids.size > 0}>
        <h2 dir="auto">{name}</h2>
        {total > 0 && <span className={styles.total}>{figures.format(total)}</span>}
        <AsOf />
        <Link
          to="/search"
          search={{}}
          className={styles.search}
          aria-label={words.list.search}
          title={words.list.search}
          aria-keyshortcuts="/"
        >
          <Icon name="search" />
        </Link>
        <SortMenu query={query} />
        <Bell conversationId={openId} />
        <Account />
      </header>
      {isNarrowed(query) && (
        <Suspense>
          <FilterChips query={query} />
        </Suspense>
      )}
      <Content query={query} openId={openId} list={list} selection={selection} />
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

function Content({ query, openId, list, selection }: ListProps & { list: ListState; selection: Selection }) {
  const navigate = useNavigate()
  const { layout, error } = list
  const { view, sort } = query
  if (layout === null) return error === null ? <Skeleton /> : <Failed error={error} onRetry={list.reload} />
  if (layout.total === 0) return <Empty query={query} />
  const open = (conversationId: string): void =>
    void navigate({
      to: "/inbox/$view/$conversationId",
      params: { view, conversationId },
      search: (previous) => previous,
      replace: openId !== null,
    })
  return (
    <>
      <Window
        key={listKey(query)}
        label={words.views.names[view]}
        layout={layout}
        openId={openId}
        selected={selection.ids}
        sort={sort}
        onOpen={open}
        onSelect={selection.toggle}
        need={list.need}
      />
      {error !== null && <Failed error={error} onRetry={list.reload} />}
    </>
  )
}

function Failed({ error, onRetry }: { error: "unreachable" | "forbidden"; onRetry(): void }) {
  if (error === "forbidden") return <Notice title={words.list.closed[0]} text={words.list.closed[1]} />
  return <Notice title={words.failedLoad.list} text={words.unreachable.text} onRetry={onRetry} />
}

function Empty({ query }: { query: ListQuery }) {
  const narrow = useNarrow()
  if (isNarrowed(query))
    return (
      <Notice title={words.list.nothing[0]} text={words.list.nothing[1]}>
        <button
          type="button"
          className={styles.clear}
          onClick={() => narrow({ inbox: undefined, channel: undefined, tag: undefined, assignee: undefined })}
        >
          {words.list.clear}
        </button>
      </Notice>
    )
  const [title, text] = words.list.empty[query.view]
  if (query.view === "open")
    return (
      <Suspense>
        <FirstSteps title={title} text={text} />
      </Suspense>
    )
  return <Notice title={title} text={text} />
}

const skeletonRows = Array.from({ length: 9 }, (_, index) => index)

function Skeleton() {
  const { height } = useRowHeight()
  return (
    <Late>
      <output className="said">{words.loading}</output>
      <div aria-hidden="true" style={{ "--row": `${height}px` } as React.CSSProperties}>
        {skeletonRows.map((index) => (
          <div key={index} className={styles.row} data-placeholder>
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
