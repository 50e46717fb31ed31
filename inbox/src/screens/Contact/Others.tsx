import { Link, useParams } from "@tanstack/react-router"
import type { ContactDetail } from "../../contacts.ts"
import { shortAgoOf, useNow } from "../../format.ts"
import { laterWords } from "../../later-words.ts"
import { Time } from "../../parts/Time.tsx"
import { words } from "../../words.ts"
import styles from "./Contact.module.css"

const said = laterWords.contact

/** The contact's conversations on whatever channel, but for the one that is open. */
export function Others({ detail: { context }, openId }: { detail: ContactDetail; openId: string | null }) {
  const now = useNow(60_000)
  const { view = "open" } = useParams({ strict: false }) as { view?: "open" }
  const others = context.conversations.filter(({ id }) => id !== openId)
  return (
    <section className={styles.part}>
      <h3>{openId === null ? said.allConversations : said.conversations}</h3>
      {others.length === 0 && <p className={styles.none}>{openId === null ? said.noneYet : said.noConversations}</p>}
      <ul className={styles.others}>
        {others.map((row) => (
          <li key={row.id}>
            <Link to="/inbox/$view/$conversationId" params={{ view, conversationId: row.id }}>
              <span dir="auto" className={styles.preview}>
                {row.subject || row.preview || words.message.noWords}
              </span>
              <span className={styles.by}>
                <bdi>{row.channel_name}</bdi> · {statusWords[row.status]} ·{" "}
                <Time at={row.activity_at}>{shortAgoOf(row.activity_at, now)}</Time>
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {context.conversations.length === shownMax && <p className={styles.none}>{said.more}</p>}
    </section>
  )
}

/** What the server gives at most. */
const shownMax = 20

const statusWords = {
  assigned: words.header.status.open,
  unassigned: words.header.status.open,
  archived: words.conversation.archived,
  deleted: words.header.status.deleted,
  spam: words.header.status.spam,
}
