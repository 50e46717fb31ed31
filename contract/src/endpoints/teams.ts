/** Teams, and the ticket statuses that nobody has while tickets are off. Source: the vendor's Core API document; `/causeway/teams` is ours: its screens make teams. */
import Type from "typebox"
import { endpoint } from "../endpoint.ts"
import { nameCharsMax } from "../limits.ts"
import { Status, Team, TeamPreview } from "../resources/company.ts"
import { listOf } from "../shapes.ts"
import { TeammateIds, TeammateReferences } from "./shifts.ts"

const callers = ["token", "session"] as const
const TeamParams = Type.Object({ team_id: Type.String() })
const Name = Type.String({ minLength: 1, maxLength: nameCharsMax })

export const listTeams = endpoint({
  method: "GET",
  path: "/teams",
  summary: "The company's teams, oldest first.",
  callers,
  scope: "teams:read",
  responses: { 200: listOf(TeamPreview) },
})

export const getTeam = endpoint({
  method: "GET",
  path: "/teams/:team_id",
  summary: "One team with its inboxes and members.",
  callers,
  scope: "teams:read",
  params: TeamParams,
  responses: { 200: Team },
})

export const createTeam = endpoint({
  method: "POST",
  path: "/causeway/teams",
  summary: "Makes a team.",
  callers,
  scope: "teams:write",
  body: Type.Object({ name: Name, teammate_ids: Type.Optional(TeammateReferences) }),
  responses: { 201: Team },
})

export const updateTeam = endpoint({
  method: "PATCH",
  path: "/causeway/teams/:team_id",
  summary: "Renames a team.",
  callers,
  scope: "teams:write",
  params: TeamParams,
  body: Type.Object({ name: Name }),
  responses: { 200: Team },
})

export const deleteTeam = endpoint({
  method: "DELETE",
  path: "/causeway/teams/:team_id",
  summary: "Deletes a team that owns nothing any more and is not the last one.",
  callers,
  scope: "teams:write",
  params: TeamParams,
  responses: { 204: null },
})

export const addTeamTeammates = endpoint({
  method: "POST",
  path: "/teams/:team_id/teammates",
  summary: "Adds teammates to a team.",
  callers,
  scope: "teams:write",
  params: TeamParams,
  body: TeammateIds,
  responses: { 204: null },
})

export const removeTeamTeammates = endpoint({
  method: "DELETE",
  path: "/teams/:team_id/teammates",
  summary: "Takes teammates out of a team, its shifts and its inboxes.",
  callers,
  scope: "teams:write",
  params: TeamParams,
  body: TeammateIds,
  responses: { 204: null },
})

export const listStatuses = endpoint({
  method: "GET",
  path: "/company/statuses",
  summary: "The company's ticket statuses: none.",
  callers,
  scope: "statuses:read",
  responses: { 200: listOf(Status) },
})

export const getStatus = endpoint({
  method: "GET",
  path: "/company/statuses/:status_id",
  summary: "One ticket status.",
  callers,
  scope: "statuses:read",
  params: Type.Object({ status_id: Type.String() }),
  responses: { 200: Status },
})
