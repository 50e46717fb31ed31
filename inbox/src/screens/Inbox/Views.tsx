import type { ConversationViewName } from "@causeway/contract/inbox"
import { Link } from "@tanstack/react-router"
import { useInbox } from "../../inbox-state.ts"
import { locale } from "../../language.ts"
import { Icon } from "../../parts/Icon.tsx"
import { viewNames } from "../../store.ts"
import { words } from "../../words.ts"
import { useWorkspace } from "../../workspace.ts"
import styles from "./Views.module.css"

const compact = new Intl.NumberFormat(locale, { notation: "compact" })

/** The views with how much is in them. A column, a strip above the list, or a bar below it, as there is room. */
export function Views({ view }: { view: ConversationViewName }) {
  const counts = useInbox((state) => state.counts)
  const { session } = useWorkspace()
  return (
    <nav className={styles.nav} aria-label={words.views.label} data-region="views">
      <p className={styles.company} dir="auto">
        <img src="/app/icon.svg" alt="" width="22" height="22" />
        {session.company.name}
      </p>
      <ul className={styles.list}>
        {viewNames.map((name) => (
          <li key={name}>
            <Link
              to="/inbox/$view"
              params={{ view: name }}
              className={styles.link}
              aria-current={name === view ? "page" : undefined}
              data-alarm={name === "failed" && counts !== null && counts.failed > 0 ? true : undefined}
            >
              <Icon name={name} />
              <span className={styles.name}>{words.views.names[name]}</span>
              {counts !== null && name !== "archived" && counts[name] > 0 && (
                <span className={styles.count}>{compact.format(counts[name])}</span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
