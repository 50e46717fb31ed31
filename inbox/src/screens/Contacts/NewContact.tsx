import { handleCharsMax, nameCharsMax } from "@causeway/contract/limits"
import type { HandleSource } from "@causeway/contract/resources/contact"
import { useNavigate } from "@tanstack/react-router"
import { useId } from "react"
import { contacts } from "../../contacts.ts"
import { contactsWords } from "../../contacts-words.ts"
import { laterWords } from "../../later-words.ts"
import { Button } from "../../parts/Button.tsx"
import { Dialog } from "../../parts/Dialog.tsx"
import { Field } from "../../parts/Field.tsx"
import { KindOfHandle } from "../Contact/Handles.tsx"
import { useContactForm } from "../Contact/useContactChange.ts"
import styles from "./Dialogs.module.css"
import { useAddress } from "./useAddress.ts"

const said = contactsWords.newContact

/** Somebody who has not written yet: a name and one way to reach them. Afterwards the contact is shown. */
export function NewContact({ onClose }: { onClose(): void }) {
  const form = useId()
  const navigate = useNavigate()
  const { address } = useAddress()
  const { run, isBusy, problem } = useContactForm(null)
  async function create(data: FormData): Promise<void> {
    const [name, handle] = [String(data.get("name")).trim(), String(data.get("handle")).trim()]
    const source = String(data.get("source")) as HandleSource
    const made = await run(
      () => contacts.create({ ...(name !== "" && { name }), handles: [{ source, handle }] }),
      () => said.done(name || handle),
    )
    if (made === null) return
    onClose()
    void navigate({ to: "/contacts/$contactId", params: { contactId: made.answer.id }, search: address })
  }
  return (
    <Dialog
      title={said.title}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{laterWords.contact.cancel}</Button>
          <Button look="primary" type="submit" form={form} disabled={isBusy}>
            {said.add}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault()
          void create(new FormData(event.currentTarget))
        }}
      >
        <Field name="name" label={said.name} autoComplete="off" maxLength={nameCharsMax} isFirst isOptional />
        <KindOfHandle label={said.kind} className={styles.select} />
        <Field
          name="handle"
          label={said.handle}
          autoComplete="off"
          maxLength={handleCharsMax}
          {...(problem !== null && { error: problem })}
        />
      </form>
    </Dialog>
  )
}
