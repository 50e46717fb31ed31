import { type FormEvent, useId, useState } from "react"
import { momentOf } from "../../../format.ts"
import { Button } from "../../../parts/Button.tsx"
import { words } from "../../../words.ts"
import { useWorkspace } from "../../../workspace.ts"
import { snooze } from "./changes.ts"
import styles from "./Header.module.css"
import type { SnoozeProps } from "./Snooze.tsx"
import { fieldValueOf, snoozePresets } from "./snooze-times.ts"

const said = words.header.snooze

/** The moments that one may want, and any other. */
export default function SnoozeChoice({ row, until, onDone }: SnoozeProps & { onDone(): void }) {
  const id = useId()
  const workspace = useWorkspace()
  const [now] = useState(() => new Date())
  const [problem, setProblem] = useState<string | null>(null)
  const presets = snoozePresets(now, document.documentElement.lang || navigator.language)
  function to(seconds: number | null): void {
    onDone()
    void snooze(workspace, row, seconds, until)
  }
  function choose(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const at = new Date(String(new FormData(event.currentTarget).get("until"))).getTime()
    if (at > Date.now()) to(at / 1000)
    else setProblem(said.past)
  }
  return (
    <div className={styles.snooze}>
      <h3>{said.title}</h3>
      {presets.map(({ name, at }, index) => (
        <Button
          key={name}
          look="quiet"
          autoFocus={index === 0}
          className={styles.preset ?? ""}
          onClick={() => to(at.getTime() / 1000)}
        >
          <span>{said[name]}</span>
          <span className={styles.when}>{weekdayTime(at)}</span>
        </Button>
      ))}
      <form onSubmit={choose}>
        <label htmlFor={id}>{said.choose}</label>
        <div className={styles.row}>
          <input
            id={id}
            type="datetime-local"
            name="until"
            required
            min={fieldValueOf(now)}
            defaultValue={fieldValueOf(presets.at(-1)?.at ?? now)}
            aria-describedby={problem === null ? undefined : `${id}-problem`}
          />
          <Button type="submit">{said.confirm}</Button>
        </div>
        {problem !== null && (
          <p id={`${id}-problem`} role="alert" className={styles.problem}>
            {problem}
          </p>
        )}
      </form>
      {until !== null && (
        <Button look="quiet" className={styles.preset ?? ""} onClick={() => to(null)}>
          <span>{said.end}</span>
          <span className={styles.when}>{momentOf(until, now.getTime())}</span>
        </Button>
      )}
    </div>
  )
}

/** Mon 09:00: a snooze is within days, and the weekday says more than the date. */
const weekdayTime = (at: Date): string =>
  new Intl.DateTimeFormat(document.documentElement.lang || undefined, {
    weekday: "short",
    hour: "numeric",
    minute: "2-digit",
  }).format(at)
