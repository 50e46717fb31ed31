import type { Contact } from "@causeway/contract/resources/contact"
import { useNavigate } from "@tanstack/react-router"
import { type ReactNode, useState } from "react"
import { contacts } from "../../contacts.ts"
import { contactsWords } from "../../contacts-words.ts"
import { laterWords } from "../../later-words.ts"
import { Button } from "../../parts/Button.tsx"
import { Dialog } from "../../parts/Dialog.tsx"
import { useWorkspace } from "../../workspace.ts"
import { useContactForm } from "../Contact/useContactChange.ts"
import dialogStyles from "./Dialogs.module.css"
import { Erase } from "./Erase.tsx"
import styles from "./Leaving.module.css"
import { nameOf } from "./Rows.tsx"
import textStyles from "./Text.module.css"
import { useAddress } from "./useAddress.ts"

const said = contactsWords.leaving

/** The ways in which a contact leaves: as a file, from the list, or for good. The first and the last are an admin's. */
export function Leaving({ contact }: { contact: Contact }) {
  const isAdmin = useWorkspace().session.teammate.role === "admin"
  const [open, setOpen] = useState<"remove" | "erase" | null>(null)
  const close = () => setOpen(null)
  return (
    <section className={styles.leaving}>
      <h3>{said.title}</h3>
      {isAdmin && (
        <Way text={said.heldText}>
          <a className={dialogStyles.plain} href={contacts.heldExport(contact.id)} download={`${contact.id}.json`}>
            {said.held}
          </a>
        </Way>
      )}
      <Way text={said.removeText}>
        <Button icon="trash" onClick={() => setOpen("remove")}>
          {said.remove}
        </Button>
      </Way>
      {isAdmin && (
        <Way text={said.eraseText}>
          <Button icon="failed" onClick={() => setOpen("erase")}>
            {said.erase}
          </Button>
        </Way>
      )}
      {open === "remove" && <Remove contact={contact} onClose={close} />}
      {open === "erase" && <Erase contact={contact} onClose={close} />}
    </section>
  )
}

const Way = ({ text, children }: { text: string; children: ReactNode }) => (
  <div className={styles.way}>
    {children}
    <span className={textStyles.side}>{text}</span>
  </div>
)

function Remove({ contact, onClose }: { contact: Contact; onClose(): void }) {
  const navigate = useNavigate()
  const { address } = useAddress()
  const { run, isBusy, problem } = useContactForm(null)
  const name = nameOf(contact)
  async function remove(): Promise<void> {
    const done = await run(
      () => contacts.remove(contact.id),
      () => said.removed(name),
    )
    if (done !== null) void navigate({ to: "/contacts", search: address })
  }
  return (
    <Dialog
      title={said.removeTitle(name)}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{laterWords.contact.cancel}</Button>
          <Button look="primary" disabled={isBusy} onClick={() => void remove()}>
            {said.remove}
          </Button>
        </>
      }
    >
      <p>
        {said.removeText} {said.cannotUndo}
      </p>
      {problem !== null && (
        <p role="alert" className={textStyles.problem}>
          {problem}
        </p>
      )}
    </Dialog>
  )
}
