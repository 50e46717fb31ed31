import * as endpoints from "@causeway/contract/endpoints/shifts"
import { formatId } from "@causeway/contract/ids"
import type { ShiftTimes } from "@causeway/contract/resources/shift"
import { type ChangeDeps, changeCompany } from "../company/changes.ts"
import type { Tx } from "../database/database.ts"
import type { Principal } from "../http/callers.ts"
import { invalid } from "../http/errors.ts"
import { wholeList } from "../http/lists.ts"
import { type Answer, type Call, type Route, route } from "../http/route.ts"
import { isTimezone } from "../rules/hours.ts"
import { memberOf, requireAdmin } from "../teammates/roles.ts"
import { getTeammate, listTeammatesOf, resolveTeammates, teammateResource } from "../teammates/store.ts"
import type { Owner } from "../teams/owner.ts"
import { defaultOwner, getTeam, holdOwner, outsideTeam } from "../teams/store.ts"
import * as store from "./store.ts"

export const shiftRoutes = (deps: ChangeDeps): Route[] => [
  ...readRoutes(deps),
  ...createRoutes(deps),
  ...changeRoutes(deps),
]

const readRoutes = ({ db }: ChangeDeps): Route[] => [
  route(endpoints.listShifts, async (call) =>
    answerShifts(call, await store.listShifts(db, memberOf(call.principal).companyId)),
  ),

  route(endpoints.listTeamShifts, async (call) => {
    const { companyId } = memberOf(call.principal)
    const team = await getTeam(db, companyId, call.params.team_id)
    return answerShifts(call, await store.listShifts(db, companyId, { teamId: team.id }))
  }),

  route(endpoints.listTeammateShifts, async (call) => {
    const { companyId } = memberOf(call.principal)
    const teammate = await getTeammate(db, companyId, call.params.teammate_id)
    return answerShifts(call, await store.listShifts(db, companyId, { teammateId: teammate.id }))
  }),

  route(endpoints.getShift, async ({ params, principal, origin }) => {
    const shift = await store.getShift(db, memberOf(principal).companyId, params.shift_id)
    return { status: 200, body: store.shiftResource(shift, origin) }
  }),

  route(endpoints.listShiftTeammates, async ({ params, principal, origin, request }) => {
    const { companyId } = memberOf(principal)
    const shift = await store.getShift(db, companyId, params.shift_id)
    const teammates = await listTeammatesOf(db, companyId, { table: "shift_teammate", key: "shift_id" }, shift.id)
    const results = teammates.map((teammate) => teammateResource(teammate, origin))
    return { status: 200, body: wholeList(request, origin, results) }
  }),
]

const createRoutes = (deps: ChangeDeps): Route[] => [
  route(endpoints.createShift, async (call) => {
    const owner = await defaultOwner(deps.db, memberOf(call.principal).companyId)
    return create(deps, call, owner)
  }),

  route(endpoints.createTeamShift, async (call) => {
    const { id } = await getTeam(deps.db, memberOf(call.principal).companyId, call.params.team_id)
    return create(deps, call, { kind: "team", id })
  }),
]

const changeRoutes = (deps: ChangeDeps): Route[] => {
  const change = async (
    principal: Principal,
    reference: string,
    work: (tx: Tx, companyId: number, shift: store.ShiftRow) => Promise<void>,
  ): Promise<Answer> => {
    requireAdmin(principal)
    const { companyId } = memberOf(principal)
    await changeCompany(deps, companyId, "shift_changed", async (tx) => {
      const shift = await store.getShift(tx, companyId, reference)
      await work(tx, companyId, shift)
      return { id: formatId("shf", shift.id) }
    })
    return { status: 204 }
  }
  return [
    route(endpoints.updateShift, ({ params, body, principal }) =>
      change(principal, params.shift_id, async (tx, companyId, shift) => {
        const { teammate_ids, ...values } = body
        const next = {
          ...shift,
          name: values.name ?? shift.name,
          color: values.color ?? shift.color,
          timezone: values.timezone ?? shift.timezone,
          times: values.times ?? shift.times,
        }
        checkTimes(next)
        await store.saveShift(tx, companyId, next)
        if (teammate_ids === undefined) return
        const ids = await workersOf(tx, companyId, shift.team_id, teammate_ids)
        await store.takeFromShift(tx, companyId, shift.id, null)
        await store.addToShift(tx, companyId, shift.id, ids)
      }),
    ),

    route(endpoints.addShiftTeammates, ({ params, body, principal }) =>
      change(principal, params.shift_id, async (tx, companyId, shift) => {
        const ids = await workersOf(tx, companyId, shift.team_id, body.teammate_ids)
        await store.addToShift(tx, companyId, shift.id, ids)
      }),
    ),

    route(endpoints.removeShiftTeammates, ({ params, body, principal }) =>
      change(principal, params.shift_id, async (tx, companyId, shift) => {
        const ids = await resolveTeammates(tx, companyId, body.teammate_ids, "body.teammate_ids")
        await store.takeFromShift(tx, companyId, shift.id, ids)
      }),
    ),
  ]
}

async function create(
  deps: ChangeDeps,
  { body, principal, origin }: Call<typeof endpoints.createShift>,
  owner: Owner,
): Promise<Answer> {
  requireAdmin(principal)
  const { companyId } = memberOf(principal)
  checkTimes(body)
  await deps.ids.reserve(1)
  const id = deps.ids.take()
  const { shift } = await changeCompany(deps, companyId, "shift_changed", async (tx) => {
    await holdOwner(tx, companyId, owner)
    const ids = await workersOf(tx, companyId, owner.id, body.teammate_ids)
    const { name, color, timezone, times } = body
    const shift = await store.insertShift(tx, companyId, { id, name, color, timezone, times, team_id: owner.id })
    await store.addToShift(tx, companyId, id, ids)
    return { id: formatId("shf", id), shift }
  })
  return { status: 201, body: store.shiftResource(shift, origin) }
}

/** Ids of those whom a body names; they must be in the shift's team (Core API, Add teammates to shift). */
async function workersOf(
  tx: Tx,
  companyId: number,
  teamId: number | null,
  references: readonly string[],
): Promise<number[]> {
  const ids = await resolveTeammates(tx, companyId, references, "body.teammate_ids")
  if (teamId === null) return ids
  const [outsider] = await outsideTeam(tx, companyId, teamId, ids)
  if (outsider !== undefined)
    throw invalid("body.teammate_ids", `names ${formatId("tea", outsider)}, who is not in the shift's team`)
  return ids
}

/** Within one day, as its clock shows it: what goes past midnight is two days' work. */
function checkTimes({ timezone, times }: { timezone: string; times: ShiftTimes }): void {
  if (!isTimezone(timezone)) throw invalid("body.timezone", `is no time zone of the IANA list (was ${timezone})`)
  for (const [day, interval] of Object.entries(times))
    if (interval !== undefined && interval.end <= interval.start)
      throw invalid(`body.times.${day}.end`, `must be after its start (${interval.start})`)
}

const answerShifts = (call: Call<unknown>, shifts: readonly store.ShiftRow[]): Answer => ({
  status: 200,
  body: wholeList(
    call.request,
    call.origin,
    shifts.map((shift) => store.shiftResource(shift, call.origin)),
  ),
})
