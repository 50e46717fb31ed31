import type { ChannelView } from "@causeway/contract/inbox"
import { Link } from "@tanstack/react-router"
import type { ReactNode } from "react"
import { useTags } from "../../directory.ts"
import { useInbox } from "../../inbox-state.ts"
import { locale } from "../../language.ts"
import type { ListQuery } from "../../lists.ts"
import { Icon } from "../../parts/Icon.tsx"
import side from "../../parts/SideList.module.css"
import { words } from "../../words.ts"
import { useInboxes } from "../List/useSections.ts"
import styles from "./Views.module.css"

const byName = new Intl.Collator(locale, { numeric: true }).compare

/** Channels with how they are, inboxes and tags: what the open conversations can be narrowed to. */
export default function Sections({ query }: { query: ListQuery }) {
  const channels = useInbox((state) => state.channels)
  const inboxes = useInboxes() ?? []
  const tags = useTags().data ?? []
  const sorted = [...channels.values()].sort((a, b) => byName(a.name, b.name))
  return (
    <div className={styles.sections}>
      <Section title={words.views.section.channels} count={sorted.length}>
        {sorted.map((channel) => (
          <Narrowed key={channel.id} name="channel" id={channel.id} current={query.channel} text={channel.name}>
            <ChannelState channel={channel} />
          </Narrowed>
        ))}
      </Section>
      {/* One inbox is the inbox: nothing to choose. */}
      <Section title={words.views.section.inboxes} count={inboxes.length > 1 ? inboxes.length : 0}>
        {inboxes.map(({ id, name }) => (
          <Narrowed key={id} name="inbox" id={id} current={query.inbox} text={name} />
        ))}
      </Section>
      <Section title={words.views.section.tags} count={tags.length}>
        {tags.map(({ id, name, highlight }) => (
          <Narrowed key={id} name="tag" id={id} current={query.tag} text={name}>
            <i className={styles.colour} data-highlight={highlight ?? undefined} />
          </Narrowed>
        ))}
      </Section>
    </div>
  )
}

function Section({ title, count, children }: { title: string; count: number; children: ReactNode }) {
  if (count === 0) return null
  return (
    <details open className={styles.section}>
      <summary>{title}</summary>
      <ul className={styles.list}>{children}</ul>
    </details>
  )
}

interface NarrowedProps {
  name: "channel" | "inbox" | "tag"
  id: string
  /** What the list is narrowed to now. */
  current: string | null
  text: string
  children?: ReactNode
}

function Narrowed({ name, id, current, text, children }: NarrowedProps) {
  return (
    <li>
      <Link
        to="/inbox/$view"
        params={{ view: "open" }}
        search={{ [name]: id }}
        className={`${side.link} ${styles.link}`}
        aria-current={current === id ? "page" : undefined}
      >
        <span className={styles.name}>
          <bdi>{text}</bdi>
        </span>
        {children}
      </Link>
    </li>
  )
}

/** Nothing while all is well: what is wrong should be seen. */
function ChannelState({ channel }: { channel: ChannelView }) {
  if (channel.status === "offline")
    return (
      <span className={styles.offline}>
        <Icon name="offline" size={13} /> {words.views.section.offline}
      </span>
    )
  if (channel.delivery.state === "pausing")
    return (
      <span className={styles.paused}>
        <Icon name="clock" size={13} /> {words.views.section.paused}
      </span>
    )
  return null
}
