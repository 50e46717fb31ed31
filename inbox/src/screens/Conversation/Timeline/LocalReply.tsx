import { editAgain } from "../../../actions.ts"
import { timeOf } from "../../../format.ts"
import { Button } from "../../../parts/Button.tsx"
import { Icon } from "../../../parts/Icon.tsx"
import { Time } from "../../../parts/Time.tsx"
import type { OutboxEntry } from "../../../sending.ts"
import { words } from "../../../words.ts"
import { useWorkspace } from "../../../workspace.ts"
import styles from "./Message.module.css"
import { CopyText, Word } from "./SendState.tsx"

const said = words.sending

/** A reply that the server has not shown us yet. */
export function LocalReply({ entry }: { entry: OutboxEntry }) {
  const time = timeOf(entry.createdAt / 1000)
  return (
    <article
      className={styles.message}
      data-direction="outbound"
      data-state="submitting"
      aria-label={words.message.inbound(words.message.you, time)}
    >
      <p className={styles.head}>
        <span className={styles.from}>{words.message.you}</span>
        <Time at={entry.createdAt / 1000}>{time}</Time>
      </p>
      <div className={styles.bubble}>
        <p className={styles.body} dir="auto">
          {entry.text}
        </p>
      </div>
      <LocalState entry={entry} />
    </article>
  )
}

function LocalState({ entry }: { entry: OutboxEntry }) {
  const { outbox } = useWorkspace()
  const workspace = useWorkspace()
  const { stage } = entry
  // The composer takes it back and says why.
  if (stage.name === "unseen") return null
  if (stage.name === "accepted") return <Word icon="queued" word={said.accepted} />
  if (entry.isUnwanted) return <Word icon="undo" word={said.takingBack} />
  const takeBack = (): void => {
    const taken = outbox.take(entry.key)
    if (taken !== null) editAgain(workspace, taken.conversationId, taken)
  }
  if (stage.name === "submitting")
    return (
      <p className={styles.state}>
        <Icon name={stage.tries === 0 ? "sending" : "offline"} size={13} />
        {stage.tries === 0 ? said.saving : said.savingAgain}
        <Button look="quiet" className={styles.inline} aria-keyshortcuts="z" onClick={() => outbox.takeBack(entry.key)}>
          {said.undo}
        </Button>
      </p>
    )
  return (
    <div className={styles.card} data-kind="failed">
      <p className={styles.heading}>
        <Icon name="failed" /> <strong>{said.refused}</strong>
      </p>
      <p dir="auto">{stage.message}</p>
      <p className={styles.actions}>
        <Button onClick={takeBack}>{said.edit}</Button>
        <CopyText text={entry.text} />
      </p>
    </div>
  )
}
