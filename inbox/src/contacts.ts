import type { ContactContext } from "@causeway/contract/endpoints/contact-context"
import type { Contact, ContactHandle, ContactNote } from "@causeway/contract/resources/contact"
import type { CustomField } from "@causeway/contract/resources/custom-field"
import { useQuery } from "@tanstack/react-query"
import { at, request } from "./api.ts"

/** Contacts as the vendor's API has them, and what our own door adds. */

interface Page<Item> {
  _results: Item[]
}

/** Everything that the panel shows of a contact. */
export interface ContactDetail {
  contact: Contact
  notes: ContactNote[]
  fields: CustomField[]
  context: ContactContext
}

async function loadContact(id: string): Promise<ContactDetail> {
  const [contact, notes, fields, context] = await Promise.all([
    request<Contact>(at`/contacts/${id}`),
    request<Page<ContactNote>>(at`/contacts/${id}/notes`),
    request<Page<CustomField>>("/contacts/custom_fields"),
    request<ContactContext>(at`/causeway/contacts/${id}/context`),
  ])
  return {
    contact,
    notes: notes._results,
    fields: fields._results,
    context,
  }
}

export const contactKey = (id: string): readonly string[] => ["contact", id]

/** Loaded when the panel opens; whoever changes it here asks again, and so does a change of the open conversation's row. */
export const useContact = (id: string, version: number) =>
  useQuery({
    queryKey: [...contactKey(id), version],
    queryFn: () => loadContact(id),
    placeholderData: (before) => (before?.contact.id === id ? before : undefined),
  })

export type ContactChange = Partial<Pick<Contact, "name" | "description" | "custom_fields">>

export const contacts = {
  update: (id: string, change: ContactChange) => request<void>(at`/contacts/${id}`, { method: "PATCH", body: change }),
  addHandle: (id: string, handle: ContactHandle) =>
    request<void>(at`/contacts/${id}/handles`, { method: "POST", body: handle }),
  removeHandle: (id: string, handle: ContactHandle) =>
    request<void>(at`/contacts/${id}/handles`, { method: "DELETE", body: handle }),
  addNote: (id: string, teammateId: string, body: string) =>
    request<ContactNote>(at`/contacts/${id}/notes`, { method: "POST", body: { author_id: teammateId, body } }),
  /** `others` become part of `id`; there is no way back. */
  merge: (id: string, others: readonly string[]) =>
    request<Contact>("/contacts/merge", { method: "POST", body: { target_contact_id: id, contact_ids: others } }),
}
