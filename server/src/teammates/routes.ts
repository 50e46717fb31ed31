import { changePassword, getSession, signIn, signOut } from "@causeway/contract/endpoints/company"
import type { PreferencesChange } from "@causeway/contract/endpoints/preferences"
import { formatId } from "@causeway/contract/ids"
import type { SessionView } from "@causeway/contract/inbox"
import type { Database } from "../database/database.ts"
import { HttpError, unauthenticated } from "../http/errors.ts"
import { type Route, route } from "../http/route.ts"
import type { Identity } from "./identity.ts"
import { invitationRoutes } from "./invitation-routes.ts"
import { type PeopleDeps, peopleRoutes } from "./people.ts"
import { preferenceRoutes, preferencesOf } from "./preferences.ts"
import { memberOf } from "./roles.ts"
import { sessionListRoutes } from "./session-routes.ts"
import { createTries, refuseTooMany } from "./tries.ts"

const minuteMs = 60_000

/** Signing in and out here; who the teammates are in people.ts, how they get in in invitation-routes.ts. */
export const teammateRoutes = (deps: PeopleDeps): Route[] => [
  ...sessionRoutes(deps),
  ...peopleRoutes(deps),
  ...invitationRoutes(deps),
  ...sessionListRoutes(deps),
  ...preferenceRoutes(deps),
]

const sessionRoutes = ({ db, identity }: { db: Database; identity: Identity }): Route[] => {
  const triesByAddress = createTries({ max: 20, windowMs: minuteMs })
  const triesByEmail = createTries({ max: 10, windowMs: 15 * minuteMs })

  return [
    route(signIn, async ({ body, request }, reply) => {
      const email = body.email.trim().toLowerCase()
      refuseTooMany([triesByAddress.take(request.address), triesByEmail.take(email)], reply)
      const answer = await identity
        .call("/sign-in/email", request, { email, password: body.password })
        .catch(inOurWords)
      triesByAddress.clear(request.address)
      triesByEmail.clear(email)
      reply.header("set-cookie", answer.cookies)
      return { status: 200, body: {} }
    }),

    route(signOut, async ({ request }, reply) => {
      const answer = await identity.call("/sign-out", request, {})
      identity.forgetSessions()
      reply.header("set-cookie", answer.cookies)
      return { status: 200, body: {} }
    }),

    route(changePassword, async ({ body, request }, reply) => {
      refuseTooMany([triesByAddress.take(request.address)], reply)
      const answer = await identity.call("/change-password", request, { ...body, revokeOtherSessions: true })
      identity.forgetSessions()
      reply.header("set-cookie", answer.cookies)
      return { status: 200, body: {} }
    }),

    route(getSession, async ({ principal, request }, reply) => {
      const view = await sessionView(db, memberOf(principal))
      const cookie = await identity.renew(request)
      if (cookie !== null) reply.header("set-cookie", cookie)
      return { status: 200, body: view, headers: { "cache-control": "no-store" } }
    }),
  ]
}

/** Wrong address and wrong password are answered alike. */
function inOurWords(error: unknown): never {
  if (error instanceof HttpError && error.status === 401) throw unauthenticated("E-mail or password is wrong")
  throw error
}

async function sessionView(db: Database, member: ReturnType<typeof memberOf>): Promise<SessionView> {
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
  }
}
