import {
  authorize,
  createOauthClient,
  decideAuthorization,
  deleteOauthClient,
  exchangeToken,
  getOauthClient,
  listOauthClients,
  type OauthClientChange,
  type OauthClientView,
  revokeOauthGrants,
  revokeOauthToken,
  rotateOauthClientSecret,
  updateOauthClient,
} from "@causeway/contract/endpoints/oauth"
import { formatId } from "@causeway/contract/ids"
import type { FastifyReply, FastifyRequest } from "fastify"
import { grantableScopes } from "../company/scopes.ts"
import type { Database } from "../database/database.ts"
import { type Member, type Principal, refuseForeignOrigin } from "../http/callers.ts"
import { forbidden, invalid } from "../http/errors.ts"
import { type Answer, type Route, route } from "../http/route.ts"
import type { Ids } from "../ids.ts"
import { memberOf, requireAdmin } from "../teammates/roles.ts"
import { createTries, refuseTooMany } from "../teammates/tries.ts"
import { decide, showConsent } from "./authorize.ts"
import { authenticateClient, exchange, OauthRefusal, revoke } from "./exchange.ts"
import type { AccessTokens } from "./secrets.ts"
import {
  type ClientValues,
  clientIdOf,
  deleteClient,
  getClient,
  insertClient,
  listClients,
  listGrants,
  type OauthClient,
  revokeGrants,
  rotateSecret,
  updateClient,
} from "./store.ts"

export interface OauthDeps {
  db: Database
  ids: Ids
  accessTokens: AccessTokens
  seal: { derive(purpose: string): string }
}

export const oauthRoutes = (deps: OauthDeps): Route[] => [...clientRoutes(deps), ...protocolRoutes(deps)]

const clientRoutes = ({ db, ids, accessTokens }: OauthDeps): Route[] => [
  route(createOauthClient, async ({ body, principal }) => {
    const { companyId } = adminOf(principal)
    const values = changedValues(principal, { redirectUris: [], rotatesRefreshTokens: false }, body)
    await ids.reserve(1)
    const id = ids.take()
    const secret = await insertClient(db, companyId, id, values)
    return { status: 201, body: { client_id: clientIdOf({ id }), client_secret: secret } }
  }),

  route(listOauthClients, async ({ principal }) => {
    const clients = await listClients(db, adminOf(principal).companyId)
    return { status: 200, body: { oauth_clients: await Promise.all(clients.map((client) => view(db, client))) } }
  }),

  route(getOauthClient, async ({ params, principal }) => {
    return { status: 200, body: await view(db, await getClient(db, adminOf(principal).companyId, params.client_id)) }
  }),

  route(updateOauthClient, async ({ params, body, principal }) => {
    const client = await getClient(db, adminOf(principal).companyId, params.client_id)
    // Whoever moves the address of a client that may do more would get what it gets.
    grantableScopes(principal, client.scopes)
    const values = changedValues(principal, client, body)
    await updateClient(db, client.id, values)
    accessTokens.forget()
    return { status: 200, body: await view(db, { ...client, ...values }) }
  }),

  route(rotateOauthClientSecret, async ({ params, principal }) => {
    const client = await getClient(db, adminOf(principal).companyId, params.client_id)
    grantableScopes(principal, client.scopes)
    return {
      status: 200,
      body: { client_id: clientIdOf(client), client_secret: await rotateSecret(db, client.id) },
    }
  }),

  route(deleteOauthClient, async ({ params, principal }) => {
    const client = await getClient(db, adminOf(principal).companyId, params.client_id)
    await db.tx((tx) => deleteClient(tx, client))
    accessTokens.forget()
    return { status: 204 }
  }),

  route(revokeOauthGrants, async ({ params, principal }) => {
    await revokeGrants(db, await getClient(db, adminOf(principal).companyId, params.client_id))
    accessTokens.forget()
    return { status: 204 }
  }),
]

const protocolRoutes = ({ db, ids, accessTokens, seal }: OauthDeps): Route[] => {
  const deps = { db, ids, pageKey: seal.derive("oauth-page") }
  const tries = createTries({ max: 100, windowMs: 60_000 })

  /** The client behind a request. 429 after a hundred failures a minute from one address; successes do not count. */
  async function clientBehind(request: FastifyRequest, reply: FastifyReply, body: object) {
    refuseTooMany([tries.take(request.address)], reply)
    const client = await authenticateClient(db, request.headers.authorization, body)
    if (!(client instanceof OauthRefusal)) tries.giveBack(request.address)
    return client
  }
  return [
    route(authorize, async ({ query, principal, request }) => {
      const at = request.url.indexOf("?")
      return showConsent(deps, query, principal, at === -1 ? "" : request.url.slice(at))
    }),

    route(decideAuthorization, async ({ body, principal, request }) => {
      refuseForeignOrigin(request)
      return decide(deps, body, principal)
    }),

    route(exchangeToken, async ({ body, request }, reply) => {
      const client = await clientBehind(request, reply, body)
      if (client instanceof OauthRefusal) return refusal(client)
      const answer = await exchange(db, client, body)
      if (answer instanceof OauthRefusal) {
        // What it ended (a replayed code's tokens) is to end here too.
        accessTokens.forget()
        return refusal(answer)
      }
      return { status: 200, body: answer, headers: secretHeaders }
    }),

    route(revokeOauthToken, async ({ body, request }, reply) => {
      const client = await clientBehind(request, reply, body)
      if (client instanceof OauthRefusal) return refusal(client)
      if (!body.token) return refusal(new OauthRefusal("invalid_request", "token is missing"))
      await revoke(db, client, body.token)
      accessTokens.forget()
      return { status: 200, body: {}, headers: secretHeaders }
    }),
  ]
}

const secretHeaders = { "cache-control": "no-store", pragma: "no-cache" }

const refusal = ({ error, description, status }: OauthRefusal): Answer => ({
  status,
  body: { error, error_description: description },
  headers: { ...secretHeaders, ...(status === 401 && { "www-authenticate": 'Basic realm="OAuth client"' }) },
})

function adminOf(principal: Principal): Member {
  requireAdmin(principal)
  if (principal.kind === "token" && principal.oauthClientId !== undefined)
    throw forbidden("An integration's token does not manage integrations")
  return memberOf(principal)
}

function changedValues(
  principal: Principal,
  client: Partial<ClientValues> & Pick<ClientValues, "redirectUris" | "rotatesRefreshTokens">,
  body: OauthClientChange,
): ClientValues {
  return {
    name: body.name ?? client.name ?? "",
    redirectUris: body.redirect_uris?.map(redirectUri) ?? client.redirectUris,
    scopes: body.scopes === undefined ? (client.scopes ?? []) : grantableScopes(principal, body.scopes),
    rotatesRefreshTokens: body.rotates_refresh_tokens ?? client.rotatesRefreshTokens,
  }
}

/** A code travels in the URL: https, or this very machine. Kept as written, because it is compared as written. */
function redirectUri(text: string, i: number): string {
  const field = `body.redirect_uris[${i}]`
  const url = URL.canParse(text) ? new URL(text) : null
  if (url === null || /[^\x21-\x7e]|#/.test(text) || url.username !== "" || url.password !== "")
    throw invalid(
      field,
      `must be a URL in ASCII, without a fragment and without a user name (was ${text.slice(0, 100)})`,
    )
  const isLocal = /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname)
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLocal))
    throw invalid(field, `must begin with https://, or http://localhost (was ${text.slice(0, 100)})`)
  return text
}

async function view(db: Database, client: OauthClient): Promise<OauthClientView> {
  const grants = await listGrants(db, client.companyId, client.id)
  return {
    client_id: clientIdOf(client),
    name: client.name,
    redirect_uris: client.redirectUris,
    scopes: client.scopes,
    rotates_refresh_tokens: client.rotatesRefreshTokens,
    created_at: client.createdAt.getTime() / 1000,
    grants: grants.map((grant) => ({
      id: formatId("oag", grant.id),
      teammate_id: formatId("tea", grant.teammate_id),
      scopes: grant.scopes,
      created_at: grant.created_at.getTime() / 1000,
      last_used_at: grant.last_used_at === null ? null : grant.last_used_at.getTime() / 1000,
    })),
  }
}
