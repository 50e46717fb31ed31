import { timeOf } from "../../format.ts"
import { Button } from "../../parts/Button.tsx"
import { Icon } from "../../parts/Icon.tsx"
import { useValue } from "../../value.ts"
import { words } from "../../words.ts"
import { useWorkspace } from "../../workspace.ts"
import styles from "./ActivityStrip.module.css"

/** How connected this page is, unless it shows nothing of the feed; and what was done last, with its Undo. Nothing in it goes away by itself. */
export function ActivityStrip({ isOffFeed = false }: { isOffFeed?: boolean }) {
  const workspace = useWorkspace()
  const activity = useValue(workspace.activity)
  const undo = activity?.undo ?? null
  return (
    <section className={styles.strip} aria-label={words.activity.label} data-region="activity">
      {!isOffFeed && <Connection />}
      <output className={styles.text} data-problem={activity?.isProblem || undefined}>
        {activity?.isProblem && <Icon name="failed" size={14} />}
        {activity?.text}
      </output>
      {undo !== null && (
        <Button look="quiet" icon="undo" aria-keyshortcuts="z" className={styles.button} onClick={() => void undo()}>
          {words.activity.undo}
        </Button>
      )}
      {activity?.isProblem && (
        <Button
          look="quiet"
          icon="close"
          className={styles.button}
          aria-label={words.close}
          onClick={() => workspace.activity.set(null)}
        />
      )}
    </section>
  )
}

function Connection() {
  const { liveState, behind, heardAt, entries } = useWorkspace()
  const state = useValue(liveState)
  const at = useValue(heardAt)
  const changes = useValue(behind)
  const waiting = useValue(entries).filter((entry) => entry.stage.name === "submitting").length
  const said = {
    connecting: words.activity.connecting,
    live: words.activity.live,
    catching_up: words.activity.catchingUp(changes),
    reconnecting: words.activity.reconnecting(at === null ? null : timeOf(at / 1000)),
    offline: words.activity.offline(waiting),
  }[state]
  return (
    <output className={styles.connection} data-state={state}>
      <span className={styles.dot} aria-hidden="true" />
      {said}
    </output>
  )
}
