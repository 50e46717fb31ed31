import * as endpoints from "@causeway/contract/endpoints/teams"
import { formatId } from "@causeway/contract/ids"
import type { Team } from "@causeway/contract/resources/company"
import { type ChangeDeps, changeCompany } from "../company/changes.ts"
import type { Tx } from "../database/database.ts"
import type { Principal } from "../http/callers.ts"
import { HttpError, notFound } from "../http/errors.ts"
import { wholeList } from "../http/lists.ts"
import { type Route, route } from "../http/route.ts"
import { inboxResource, listInboxes, listInboxesOf, opensFor } from "../inboxes/store.ts"
import { memberOf, requireAdmin } from "../teammates/roles.ts"
import { listTeammatesOf, resolveTeammates, teammateResource } from "../teammates/store.ts"
import * as store from "./store.ts"

export const teamRoutes = (deps: ChangeDeps): Route[] => [
  ...readRoutes(deps),
  ...membershipRoutes(deps),
  ...changeRoutes(deps),
  ...statusRoutes(),
]

const readRoutes = ({ db }: ChangeDeps): Route[] => [
  route(endpoints.listTeams, async ({ principal, origin, request }) => {
    const teams = await store.listTeams(db, memberOf(principal).companyId)
    const results = teams.map((team) => store.teamPreview(team, origin))
    return { status: 200, body: wholeList(request, origin, results) }
  }),

  route(endpoints.getTeam, async ({ params, principal, origin }) => {
    const team = await store.getTeam(db, memberOf(principal).companyId, params.team_id)
    return { status: 200, body: await teamResource(db, principal, team, origin) }
  }),
]

const membershipRoutes = (deps: ChangeDeps): Route[] => {
  const change = async (
    principal: Principal,
    reference: string,
    teammateIds: readonly string[],
    work: (tx: Tx, companyId: number, teamId: number, ids: number[]) => Promise<void>,
  ) => {
    requireAdmin(principal)
    const { companyId } = memberOf(principal)
    await changeCompany(deps, companyId, "team_changed", async (tx) => {
      const team = await store.getTeam(tx, companyId, reference)
      await work(tx, companyId, team.id, await resolveTeammates(tx, companyId, teammateIds, "body.teammate_ids"))
      return { id: formatId("tim", team.id) }
    })
    return { status: 204 }
  }
  return [
    route(endpoints.addTeamTeammates, ({ params, body, principal }) =>
      change(principal, params.team_id, body.teammate_ids, store.addMembers),
    ),
    route(endpoints.removeTeamTeammates, ({ params, body, principal }) =>
      change(principal, params.team_id, body.teammate_ids, store.removeMembers),
    ),
  ]
}

const changeRoutes = (deps: ChangeDeps): Route[] => [
  route(endpoints.createTeam, async ({ body, principal, origin }) => {
    requireAdmin(principal)
    const { companyId } = memberOf(principal)
    await deps.ids.reserve(1)
    const team = { id: deps.ids.take(), name: body.name }
    await changeCompany(deps, companyId, "team_changed", async (tx) => {
      await store.insertTeam(tx, { companyId, ...team })
      const members = await resolveTeammates(tx, companyId, body.teammate_ids ?? [], "body.teammate_ids")
      await store.addMembers(tx, companyId, team.id, members)
      return { id: formatId("tim", team.id) }
    })
    return { status: 201, body: await teamResource(deps.db, principal, team, origin) }
  }),

  route(endpoints.updateTeam, async ({ params, body, principal, origin }) => {
    requireAdmin(principal)
    const { companyId } = memberOf(principal)
    const { team } = await changeCompany(deps, companyId, "team_changed", async (tx) => {
      const { id } = await store.getTeam(tx, companyId, params.team_id)
      await tx.query({
        text: "update team set name = $3, updated_at = now() where company_id = $1 and id = $2",
        values: [companyId, id, body.name],
      })
      return { id: formatId("tim", id), team: { id, name: body.name } }
    })
    return { status: 200, body: await teamResource(deps.db, principal, team, origin) }
  }),

  route(endpoints.deleteTeam, async ({ params, principal }) => {
    requireAdmin(principal)
    const { companyId } = memberOf(principal)
    await changeCompany(deps, companyId, "team_changed", async (tx) => {
      await store.lockCompany(tx, companyId)
      const { id } = await store.getTeam(tx, companyId, params.team_id)
      await tx.query({
        text: "select from team where company_id = $1 and id = $2 for update", // waits for whoever holds it as an owner
        values: [companyId, id],
      })
      if ((await store.listTeams(tx, companyId)).length === 1)
        throw new HttpError(409, "This is the company's last team")
      if (await store.ownsAnything(tx, companyId, id))
        throw new HttpError(
          409,
          "This team has inboxes, shifts, tags, signatures or message templates: delete them first",
        )
      for (const table of ["team_teammate where company_id = $1 and team_id", "team where company_id = $1 and id"])
        await tx.query({ text: `delete from ${table} = $2`, values: [companyId, id] })
      return { id: formatId("tim", id) }
    })
    return { status: 204 }
  }),
]

/** Tickets are off, and with them every status. */
const statusRoutes = (): Route[] => [
  route(endpoints.listStatuses, async ({ origin, request }) => ({ status: 200, body: wholeList(request, origin, []) })),
  route(endpoints.getStatus, async ({ params }) => {
    throw notFound("status", params.status_id)
  }),
]

/** The vendor's Team; a teammate is shown those of its inboxes that are open to them. */
async function teamResource(tx: Tx, principal: Principal, team: store.TeamRow, origin: string): Promise<Team> {
  const { companyId } = memberOf(principal)
  const viewer = opensFor(principal)
  const [inboxes, open, members] = await Promise.all([
    listInboxesOf(tx, companyId, { kind: "team", id: team.id }),
    viewer === null ? null : listInboxes(tx, companyId, viewer),
    listTeammatesOf(tx, companyId, { table: "team_teammate", key: "team_id" }, team.id),
  ])
  return {
    ...store.teamPreview(team, origin),
    inboxes: inboxes
      .filter(({ id }) => open === null || open.some((inbox) => inbox.id === id))
      .map((inbox) => inboxResource(inbox, origin)),
    members: members.map((member) => teammateResource(member, origin)),
  }
}
