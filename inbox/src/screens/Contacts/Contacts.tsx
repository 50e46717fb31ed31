import { Link, useNavigate, useParams } from "@tanstack/react-router"
import { useEffect } from "react"
import { undoableAt } from "../../activity.ts"
import { contactsWords } from "../../contacts-words.ts"
import { useCommand } from "../../keys/useCommand.ts"
import { laterWords } from "../../later-words.ts"
import { words } from "../../words.ts"
import { useWorkspace } from "../../workspace.ts"
import { ActivityStrip } from "../Inbox/ActivityStrip.tsx"
import { Book } from "./Book.tsx"
import styles from "./Contacts.module.css"
import { Detail } from "./Detail.tsx"
import { ListNav } from "./ListNav.tsx"
import { Receipts } from "./Receipts.tsx"
import { focusRow } from "./Rows.tsx"
import { Similar } from "./Similar.tsx"
import { useAddress } from "./useAddress.ts"
import { useLiveContacts } from "./useLiveContacts.ts"

const said = contactsWords.book

/** Everybody whom the company knows: lists at the start, who is on one beside them, and one contact whole. */
export default function ContactsScreen() {
  const { contactId = null } = useParams({ strict: false }) as { contactId?: string }
  const { address, query } = useAddress()
  const navigate = useNavigate()
  const { activity } = useWorkspace()
  useEffect(() => {
    document.title = `${said.title} · ${words.product}`
  }, [])
  const leave = (): void => {
    if (contactId === null) void navigate({ to: "/inbox/$view", params: { view: "open" } })
    else void navigate({ to: "/contacts", search: address }).then(() => focusRow(contactId))
  }
  useLiveContacts(contactId)
  useCommand("leave", leave)
  useCommand("undo", () => {
    const done = undoableAt(activity, Date.now())
    void done?.undo?.()
    return done !== null
  })
  return (
    <div className={styles.screen}>
      <ListNav />
      <main className={styles.panes} data-detail={contactId !== null || undefined}>
        <section className={styles.book} aria-label={said.rows} data-region="list">
          {address.view === "similar" ? (
            <Similar />
          ) : address.view === "receipts" ? (
            <Receipts />
          ) : (
            <Book query={query} />
          )}
        </section>
        {contactId !== null && (
          <section className={styles.detail} aria-label={laterWords.contact.label} data-region="contact">
            <div className={styles.toList}>
              <h1 className="said">{said.title}</h1>
              <Link to="/contacts" search={address} onClick={() => focusRow(contactId)}>
                {said.toList}
              </Link>
            </div>
            <Detail key={contactId} id={contactId} />
          </section>
        )}
      </main>
      <div className={styles.strip}>
        <ActivityStrip />
      </div>
    </div>
  )
}
