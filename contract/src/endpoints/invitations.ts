/** How people get in: invitations, password resets, and the sessions they then have. All of it is ours. */
import Type, { type Static } from "typebox"
import { endpoint } from "../endpoint.ts"
import { nullable } from "../shapes.ts"

const callers = ["token", "session"] as const
const Role = Type.Union([Type.Literal("admin"), Type.Literal("teammate"), Type.Literal("observer")])
const Email = Type.String({ minLength: 3, maxLength: 320 })
const Token = Type.String({ minLength: 1, maxLength: 200, description: "what follows # in the link" })

export const NewInvitation = Type.Object({
  email: Email,
  role: Type.Optional(Role),
  is_developer: Type.Optional(Type.Boolean()),
  inbox_ids: Type.Optional(
    Type.Array(Type.String(), { maxItems: 200, description: "inboxes that are not open to everybody" }),
  ),
})
export type NewInvitation = Static<typeof NewInvitation>

const Invitation = Type.Object({
  id: Type.String(),
  email: Type.String(),
  role: Role,
  is_developer: Type.Boolean(),
  inbox_ids: Type.Array(Type.String()),
  invited_by: nullable(Type.String({ description: "teammate" })),
  created_at: Type.Number(),
  expires_at: Type.Number(),
})
export type Invitation = Static<typeof Invitation>

/** A link that works once. It is answered here and never again. */
const SingleUseLink = Type.Object({
  id: Type.String(),
  url: Type.String(),
  expires_at: Type.Number(),
  mail: Type.Union([Type.Literal("sent"), Type.Literal("failed"), Type.Literal("off")], {
    description: "whether the link was mailed as well; off: no mail server is set",
  }),
})

export const createInvitation = endpoint({
  method: "POST",
  path: "/causeway/invitations",
  summary:
    "Invites somebody, and answers the link that lets them in once, within 7 days. Another one for the same address ends the first.",
  callers,
  scope: "teammates:write",
  body: NewInvitation,
  responses: { 201: SingleUseLink },
})

export const listInvitations = endpoint({
  method: "GET",
  path: "/causeway/invitations",
  summary: "The invitations that nobody has used yet, without their links.",
  callers,
  scope: "teammates:read",
  responses: { 200: Type.Object({ invitations: Type.Array(Invitation) }) },
})

export const deleteInvitation = endpoint({
  method: "DELETE",
  path: "/causeway/invitations/:invitation_id",
  summary: "Ends an invitation: its link lets nobody in.",
  callers,
  scope: "teammates:write",
  params: Type.Object({ invitation_id: Type.String() }),
  responses: { 204: null },
})

const TeammateParams = Type.Object({ teammate_id: Type.String({ description: "tea_… or alt:email:…" }) })

export const createPasswordReset = endpoint({
  method: "POST",
  path: "/causeway/teammates/:teammate_id/password_reset",
  summary: "Answers a link with which a teammate chooses a new password once, within 24 hours.",
  callers: ["session"],
  scope: null,
  delicate: true,
  params: TeammateParams,
  responses: { 201: SingleUseLink },
})

export const readInvitation = endpoint({
  method: "POST",
  path: "/causeway/invitations/read",
  summary: "What a link is for, before it is used: whoever has it is shown who invites them.",
  callers: ["anyone"],
  scope: null,
  body: Type.Object({ token: Token }),
  responses: {
    200: Type.Object({
      purpose: Type.Union([Type.Literal("join"), Type.Literal("reset")]),
      company: Type.String(),
      email: Type.String(),
      expires_at: Type.Number(),
    }),
  },
})

export const acceptInvitation = endpoint({
  method: "POST",
  path: "/causeway/invitations/accept",
  summary: "Uses a link up: makes the teammate, or sets the new password and ends every session, and signs in.",
  callers: ["anyone"],
  scope: null,
  body: Type.Object({
    token: Token,
    name: Type.Optional(Type.String({ maxLength: 200, description: "required when joining" })),
    password: Type.String({ minLength: 12, maxLength: 200 }),
  }),
  responses: { 201: Type.Object({ teammate_id: Type.String() }) },
})

const SessionInfo = Type.Object({
  id: Type.String(),
  created_at: Type.Number(),
  seen_at: Type.Number({ description: "when it was last prolonged; to the day" }),
  expires_at: Type.Number(),
  address: nullable(Type.String({ description: "IP address it began from" })),
  browser: nullable(Type.String({ description: "User-Agent it began with" })),
  is_current: Type.Boolean(),
})
export type SessionInfo = Static<typeof SessionInfo>

export const listSessions = endpoint({
  method: "GET",
  path: "/causeway/teammates/:teammate_id/sessions",
  summary: "Where a teammate is signed in: one's own, or anybody's for an admin.",
  callers: ["session"],
  scope: null,
  params: TeammateParams,
  responses: { 200: Type.Object({ sessions: Type.Array(SessionInfo) }) },
})

export const endSessions = endpoint({
  method: "DELETE",
  path: "/causeway/teammates/:teammate_id/sessions",
  summary: "Signs a teammate out: of one session, or of every one but the caller's own.",
  callers: ["session"],
  scope: null,
  params: TeammateParams,
  query: Type.Object({ session: Type.Optional(Type.String({ maxLength: 100, description: "one session's id" })) }),
  responses: { 204: null },
})
