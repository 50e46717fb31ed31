import { Link, useParams } from "@tanstack/react-router"
import type { ContactDetail } from "../../contacts.ts"
import { momentOf, useNow } from "../../format.ts"
import { laterWords } from "../../later-words.ts"
import { Time } from "../../parts/Time.tsx"
import styles from "./Contact.module.css"

const said = laterWords.contact

/** The newest calls with the contact; nothing where there were none. */
export function Calls({ detail: { context } }: { detail: ContactDetail }) {
  const now = useNow(60_000)
  const { view = "open" } = useParams({ strict: false }) as { view?: "open" }
  if (context.calls.length === 0) return null
  return (
    <section className={styles.part}>
      <h3>{said.calls}</h3>
      <ul className={styles.others}>
        {context.calls.map((call) => (
          <li key={call.id}>
            <Link to="/inbox/$view/$conversationId" params={{ view, conversationId: call.conversation_id }}>
              <span>
                {call.status === "missed" || call.status === "abandoned" ? said.call.missed : said.call[call.direction]}
              </span>
              <span className={styles.by}>
                <bdi>{call.channel_name}</bdi> · <Time at={call.started_at}>{momentOf(call.started_at, now)}</Time>
                {call.duration !== null && ` · ${said.call.lasted(clockOf(call.duration))}`}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** 4:05, or 1:04:05 from an hour on. */
function clockOf(seconds: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0")
  const hours = Math.floor(seconds / 3600)
  const rest = `${hours > 0 ? two((seconds / 60) % 60) : Math.floor(seconds / 60)}:${two(seconds % 60)}`
  return hours > 0 ? `${hours}:${rest}` : rest
}
