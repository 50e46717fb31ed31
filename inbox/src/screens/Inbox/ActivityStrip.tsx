import { lazy, memo, Suspense } from "react"
import { type Activity, dismiss } from "../../activity.ts"
import { timeOf } from "../../format.ts"
import { useKeysOf } from "../../keys/useCommand.ts"
import { hasNewVersion } from "../../offline/worker.ts"
import { Button } from "../../parts/Button.tsx"
import { Icon } from "../../parts/Icon.tsx"
import { useDeviceSettings } from "../../settings/device.ts"
import { useValue } from "../../value.ts"
import { words } from "../../words.ts"
import { useWorkspace } from "../../workspace.ts"
import styles from "./ActivityStrip.module.css"

/** Not before there is something that was done before. */
const ActivityList = lazy(() => import("./ActivityList.tsx"))
const said = words.activity

/** How connected this page is, unless it shows nothing of the feed; what was done last, with its Undo; and what was done before. */
export const ActivityStrip = memo(function ActivityStrip({ isOffFeed = false }: { isOffFeed?: boolean }) {
  const { activity } = useWorkspace()
  const entries = useValue(activity)
  const [latest] = entries
  const isNewer = useValue(hasNewVersion)
  return (
    <section className={styles.strip} aria-label={said.label} data-region="activity">
      {!isOffFeed && <Connection />}
      <Latest entry={latest} />
      {latest?.isProblem && (
        <Button
          look="quiet"
          icon="close"
          className={styles.button}
          aria-label={words.close}
          onClick={() => dismiss(activity, latest.id)}
        />
      )}
      <span className={styles.end}>
        {isNewer && (
          <>
            <output>{said.newVersion}</output>
            <Button look="quiet" className={styles.button} onClick={() => window.location.reload()}>
              {said.loadIt}
            </Button>
          </>
        )}
        {entries.length > 1 && (
          <Suspense>
            <ActivityList entries={entries} />
          </Suspense>
        )}
      </span>
    </section>
  )
})

/** What a screen reader says holds no buttons: these stand beside it. */
function Latest({ entry }: { entry: Activity | undefined }) {
  const { announcements } = useDeviceSettings()
  const [key] = useKeysOf("undo")
  const isSaid = announcements !== "problems" || entry?.isProblem === true
  const Line = isSaid ? "output" : "span"
  return (
    <>
      <Line className={styles.text} data-problem={entry?.isProblem || undefined}>
        {entry?.isProblem && <Icon name="failed" size={14} />}
        {entry && textOf(entry)}
      </Line>
      {entry?.undo && (
        <Button
          look="quiet"
          icon="undo"
          aria-keyshortcuts={key}
          className={styles.button}
          onClick={() => void entry.undo?.()}
        >
          {said.undo}
        </Button>
      )}
    </>
  )
}

export const textOf = (entry: Activity): string => (entry.wasUndone ? said.takenBack(entry.text) : entry.text)

function Connection() {
  const { liveState, behind, heardAt, entries } = useWorkspace()
  const state = useValue(liveState)
  const at = useValue(heardAt)
  const changes = useValue(behind)
  const waiting = useValue(entries).filter((entry) => entry.stage.name === "submitting").length
  const text = {
    connecting: said.connecting,
    live: said.live,
    catching_up: said.catchingUp(changes),
    reconnecting: said.reconnecting(at === null ? null : timeOf(at / 1000)),
    offline: said.offline(waiting),
  }[state]
  return (
    <output className={styles.connection} data-state={state}>
      <span className={styles.dot} aria-hidden="true" />
      {text}
    </output>
  )
}
