/** The contacts as a teammate keeps them: looking through them, who may be the same person, lists, and everything as a file. Ours, for the inbox. */
import Type, { type Static } from "typebox"
import { endpoint } from "../endpoint.ts"
import { contactBookTokenCharsMax, nameCharsMax, referenceCharsMax, searchCharsMax } from "../limits.ts"
import { ContactHandle, ContactList } from "../resources/contact.ts"
import { anyObject, nullable, seconds } from "../shapes.ts"
import { MergeContacts } from "./contacts.ts"

const callers = ["session"] as const
const ContactParams = Type.Object({ contact_id: Type.String({ description: "crd_…, or alt:<source>:<handle>" }) })
const ListParams = Type.Object({ contact_list_id: Type.String({ description: "grp_…" }) })
const Named = Type.Object({ id: Type.String(), name: Type.String() })

/** Contacts, members and conversations are counted up to this. */
export const countedMax = 10_000

export const ContactEntry = Type.Object({
  id: Type.String({ description: "crd_…" }),
  name: nullable(Type.String()),
  handles: Type.Array(ContactHandle, { description: "the oldest five" }),
  handle_count: Type.Integer(),
  lists: Type.Array(Named, { description: "those that the caller sees" }),
  is_private: Type.Boolean(),
  conversation_count: Type.Integer({ description: `open to the caller; counted up to ${countedMax}` }),
  last_activity_at: nullable(seconds),
  updated_at: seconds,
})
export type ContactEntry = Static<typeof ContactEntry>

const wanted = {
  q: Type.Optional(
    Type.String({ maxLength: searchCharsMax, description: "words of the name, or how an address or a number begins" }),
  ),
  list_id: Type.Optional(Type.String({ maxLength: referenceCharsMax, description: "grp_…: those on the list" })),
}

export const ContactBook = Type.Object({
  contacts: Type.Array(ContactEntry),
  next: nullable(Type.String({ description: "the page_token of the page after this one" })),
  total: nullable(Type.Integer({ description: `on the first page; counted up to ${countedMax}` })),
})
export type ContactBook = Static<typeof ContactBook>

export const browseContacts = endpoint({
  method: "GET",
  path: "/causeway/contacts",
  summary: "The contacts that the caller sees, by name or by last change, found by words.",
  callers,
  scope: null,
  query: Type.Object({
    ...wanted,
    sort: Type.Optional(Type.Union([Type.Literal("name"), Type.Literal("updated")])),
    limit: Type.Optional(Type.String({ maxLength: 20 })),
    page_token: Type.Optional(Type.String({ maxLength: contactBookTokenCharsMax })),
  }),
  responses: { 200: ContactBook },
})

export const exportContacts = endpoint({
  method: "GET",
  path: "/causeway/contacts/export",
  summary: "Contacts as one file, with their handles, links, lists and custom fields. Admins only.",
  callers: ["token", "session"],
  scope: "contacts:read",
  query: Type.Object({
    ...wanted,
    format: Type.Optional(Type.Union([Type.Literal("csv"), Type.Literal("json")], { description: "csv unless said" })),
  }),
  responses: { 200: null },
})

const SimilarContact = Type.Object({
  id: Type.String({ description: "crd_…" }),
  name: nullable(Type.String()),
  handles: Type.Array(ContactHandle),
})
export const SimilarPair = Type.Object({
  contact: SimilarContact,
  other: SimilarContact,
  matches: Type.Array(Type.String(), { description: "addresses and numbers that both have, in whatever form" }),
  has_same_name: Type.Boolean(),
})
export type SimilarPair = Static<typeof SimilarPair>

export const listSimilarContacts = endpoint({
  method: "GET",
  path: "/causeway/contacts/similar",
  summary: "Pairs of shared contacts that may be one person, among those that changed last.",
  callers,
  scope: null,
  responses: { 200: Type.Object({ pairs: Type.Array(SimilarPair) }) },
})

const Others = Type.Object({
  contact_ids: Type.Array(Type.String({ maxLength: referenceCharsMax, description: "crd_… or an alias" }), {
    minItems: 1,
    maxItems: 50,
  }),
})

export const markDifferent = endpoint({
  method: "POST",
  path: "/causeway/contacts/:contact_id/different_people",
  summary: "Says that these are other people than this contact: they are not suggested again.",
  callers,
  scope: null,
  params: ContactParams,
  body: Others,
  responses: { 204: null },
})

export const unmarkDifferent = endpoint({
  method: "DELETE",
  path: "/causeway/contacts/:contact_id/different_people",
  summary: "Takes that back.",
  callers,
  scope: null,
  params: ContactParams,
  body: Others,
  responses: { 204: null },
})

export const MergePreview = Type.Object({
  contact: Type.Object({
    id: Type.String({ description: "the one that stays" }),
    name: nullable(Type.String()),
    description: Type.String(),
    handles: Type.Array(ContactHandle),
    links: Type.Array(Type.String()),
    lists: Type.Array(Type.String(), { description: "names" }),
    custom_fields: anyObject,
    is_private: Type.Boolean(),
  }),
  conversation_count: Type.Integer({ description: `of all of them together; counted up to ${countedMax}` }),
  note_count: Type.Integer(),
  gone: Type.Array(Type.Object({ id: Type.String(), name: nullable(Type.String()) })),
})
export type MergePreview = Static<typeof MergePreview>

export const previewMerge = endpoint({
  method: "POST",
  path: "/causeway/contacts/merge_preview",
  summary: "What a merge of these contacts would make; changes nothing.",
  callers,
  scope: null,
  body: MergeContacts,
  responses: { 200: MergePreview },
})

export const CountedList = Type.Object({
  id: Type.String({ description: "grp_…" }),
  name: Type.String(),
  is_private: Type.Boolean({ description: "one teammate's own" }),
  contact_count: Type.Integer({ description: `counted up to ${countedMax}` }),
})
export type CountedList = Static<typeof CountedList>

export const countContactLists = endpoint({
  method: "GET",
  path: "/causeway/contact_lists",
  summary: "The contact lists that the caller sees, by name, with how many are on each.",
  callers,
  scope: null,
  responses: { 200: Type.Object({ lists: Type.Array(CountedList) }) },
})

export const renameContactList = endpoint({
  method: "PATCH",
  path: "/causeway/contact_lists/:contact_list_id",
  summary: "Gives a contact list another name.",
  callers: ["token", "session"],
  scope: "contacts:write",
  params: ListParams,
  body: Type.Object({ name: Type.String({ minLength: 1, maxLength: nameCharsMax }) }),
  responses: { 200: ContactList },
})
