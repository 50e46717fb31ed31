import { getSession } from "@causeway/contract/endpoints/company"
import type { PreferencesChange } from "@causeway/contract/endpoints/preferences"
import { formatId } from "@causeway/contract/ids"
import type { SessionView } from "@causeway/contract/inbox"
import type { Database } from "../database/database.ts"
import { unauthenticated } from "../http/errors.ts"
import { type Route, route } from "../http/route.ts"
import { doorRoutes } from "./door-routes.ts"
import { invitationRoutes } from "./invitation-routes.ts"
import { type PeopleDeps, peopleRoutes } from "./people.ts"
import { preferenceRoutes, preferencesOf } from "./preferences.ts"
import { memberOf } from "./roles.ts"
import { sessionListRoutes } from "./session-routes.ts"

/** Who is signed in; how they get in is in door-routes.ts and invitation-routes.ts, who the teammates are in people.ts. */
export const teammateRoutes = (deps: PeopleDeps): Route[] => [
  ...doorRoutes(deps),
  ...sessionRoutes(deps),
  ...peopleRoutes(deps),
  ...invitationRoutes(deps),
  ...sessionListRoutes(deps),
  ...preferenceRoutes(deps),
]

const sessionRoutes = ({ db, identity, config }: PeopleDeps): Route[] => [
  route(getSession, async ({ principal, request }, reply) => {
    const view = await sessionView(db, memberOf(principal), config.keepsOnDevices)
    const cookie = await identity.renew(request)
    if (cookie !== null) reply.header("set-cookie", cookie)
    return { status: 200, body: view, headers: { "cache-control": "no-store" } }
  }),
]

async function sessionView(
  db: Database,
  member: ReturnType<typeof memberOf>,
  keepsOnDevices: boolean,
): Promise<SessionView> {
  const rows = await db.query<{
    id: number
    email: string
    first_name: string
    last_name: string
    role: "admin"
    is_developer: boolean
    company_name: string
    preferences: PreferencesChange
  }>({
    name: "teammates.session",
    text: `select teammate.id, teammate.email, teammate.first_name, teammate.last_name, teammate.role, teammate.is_developer, teammate.preferences, company.name as company_name
           from teammate join company on company.id = teammate.company_id where teammate.company_id = $1 and teammate.id = $2`,
    values: [member.companyId, member.kind === "session" ? member.teammateId : null],
  })
  const row = rows[0]
  if (row === undefined) throw unauthenticated("This session's teammate is gone")
  return {
    teammate: {
      id: formatId("tea", row.id),
      email: row.email,
      first_name: row.first_name,
      last_name: row.last_name,
      role: row.role,
      is_developer: row.is_developer,
    },
    company: { id: formatId("cmp", member.companyId), name: row.company_name },
    preferences: preferencesOf(row.preferences),
    keeps_on_device: keepsOnDevices,
  }
}
