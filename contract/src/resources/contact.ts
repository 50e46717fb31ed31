/** Somebody outside, the lists they are on and the notes about them. Source: Core API ContactResponse, ContactListResponses, ContactNoteResponses. */
import Type, { type Static } from "typebox"
import { handleCharsMax } from "../limits.ts"
import { anyObject, nullable, seconds } from "../shapes.ts"
import { Teammate } from "./teammate.ts"

/** Where a handle reaches somebody. Source: Core API ContactHandle. */
export const handleSources = ["twitter", "email", "phone", "facebook", "intercom", "front_chat", "custom"] as const
export type HandleSource = (typeof handleSources)[number]

export const ContactHandle = Type.Object(
  {
    handle: Type.String({ minLength: 1, maxLength: handleCharsMax }),
    source: Type.Unsafe<HandleSource>(Type.Union(handleSources.map((source) => Type.Literal(source)))),
  },
  { title: "ContactHandle" },
)
export type ContactHandle = Static<typeof ContactHandle>

export const ContactList = Type.Object(
  {
    _links: Type.Object({
      self: Type.String(),
      related: Type.Object({ contacts: Type.String(), owner: nullable(Type.String()) }),
    }),
    id: Type.String({ description: "grp_…" }),
    name: Type.String(),
    is_private: Type.Boolean({ description: "one teammate's own" }),
  },
  { title: "ContactList" },
)
export type ContactList = Static<typeof ContactList>

export const Contact = Type.Object(
  {
    _links: Type.Object({
      self: Type.String(),
      related: Type.Object({
        notes: Type.String(),
        conversations: Type.String(),
        owner: nullable(Type.String({ description: "null: the company" })),
      }),
    }),
    id: Type.String({ description: "crd_…" }),
    name: nullable(Type.String()),
    description: Type.String(),
    avatar_url: nullable(Type.String({ description: "fetched with the credentials of the caller" })),
    links: Type.Array(Type.String()),
    groups: Type.Array(ContactList, { description: "the same as lists, under their older name" }),
    lists: Type.Array(ContactList),
    handles: Type.Array(ContactHandle),
    custom_fields: anyObject,
    is_private: Type.Boolean({ description: "one teammate's own" }),
    updated_at: seconds,
  },
  { title: "Contact" },
)
export type Contact = Static<typeof Contact>

export const ContactNote = Type.Object(
  {
    _links: Type.Object({
      related: Type.Object({
        author: Type.String(),
        owner: nullable(Type.String({ description: "whose contact it is about; null: the company's" })),
      }),
    }),
    author: Teammate,
    body: Type.String(),
    created_at: seconds,
    is_private: Type.Boolean({ description: "about one teammate's own contact" }),
  },
  { title: "ContactNote" },
)
export type ContactNote = Static<typeof ContactNote>
