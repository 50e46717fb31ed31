import { Link, useParams } from "@tanstack/react-router"
import { type ComponentType, lazy, Suspense } from "react"
import { developerWords } from "../../developer-words.ts"
import { Icon } from "../../parts/Icon.tsx"
import { Late } from "../../parts/Late.tsx"
import { Notice } from "../../parts/Notice.tsx"
import side from "../../parts/SideList.module.css"
import { words } from "../../words.ts"
import { useWorkspace } from "../../workspace.ts"
import admin from "../Admin/Admin.module.css"
import { ActivityStrip } from "../Inbox/ActivityStrip.tsx"
import styles from "./Developer.module.css"
import { type DeveloperSection, developerSections } from "./sections.ts"

/** Each page is loaded when it is opened. To add one: its name in sections.ts, its words under `shell.sections`, a line here, and its file beside this. */
const pages: Record<DeveloperSection, ComponentType> = {
  types: lazy(() => import("./Types.tsx")),
  log: lazy(() => import("./Log.tsx")),
  trace: lazy(() => import("./Trace.tsx")),
  signatures: lazy(() => import("./Signatures.tsx")),
  conformance: lazy(() => import("./Conformance.tsx")),
  simulator: lazy(() => import("./Simulator.tsx")),
}

const said = developerWords.shell

/** What a channel builder needs around the inbox. For admins and teammates with the developer flag; the server refuses everybody else anyway. */
export default function DeveloperScreen() {
  const { section } = useParams({ strict: false }) as { section: DeveloperSection }
  const { teammate } = useWorkspace().session
  const Page = pages[section]
  return (
    <div className={admin.screen}>
      <nav className={`${side.column} ${admin.nav} ${styles.nav}`} aria-label={said.label} data-region="views">
        <Link to="/inbox/$view" params={{ view: "open" }} className={`${side.link} ${admin.link}`}>
          <Icon name="back" /> {said.back}
        </Link>
        <h2>{said.label}</h2>
        {developerSections.map((name) => (
          <Link
            key={name}
            to="/developer/$section"
            params={{ section: name }}
            className={`${side.link} ${admin.link}`}
            aria-current={name === section ? "page" : undefined}
          >
            {said.sections[name]}
          </Link>
        ))}
      </nav>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard */}
      <main className={admin.main} tabIndex={0} aria-label={said.label} data-region="conversation">
        {teammate.role === "admin" || teammate.is_developer ? (
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
          <Notice title={said.only} text={said.onlyText} level={1} />
        )}
      </main>
      <div className={admin.strip}>
        <ActivityStrip isOffFeed />
      </div>
    </div>
  )
}
