import type { ChannelView } from "@causeway/contract/inbox"
import { Link } from "@tanstack/react-router"
import { useId, useState } from "react"
import { momentOf, useNow } from "../../format.ts"
import { useInbox } from "../../inbox-state.ts"
import { laterWords } from "../../later-words.ts"
import { Button } from "../../parts/Button.tsx"
import { Icon } from "../../parts/Icon.tsx"
import { useWorkspace } from "../../workspace.ts"
import styles from "./ChannelAlerts.module.css"
import { PausedWebhooks } from "./PausedWebhooks.tsx"
import { WaitingReplies } from "./WaitingReplies.tsx"

const said = laterWords.alerts
const remindMs = 3_600_000
const remindKey = "causeway.alerts.remind"

/** Which channels may be silent until when (ms since 1970), by the moment they went offline: the next outage speaks up again. */
function readReminders(): Record<string, number> {
  try {
    return JSON.parse(localStorage.getItem(remindKey) ?? "{}") as Record<string, number>
  } catch {
    return {} // written by something else under our name
  }
}

const outageOf = (channel: ChannelView): string => `${channel.id}@${channel.status_at}`

/** Says, politely and once, that a channel is offline, since when and what waits. Several share one card, which folds down to its heading. */
export default function ChannelAlerts() {
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
    <section className={styles.area} aria-label={said.label} data-alerts>
      <output className="said">{due.length > 0 && said.sentence(due.map(({ name }) => name).join(", "))}</output>
      {due.length > 0 && <Card key={due.map(outageOf).join()} channels={due} now={now} onRemind={remind} />}
      <WaitingReplies />
      <PausedWebhooks />
    </section>
  )
}

interface CardProps {
  channels: readonly ChannelView[]
  now: number
  onRemind(): void
}

function Card({ channels, now, onRemind }: CardProps) {
  const id = useId()
  // A phone has no room to spare: there the heading says it.
  const [isOpen, setIsOpen] = useState(() => matchMedia("(min-width: 800px)").matches)
  const { role } = useWorkspace().session.teammate
  const [first] = channels
  return (
    <div className={styles.card}>
      <button
        type="button"
        className={styles.title}
        aria-expanded={isOpen}
        aria-controls={id}
        onClick={() => setIsOpen(!isOpen)}
      >
        <Icon name="offline" />
        <span dir="auto">
          {channels.length === 1 && first ? said.offline(first.name) : said.several(channels.length)}
        </span>
        <span className={styles.fold}>
          <Icon name="down" />
        </span>
      </button>
      <div id={id} hidden={!isOpen} className={styles.details}>
        <ul>
          {channels.map((channel) => (
            <Outage key={channel.id} channel={channel} now={now} isNamed={channels.length > 1} />
          ))}
        </ul>
        <p>{role === "admin" ? said.admin : said.teammate}</p>
        <Button onClick={onRemind}>{said.remind}</Button>
      </div>
    </div>
  )
}

function Outage({ channel, now, isNamed }: { channel: ChannelView; now: number; isNamed: boolean }) {
  const { role } = useWorkspace().session.teammate
  return (
    <li>
      {isNamed && <strong dir="auto">{channel.name}</strong>}
      <span>
        {said.since(momentOf(channel.status_at, now))}
        {channel.status_reason && (
          <>
            {" · "}
            <bdi>{channel.status_reason}</bdi>
          </>
        )}
      </span>
      <span>{channel.waiting_count > 0 ? said.waiting(channel.waiting_count) : said.noneWaiting}</span>
      {role === "admin" && (
        <Link to="/admin/$section/$itemId" params={{ section: "channels", itemId: channel.id }}>
          {said.settings}
        </Link>
      )}
    </li>
  )
}
