import type { Contact } from "@causeway/contract/resources/contact"
import { useState } from "react"
import { contacts } from "../../contacts.ts"
import { contactsWords } from "../../contacts-words.ts"
import { Button } from "../../parts/Button.tsx"
import { Icon } from "../../parts/Icon.tsx"
import { useWorkspace } from "../../workspace.ts"
import contactStyles from "../Contact/Contact.module.css"
import { useContactChange } from "../Contact/useContactChange.ts"
import styles from "./Chips.module.css"
import { PutOnList } from "./PutOnList.tsx"

const said = contactsWords.lists

/** The lists that a contact is on, each with its way off, and the way onto others. */
export function OnLists({ contact }: { contact: Contact }) {
  const [isAdding, setIsAdding] = useState(false)
  const change = useContactChange(contact.id)
  const isReadOnly = useWorkspace().session.teammate.role === "observer"
  const takeOff = ({ id, name }: { id: string; name: string }) =>
    change(
      () => contacts.takeOffList(id, [contact.id]),
      contactsWords.chosen.taken(1, name),
      () => contacts.putOnList(id, [contact.id]),
    )
  return (
    <section className={contactStyles.part}>
      <h3>{said.label}</h3>
      {contact.lists.length === 0 && <p className={contactStyles.none}>{said.none}</p>}
      <ul className={styles.chips}>
        {contact.lists.map((list) => (
          <li key={list.id} className={styles.chip}>
            <bdi>{list.name}</bdi>
            {!isReadOnly && (
              <button
                type="button"
                className={contactStyles.icon}
                aria-label={said.takeOff(list.name)}
                onClick={() => void takeOff(list)}
              >
                <Icon name="close" size={12} />
              </button>
            )}
          </li>
        ))}
        {!isReadOnly && (
          <li>
            <Button look="quiet" icon="plus" onClick={() => setIsAdding(true)}>
              {contactsWords.chosen.putOn}
            </Button>
          </li>
        )}
      </ul>
      {isAdding && (
        <PutOnList contactIds={[contact.id]} onClose={() => setIsAdding(false)} onDone={() => setIsAdding(false)} />
      )}
    </section>
  )
}
