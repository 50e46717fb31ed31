import { Link, useParams } from "@tanstack/react-router"
import { type ComponentType, lazy, Suspense } from "react"
import { adminWords } from "../../admin-words.ts"
import { useLiveHere } from "../../live-here.ts"
import { Icon } from "../../parts/Icon.tsx"
import { Late } from "../../parts/Late.tsx"
import { Notice } from "../../parts/Notice.tsx"
import side from "../../parts/SideList.module.css"
import { words } from "../../words.ts"
import { useWorkspace } from "../../workspace.ts"
import { ActivityStrip } from "../Inbox/ActivityStrip.tsx"
import styles from "./Admin.module.css"
import { sectionsFor, useMay } from "./access.ts"
import { type AdminSection, isAdminSection } from "./sections.ts"

/** Each page is loaded when it is opened. To add one: its name in sections.ts, its words under `admin.sections`, a line here, and its file beside this. */
const pages: Record<AdminSection, ComponentType> = {
  channels: lazy(() => import("./Channels.tsx")),
  rules: lazy(() => import("./Rules/Rules.tsx")),
  teammates: lazy(() => import("./Teammates.tsx")),
  tokens: lazy(() => import("./Tokens.tsx")),
  webhooks: lazy(() => import("./Webhooks.tsx")),
  "oauth-clients": lazy(() => import("./OauthClients.tsx")),
  audit: lazy(() => import("./Audit.tsx")),
  health: lazy(() => import("./Health.tsx")),
}

/** Everything that is done around the inbox. What somebody may not see is not listed, and said to whoever goes there. */
export default function AdminScreen() {
  const { section: named = "" } = useParams({ strict: false })
  const section = isAdminSection(named) ? named : "teammates"
  const { teammate } = useWorkspace().session
  const may = useMay(section)
  useLiveHere()
  const Page = pages[section]
  return (
    <div className={styles.screen}>
      <nav className={`${side.column} ${styles.nav}`} aria-label={adminWords.admin.nav} data-region="views">
        <Link to="/inbox/$view" params={{ view: "open" }} className={`${side.link} ${styles.link}`}>
          <Icon name="back" /> {adminWords.admin.back}
        </Link>
        <h2>{adminWords.admin.label}</h2>
        {sectionsFor(teammate).map((name) => (
          <Link
            key={name}
            to="/admin/$section"
            params={{ section: name }}
            className={`${side.link} ${styles.link}`}
            aria-current={name === section ? "page" : undefined}
            ref={name === section ? show : null}
          >
            {adminWords.admin.sections[name]}
          </Link>
        ))}
      </nav>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard */}
      <main className={styles.main} tabIndex={0} aria-label={adminWords.admin.label} data-region="conversation">
        {may.see ? (
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
          <Closed section={section} />
        )}
      </main>
      <div className={styles.strip}>
        <ActivityStrip />
      </div>
    </div>
  )
}

/** On a narrow screen the list of sections is wider than it. */
const show = (link: HTMLElement | null): void => link?.scrollIntoView({ block: "nearest", inline: "center" })

const Closed = ({ section }: { section: AdminSection }) =>
  section === "webhooks" ? (
    <Notice title={adminWords.admin.onlyDevelopers} text={adminWords.admin.onlyDevelopersText} level={1} />
  ) : (
    <Notice title={adminWords.admin.onlyAdmins} text={adminWords.admin.onlyAdminsText} level={1} />
  )
