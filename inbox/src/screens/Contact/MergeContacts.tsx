import type { MergePreview } from "@causeway/contract/endpoints/contact-book"
import type { ContactHandle } from "@causeway/contract/resources/contact"
import { useQuery } from "@tanstack/react-query"
import { type ReactNode, useId, useState } from "react"
import { contacts } from "../../contacts.ts"
import { contactsWords } from "../../contacts-words.ts"
import { laterWords } from "../../later-words.ts"
import { Button } from "../../parts/Button.tsx"
import { Dialog } from "../../parts/Dialog.tsx"
import { Late } from "../../parts/Late.tsx"
import { Notice } from "../../parts/Notice.tsx"
import { words } from "../../words.ts"
import styles from "./Contact.module.css"
import { sentenceOf, useContactForm } from "./useContactChange.ts"

const said = contactsWords.joining
const { same } = laterWords.contact

export interface Mergeable {
  id: string
  name: string | null
  handles: readonly ContactHandle[]
}

interface MergeProps {
  /** Two or more; the first stays unless another is chosen. */
  people: readonly Mergeable[]
  onEnd(): void
  /** `id`: the one that stayed. */
  onMerged?(id: string): void
}

const nameOf = ({ name, handles }: Mergeable): string => name || handles[0]?.handle || contactsWords.book.unnamed

/** Those who are merged, and beside them what the server says will come of it; nothing happens before it is confirmed. */
export function MergeContacts({ people, onEnd, onMerged }: MergeProps) {
  const [stayId, setStayId] = useState(people[0]?.id ?? "")
  const stays = people.find(({ id }) => id === stayId) as Mergeable
  const joining = people.filter((one) => one !== stays)
  const otherIds = joining.map(({ id }) => id)
  const preview = useQuery({
    queryKey: ["contact-merge", stayId, ...otherIds],
    queryFn: () => contacts.previewMerge(stayId, otherIds),
    gcTime: 0,
  })
  const { run, isBusy, problem } = useContactForm(stayId)
  async function confirm(): Promise<void> {
    const done = await run(
      async () => {
        const merged = await contacts.merge(stayId, otherIds)
        // Of several names the server keeps the one that somebody gave last; here the one stays that was shown to stay.
        if (stays.name && merged.name !== stays.name) await contacts.update(stayId, { name: stays.name })
        return merged
      },
      (merged) => same.done(stays.name || merged.name || nameOf(stays)),
    )
    if (done === null) return
    onEnd()
    onMerged?.(stayId)
  }
  return (
    <Dialog
      title={said.question(people.length)}
      onClose={onEnd}
      footer={
        <>
          <Button onClick={onEnd}>{same.cancel}</Button>
          <Button look="primary" disabled={isBusy || preview.data === undefined} onClick={() => void confirm()}>
            {same.confirm}
          </Button>
        </>
      }
    >
      <WhichStays people={people} stayId={stayId} onChoose={setStayId} />
      {preview.data !== undefined ? (
        <Compared stays={stays} joining={joining} preview={preview.data} />
      ) : preview.isError ? (
        <Notice title={said.failed} text={sentenceOf(preview.error)} onRetry={() => void preview.refetch()} />
      ) : (
        <Late>
          <output>{words.loading}</output>
        </Late>
      )}
      <p>{same.after}</p>
      {problem !== null && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
    </Dialog>
  )
}

interface WhichProps {
  people: readonly Mergeable[]
  stayId: string
  onChoose(id: string): void
}

/** Whose id, place in integrations and age the one contact has. */
function WhichStays({ people, stayId, onChoose }: WhichProps) {
  const group = useId()
  return (
    <fieldset className={styles.which}>
      <legend>{said.which}</legend>
      {people.map((one) => (
        <label key={one.id}>
          <input type="radio" name={group} checked={one.id === stayId} onChange={() => onChoose(one.id)} />
          <span dir="auto">{nameOf(one)}</span>
        </label>
      ))}
    </fieldset>
  )
}

interface ComparedProps {
  stays: Mergeable
  joining: readonly Mergeable[]
  preview: MergePreview
}

function Compared({ stays, joining, preview }: ComparedProps) {
  const { contact } = preview
  const row = (label: string, before: ReactNode, other: ReactNode, after: ReactNode) => (
    <tr>
      <th scope="row">{label}</th>
      <td dir="auto">{before}</td>
      <td dir="auto">{other}</td>
      <td dir="auto">{after || "–"}</td>
    </tr>
  )
  const only = (label: string, after: string) => (
    <tr>
      <th scope="row">{label}</th>
      <td colSpan={3} dir="auto">
        {after}
      </td>
    </tr>
  )
  return (
    <div className={styles.scroll}>
      <table className={styles.compare}>
        <thead>
          <tr>
            <td />
            <th scope="col">{same.stays}</th>
            <th scope="col">{same.joins}</th>
            <th scope="col">{said.afterwards}</th>
          </tr>
        </thead>
        <tbody>
          {row(
            same.name,
            stays.name,
            joining
              .map(({ name }) => name)
              .filter(Boolean)
              .join(", "),
            stays.name || contact.name,
          )}
          {row(
            same.handles,
            <Reached handles={stays.handles} />,
            <Reached handles={joining.flatMap(({ handles }) => handles)} />,
            <Reached handles={contact.handles} />,
          )}
          {row(same.conversations, null, null, same.count(preview.conversation_count))}
          {preview.note_count > 0 && row(said.notes, null, null, said.count(preview.note_count))}
          {contact.lists.length > 0 && only(said.lists, contact.lists.join(", "))}
          {contact.links.length > 0 && only(said.links, contact.links.join(", "))}
          {contact.description !== "" && only(said.about, contact.description)}
          {Object.entries(contact.custom_fields).map(([name, value]) => (
            <tr key={name}>
              <th scope="row" dir="auto">
                {name}
              </th>
              <td colSpan={3} dir="auto">
                {typeof value === "object" ? JSON.stringify(value) : String(value)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {contact.is_private && <p>{said.private}</p>}
    </div>
  )
}

/** Each address under what it is: the same one may be kept as two kinds. */
const Reached = ({ handles }: { handles: readonly ContactHandle[] }) => (
  <ul>
    {handles.map(({ source, handle }) => (
      <li key={`${source} ${handle}`}>
        <span>{laterWords.contact.sources[source]}</span> <bdi>{handle}</bdi>
      </li>
    ))}
  </ul>
)
