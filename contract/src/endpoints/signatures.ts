/** Signatures of teams and teammates. Source: the vendor's Core API document. */
import Type, { type Static } from "typebox"
import { endpoint } from "../endpoint.ts"
import { idsPerRequestMax, nameCharsMax, signatureCharsMax } from "../limits.ts"
import { Signature } from "../resources/signature.ts"
import { listOf, nullable } from "../shapes.ts"

const callers = ["token", "session"] as const
const SignatureParams = Type.Object({ signature_id: Type.String() })
const TeamParams = Type.Object({ team_id: Type.String() })
const TeammateParams = Type.Object({ teammate_id: Type.String({ description: "tea_… or alt:email:…" }) })

const Name = Type.String({ minLength: 1, maxLength: nameCharsMax })
const Body = Type.String({ maxLength: signatureCharsMax, description: "HTML" })
const options = {
  sender_info: Type.Optional(nullable(Type.String({ maxLength: nameCharsMax }))),
  is_default: Type.Optional(Type.Boolean({ description: "takes the place of its owner's present default" })),
  channel_ids: Type.Optional(
    nullable(
      Type.Array(Type.String({ maxLength: 400 }), {
        maxItems: idsPerRequestMax,
        description: "cha_… or alt:address:…; null: in every channel",
      }),
    ),
  ),
}
const shared = { is_visible_for_all_teammate_channels: Type.Optional(Type.Boolean()) }

export const NewTeammateSignature = Type.Object({ name: Name, body: Body, ...options })
export const NewTeamSignature = Type.Object({ name: Name, body: Body, ...options, ...shared })
export type NewTeamSignature = Static<typeof NewTeamSignature>
export const SignatureChange = Type.Object({
  name: Type.Optional(Name),
  body: Type.Optional(Body),
  ...options,
  ...shared,
})
export type SignatureChange = Static<typeof SignatureChange>

const list = { method: "GET", callers, scope: "signatures:read", responses: { 200: listOf(Signature) } } as const
const create = { method: "POST", callers, scope: "signatures:write", responses: { 201: Signature } } as const

export const listTeamSignatures = endpoint({
  ...list,
  path: "/teams/:team_id/signatures",
  summary: "The signatures of a team, oldest first.",
  params: TeamParams,
})
export const listTeammateSignatures = endpoint({
  ...list,
  path: "/teammates/:teammate_id/signatures",
  summary: "A teammate's own signatures, oldest first.",
  params: TeammateParams,
})
export const createTeamSignature = endpoint({
  ...create,
  path: "/teams/:team_id/signatures",
  summary: "Makes a signature of a team.",
  params: TeamParams,
  body: NewTeamSignature,
})
export const createTeammateSignature = endpoint({
  ...create,
  path: "/teammates/:teammate_id/signatures",
  summary: "Makes a signature of a teammate's own.",
  params: TeammateParams,
  body: NewTeammateSignature,
})

export const getSignature = endpoint({
  method: "GET",
  path: "/signatures/:signature_id",
  summary: "One signature.",
  callers,
  scope: "signatures:read",
  params: SignatureParams,
  responses: { 200: Signature },
})
export const updateSignature = endpoint({
  method: "PATCH",
  path: "/signatures/:signature_id",
  summary: "Changes a signature.",
  callers,
  scope: "signatures:write",
  params: SignatureParams,
  body: SignatureChange,
  responses: { 200: Signature },
})
export const deleteSignature = endpoint({
  method: "DELETE",
  path: "/signatures/:signature_id",
  summary: "Deletes a signature; drafts that had it lose it.",
  callers,
  scope: "signatures:delete",
  params: SignatureParams,
  responses: { 204: null },
})
