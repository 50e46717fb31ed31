import type { SamePerson } from "@causeway/contract/endpoints/contact-context"
import type { ContactHandle } from "@causeway/contract/resources/contact"
import { useState } from "react"
import { type ContactDetail, contacts } from "../../contacts.ts"
import { laterWords } from "../../later-words.ts"
import { Button } from "../../parts/Button.tsx"
import { Dialog } from "../../parts/Dialog.tsx"
import { useWorkspace } from "../../workspace.ts"
import styles from "./Contact.module.css"
import { useContactChange } from "./useContactChange.ts"

const said = laterWords.contact.same

/** Contacts that share an address or a number with this one, each with the way to bring them together. */
export function SamePersons({ detail }: { detail: ContactDetail }) {
  const [asked, setAsked] = useState<SamePerson | null>(null)
  const isReadOnly = useWorkspace().session.teammate.role === "observer"
  const { same_person: suggestions } = detail.context
  if (suggestions.length === 0) return null
  return (
    <section className={styles.same} data-same>
      <h3>{said.title}</h3>
      <ul>
        {suggestions.map((other) => (
          <li key={other.id}>
            <strong dir="auto">{other.name || other.handles[0]?.handle}</strong>
            <span>{said.text(other.matches.join(", "))}</span>
            {!isReadOnly && <Button onClick={() => setAsked(other)}>{said.open}</Button>}
          </li>
        ))}
      </ul>
      {asked !== null && <MergePreview detail={detail} other={asked} onEnd={() => setAsked(null)} />}
    </section>
  )
}

interface PreviewProps {
  detail: ContactDetail
  other: SamePerson
  onEnd(): void
}

/** Both side by side and what comes of it; nothing happens before it is confirmed. */
function MergePreview({ detail, other, onEnd }: PreviewProps) {
  const { contact, context } = detail
  const change = useContactChange(contact.id)
  async function confirm(): Promise<void> {
    const name = contact.name ?? other.name ?? ""
    const merged = await change(async () => {
      const { name: got } = await contacts.merge(contact.id, [other.id])
      // Of two names the server keeps the one that somebody gave on purpose; what stays was shown here, and stays.
      if (got !== name && name !== "") await contacts.update(contact.id, { name })
    }, said.done(name))
    if (merged) onEnd()
  }
  const handlesOf = (handles: readonly ContactHandle[]): string => handles.map(({ handle }) => handle).join(", ")
  return (
    <Dialog
      title={said.question}
      onClose={onEnd}
      footer={
        <>
          <Button onClick={onEnd}>{said.cancel}</Button>
          <Button look="primary" onClick={() => void confirm()}>
            {said.confirm}
          </Button>
        </>
      }
    >
      <table className={styles.compare}>
        <thead>
          <tr>
            <td />
            <th scope="col">{said.stays}</th>
            <th scope="col">{said.joins}</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">{said.name}</th>
            <td dir="auto">{contact.name}</td>
            <td dir="auto">{other.name}</td>
          </tr>
          <tr>
            <th scope="row">{said.handles}</th>
            <td dir="auto">{handlesOf(contact.handles)}</td>
            <td dir="auto">{handlesOf(other.handles)}</td>
          </tr>
          <tr>
            <th scope="row">{said.conversations}</th>
            <td>{said.count(context.conversations.length)}</td>
            <td>{said.count(other.conversation_count)}</td>
          </tr>
        </tbody>
      </table>
      <p>{said.after}</p>
    </Dialog>
  )
}
