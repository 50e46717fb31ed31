/** What stands beside a conversation about the person it is with; ours, for the inbox. Everything else about a contact is the vendor's (contacts.ts). */
import Type, { type Static } from "typebox"
import { endpoint } from "../endpoint.ts"
import { ConversationRow } from "../inbox.ts"
import { CallStatus } from "../resources/call.ts"
import { ContactHandle } from "../resources/contact.ts"
import { nullable } from "../shapes.ts"

/** A phone handle as it is understood. A number that came without a country code was read as one of the United States (Channel API, `sender.handle`). */
export const PhoneReading = Type.Object({
  handle: Type.String(),
  shown: Type.String({ description: "as that country writes it: +1 555 010 0100" }),
  country: nullable(Type.String({ description: "ISO 3166-1, two letters; null: cannot be told" })),
})
export type PhoneReading = Static<typeof PhoneReading>

export const SamePerson = Type.Object({
  id: Type.String({ description: "crd_…" }),
  name: nullable(Type.String()),
  handles: Type.Array(ContactHandle),
  matches: Type.Array(Type.String(), { description: "the addresses and numbers that both have" }),
  has_same_name: Type.Boolean(),
  conversation_count: Type.Integer({ description: "what a merge would bring here; counted up to 1,000" }),
})
export type SamePerson = Static<typeof SamePerson>

export const ContactCall = Type.Object({
  id: Type.String({ description: "msg_…" }),
  conversation_id: Type.String(),
  channel_name: Type.String(),
  direction: Type.Union([Type.Literal("inbound"), Type.Literal("outbound")]),
  status: CallStatus,
  started_at: Type.Number({ description: "seconds since 1970" }),
  duration: nullable(Type.Integer({ description: "seconds that they spoke; null: they did not, or still do" })),
})
export type ContactCall = Static<typeof ContactCall>

export const ContactContext = Type.Object({
  phones: Type.Array(PhoneReading),
  same_person: Type.Array(SamePerson, {
    description:
      "shared contacts that have an address, a number or the full name of this one, but for those said to be somebody else",
  }),
  conversations: Type.Array(ConversationRow, { description: "on every channel, newest activity first, at most 20" }),
  calls: Type.Array(ContactCall, { description: "newest first, at most 20" }),
})
export type ContactContext = Static<typeof ContactContext>

export const getContactContext = endpoint({
  method: "GET",
  path: "/causeway/contacts/:contact_id/context",
  summary: "How a contact's numbers are read, who may be the same person, their conversations and calls.",
  callers: ["session"],
  scope: null,
  params: Type.Object({ contact_id: Type.String({ description: "crd_…, or alt:<source>:<handle>" }) }),
  responses: { 200: ContactContext },
})
