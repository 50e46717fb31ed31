import type { ConversationViewName } from "@causeway/contract/inbox"
import { Link } from "@tanstack/react-router"
import { type CSSProperties, lazy, memo, type ReactNode, Suspense, useEffect, useId, useRef, useState } from "react"
import { useInbox } from "../../inbox-state.ts"
import { locale } from "../../language.ts"
import { type ListQuery, viewNames } from "../../lists.ts"
import { Icon } from "../../parts/Icon.tsx"
import popover from "../../parts/Popover.module.css"
import side from "../../parts/SideList.module.css"
import { words } from "../../words.ts"
import { useWorkspace } from "../../workspace.ts"
import { isNarrowed } from "../List/Filters.tsx"
import styles from "./Views.module.css"

const anchor = "--more-views"
const link = `${side.link} ${styles.link}`
const compact = new Intl.NumberFormat(locale, { notation: "compact" })

const Sections = lazy(() => import("./Sections.tsx"))

/** On a phone these are the tabs; the others are under More. */
const tabs: ReadonlySet<ConversationViewName> = new Set(["open", "unassigned", "mine", "failed"])

/** The views with how much is in them, and below them what they can be narrowed to. A column, a strip above the list, or tabs below it, as there is room. */
export const Views = memo(function Views({ query }: { query: ListQuery }) {
  const counts = useInbox((state) => state.counts)
  const { session } = useWorkspace()
  const countOf = (view: ConversationViewName): number =>
    counts === null || view === "archived" || view === "trash" ? 0 : counts[view]
  const linkTo = (name: ConversationViewName) => (
    <li key={name} data-tab={tabs.has(name) || undefined}>
      <Link
        to="/inbox/$view"
        params={{ view: name }}
        className={link}
        aria-current={name === query.view && !isNarrowed(query) ? "page" : undefined}
        data-alarm={(name === "failed" && countOf(name) > 0) || undefined}
      >
        <Icon name={name} />
        <span className={styles.name}>{words.views.names[name]}</span>
        {countOf(name) > 0 && <span className={`${side.count} ${styles.count}`}>{compact.format(countOf(name))}</span>}
      </Link>
    </li>
  )
  const toContacts = (
    <li>
      <Link to="/contacts" search={{}} className={link}>
        <Icon name="person" />
        <span className={styles.name}>{words.account.contacts}</span>
      </Link>
    </li>
  )
  return (
    <nav className={styles.nav} aria-label={words.views.label} data-region="views">
      <p className={styles.company} dir="auto">
        <img src="/app/icon.svg" alt="" width="22" height="22" />
        {session.company.name}
      </p>
      <ul className={styles.list}>
        {viewNames.map(linkTo)}
        <More query={query}>
          {viewNames.filter((name) => !tabs.has(name)).map(linkTo)}
          {toContacts}
        </More>
        {toContacts}
      </ul>
      <Suspense>
        <Sections query={query} />
      </Suspense>
    </nav>
  )
})

/** Where there is no room for all of it: the other views, and what the list can be narrowed to. */
function More({ query, children }: { query: ListQuery; children: ReactNode }) {
  const id = useId()
  const panel = useRef<HTMLDivElement>(null)
  const [isOpen, setIsOpen] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever chose a list is there
  useEffect(() => panel.current?.hidePopover(), [query])
  return (
    <li data-tab data-more>
      <button
        type="button"
        className={link}
        style={{ anchorName: anchor } as CSSProperties}
        popoverTarget={id}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        data-current={isNarrowed(query) ? "narrowed" : tabs.has(query.view) ? undefined : "view"}
      >
        <Icon name="more" />
        <span className={styles.name}>{words.views.more}</span>
      </button>
      <div
        ref={panel}
        id={id}
        popover="auto"
        role="dialog"
        aria-label={words.views.more}
        className={`${popover.panel} ${styles.panel}`}
        style={{ positionAnchor: anchor } as CSSProperties}
        onToggle={(event) => setIsOpen(event.newState === "open")}
      >
        {isOpen && (
          <>
            <ul className={styles.others}>{children}</ul>
            <Suspense>
              <Sections query={query} />
            </Suspense>
          </>
        )}
      </div>
    </li>
  )
}
