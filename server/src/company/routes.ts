import {
  createCompany as createCompanyEndpoint,
  createToken,
  getIdentity,
  listTokens as listTokensEndpoint,
  readSetup,
  renewSetupCode,
  revokeToken,
  setUp,
} from "@causeway/contract/endpoints/company"
import { formatId, parseId } from "@causeway/contract/ids"
import type { Database, Tx } from "../database/database.ts"
import type { Principal } from "../http/callers.ts"
import { HttpError, invalid, notFound } from "../http/errors.ts"
import { type Route, route } from "../http/route.ts"
import type { Ids } from "../ids.ts"
import type { Log } from "../log.ts"
import { recordSignIn } from "../sign-in/record.ts"
import type { Identity } from "../teammates/identity.ts"
import { refuseGuessable } from "../teammates/passwords.ts"
import { memberOf, requireAdmin } from "../teammates/roles.ts"
import { createTries, refuseTooMany } from "../teammates/tries.ts"
import { type Created, createCompany, type FirstAdmin } from "./create.ts"
import { grantableScopes } from "./scopes.ts"
import { hasCompany, prepareSetup, takeSetupCode } from "./setup.ts"
import { type ApiTokens, insertToken, listTokens } from "./tokens.ts"

export interface CompanyDeps {
  db: Database
  ids: Ids
  log: Log
  identity: Identity
  tokens: ApiTokens
  /** Where people sign in elsewhere; null: nowhere. */
  provider?: { name: string } | null
  version: string
}

const minuteMs = 60_000

export const companyRoutes = (deps: CompanyDeps): Route[] => {
  const { db, ids, identity, tokens } = deps
  const triesByAddress = createTries({ max: 10, windowMs: minuteMs })
  const triesOfAll = createTries({ max: 60, windowMs: 10 * minuteMs })

  return [
    route(readSetup, async () => ({
      status: 200,
      body: { needed: !(await hasCompany(db)), version: deps.version, provider: deps.provider?.name ?? null },
    })),

    route(setUp, async ({ body, request }, reply) => {
      refuseTooMany([triesByAddress.take(request.address), triesOfAll.take("all")], reply)
      await checkAdmin(body)
      const created = await db.tx(async (tx) => {
        await takeSetupCode(tx, body.code)
        return createCompany(tx, deps, body)
      })
      const { identityId } = created
      reply.header("set-cookie", [
        await identity.begin(request, identityId),
        identity.deviceCookie(request, body.email.trim()),
      ])
      await recordSignIn(deps, request, { verb: "signed_in", by: "password", person: { identityId } })
      return { status: 201, body: createdView(created) }
    }),

    route(renewSetupCode, async () => {
      const { code } = await prepareSetup(db)
      if (code === null) throw new HttpError(409, "This Causeway is set up already: sign in instead")
      return { status: 201, body: { setup_code: code } }
    }),

    route(createCompanyEndpoint, async ({ body }) => {
      await checkAdmin(body)
      return { status: 201, body: createdView(await db.tx((tx) => createCompany(tx, deps, body))) }
    }),

    route(createToken, async ({ body, principal }) => {
      const companyId = await companyFor(db, principal, body.company_id)
      const scopes = grantableScopes(principal, body.scopes)
      await ids.reserve(1)
      const id = ids.take()
      const token = await insertToken(db, { companyId, id, name: body.name, scopes })
      return { status: 201, body: { id: formatId("tok", id), token } }
    }),

    route(listTokensEndpoint, async ({ query, principal }) => {
      const rows = await listTokens(db, await companyFor(db, principal, query.company_id))
      return { status: 200, body: { tokens: rows.map(tokenView) } }
    }),

    route(revokeToken, async ({ params, query, principal }) => {
      const companyId = await companyFor(db, principal, query.company_id)
      const id = parseId("tok", params.token_id)
      if (id === null || !(await tokens.revoke(companyId, id))) throw notFound("token", params.token_id)
      return { status: 204 }
    }),

    route(getIdentity, async ({ principal, origin }) => {
      const { companyId } = memberOf(principal)
      const rows = await db.query<{ name: string }>({
        name: "company.find",
        text: "select name from company where id = $1",
        values: [companyId],
      })
      return {
        status: 200,
        body: { _links: { self: `${origin}/me` }, id: formatId("cmp", companyId), name: rows[0]?.name ?? "" },
      }
    }),
  ]
}

async function checkAdmin(admin: FirstAdmin): Promise<void> {
  for (const field of ["name", "company"] as const)
    if (admin[field].trim() === "") throw invalid(`body.${field}`, "must not be empty")
  if (!/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(admin.email.trim()))
    throw invalid("body.email", `must be an e-mail address (was ${admin.email.slice(0, 100)})`)
  await refuseGuessable("body.password", admin.password, admin)
}

const createdView = (created: Created) => ({
  company_id: formatId("cmp", created.companyId),
  teammate_id: formatId("tea", created.teammateId),
  api_token: created.apiToken,
})

const tokenView = (row: Awaited<ReturnType<typeof listTokens>>[number]) => ({
  id: formatId("tok", row.id),
  name: row.name,
  scopes: row.scopes,
  created_at: row.created_at.getTime() / 1000,
  last_used_at: row.last_used_at === null ? null : row.last_used_at.getTime() / 1000,
})

/** The caller's own company; for the installation token the one it names, or the only one there is. */
async function companyFor(tx: Tx, principal: Principal, named: string | undefined): Promise<number> {
  requireAdmin(principal)
  if (principal.kind !== "installation") return ownCompany(memberOf(principal).companyId, named)
  const rows = await tx.query<{ id: number }>({ text: "select id from company order by id limit 2" })
  if (named === undefined) {
    if (rows.length === 1) return (rows[0] as { id: number }).id
    throw invalid(
      "company_id",
      rows.length === 0 ? "names nothing yet: set up first" : "is required: there are several companies",
    )
  }
  const id = parseId("cmp", named)
  const found =
    id === null ? [] : await tx.query<{ id: number }>({ text: "select id from company where id = $1", values: [id] })
  if (found[0] === undefined) throw notFound("company", named)
  return found[0].id
}

function ownCompany(companyId: number, named: string | undefined): number {
  if (named !== undefined && named !== formatId("cmp", companyId)) throw notFound("company", named)
  return companyId
}
