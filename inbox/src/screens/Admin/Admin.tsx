import { Link, useParams } from "@tanstack/react-router"
import { type ComponentType, lazy, Suspense } from "react"
import { adminWords } from "../../admin-words.ts"
import { Icon } from "../../parts/Icon.tsx"
import { Late } from "../../parts/Late.tsx"
import { Notice } from "../../parts/Notice.tsx"
import { words } from "../../words.ts"
import { useWorkspace } from "../../workspace.ts"
import { ActivityStrip } from "../Inbox/ActivityStrip.tsx"
import styles from "./Admin.module.css"
import { type AdminSection, adminSections } from "./sections.ts"

/** Each page is loaded when it is opened. To add one: its name in sections.ts, its words under `admin.sections`, a line here, and its file beside this. */
const pages: Record<AdminSection, ComponentType> = {
  channels: lazy(() => import("./Channels.tsx")),
  teammates: lazy(() => import("./Teammates.tsx")),
  tokens: lazy(() => import("./Tokens.tsx")),
  audit: lazy(() => import("./Audit.tsx")),
  health: lazy(() => import("./Health.tsx")),
}

/** Everything that an admin does around the inbox. Who is none is told so; the server refuses them anyway. */
export default function AdminScreen() {
  const { section } = useParams({ strict: false }) as { section: AdminSection }
  const { session } = useWorkspace()
  const Page = pages[section]
  return (
    <div className={styles.screen}>
      <nav className={styles.nav} aria-label={adminWords.admin.nav} data-region="views">
        <Link to="/inbox/$view" params={{ view: "open" }}>
          <Icon name="back" /> {adminWords.admin.back}
        </Link>
        <h2>{adminWords.admin.label}</h2>
        {adminSections.map((name) => (
          <Link
            key={name}
            to="/admin/$section"
            params={{ section: name }}
            aria-current={name === section ? "page" : undefined}
          >
            {adminWords.admin.sections[name]}
          </Link>
        ))}
      </nav>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard */}
      <main className={styles.main} tabIndex={0} aria-label={adminWords.admin.label} data-region="conversation">
        {session.teammate.role === "admin" ? (
          <Suspense
            fallback={
              <Late>
                <output>{words.loading}</output>
              </Late>
            }
          >
            <Page />
          </Suspense>
        ) : (
          <Notice title={adminWords.admin.onlyAdmins} text={adminWords.admin.onlyAdminsText} level={1} />
        )}
      </main>
      <div className={styles.strip}>
        <ActivityStrip isOffFeed />
      </div>
    </div>
  )
}
