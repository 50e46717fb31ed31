import { useState } from "react"
import { type BookQuery, contacts } from "../../contacts.ts"
import { contactsWords } from "../../contacts-words.ts"
import { laterWords } from "../../later-words.ts"
import { Button } from "../../parts/Button.tsx"
import { Dialog } from "../../parts/Dialog.tsx"
import styles from "./Dialogs.module.css"

const said = contactsWords.exporting
const formats = ["csv", "json"] as const

interface ExportProps {
  query: BookQuery
  /** The list and the words, as a person says them. */
  what: string
  onClose(): void
}

/** What is shown, all pages of it, as a file; the browser keeps it where it keeps downloads. */
export function ExportContacts({ query, what, onClose }: ExportProps) {
  const [format, setFormat] = useState<(typeof formats)[number]>("csv")
  return (
    <Dialog
      title={said.title}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{laterWords.contact.cancel}</Button>
          <a
            className={styles.primary}
            href={contacts.exportOf(query, format)}
            download={`contacts.${format}`}
            onClick={onClose}
          >
            {said.start}
          </a>
        </>
      }
    >
      <p>{said.text(what)}</p>
      <fieldset className={styles.choices}>
        <legend>{said.format}</legend>
        {formats.map((name) => (
          <label key={name} className={styles.check}>
            <input type="radio" name="format" checked={name === format} onChange={() => setFormat(name)} />
            {said.formats[name]}
          </label>
        ))}
      </fieldset>
    </Dialog>
  )
}
