import type { ContactEntry } from "@causeway/contract/endpoints/contact-book"
import type { Contact } from "@causeway/contract/resources/contact"
import { useQuery } from "@tanstack/react-query"
import { useDeferredValue, useId, useState } from "react"
import { bookKey, contacts } from "../../contacts.ts"
import { contactsWords } from "../../contacts-words.ts"
import { laterWords } from "../../later-words.ts"
import { Button } from "../../parts/Button.tsx"
import { Dialog } from "../../parts/Dialog.tsx"
import { MergeContacts } from "../Contact/MergeContacts.tsx"
import dialogStyles from "./Dialogs.module.css"
import { nameOf } from "./Rows.tsx"
import textStyles from "./Text.module.css"

const said = contactsWords.joining
const shownMax = 8

/** Finds the other one, then compares the two. */
export function MergeWith({ contact, onEnd }: { contact: Contact; onEnd(): void }) {
  const [other, setOther] = useState<ContactEntry | null>(null)
  if (other !== null) return <MergeContacts people={[contact, other]} onEnd={onEnd} />
  return <FindOther contact={contact} onPick={setOther} onEnd={onEnd} />
}

interface FindProps {
  contact: Contact
  onPick(entry: ContactEntry): void
  onEnd(): void
}

function FindOther({ contact, onPick, onEnd }: FindProps) {
  const id = useId()
  const [typed, setTyped] = useState("")
  const q = useDeferredValue(typed.trim())
  const query = { q, list: null, sort: "updated" } as const
  const found = useQuery({
    queryKey: [...bookKey, "find", query],
    queryFn: () => contacts.browse(query, null),
    enabled: q !== "",
    placeholderData: (before) => before,
  })
  const entries = q === "" ? [] : (found.data?.contacts ?? []).filter((entry) => entry.id !== contact.id)
  return (
    <Dialog title={said.find} onClose={onEnd} footer={<Button onClick={onEnd}>{laterWords.contact.cancel}</Button>}>
      <input
        type="search"
        dir="auto"
        className={dialogStyles.field}
        aria-label={said.findLabel}
        placeholder={said.findLabel}
        aria-controls={id}
        autoFocus
        value={typed}
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <ul id={id} className={dialogStyles.found}>
        {entries.slice(0, shownMax).map((entry) => (
          <li key={entry.id}>
            <button type="button" onClick={() => onPick(entry)}>
              <strong dir="auto">{nameOf(entry)}</strong>
              <span className={textStyles.side} dir="auto">
                {entry.handles.map(({ handle }) => handle).join(" · ")}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {q !== "" && found.isSuccess && entries.length === 0 && (
        <output className={textStyles.side}>{said.noneFound}</output>
      )}
      {found.isError && (
        <p role="alert" className={textStyles.problem}>
          {contactsWords.book.failed}
        </p>
      )}
    </Dialog>
  )
}
