/** Teammates. Source: the vendor's Core API document; `/causeway/teammates` is ours: its screens add and block people. */
import Type, { type Static } from "typebox"
import { endpoint } from "../endpoint.ts"
import { Conversation } from "../resources/conversation.ts"
import { Teammate } from "../resources/teammate.ts"
import { anyObject, listOf } from "../shapes.ts"
import { conversationListQuery } from "./conversations.ts"

const callers = ["token", "session"] as const
const TeammateParams = Type.Object({ teammate_id: Type.String({ description: "tea_… or alt:email:…" }) })
const Name = Type.String({ maxLength: 200 })

export const TeammateChange = Type.Object({
  username: Type.Optional(
    Type.String({
      pattern: "^[a-z0-9_]{1,64}$",
      description: "lower-case letters, digits and underscores; nobody else's",
    }),
  ),
  first_name: Type.Optional(Name),
  last_name: Type.Optional(Name),
  is_available: Type.Optional(Type.Boolean()),
  custom_fields: Type.Optional(anyObject),
})
export type TeammateChange = Static<typeof TeammateChange>

export const listTeammates = endpoint({
  method: "GET",
  path: "/teammates",
  summary: "The company's teammates.",
  callers,
  scope: "teammates:read",
  responses: { 200: listOf(Teammate) },
})

export const getTeammate = endpoint({
  method: "GET",
  path: "/teammates/:teammate_id",
  summary: "One teammate.",
  callers,
  scope: "teammates:read",
  params: TeammateParams,
  responses: { 200: Teammate },
})

export const updateTeammate = endpoint({
  method: "PATCH",
  path: "/teammates/:teammate_id",
  summary: "Changes a teammate's names, availability or custom fields; a teammate may change themselves.",
  callers,
  scope: "teammates:write",
  params: TeammateParams,
  body: TeammateChange,
  responses: { 204: null },
})

const Role = Type.Union([Type.Literal("admin"), Type.Literal("teammate"), Type.Literal("observer")])

export const Standing = Type.Object({
  role: Type.Optional(Role),
  is_developer: Type.Optional(Type.Boolean()),
  is_blocked: Type.Optional(Type.Boolean({ description: "true: signed out, and let in no more" })),
})
export type Standing = Static<typeof Standing>

const Colleague = Type.Object({
  id: Type.String(),
  email: Type.String(),
  first_name: Type.String(),
  last_name: Type.String(),
  role: Role,
  is_developer: Type.Boolean(),
  is_blocked: Type.Boolean(),
})
export type Colleague = Static<typeof Colleague>

export const listStandings = endpoint({
  method: "GET",
  path: "/causeway/teammates",
  summary: "The company's teammates and what each may do here.",
  callers,
  scope: "teammates:read",
  responses: { 200: Type.Object({ teammates: Type.Array(Colleague) }) },
})

export const updateStanding = endpoint({
  method: "PATCH",
  path: "/causeway/teammates/:teammate_id",
  summary: "Changes what a teammate may do. The last admin stays one.",
  callers,
  scope: "teammates:write",
  params: TeammateParams,
  body: Standing,
  responses: { 204: null },
})

export const listTeammateConversations = endpoint({
  method: "GET",
  path: "/teammates/:teammate_id/conversations",
  summary: "The conversations that are assigned to a teammate, newest activity first.",
  callers,
  scope: "conversations:read",
  params: TeammateParams,
  query: conversationListQuery,
  responses: { 200: listOf(Conversation) },
})
