import { urlCharsMax } from "@causeway/contract/limits"
import type { Contact } from "@causeway/contract/resources/contact"
import { type FormEvent, useState } from "react"
import { contacts } from "../../contacts.ts"
import { contactsWords } from "../../contacts-words.ts"
import { laterWords } from "../../later-words.ts"
import { Button } from "../../parts/Button.tsx"
import { Icon } from "../../parts/Icon.tsx"
import { useWorkspace } from "../../workspace.ts"
import styles from "../Contact/Contact.module.css"
import { useContactChange, useContactForm } from "../Contact/useContactChange.ts"

const said = contactsWords.links

/** Only pages are led to; whatever else an integration wrote there is shown as it is. */
const isPage = (link: string): boolean => /^https?:\/\//i.test(link) && URL.canParse(link)

/** Pages elsewhere that have to do with a contact. */
export function Links({ contact }: { contact: Contact }) {
  const change = useContactChange(contact.id)
  const { run, isBusy, problem } = useContactForm(contact.id)
  const [typed, setTyped] = useState("")
  const isReadOnly = useWorkspace().session.teammate.role === "observer"
  const { links } = contact
  if (isReadOnly && links.length === 0) return null
  async function add(event: FormEvent): Promise<void> {
    event.preventDefault()
    const link = typed.trim()
    const done = await run(
      () => contacts.update(contact.id, { links: [...new Set([...links, link])] }),
      () => laterWords.contact.added(link),
    )
    if (done !== null) setTyped("")
  }
  const remove = (link: string) =>
    change(
      () => contacts.update(contact.id, { links: links.filter((other) => other !== link) }),
      laterWords.contact.removed(link),
      () => contacts.update(contact.id, { links }),
    )
  return (
    <section className={styles.part}>
      <h3>{said.title}</h3>
      <ul className={styles.plain}>
        {links.map((link) => (
          <li key={link} className={styles.handle}>
            {isPage(link) ? (
              <a href={link} target="_blank" rel="noreferrer noopener" dir="ltr">
                {link}
              </a>
            ) : (
              <bdi>{link}</bdi>
            )}
            {!isReadOnly && (
              <button
                type="button"
                className={styles.icon}
                aria-label={said.remove(link)}
                onClick={() => void remove(link)}
              >
                <Icon name="close" size={14} />
              </button>
            )}
          </li>
        ))}
      </ul>
      {!isReadOnly && (
        <form className={styles.edit} onSubmit={(event) => void add(event)}>
          <input
            type="url"
            dir="ltr"
            pattern="https?://.+"
            value={typed}
            maxLength={urlCharsMax}
            aria-label={said.field}
            placeholder="https://"
            aria-invalid={problem !== null}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          {typed.trim() !== "" && (
            <Button type="submit" disabled={isBusy}>
              {said.add}
            </Button>
          )}
          {problem !== null && <p role="alert">{problem}</p>}
        </form>
      )}
    </section>
  )
}
