import type { PhoneReading } from "@causeway/contract/endpoints/contact-context"
import { handleCharsMax } from "@causeway/contract/limits"
import type { ContactHandle, HandleSource } from "@causeway/contract/resources/contact"
import { type FormEvent, useId, useState } from "react"
import { type ContactDetail, contacts } from "../../contacts.ts"
import { laterWords } from "../../later-words.ts"
import { Button } from "../../parts/Button.tsx"
import { Icon } from "../../parts/Icon.tsx"
import { tell, useWorkspace } from "../../workspace.ts"
import styles from "./Contact.module.css"
import { useContactChange, useContactForm } from "./useContactChange.ts"

const said = laterWords.contact
const sources = Object.keys(said.sources) as HandleSource[]

/** Every handle under what it is; a number says how it was read, because one that came without a country code was taken for a US one. */
export function Handles({ detail: { contact, context } }: { detail: ContactDetail }) {
  const isReadOnly = useWorkspace().session.teammate.role === "observer"
  const bySource = Map.groupBy(contact.handles, ({ source }) => source)
  return (
    <section className={styles.part}>
      <h3>{said.handles}</h3>
      <dl className={styles.facts}>
        {sources
          .filter((source) => bySource.has(source))
          .map((source) => (
            <div key={source}>
              <dt>{said.sources[source]}</dt>
              {(bySource.get(source) ?? []).map((handle) => (
                <dd key={handle.handle}>
                  <Handle
                    handle={handle}
                    contactId={contact.id}
                    isLast={contact.handles.length === 1}
                    reading={context.phones.find((phone) => phone.handle === handle.handle) ?? null}
                  />
                </dd>
              ))}
            </div>
          ))}
      </dl>
      {!isReadOnly && <AddHandle contactId={contact.id} />}
    </section>
  )
}

/** Where a handle reaches somebody, as a field of a form. */
export const KindOfHandle = ({ label, className }: { label: string; className?: string | undefined }) => (
  <label className={className}>
    <span>{label}</span>
    <select name="source" defaultValue="email">
      {sources.map((source) => (
        <option key={source} value={source}>
          {said.sources[source]}
        </option>
      ))}
    </select>
  </label>
)

/** A button that becomes a form. */
function AddHandle({ contactId }: { contactId: string }) {
  const [isOpen, setIsOpen] = useState(false)
  const { run, isBusy, problem } = useContactForm(contactId)
  async function add(data: FormData): Promise<void> {
    const handle = String(data.get("handle")).trim()
    const source = String(data.get("source")) as HandleSource
    const done = await run(
      () => contacts.addHandle(contactId, { source, handle }),
      () => said.added(handle),
    )
    if (done !== null) setIsOpen(false)
  }
  if (!isOpen)
    return (
      <button type="button" className={styles.link} onClick={() => setIsOpen(true)}>
        {said.addHandle}
      </button>
    )
  return (
    <form
      className={styles.edit}
      onSubmit={(event) => {
        event.preventDefault()
        void add(new FormData(event.currentTarget))
      }}
    >
      <KindOfHandle label={said.handleKind} className={styles.kind} />
      <input
        name="handle"
        dir="auto"
        required
        maxLength={handleCharsMax}
        aria-label={said.handleValue}
        placeholder={said.handleValue}
        aria-invalid={problem !== null}
        // biome-ignore lint/a11y/noAutofocus: whoever asked for the form types next
        autoFocus
      />
      <Button type="submit" look="primary" disabled={isBusy}>
        {said.add}
      </Button>
      <Button onClick={() => setIsOpen(false)}>{said.cancel}</Button>
      {problem !== null && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
    </form>
  )
}

interface HandleProps {
  handle: ContactHandle
  contactId: string
  /** A contact keeps one at least. */
  isLast: boolean
  /** Of a phone number. */
  reading: PhoneReading | null
}

function Handle({ handle, contactId, isLast, reading }: HandleProps) {
  const workspace = useWorkspace()
  const change = useContactChange(contactId)
  const [isFixing, setIsFixing] = useState(false)
  const isReadOnly = workspace.session.teammate.role === "observer"
  async function copy(): Promise<void> {
    await navigator.clipboard.writeText(handle.handle)
    tell(workspace, said.copied(handle.handle))
  }
  const remove = () =>
    change(
      () => contacts.removeHandle(contactId, handle),
      said.removed(handle.handle),
      () => contacts.addHandle(contactId, handle),
    )
  return (
    <>
      <span className={styles.handle}>
        <bdi>{handle.handle}</bdi>
        <button
          type="button"
          className={styles.icon}
          aria-label={said.copy(said.sources[handle.source], handle.handle)}
          onClick={() => void copy()}
        >
          <Icon name="copy" size={14} />
        </button>
        {!isReadOnly && !isLast && (
          <button
            type="button"
            className={styles.icon}
            aria-label={said.remove(said.sources[handle.source], handle.handle)}
            onClick={() => void remove()}
          >
            <Icon name="close" size={14} />
          </button>
        )}
      </span>
      {reading !== null && (
        <span className={styles.reading}>
          <span>
            {reading.country === null ? reading.shown : said.read(reading.shown, countryName(reading.country))}
          </span>
          {!isReadOnly && !isFixing && (
            <button type="button" className={styles.link} data-correct onClick={() => setIsFixing(true)}>
              {said.fix}
            </button>
          )}
        </span>
      )}
      {isFixing && <FixNumber handle={handle} contactId={contactId} onEnd={() => setIsFixing(false)} />}
    </>
  )
}

/** Austria, in the reader's language. */
function countryName(country: string): string {
  return new Intl.DisplayNames(document.documentElement.lang || undefined, { type: "region" }).of(country) ?? country
}

interface FixProps {
  handle: ContactHandle
  contactId: string
  onEnd(): void
}

/** Adds the number as it should be, then takes the other away: a refusal leaves what was there. */
function FixNumber({ handle, contactId, onEnd }: FixProps) {
  const id = useId()
  const change = useContactChange(contactId)
  const [number, setNumber] = useState(handle.handle)
  async function save(event: FormEvent): Promise<void> {
    event.preventDefault()
    const corrected = { ...handle, handle: number.replace(/[^\d+]/g, "") }
    if (corrected.handle === handle.handle) onEnd()
    else if (
      await change(async () => {
        await contacts.addHandle(contactId, corrected)
        await contacts.removeHandle(contactId, handle)
      }, said.saved(corrected.handle))
    )
      onEnd()
  }
  return (
    <form className={styles.edit} onSubmit={(event) => void save(event)}>
      <input
        type="tel"
        dir="ltr"
        required
        pattern="\+[\d\s().\-]{5,}"
        maxLength={handleCharsMax}
        aria-label={said.fixLabel}
        aria-describedby={id}
        // biome-ignore lint/a11y/noAutofocus: whoever pressed Correct types next
        autoFocus
        value={number}
        onChange={(event) => setNumber(event.currentTarget.value)}
      />
      <Button type="submit" look="primary">
        {said.save}
      </Button>
      <Button onClick={onEnd}>{said.cancel}</Button>
      <p id={id}>{said.fixHint}</p>
    </form>
  )
}
