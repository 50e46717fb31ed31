import type { ContactBook, CountedList, MergePreview, SimilarPair } from "@causeway/contract/endpoints/contact-book"
import type { ContactContext } from "@causeway/contract/endpoints/contact-context"
import type { Erasure, Held } from "@causeway/contract/endpoints/erasures"
import type { Contact, ContactHandle, ContactNote } from "@causeway/contract/resources/contact"
import type { CustomField } from "@causeway/contract/resources/custom-field"
import { useQuery } from "@tanstack/react-query"
import { at, query, request, requestLocation } from "./api.ts"

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

export type ContactChange = Partial<Pick<Contact, "name" | "description" | "custom_fields" | "links">>

export const contacts = {
  browse: (wanted: BookQuery, token: string | null) =>
    request<ContactBook>(
      `/causeway/contacts?${query({ q: wanted.q || null, list_id: wanted.list, sort: wanted.sort, page_token: token })}`,
    ),
  create: (contact: { name?: string; handles: ContactHandle[] }) =>
    request<Contact>("/contacts", { method: "POST", body: contact }),
  update: (id: string, change: ContactChange) => request<void>(at`/contacts/${id}`, { method: "PATCH", body: change }),
  remove: (id: string) => request<void>(at`/contacts/${id}`, { method: "DELETE" }),
  addHandle: (id: string, handle: ContactHandle) =>
    request<void>(at`/contacts/${id}/handles`, { method: "POST", body: handle }),
  removeHandle: (id: string, handle: ContactHandle) =>
    request<void>(at`/contacts/${id}/handles`, { method: "DELETE", body: handle }),
  addNote: (id: string, teammateId: string, body: string) =>
    request<ContactNote>(at`/contacts/${id}/notes`, { method: "POST", body: { author_id: teammateId, body } }),
  similar: () => request<{ pairs: SimilarPair[] }>("/causeway/contacts/similar"),
  /** Says that two are not the same person, or takes that back. */
  different: (id: string, otherId: string, isSo: boolean) =>
    request<void>(at`/causeway/contacts/${id}/different_people`, {
      method: isSo ? "POST" : "DELETE",
      body: { contact_ids: [otherId] },
    }),
  previewMerge: (id: string, others: readonly string[]) =>
    request<MergePreview>("/causeway/contacts/merge_preview", {
      method: "POST",
      body: { target_contact_id: id, contact_ids: others },
    }),
  /** `others` become part of `id`; there is no way back. */
  merge: (id: string, others: readonly string[]) =>
    request<Contact>("/contacts/merge", { method: "POST", body: { target_contact_id: id, contact_ids: others } }),
  lists: () => request<{ lists: CountedList[] }>("/causeway/contact_lists"),
  /** Answers its id. `ownerId`: the teammate who alone sees it; null: everybody does. */
  createList: async (name: string, ownerId: string | null) => {
    const path = ownerId === null ? "/contact_lists" : at`/teammates/${ownerId}/contact_lists`
    return (await requestLocation(path, { method: "POST", body: { name } })).split("/").at(-1) ?? ""
  },
  renameList: (id: string, name: string) =>
    request<unknown>(at`/causeway/contact_lists/${id}`, { method: "PATCH", body: { name } }),
  removeList: (id: string) => request<void>(at`/contact_lists/${id}`, { method: "DELETE" }),
  putOnList: (id: string, contactIds: readonly string[]) =>
    request<void>(at`/contact_lists/${id}/contacts`, { method: "POST", body: { contact_ids: contactIds } }),
  takeOffList: (id: string, contactIds: readonly string[]) =>
    request<void>(at`/contact_lists/${id}/contacts`, { method: "DELETE", body: { contact_ids: contactIds } }),
  exportOf: (wanted: BookQuery, format: "csv" | "json") =>
    `/causeway/contacts/export?${query({ q: wanted.q || null, list_id: wanted.list, format })}`,
  held: (id: string) => request<Held>(at`/causeway/contacts/${id}/held`),
  heldExport: (id: string) => at`/causeway/contacts/${id}/export`,
  erase: (id: string) =>
    request<Erasure & { files_later: number }>(at`/causeway/contacts/${id}/erasure`, {
      method: "POST",
      body: { confirm: id },
      timeoutMs: 10 * 60_000,
    }),
  erasures: () => request<{ erasures: Erasure[]; public_key: string }>("/causeway/erasures"),
}

/** What the contacts' screen shows: words, a list's id, an order. */
export interface BookQuery {
  q: string
  list: string | null
  sort: "name" | "updated"
}

/** Everything that lists contacts: after a change of any of them. */
export const bookKey = ["contacts"] as const

export const useLists = () => useQuery({ queryKey: [...bookKey, "lists"], queryFn: contacts.lists })
