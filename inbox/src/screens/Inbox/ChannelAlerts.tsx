import type { ChannelView } from "@causeway/contract/inbox"
import { useState } from "react"
import { timeOf, useNow } from "../../format.ts"
import { useInbox } from "../../inbox-state.ts"
import { Button } from "../../parts/Button.tsx"
import { Icon } from "../../parts/Icon.tsx"
import { words } from "../../words.ts"
import { useWorkspace } from "../../workspace.ts"
import styles from "./ChannelAlerts.module.css"

const remindMs = 3_600_000
const remindKey = "causeway.alerts.remind"

/** Which channels may be silent until when (ms since 1970), by the moment they went offline: the next outage speaks up again. */
function readReminders(): Record<string, number> {
  try {
    return JSON.parse(localStorage.getItem(remindKey) ?? "{}") as Record<string, number>
  } catch {
    return {}
  }
}

const outageOf = (channel: ChannelView): string => `${channel.id}@${channel.status_at}`

/** Says, politely and once, that a channel is offline, since when and what waits. Several share one card. */
export function ChannelAlerts() {
  const [reminders, setReminders] = useState(readReminders)
  const now = useNow(30_000)
  const offline = useInbox((state) => [...state.channels.values()].filter((channel) => channel.status === "offline"))
  const due = offline.filter((channel) => (reminders[outageOf(channel)] ?? 0) <= now)

  function remind(): void {
    const until = Date.now() + remindMs
    const next = Object.fromEntries(offline.map((channel) => [outageOf(channel), until]))
    localStorage.setItem(remindKey, JSON.stringify(next))
    setReminders(next)
  }
  return (
    <section className={styles.alerts} aria-label={words.alerts.label} data-shown={due.length > 0 || undefined}>
      <div aria-live="polite">{due.length > 0 && <Offline channels={due} />}</div>
      {due.length > 0 && (
        <Button onClick={remind} className={styles.remind}>
          {words.alerts.remind}
        </Button>
      )}
    </section>
  )
}

function Offline({ channels }: { channels: ChannelView[] }) {
  const { role } = useWorkspace().session.teammate
  const [first] = channels
  return (
    <>
      <p className={styles.title}>
        <Icon name="offline" />
        {channels.length === 1 && first ? words.alerts.offline(first.name) : words.alerts.several(channels.length)}
      </p>
      <ul>
        {channels.map((channel) => (
          <li key={channel.id}>
            {channels.length > 1 && <strong dir="auto">{channel.name}</strong>}
            <span>
              {words.alerts.since(timeOf(channel.status_at))}
              {channel.status_reason && (
                <>
                  {" · "}
                  <bdi>{channel.status_reason}</bdi>
                </>
              )}
            </span>
            <span>
              {channel.waiting_count > 0 ? words.alerts.waiting(channel.waiting_count) : words.alerts.noneWaiting}
            </span>
          </li>
        ))}
      </ul>
      <p>{role === "admin" ? words.alerts.admin : words.alerts.teammate}</p>
    </>
  )
}
