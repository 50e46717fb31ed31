/** Shifts: who works when. Source: the vendor's Core API document. */
import Type, { type Static } from "typebox"
import { endpoint } from "../endpoint.ts"
import { idsPerRequestMax, nameCharsMax } from "../limits.ts"
import { Shift, ShiftColor, ShiftTimes } from "../resources/shift.ts"
import { Teammate } from "../resources/teammate.ts"
import { listOf } from "../shapes.ts"

const callers = ["token", "session"] as const
const ShiftParams = Type.Object({ shift_id: Type.String() })
const TeamParams = Type.Object({ team_id: Type.String() })

/** `tea_…` or `alt:email:…`. */
export const TeammateReferences = Type.Array(Type.String({ minLength: 1, maxLength: 400 }), {
  maxItems: idsPerRequestMax,
})
export const TeammateIds = Type.Object({ teammate_ids: TeammateReferences })

export const NewShift = Type.Object({
  name: Type.String({ minLength: 1, maxLength: nameCharsMax }),
  color: ShiftColor,
  timezone: Type.String({ minLength: 1, maxLength: 60, description: "IANA, e.g. Europe/Berlin" }),
  times: ShiftTimes,
  teammate_ids: TeammateReferences,
})
export type NewShift = Static<typeof NewShift>

export const ShiftChange = Type.Partial(NewShift)
export type ShiftChange = Static<typeof ShiftChange>

const list = <P extends string>(path: P, summary: string) => ({
  method: "GET" as const,
  path,
  summary,
  callers,
  scope: "shifts:read",
  responses: { 200: listOf(Shift) },
})

export const listShifts = endpoint(list("/shifts", "The company's shifts."))
export const listTeamShifts = endpoint({ ...list("/teams/:team_id/shifts", "A team's shifts."), params: TeamParams })
export const listTeammateShifts = endpoint({
  ...list("/teammates/:teammate_id/shifts", "The shifts that a teammate works in."),
  params: Type.Object({ teammate_id: Type.String({ description: "tea_… or alt:email:…" }) }),
})

const create = <P extends string>(path: P, summary: string) => ({
  method: "POST" as const,
  path,
  summary,
  callers,
  scope: "shifts:write",
  body: NewShift,
  responses: { 201: Shift },
})

export const createShift = endpoint(create("/shifts", "Makes a shift of the oldest team."))
export const createTeamShift = endpoint({ ...create("/teams/:team_id/shifts", "Makes a shift."), params: TeamParams })

export const getShift = endpoint({
  method: "GET",
  path: "/shifts/:shift_id",
  summary: "One shift.",
  callers,
  scope: "shifts:read",
  params: ShiftParams,
  responses: { 200: Shift },
})

export const updateShift = endpoint({
  method: "PATCH",
  path: "/shifts/:shift_id",
  summary: "Changes a shift; times and teammate_ids replace what was there.",
  callers,
  scope: "shifts:write",
  params: ShiftParams,
  body: ShiftChange,
  responses: { 204: null },
})

export const listShiftTeammates = endpoint({
  method: "GET",
  path: "/shifts/:shift_id/teammates",
  summary: "Who works in a shift.",
  callers,
  scope: "teammates:read",
  params: ShiftParams,
  responses: { 200: listOf(Teammate) },
})

export const addShiftTeammates = endpoint({
  method: "POST",
  path: "/shifts/:shift_id/teammates",
  summary: "Adds teammates, who must be in the shift's team.",
  callers,
  scope: "shifts:write",
  params: ShiftParams,
  body: TeammateIds,
  responses: { 204: null },
})

export const removeShiftTeammates = endpoint({
  method: "DELETE",
  path: "/shifts/:shift_id/teammates",
  summary: "Takes teammates out of a shift.",
  callers,
  scope: "shifts:write",
  params: ShiftParams,
  body: TeammateIds,
  responses: { 204: null },
})
