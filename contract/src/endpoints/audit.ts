/** The audit log: who changed what, from where. Ours. */
import Type, { type Static } from "typebox"
import { endpoint } from "../endpoint.ts"
import { anyObject, nullable } from "../shapes.ts"

export const AuditEntry = Type.Object({
  id: Type.String(),
  at: Type.Number(),
  actor: nullable(
    Type.Object(
      {
        kind: Type.String({
          description: "teammate, api_token, oauth_client, installation, or anyone: who failed to sign in",
        }),
        id: nullable(Type.String()),
        name: nullable(Type.String()),
        address: Type.String(),
        browser: nullable(Type.String()),
      },
      { description: "null: Causeway itself" },
    ),
  ),
  noun: Type.String({ description: "what kind of thing, e.g. channel" }),
  verb: Type.String({ description: "created, changed, deleted, or what was done, e.g. replayed" }),
  target: Type.String({ description: "its id" }),
  before: nullable(anyObject),
  after: nullable(anyObject),
  position: nullable(Type.Integer({ description: "place in the chain; null for the few seconds until it is chained" })),
  hash: nullable(Type.String({ description: "SHA-256, hexadecimal" })),
})
export type AuditEntry = Static<typeof AuditEntry>

const Filter = {
  noun: Type.Optional(Type.String({ maxLength: 60 })),
  target: Type.Optional(Type.String({ maxLength: 100, description: "an id, with noun" })),
  teammate_id: Type.Optional(Type.String({ maxLength: 100, description: "who did it" })),
  since: Type.Optional(Type.Number({ description: "seconds since 1970" })),
  until: Type.Optional(Type.Number({ description: "seconds since 1970" })),
}

const callers = ["token", "session"] as const
const scope = "teammates:read"

export const listAudit = endpoint({
  method: "GET",
  path: "/causeway/audit",
  summary: "What was changed, newest first.",
  callers,
  scope,
  query: Type.Object({
    ...Filter,
    before: Type.Optional(Type.String({ maxLength: 100, description: "`next` of the page before" })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  }),
  responses: { 200: Type.Object({ entries: Type.Array(AuditEntry), next: nullable(Type.String()) }) },
})

export const exportAudit = endpoint({
  method: "GET",
  path: "/causeway/audit/export",
  summary: "The same entries as a file, oldest first, one JSON object a line.",
  callers,
  scope,
  query: Type.Object(Filter),
  responses: { 200: null },
})

export const verifyAudit = endpoint({
  method: "GET",
  path: "/causeway/audit/verify",
  summary: "Reads the chain of hashes again and says whether an entry was altered or is missing.",
  callers,
  scope,
  responses: {
    200: Type.Object({
      entries: Type.Integer(),
      head: nullable(Type.String()),
      broken: nullable(Type.Object({ position: Type.Integer(), id: nullable(Type.String()) })),
    }),
  },
})
