import type { SamePerson } from "@causeway/contract/endpoints/contact-context"
import { useState } from "react"
import { type ContactDetail, contacts } from "../../contacts.ts"
import { contactsWords } from "../../contacts-words.ts"
import { laterWords } from "../../later-words.ts"
import { Button } from "../../parts/Button.tsx"
import { useWorkspace } from "../../workspace.ts"
import styles from "./Contact.module.css"
import { MergeContacts } from "./MergeContacts.tsx"
import { useContactChange } from "./useContactChange.ts"

const said = laterWords.contact.same

/** Contacts that share an address, a number or the full name with this one, each with the way to bring them together or to say that they are two. */
export function SamePersons({ detail }: { detail: ContactDetail }) {
  const { contact, context } = detail
  const [asked, setAsked] = useState<SamePerson | null>(null)
  const change = useContactChange(contact.id)
  const isReadOnly = useWorkspace().session.teammate.role === "observer"
  const { same_person: suggestions } = context
  if (suggestions.length === 0) return null
  const nameOf = (one: { name: string | null; handles: { handle: string }[] }): string =>
    one.name || one.handles[0]?.handle || ""
  const tellApart = (other: SamePerson) =>
    change(
      () => contacts.different(contact.id, other.id, true),
      contactsWords.similar.said(nameOf(contact), nameOf(other)),
      () => contacts.different(contact.id, other.id, false),
    )
  return (
    <section className={styles.same} data-same>
      <h3>{said.title}</h3>
      <ul>
        {suggestions.map((other) => (
          <li key={other.id}>
            <strong dir="auto">{nameOf(other)}</strong>
            <span>{other.matches.length > 0 ? said.text(other.matches.join(", ")) : said.named}</span>
            {!isReadOnly && (
              <span className={styles.buttons}>
                <Button onClick={() => setAsked(other)}>{said.open}</Button>
                <Button look="quiet" onClick={() => void tellApart(other)}>
                  {said.different}
                </Button>
              </span>
            )}
          </li>
        ))}
      </ul>
      {asked !== null && <MergeContacts people={[contact, asked]} onEnd={() => setAsked(null)} />}
    </section>
  )
}
