import type { SearchHit, SearchResults } from "@causeway/contract/endpoints/inbox-search"
import type { ConversationRow } from "@causeway/contract/inbox"
import { Link } from "@tanstack/react-router"
import type { ReactNode } from "react"
import { shortAgoOf, useNow } from "../../format.ts"
import { laterWords } from "../../later-words.ts"
import { Icon, type IconName } from "../../parts/Icon.tsx"
import { Time } from "../../parts/Time.tsx"
import { setContactOpen } from "../Contact/panel-state.ts"
import { nameOf } from "../List/Row.tsx"
import styles from "./Search.module.css"

const said = laterWords.search

/** What was found, by kind. */
export function Results({ results }: { results: SearchResults }) {
  const { messages, conversations, contacts, calls } = results
  return (
    <>
      <Group title={said.groups.messages} count={messages.length}>
        {messages.map((hit) => (
          <Hit key={hit.id} hit={hit} />
        ))}
      </Group>
      <Group title={said.groups.conversations} count={conversations.length}>
        {conversations.map((row) => (
          <Conversation key={row.id} row={row} />
        ))}
      </Group>
      <Group title={said.groups.contacts} count={contacts.length}>
        {contacts.map(({ id, name, handles, conversation_id: conversationId }) => (
          <Entry
            key={id}
            conversationId={conversationId}
            contactId={id}
            icon="person"
            title={name ?? handles[0] ?? ""}
            onOpen={() => setContactOpen(true)}
          >
            <bdi>{handles.join(", ")}</bdi>
          </Entry>
        ))}
      </Group>
      <Group title={said.groups.calls} count={calls.length}>
        {calls.map((hit) => (
          <Hit key={hit.id} hit={hit} />
        ))}
      </Group>
    </>
  )
}

/** Without the server: what this device holds, and that it is no more than that. */
export function LocalRows({ rows }: { rows: readonly ConversationRow[] }) {
  return (
    <>
      <p className={styles.note} role="alert">
        {said.local}
      </p>
      <Group title={said.groups.conversations} count={rows.length}>
        {rows.map((row) => (
          <Conversation key={row.id} row={row} />
        ))}
      </Group>
    </>
  )
}

function Group({ title, count, children }: { title: string; count: number; children: ReactNode }) {
  if (count === 0) return null
  return (
    <section className={styles.group} aria-label={title}>
      <h2>{title}</h2>
      <ul>{children}</ul>
    </section>
  )
}

const icons: Record<SearchHit["kind"], IconName> = { message: "reply", comment: "drafts", call: "call" }

function Hit({ hit }: { hit: SearchHit }) {
  const { conversation, kind, author, at, excerpt } = hit
  const title = author === "" ? nameOf(conversation) : author
  return (
    <Entry conversationId={conversation.id} icon={icons[kind]} title={title} hint={conversation.channel_name} at={at}>
      {kind === "comment" && <b>{said.note} </b>}
      {excerpt.map(({ text, is_hit: isHit }, index) =>
        // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text, in their order
        isHit ? <mark key={index}>{text}</mark> : text,
      )}
    </Entry>
  )
}

const Conversation = ({ row }: { row: ConversationRow }) => (
  <Entry conversationId={row.id} icon="open" title={nameOf(row)} hint={row.channel_name} at={row.activity_at}>
    {row.subject !== "" && <b>{row.subject} </b>}
    {row.preview}
  </Entry>
)

interface EntryProps {
  /** Null: there is none to open, and the contact is shown by itself. */
  conversationId: string | null
  contactId?: string
  icon: IconName
  title: string
  hint?: string
  at?: number
  onOpen?(): void
  children: ReactNode
}

function Entry({ conversationId, contactId, icon, title, hint = "", at, onOpen, children }: EntryProps) {
  const now = useNow(60_000)
  const inner = (
    <>
      <Icon name={icon} />
      <span className={styles.title}>
        <bdi>{title}</bdi>
        {hint !== "" && <span className={styles.hint}>{hint}</span>}
        {at !== undefined && (
          <span className={styles.time}>
            <Time at={at}>{shortAgoOf(at, now)}</Time>
          </span>
        )}
      </span>
      <span className={styles.text} dir="auto">
        {children}
      </span>
    </>
  )
  return (
    <li>
      {conversationId === null && contactId !== undefined && (
        <Link to="/contacts/$contactId" params={{ contactId }} className={styles.entry}>
          {inner}
        </Link>
      )}
      {conversationId !== null && (
        <Link
          to="/inbox/$view/$conversationId"
          params={{ view: "open", conversationId }}
          className={styles.entry}
          onClick={onOpen}
        >
          {inner}
        </Link>
      )}
    </li>
  )
}
