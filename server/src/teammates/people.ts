import {
  type Colleague,
  getTeammate as getTeammateEndpoint,
  listStandings,
  listTeammateConversations,
  listTeammates as listTeammatesEndpoint,
  type Standing,
  type TeammateChange,
  updateStanding,
  updateTeammate,
} from "@causeway/contract/endpoints/teammates"
import { formatId } from "@causeway/contract/ids"
import { type ChangeDeps, changeCompany } from "../company/changes.ts"
import type { Config } from "../config.ts"
import { conversationList } from "../conversations/list.ts"
import { readCustomFields } from "../custom-fields/values.ts"
import type { Tx } from "../database/database.ts"
import type { Member } from "../http/callers.ts"
import { forbidden, HttpError, invalid } from "../http/errors.ts"
import { wholeList } from "../http/lists.ts"
import { type Route, route } from "../http/route.ts"
import type { Log } from "../log.ts"
import type { Mailer } from "../mail/mailer.ts"
import { lockCompany } from "../teams/store.ts"
import type { Identity } from "./identity.ts"
import { memberOf, requireAdmin, requireMakerOfAdmins } from "./roles.ts"
import { getTeammate, listTeammates, type TeammateRow, teammateResource } from "./store.ts"

export interface PeopleDeps extends ChangeDeps {
  config: Pick<Config, "publicUrl" | "keepsOnDevices">
  log: Log
  identity: Identity
  mailer: Mailer
}

export const peopleRoutes = (deps: PeopleDeps): Route[] => [
  route(listTeammatesEndpoint, async ({ principal, origin, request }) => {
    const teammates = await listTeammates(deps.db, memberOf(principal).companyId)
    const results = teammates.map((teammate) => teammateResource(teammate, origin))
    return { status: 200, body: wholeList(request, origin, results) }
  }),

  route(getTeammateEndpoint, async ({ params, principal, origin }) => {
    const teammate = await getTeammate(deps.db, memberOf(principal).companyId, params.teammate_id)
    return { status: 200, body: teammateResource(teammate, origin) }
  }),

  route(listTeammateConversations, async (call) => {
    const { id } = await getTeammate(deps.db, memberOf(call.principal).companyId, call.params.teammate_id)
    return { status: 200, body: await conversationList(deps, call, { of: "assignee", id }) }
  }),

  route(updateTeammate, async ({ params, body, principal }) => {
    await changeTeammate(deps, memberOf(principal), params.teammate_id, body)
    return { status: 204 }
  }),

  route(listStandings, async ({ principal }) => {
    requireAdmin(principal)
    return { status: 200, body: { teammates: await readStandings(deps.db, memberOf(principal).companyId) } }
  }),

  route(updateStanding, async ({ params, body, principal }) => {
    requireAdmin(principal)
    if (body.role === "admin") requireMakerOfAdmins(principal)
    await changeStanding(deps, memberOf(principal), params.teammate_id, body)
    return { status: 204 }
  }),
]

/** An admin changes anybody, a teammate themselves. Source: Core API UpdateTeammate. */
async function changeTeammate(
  deps: PeopleDeps,
  member: Member,
  reference: string,
  body: TeammateChange,
): Promise<void> {
  const { companyId } = member
  const { id } = await getTeammate(deps.db, companyId, reference)
  if (member.kind === "session" && member.role !== "admin" && member.teammateId !== id)
    throw forbidden("A teammate may change only themselves")
  await changeCompany(deps, companyId, "teammate_changed", async (tx) => {
    const before = await lockTeammate(tx, companyId, id)
    const username = body.username ?? before.username
    if (username !== before.username && (await isUsernameTaken(tx, companyId, username)))
      throw invalid("body.username", "is somebody else's")
    await tx.query({
      name: "teammates.change",
      text: `update teammate set username = $3, first_name = $4, last_name = $5, is_available = $6, custom_fields = $7
             where company_id = $1 and id = $2`,
      values: [
        companyId,
        id,
        username,
        body.first_name ?? before.first_name,
        body.last_name ?? before.last_name,
        body.is_available ?? before.is_available,
        JSON.stringify(
          body.custom_fields === undefined
            ? before.custom_fields
            : await readCustomFields(tx, companyId, "teammate", body.custom_fields),
        ),
      ],
    })
    return { id: formatId("tea", id) }
  })
}

async function readStandings(tx: Tx, companyId: number): Promise<Colleague[]> {
  const rows = await tx.query<Omit<Colleague, "id"> & { id: number }>({
    name: "teammates.standings",
    text: "select id, email, first_name, last_name, role, is_developer, is_blocked from teammate where company_id = $1 order by id",
    values: [companyId],
  })
  return rows.map((row) => ({ ...row, id: formatId("tea", row.id) }))
}

/** Role, developer flag and whether they are let in; a blocked teammate's sessions end at once. */
async function changeStanding(deps: PeopleDeps, member: Member, reference: string, body: Standing): Promise<void> {
  const { companyId } = member
  await changeCompany(deps, companyId, "teammate_changed", async (tx) => {
    await lockCompany(tx, companyId)
    const { id, ...before } = await getTeammate(tx, companyId, reference)
    const role = body.role ?? before.role
    const isBlocked = body.is_blocked ?? before.is_blocked
    if (before.role === "admin" && !before.is_blocked && (role !== "admin" || isBlocked))
      await refuseLastAdmin(tx, companyId, id)
    await tx.query({
      text: `update teammate set role = $3, is_blocked = $4, is_developer = coalesce($5, is_developer) where company_id = $1 and id = $2`,
      values: [companyId, id, role, isBlocked, body.is_developer ?? null],
    })
    return { id: formatId("tea", id) }
  })
  deps.identity.forgetSessions()
}

/** Nobody could let an admin in again. */
async function refuseLastAdmin(tx: Tx, companyId: number, id: number): Promise<void> {
  const rows = await tx.query({
    text: "select from teammate where company_id = $1 and id <> $2 and role = 'admin' and not is_blocked limit 1",
    values: [companyId, id],
  })
  if (rows.length === 0) throw new HttpError(409, "This is the last admin: make another one first")
}

/** The company first: two who want one username come one after the other. */
async function lockTeammate(tx: Tx, companyId: number, id: number): Promise<TeammateRow> {
  await lockCompany(tx, companyId)
  return getTeammate(tx, companyId, formatId("tea", id))
}

/** By teammate_username. */
async function isUsernameTaken(tx: Tx, companyId: number, username: string): Promise<boolean> {
  const rows = await tx.query({
    name: "teammates.by_username",
    text: "select from teammate where company_id = $1 and lower(username) = $2",
    values: [companyId, username],
  })
  return rows.length > 0
}
