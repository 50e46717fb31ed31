import type {
  NotificationChange,
  NotificationLevel,
  NotificationPreferences,
} from "@causeway/contract/endpoints/notifications"
import { useId, useState } from "react"
import { browserNotices, playSound } from "../../notices/signals.ts"
import { Button } from "../../parts/Button.tsx"
import { useValue } from "../../value.ts"
import { words } from "../../words.ts"
import { tell, tellProblem, useWorkspace } from "../../workspace.ts"
import styles from "./Notices.module.css"

const said = words.notices
const levels: readonly NotificationLevel[] = ["all", "mine", "mentions", "none"]
const sounds = ["off", "background", "always"] as const

interface PartProps {
  wanted: NotificationPreferences
  change(change: NotificationChange): void
}

/** What one is told of, by inbox, and how: all of it follows the teammate, but for the browser's own notifications, which are this device's. */
export function NotificationSettings() {
  const workspace = useWorkspace()
  const wanted = useValue(workspace.notifier.preferences)
  if (wanted === null) return <p>{said.failed}</p>
  const change = (to: NotificationChange): void => {
    workspace.notifier.change(to).then(
      () => tell(workspace, said.saved),
      (error: unknown) => tellProblem(workspace, error),
    )
  }
  return (
    <div className={styles.settings}>
      <Levels wanted={wanted} change={change} />
      <Sound wanted={wanted} change={change} />
      <QuietHours wanted={wanted} change={change} />
      <BrowserNotices />
    </div>
  )
}

function Levels({ wanted, change }: PartProps) {
  const id = useId()
  return (
    <div className={styles.group}>
      {wanted.inboxes.map((inbox) => (
        <div key={inbox.id} className={styles.setting}>
          <label htmlFor={`${id}-${inbox.id}`} dir="auto">
            {said.levels.label(inbox.name)}
          </label>
          <select
            id={`${id}-${inbox.id}`}
            value={inbox.level}
            onChange={(event) => change({ levels: { [inbox.id]: event.currentTarget.value as NotificationLevel } })}
          >
            {levels.map((level) => (
              <option key={level} value={level}>
                {said.levels[level]}
              </option>
            ))}
          </select>
        </div>
      ))}
    </div>
  )
}

function Sound({ wanted, change }: PartProps) {
  const id = useId()
  const [heard, setHeard] = useState<boolean | null>(null)
  return (
    <div className={styles.group}>
      <div className={styles.setting}>
        <label htmlFor={id}>{said.sound.label}</label>
        <span className={styles.pair}>
          <select
            id={id}
            value={wanted.sound}
            onChange={(event) => change({ sound: event.currentTarget.value as NotificationPreferences["sound"] })}
          >
            {sounds.map((sound) => (
              <option key={sound} value={sound}>
                {said.sound[sound]}
              </option>
            ))}
          </select>
          <Button onClick={() => void playSound().then(setHeard)}>{said.sound.test}</Button>
        </span>
      </div>
      <output className={styles.hint}>{heard !== null && (heard ? said.sound.played : said.sound.silent)}</output>
    </div>
  )
}

const clockOf = (minutes: number): string =>
  `${String(Math.floor(minutes / 60)).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`
const minutesOf = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3, 5))
const usualNight = { from: 20 * 60, to: 8 * 60 }

function QuietHours({ wanted: { quiet_hours: quiet }, change }: PartProps) {
  const id = useId()
  const field = (end: "from" | "to") => (
    <label className={styles.time}>
      {said.quiet[end]}
      <input
        type="time"
        required
        value={clockOf((quiet ?? usualNight)[end])}
        onChange={({ currentTarget: { value } }) => {
          if (quiet !== null && value !== "") change({ quiet_hours: { ...quiet, [end]: minutesOf(value) } })
        }}
      />
    </label>
  )
  return (
    <div className={styles.group}>
      <div className={styles.setting}>
        <label className={styles.check}>
          <input
            type="checkbox"
            checked={quiet !== null}
            aria-describedby={id}
            onChange={(event) => change({ quiet_hours: event.currentTarget.checked ? usualNight : null })}
          />
          {said.quiet.label}
        </label>
        {quiet !== null && (
          <span className={styles.pair}>
            {field("from")}
            {field("to")}
          </span>
        )}
      </div>
      <p id={id} className={styles.hint}>
        {said.quiet.hint}
      </p>
    </div>
  )
}

/** Explained in our own words first: the browser asks only once. */
function BrowserNotices() {
  const [state, setState] = useState(browserNotices.state)
  const refresh = (): void => setState(browserNotices.state())
  return (
    <div className={styles.group}>
      <h3>{said.browser.label}</h3>
      <p className={styles.hint}>{state === "off" ? said.browser.text : said.browser[state]}</p>
      {state === "off" && (
        <Button onClick={() => void browserNotices.enable().then(refresh)}>{said.browser.enable}</Button>
      )}
      {state === "on" && (
        <Button
          onClick={() => {
            browserNotices.disable()
            refresh()
          }}
        >
          {said.browser.disable}
        </Button>
      )}
    </div>
  )
}
