import { contacts, useLists } from "../../contacts.ts"
import { contactsWords } from "../../contacts-words.ts"
import { Dialog } from "../../parts/Dialog.tsx"
import { Picker } from "../../parts/Picker.tsx"
import { useContactForm } from "../Contact/useContactChange.ts"
import styles from "./Text.module.css"

const said = contactsWords.lists

interface PutProps {
  contactIds: readonly string[]
  onClose(): void
  onDone(): void
}

/** Chooses a list for contacts, or makes one for them. */
export function PutOnList({ contactIds, onClose, onDone }: PutProps) {
  const lists = useLists().data?.lists ?? []
  const [first] = contactIds
  const { run, problem } = useContactForm(contactIds.length === 1 && first !== undefined ? first : null)
  async function put(list: { id: string; name: string } | { id: null; name: string }): Promise<void> {
    const done = await run(
      async () => contacts.putOnList(list.id ?? (await contacts.createList(list.name, null)), contactIds),
      () => contactsWords.chosen.put(contactIds.length, list.name),
    )
    if (done !== null) onDone()
  }
  return (
    <Dialog title={contactsWords.chosen.putOn} onClose={onClose}>
      <Picker
        label={said.which}
        none={said.noList}
        options={lists.map(({ id, name, is_private: isOwn }) => ({
          id,
          label: name,
          ...(isOwn && { hint: contactsWords.book.own }),
        }))}
        onPick={({ id, label }) => void put({ id, name: label })}
        create={{ label: said.makeNew, make: (name) => void put({ id: null, name }) }}
      />
      {problem !== null && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
    </Dialog>
  )
}
