/** Contacts of the company, of a team, and of one teammate. Source: the vendor's Core API document. */
import Type, { type Static } from "typebox"
import { endpoint } from "../endpoint.ts"
import {
  contactHandlesMax,
  contactLinksMax,
  contactTextCharsMax,
  idsPerRequestMax,
  mergedContactsMax,
  nameCharsMax,
  referenceCharsMax,
  urlCharsMax,
} from "../limits.ts"
import { Contact, ContactHandle, ContactNote } from "../resources/contact.ts"
import { Conversation } from "../resources/conversation.ts"
import { anyObject, listOf, nullable, pageQuery, sortQuery } from "../shapes.ts"
import { conversationListQuery } from "./conversations.ts"

const callers = ["token", "session"] as const
const ContactParams = Type.Object({
  contact_id: Type.String({ description: "crd_…, or alt:<source>:<handle>: alt:email:…, alt:phone:…, alt:custom:…" }),
})
const TeamParams = Type.Object({ team_id: Type.String() })
const TeammateParams = Type.Object({ teammate_id: Type.String({ description: "tea_… or alt:email:…" }) })
const ListQuery = Type.Object({
  ...pageQuery,
  ...sortQuery,
  sort_by: Type.Optional(Type.String({ maxLength: 40, description: "created_at (unless said) or updated_at" })),
  q: Type.Optional(
    Type.String({
      maxLength: 1000,
      description: "updated_after, updated_before: seconds since 1970; or q[updated_after]=…",
    }),
  ),
})

const ListNames = Type.Array(Type.String({ minLength: 1, maxLength: nameCharsMax }), {
  maxItems: idsPerRequestMax,
  description:
    "all the shared lists that a shared contact is on; of a teammate's own contact, their own lists. Missing ones are made",
})
const values = {
  name: Type.Optional(nullable(Type.String({ maxLength: nameCharsMax }))),
  description: Type.Optional(nullable(Type.String({ maxLength: contactTextCharsMax }))),
  links: Type.Optional(
    Type.Array(Type.String({ minLength: 1, maxLength: urlCharsMax }), {
      maxItems: contactLinksMax,
      description: "all of them",
    }),
  ),
  group_names: Type.Optional(ListNames),
  list_names: Type.Optional(ListNames),
  custom_fields: Type.Optional(anyObject),
  avatar: Type.Optional(Type.Null({ description: "a picture, as a file of a multipart form; null takes it away" })),
}

export const ContactChange = Type.Object(values)
export type ContactChange = Static<typeof ContactChange>

export const NewContact = Type.Object({
  ...values,
  handles: Type.Array(ContactHandle, { minItems: 1, maxItems: contactHandlesMax }),
})
export type NewContact = Static<typeof NewContact>

const list = <P extends string>(path: P, summary: string) => ({
  method: "GET" as const,
  path,
  summary,
  callers,
  scope: "contacts:read",
  query: ListQuery,
  responses: { 200: listOf(Contact) },
})
const create = <P extends string>(path: P, summary: string) => ({
  method: "POST" as const,
  path,
  summary,
  callers,
  scope: "contacts:write",
  body: NewContact,
  multipart: true,
  fileField: "avatar",
  responses: { 201: Contact },
})

export const listContacts = endpoint(list("/contacts", "Every contact: the company's, the teams', the teammates'."))
export const listTeamContacts = endpoint({
  ...list("/teams/:team_id/contacts", "The contacts of a team."),
  params: TeamParams,
})
export const listTeammateContacts = endpoint({
  ...list("/teammates/:teammate_id/contacts", "A teammate's own contacts."),
  params: TeammateParams,
})

export const createContact = endpoint(create("/contacts", "Makes a contact of the whole company."))
export const createTeamContact = endpoint({
  ...create("/teams/:team_id/contacts", "Makes a contact of a team."),
  params: TeamParams,
})
export const createTeammateContact = endpoint({
  ...create("/teammates/:teammate_id/contacts", "Makes a contact of a teammate's own, which nobody else sees."),
  params: TeammateParams,
})

export const MergeContacts = Type.Object({
  target_contact_id: Type.Optional(Type.String({ maxLength: referenceCharsMax, description: "the one that stays" })),
  contact_ids: Type.Array(Type.String({ maxLength: referenceCharsMax }), { minItems: 1, maxItems: mergedContactsMax }),
})
export type MergeContacts = Static<typeof MergeContacts>

export const mergeContacts = endpoint({
  method: "POST",
  path: "/contacts/merge",
  summary: "Makes one contact of several: handles, notes, lists, links and conversations go to the one that stays.",
  callers,
  scope: "contacts:write",
  body: MergeContacts,
  responses: { 200: Contact },
})

export const getContact = endpoint({
  method: "GET",
  path: "/contacts/:contact_id",
  summary: "One contact.",
  callers,
  scope: "contacts:read",
  params: ContactParams,
  responses: { 200: Contact },
})

export const updateContact = endpoint({
  method: "PATCH",
  path: "/contacts/:contact_id",
  summary: "Changes a contact. Links, list names and custom fields that are given are all there are afterwards.",
  callers,
  scope: "contacts:write",
  params: ContactParams,
  body: ContactChange,
  multipart: true,
  fileField: "avatar",
  responses: { 204: null },
})

export const deleteContact = endpoint({
  method: "DELETE",
  path: "/contacts/:contact_id",
  summary:
    "Deletes a contact with its notes. Its conversations stay; whoever writes from its handles is a new contact.",
  callers,
  scope: "contacts:delete",
  params: ContactParams,
  responses: { 204: null },
})

export const getAvatar = endpoint({
  method: "GET",
  path: "/contacts/:contact_id/avatar",
  summary: "A contact's picture, from its avatar_url.",
  callers,
  scope: "contacts:read",
  params: ContactParams,
  responses: { 200: null },
})

export const addContactHandle = endpoint({
  method: "POST",
  path: "/contacts/:contact_id/handles",
  summary: "Adds a handle; 409 when it belongs to another contact.",
  callers,
  scope: "contacts:write",
  params: ContactParams,
  body: ContactHandle,
  responses: { 204: null },
})

export const deleteContactHandle = endpoint({
  method: "DELETE",
  path: "/contacts/:contact_id/handles",
  summary: "Takes a handle away.",
  callers,
  scope: "contacts:write",
  params: ContactParams,
  body: Type.Object({
    ...ContactHandle.properties,
    force: Type.Optional(Type.Boolean({ description: "deletes the contact when the handle is its last one" })),
  }),
  responses: { 204: null },
})

export const listContactNotes = endpoint({
  method: "GET",
  path: "/contacts/:contact_id/notes",
  summary: "The notes about a contact, newest first.",
  callers,
  scope: "contacts:read",
  params: ContactParams,
  // 202 is what the vendor's document says of this list.
  responses: { 202: listOf(ContactNote) },
})

export const createContactNote = endpoint({
  method: "POST",
  path: "/contacts/:contact_id/notes",
  summary: "Adds a note about a contact.",
  callers,
  scope: "contacts:write",
  params: ContactParams,
  body: Type.Object({
    author_id: Type.String({ maxLength: referenceCharsMax, description: "tea_… or alt:email:…" }),
    body: Type.String({ minLength: 1, maxLength: contactTextCharsMax }),
  }),
  responses: { 201: ContactNote },
})

export const listContactConversations = endpoint({
  method: "GET",
  path: "/contacts/:contact_id/conversations",
  summary: "The conversations with a contact, newest first.",
  callers,
  scope: "conversations:read",
  params: ContactParams,
  query: conversationListQuery,
  responses: { 200: listOf(Conversation) },
})
