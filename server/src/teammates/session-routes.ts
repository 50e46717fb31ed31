import { createHash } from "node:crypto"
import { endSessions, listSessions, type SessionInfo } from "@causeway/contract/endpoints/invitations"
import type { Tx } from "../database/database.ts"
import type { Member } from "../http/callers.ts"
import { notFound } from "../http/errors.ts"
import { type Route, route } from "../http/route.ts"
import type { PeopleDeps } from "./people.ts"
import { memberOf } from "./roles.ts"
import { getTeammate } from "./store.ts"

interface Row {
  token: string
  created_at: Date
  updated_at: Date
  expires_at: Date
  address: string | null
  browser: string | null
}

/** Where people are signed in, and ending it. */
export const sessionListRoutes = ({ db, identity }: PeopleDeps): Route[] => [
  route(listSessions, async ({ params, principal, request }) => {
    const rows = await sessionsOf(db, memberOf(principal), params.teammate_id)
    const current = identity.currentToken(request)
    return { status: 200, body: { sessions: rows.map((row) => view(row, current)) } }
  }),

  route(endSessions, async ({ params, query, principal, request }) => {
    const rows = await sessionsOf(db, memberOf(principal), params.teammate_id)
    const ended = chosen(rows, query.session, identity.currentToken(request))
    await db.query({
      text: "delete from identity_session where token = any($1::text[])",
      values: [ended.map(({ token }) => token)],
    })
    identity.forgetSessions()
    return { status: 204 }
  }),
]

function chosen(rows: readonly Row[], session: string | undefined, current: string | null): Row[] {
  if (session === undefined) return rows.filter(({ token }) => token !== current)
  const found = rows.filter(({ token }) => idOf(token) === session)
  if (found.length === 0) throw notFound("session", session)
  return found
}

/** One's own, or anybody's for an admin; a teammate that one may not look at is answered like a missing one. */
async function sessionsOf(tx: Tx, member: Member, reference: string): Promise<Row[]> {
  const teammate = await getTeammate(tx, member.companyId, reference)
  const isOwn = member.kind === "session" && member.teammateId === teammate.id
  if (!isOwn && !(member.kind === "session" && member.role === "admin")) throw notFound("teammate", reference)
  return tx.query<Row>({
    text: `select token, "createdAt" as created_at, "updatedAt" as updated_at, "expiresAt" as expires_at,
             nullif("ipAddress", '') as address, nullif("userAgent", '') as browser
           from identity_session join teammate on teammate.identity_id = identity_session."userId"
           where teammate.company_id = $1 and teammate.id = $2 and "expiresAt" > now() order by "createdAt" desc`,
    values: [member.companyId, teammate.id],
  })
}

/** The token lets in, so it is never shown; this names it. */
const idOf = (token: string): string => `ses_${createHash("sha256").update(token).digest("hex").slice(0, 24)}`

const view = (row: Row, current: string | null): SessionInfo => ({
  id: idOf(row.token),
  created_at: row.created_at.getTime() / 1000,
  seen_at: row.updated_at.getTime() / 1000,
  expires_at: row.expires_at.getTime() / 1000,
  address: row.address,
  browser: row.browser,
  is_current: row.token === current,
})
