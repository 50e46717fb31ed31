import { contactTextCharsMax, customFieldCharsMax, nameCharsMax } from "@causeway/contract/limits"
import type { Contact } from "@causeway/contract/resources/contact"
import type { CustomField } from "@causeway/contract/resources/custom-field"
import { type ContactDetail, contacts } from "../../contacts.ts"
import { laterWords } from "../../later-words.ts"
import styles from "./Contact.module.css"
import { EditInPlace } from "./EditInPlace.tsx"
import { useContactChange } from "./useContactChange.ts"

const said = laterWords.contact

export function ContactName({ contact }: { contact: Contact }) {
  const change = useContactChange(contact.id)
  return (
    <h3 className={styles.name} data-contact-name>
      <EditInPlace
        label={said.name}
        value={contact.name ?? ""}
        empty={said.unnamed}
        maxLength={nameCharsMax}
        onSave={(name) => change(() => contacts.update(contact.id, { name }), said.saved(said.name))}
      />
    </h3>
  )
}

/** The words about the contact and the company's own fields, each edited where it stands. */
export function Fields({ detail: { contact, fields } }: { detail: ContactDetail }) {
  const change = useContactChange(contact.id)
  return (
    <section className={styles.part}>
      <h3>{said.fields}</h3>
      <dl className={styles.facts}>
        <div>
          <dt>{said.description}</dt>
          <dd>
            <EditInPlace
              label={said.description}
              value={contact.description}
              empty={said.addDescription}
              maxLength={contactTextCharsMax}
              onSave={(description) =>
                change(() => contacts.update(contact.id, { description }), said.saved(said.description))
              }
            />
          </dd>
        </div>
        {fields.map((field) => (
          <Field key={field.id} field={field} contact={contact} />
        ))}
      </dl>
    </section>
  )
}

function Field({ field, contact }: { field: CustomField; contact: Contact }) {
  const change = useContactChange(contact.id)
  const value = contact.custom_fields[field.name]
  const choices = choicesOf(field)
  const save = (written: string): Promise<boolean> => {
    const custom_fields = { ...contact.custom_fields }
    // What is left out is empty: all that is given is all there is afterwards.
    delete custom_fields[field.name]
    if (written !== "") custom_fields[field.name] = parsed(field, written)
    return change(() => contacts.update(contact.id, { custom_fields }), said.saved(field.name))
  }
  return (
    <div>
      <dt title={field.description}>
        <bdi>{field.name}</bdi>
      </dt>
      <dd>
        {field.type === "datetime" || field.type === "teammate" || field.type === "inbox" ? (
          <span dir="auto">{value === undefined || value === null ? said.empty : String(value)}</span>
        ) : (
          <EditInPlace
            label={field.name}
            value={value === undefined || value === null ? "" : String(value)}
            empty={said.empty}
            maxLength={customFieldCharsMax}
            type={field.type === "number" ? "number" : "text"}
            {...(choices !== null && { choices })}
            onSave={save}
          />
        )}
      </dd>
    </div>
  )
}

function choicesOf(field: CustomField): readonly { value: string; label: string }[] | null {
  if (field.type === "boolean")
    return [
      { value: "true", label: said.yes },
      { value: "false", label: said.no },
    ]
  return field.type === "enum"
    ? (field.values ?? []).map(({ value, label }) => ({ value, label: label || value }))
    : null
}

function parsed(field: CustomField, written: string): unknown {
  if (field.type === "number") return Number(written)
  return field.type === "boolean" ? written === "true" : written
}
