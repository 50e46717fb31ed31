/** Inboxes and who may open them. Source: the vendor's Core API document. */
import Type, { type Static } from "typebox"
import { endpoint } from "../endpoint.ts"
import { nameCharsMax } from "../limits.ts"
import { Channel } from "../resources/channel.ts"
import { Conversation } from "../resources/conversation.ts"
import { Inbox } from "../resources/inbox.ts"
import { Teammate } from "../resources/teammate.ts"
import { anyObject, listOf } from "../shapes.ts"
import { conversationListQuery } from "./conversations.ts"
import { TeammateIds, TeammateReferences } from "./shifts.ts"

const callers = ["token", "session"] as const
const InboxParams = Type.Object({ inbox_id: Type.String() })
const TeamParams = Type.Object({ team_id: Type.String() })
const TeammateParams = Type.Object({ teammate_id: Type.String({ description: "tea_… or alt:email:…" }) })

const own = {
  name: Type.String({ minLength: 1, maxLength: nameCharsMax }),
  custom_fields: Type.Optional(anyObject),
}

export const NewInbox = Type.Object({
  ...own,
  teammate_ids: Type.Optional(TeammateReferences),
  is_public: Type.Optional(Type.Boolean({ description: "open to everybody; true unless said" })),
})
export type NewInbox = Static<typeof NewInbox>

const list = <P extends string>(path: P, summary: string) => ({
  method: "GET" as const,
  path,
  summary,
  callers,
  scope: "inboxes:read",
  responses: { 200: listOf(Inbox) },
})

export const listInboxes = endpoint(
  list("/inboxes", "The company's inboxes; for a teammate those that are open to them."),
)
export const listTeamInboxes = endpoint({ ...list("/teams/:team_id/inboxes", "A team's inboxes."), params: TeamParams })
export const listTeammateInboxes = endpoint({
  ...list("/teammates/:teammate_id/inboxes", "The inboxes that a teammate may open."),
  params: TeammateParams,
})
export const listPrivateInboxes = endpoint({
  ...list("/teammates/:teammate_id/private_inboxes", "A teammate's own inboxes."),
  params: TeammateParams,
})

export const createInbox = endpoint({
  method: "POST",
  path: "/inboxes",
  summary: "Makes an inbox of the oldest team.",
  callers,
  scope: "inboxes:write",
  body: NewInbox,
  responses: { 201: Inbox },
})

export const createTeamInbox = endpoint({
  method: "POST",
  path: "/teams/:team_id/inboxes",
  summary: "Makes an inbox of a team.",
  callers,
  scope: "inboxes:write",
  params: TeamParams,
  body: NewInbox,
  responses: { 201: Inbox },
})

export const createPrivateInbox = endpoint({
  method: "POST",
  path: "/teammates/:teammate_id/private_inboxes",
  summary: "Makes an inbox of a teammate's own.",
  callers,
  scope: "inboxes:write",
  params: TeammateParams,
  body: Type.Object(own),
  responses: { 201: Inbox },
})

export const getInbox = endpoint({
  method: "GET",
  path: "/inboxes/:inbox_id",
  summary: "One inbox.",
  callers,
  scope: "inboxes:read",
  params: InboxParams,
  responses: { 200: Inbox },
})

const listChannelsAt = <P extends string>(path: P, summary: string) => ({
  method: "GET" as const,
  path,
  summary,
  callers,
  scope: "channels:read",
  responses: { 200: listOf(Channel) },
})

export const listInboxChannels = endpoint({
  ...listChannelsAt("/inboxes/:inbox_id/channels", "The channels of an inbox."),
  params: InboxParams,
})
export const listTeamChannels = endpoint({
  ...listChannelsAt("/teams/:team_id/channels", "The channels of a team's inboxes."),
  params: TeamParams,
})
export const listTeammateChannels = endpoint({
  ...listChannelsAt("/teammates/:teammate_id/channels", "The channels of a teammate's own inboxes."),
  params: TeammateParams,
})

export const listInboxTeammates = endpoint({
  method: "GET",
  path: "/inboxes/:inbox_id/teammates",
  summary: "Who may open an inbox.",
  callers,
  scope: "teammates:read",
  params: InboxParams,
  responses: { 200: listOf(Teammate) },
})

export const addInboxTeammates = endpoint({
  method: "POST",
  path: "/inboxes/:inbox_id/teammates",
  summary: "Opens an inbox to teammates.",
  callers,
  scope: "inboxes:write",
  params: InboxParams,
  body: TeammateIds,
  responses: { 204: null },
})

export const removeInboxTeammates = endpoint({
  method: "DELETE",
  path: "/inboxes/:inbox_id/teammates",
  summary: "Closes an inbox to teammates; one that is open to everybody cannot be closed to some.",
  callers,
  scope: "inboxes:write",
  params: InboxParams,
  body: TeammateIds,
  responses: { 204: null },
})

export const listInboxConversations = endpoint({
  method: "GET",
  path: "/inboxes/:inbox_id/conversations",
  summary: "The conversations in an inbox, newest activity first.",
  callers,
  scope: "conversations:read",
  params: InboxParams,
  query: conversationListQuery,
  responses: { 200: listOf(Conversation) },
})
