import { contactTextCharsMax } from "@causeway/contract/limits"
import { type FormEvent, useState } from "react"
import { type ContactDetail, contacts } from "../../contacts.ts"
import { nameOfTeammate } from "../../directory.ts"
import { momentOf, useNow } from "../../format.ts"
import { laterWords } from "../../later-words.ts"
import { Button } from "../../parts/Button.tsx"
import { Time } from "../../parts/Time.tsx"
import { useWorkspace } from "../../workspace.ts"
import styles from "./Contact.module.css"
import { useContactChange } from "./useContactChange.ts"

const said = laterWords.contact

/** What teammates wrote about the contact, newest first, and a field for the next. */
export function Notes({ detail: { contact, notes } }: { detail: ContactDetail }) {
  const { me, session } = useWorkspace()
  const now = useNow(60_000)
  const change = useContactChange(contact.id)
  const [text, setText] = useState("")
  async function add(event: FormEvent): Promise<void> {
    event.preventDefault()
    const body = text.trim()
    if (body !== "" && (await change(() => contacts.addNote(contact.id, me, body), said.saved(said.notes)))) setText("")
  }
  return (
    <section className={styles.part}>
      <h3>{said.notes}</h3>
      {notes.length === 0 && <p className={styles.none}>{said.noNotes}</p>}
      <ul className={styles.notes}>
        {notes.map((note) => (
          <li key={`${note.created_at} ${note.body}`}>
            <p dir="auto">{note.body}</p>
            <span className={styles.by}>
              <bdi>{nameOfTeammate(note.author)}</bdi> ·{" "}
              <Time at={note.created_at}>{momentOf(note.created_at, now)}</Time>
            </span>
          </li>
        ))}
      </ul>
      {session.teammate.role !== "observer" && (
        <form className={styles.edit} onSubmit={(event) => void add(event)}>
          <textarea
            rows={2}
            dir="auto"
            value={text}
            maxLength={contactTextCharsMax}
            aria-label={said.addNote}
            placeholder={said.addNote}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          {text.trim() !== "" && <Button type="submit">{said.saveNote}</Button>}
        </form>
      )}
    </section>
  )
}
