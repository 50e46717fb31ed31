import type { ConversationViewName } from "@causeway/contract/inbox"
import { Link } from "@tanstack/react-router"
import { useInbox } from "../../inbox-state.ts"
import { locale } from "../../language.ts"
import { type ListQuery, viewNames } from "../../lists.ts"
import { Icon } from "../../parts/Icon.tsx"
import { words } from "../../words.ts"
import { useWorkspace } from "../../workspace.ts"
import { isNarrowed } from "../List/Filters.tsx"
import { Sections } from "./Sections.tsx"
import styles from "./Views.module.css"

const compact = new Intl.NumberFormat(locale, { notation: "compact" })

/** On a phone these are the tabs; the others are reached by the list's own menu. */
const tabs: ReadonlySet<ConversationViewName> = new Set(["open", "unassigned", "mine", "failed", "archived"])

/** The views with how much is in them, and below them what they can be narrowed to. A column, a strip above the list, or tabs below it, as there is room. */
export function Views({ query }: { query: ListQuery }) {
  const counts = useInbox((state) => state.counts)
  const { session } = useWorkspace()
  const countOf = (view: ConversationViewName): number =>
    counts === null || view === "archived" || view === "trash" ? 0 : counts[view]
  return (
    <nav className={styles.nav} aria-label={words.views.label} data-region="views">
      <p className={styles.company} dir="auto">
        <img src="/app/icon.svg" alt="" width="22" height="22" />
        {session.company.name}
      </p>
      <ul className={styles.list}>
        {viewNames.map((name) => (
          <li key={name} data-tab={tabs.has(name) || undefined}>
            <Link
              to="/inbox/$view"
              params={{ view: name }}
              className={styles.link}
              aria-current={name === query.view && !isNarrowed(query) ? "page" : undefined}
              data-alarm={(name === "failed" && countOf(name) > 0) || undefined}
            >
              <Icon name={name} />
              <span className={styles.name}>{words.views.names[name]}</span>
              {countOf(name) > 0 && <span className={styles.count}>{compact.format(countOf(name))}</span>}
            </Link>
          </li>
        ))}
      </ul>
      <Sections query={query} />
    </nav>
  )
}
