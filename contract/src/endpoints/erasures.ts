/** Everything that is held about a person, as a file and gone for good. Ours. */
import Type, { type Static } from "typebox"
import { endpoint } from "../endpoint.ts"

const ContactParams = Type.Object({ contact_id: Type.String({ description: "crd_… or alt:<source>:<handle>" }) })
const Count = Type.Integer({ minimum: 0 })

export const Held = Type.Object({
  conversations: Count,
  messages: Count,
  comments: Count,
  drafts: Count,
  calls: Count,
  files: Count,
  deliveries: Count,
  handles: Count,
  notes: Count,
  mentions: Type.Integer({
    minimum: 0,
    description: "messages of other people's conversations that were sent to them too",
  }),
})
export type Held = Static<typeof Held>

export const Erasure = Type.Object({
  id: Type.String(),
  contact_id: Type.String(),
  erased_at: Type.Number(),
  receipt: Type.String({ description: "JSON, byte for byte as it was signed" }),
  signature: Type.String({ description: "Ed25519 over the receipt, base64" }),
})
export type Erasure = Static<typeof Erasure>

export const readHeld = endpoint({
  method: "GET",
  path: "/causeway/contacts/:contact_id/held",
  summary: "How much is held about a person: what an erasure removes.",
  callers: ["token", "session"],
  scope: "contacts:read",
  params: ContactParams,
  responses: { 200: Held },
})

export const exportContact = endpoint({
  method: "GET",
  path: "/causeway/contacts/:contact_id/export",
  summary: "Everything that is held about a person, as one JSON file; files by their links.",
  callers: ["token", "session"],
  scope: "contacts:read",
  params: ContactParams,
  responses: { 200: null },
})

export const eraseContact = endpoint({
  method: "POST",
  path: "/causeway/contacts/:contact_id/erasure",
  summary:
    "Removes a person for good, with their conversations, files, recordings and what partners were told, and answers a signed receipt. Admins only.",
  callers: ["token", "session"],
  scope: "contacts:delete",
  delicate: true,
  params: ContactParams,
  body: Type.Object({
    confirm: Type.String({ maxLength: 500, description: "the contact's id, typed again: this cannot be undone" }),
  }),
  responses: {
    201: Type.Object({
      ...Erasure.properties,
      files_later: Type.Integer({ description: "files so young that they are removed within the hour" }),
    }),
  },
})

export const listErasures = endpoint({
  method: "GET",
  path: "/causeway/erasures",
  summary: "The receipts, newest first, and the key that proves them.",
  callers: ["token", "session"],
  scope: "contacts:read",
  responses: {
    200: Type.Object({
      erasures: Type.Array(Erasure),
      public_key: Type.String({ description: "Ed25519, PEM" }),
    }),
  },
})
