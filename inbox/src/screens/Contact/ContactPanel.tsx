import type { ConversationRow } from "@causeway/contract/inbox"
import { Link } from "@tanstack/react-router"
import { type ReactNode, useEffect, useRef, useSyncExternalStore } from "react"
import { useContact } from "../../contacts.ts"
import { laterWords } from "../../later-words.ts"
import { Avatar } from "../../parts/Avatar.tsx"
import { Button } from "../../parts/Button.tsx"
import { Late } from "../../parts/Late.tsx"
import { Notice } from "../../parts/Notice.tsx"
import { useValue } from "../../value.ts"
import { words } from "../../words.ts"
import { Calls } from "./Calls.tsx"
import styles from "./Contact.module.css"
import { ContactName, Fields } from "./Fields.tsx"
import { Handles } from "./Handles.tsx"
import { Notes } from "./Notes.tsx"
import { Others } from "./Others.tsx"
import { isContactOpen, setContactOpen } from "./panel-state.ts"
import { SamePersons } from "./SamePerson.tsx"

const said = laterWords.contact

/** Whom the conversation is with: the third pane where there is room, else a drawer over the conversation. */
export default function ContactPanel({ row }: { row: ConversationRow }) {
  const isOpen = useValue(isContactOpen)
  const isPane = useMedia("(min-width: 1200px)")
  if (!isOpen) return null
  const content = (
    <>
      <header className={styles.head}>
        <h2 tabIndex={-1} data-contact-title>
          {said.label}
        </h2>
        <Button look="quiet" icon="close" aria-label={said.close} onClick={close} />
      </header>
      {row.contact.id === null ? <p className={styles.none}>{said.none}</p> : <Detail id={row.contact.id} row={row} />}
    </>
  )
  return isPane ? (
    <section className={styles.pane} aria-label={said.label} data-region="contact">
      {content}
    </section>
  ) : (
    <Drawer>{content}</Drawer>
  )
}

function close(): void {
  setContactOpen(false)
  document.querySelector<HTMLElement>("[data-conversation-title]")?.focus()
}

/** Over everything else, with the focus inside until it is closed. */
function Drawer({ children }: { children: ReactNode }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} className={styles.drawer} aria-label={said.label} onClose={close} closedby="any">
      {children}
    </dialog>
  )
}

function Detail({ id, row }: { id: string; row: ConversationRow }) {
  const query = useContact(id, row.version)
  if (query.data === undefined)
    return query.isError ? (
      <Notice title={said.failed} text={words.unreachable.text} onRetry={() => void query.refetch()} />
    ) : (
      <Late>
        <output className={styles.none}>{words.loading}</output>
      </Late>
    )
  const detail = query.data
  const name = detail.contact.name || row.contact.handle
  return (
    <div className={styles.content}>
      <div className={styles.who}>
        <Avatar name={name} size={40} />
        <ContactName contact={detail.contact} />
      </div>
      <SamePersons detail={detail} />
      <Handles detail={detail} />
      <Fields detail={detail} />
      <Notes detail={detail} />
      <Others detail={detail} openId={row.id} />
      <Calls detail={detail} />
      <Link to="/contacts/$contactId" params={{ contactId: id }} search={{}}>
        {said.openBook}
      </Link>
    </div>
  )
}

function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (listener) => {
      const media = matchMedia(query)
      media.addEventListener("change", listener)
      return () => media.removeEventListener("change", listener)
    },
    () => matchMedia(query).matches,
  )
}
