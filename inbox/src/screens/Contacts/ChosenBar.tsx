import type { ContactEntry, CountedList } from "@causeway/contract/endpoints/contact-book"
import { mergedContactsMax } from "@causeway/contract/limits"
import { useNavigate } from "@tanstack/react-router"
import { useState } from "react"
import { contacts } from "../../contacts.ts"
import { contactsWords } from "../../contacts-words.ts"
import { Button } from "../../parts/Button.tsx"
import { tell, tellProblem, useWorkspace } from "../../workspace.ts"
import { MergeContacts } from "../Contact/MergeContacts.tsx"
import { renew } from "../Contact/useContactChange.ts"
import styles from "./ChosenBar.module.css"
import { PutOnList } from "./PutOnList.tsx"

const said = contactsWords.chosen

interface BarProps {
  chosen: readonly ContactEntry[]
  /** The one that is shown. */
  list: CountedList | null
  onEnd(): void
}

/** What can be done with several at once. */
export function ChosenBar({ chosen, list, onEnd }: BarProps) {
  const workspace = useWorkspace()
  const navigate = useNavigate()
  const [open, setOpen] = useState<"merge" | "list" | null>(null)
  const ids = chosen.map(({ id }) => id)
  async function takeOff(from: CountedList): Promise<void> {
    const work = async (isOn: boolean): Promise<boolean> => {
      try {
        await (isOn ? contacts.putOnList(from.id, ids) : contacts.takeOffList(from.id, ids))
        await renew(workspace, null)
        return true
      } catch (error) {
        tellProblem(workspace, error)
        return false
      }
    }
    if (!(await work(false))) return
    tell(workspace, said.taken(ids.length, from.name), { undo: async () => void (await work(true)) })
    onEnd()
  }
  return (
    <section className={styles.bar} aria-label={said.label}>
      <output>{said.count(chosen.length)}</output>
      {chosen.length >= 2 && chosen.length <= mergedContactsMax && (
        <Button icon="merge" onClick={() => setOpen("merge")}>
          {said.merge}
        </Button>
      )}
      <Button icon="plus" onClick={() => setOpen("list")}>
        {said.putOn}
      </Button>
      {list !== null && (
        <Button icon="close" onClick={() => void takeOff(list)}>
          {said.takeOff}
        </Button>
      )}
      <Button look="quiet" onClick={onEnd}>
        {said.clear}
      </Button>
      {open === "merge" && (
        <MergeContacts
          people={chosen}
          onEnd={() => setOpen(null)}
          onMerged={(contactId) => {
            onEnd()
            void navigate({
              to: "/contacts/$contactId",
              params: { contactId },
              search: list === null ? {} : { list: list.id },
            })
          }}
        />
      )}
      {open === "list" && (
        <PutOnList
          contactIds={ids}
          onClose={() => setOpen(null)}
          onDone={() => {
            setOpen(null)
            onEnd()
          }}
        />
      )}
    </section>
  )
}
