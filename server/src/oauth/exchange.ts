import { createHash } from "node:crypto"
import type { TokenAnswer, TokenRequest } from "@causeway/contract/endpoints/oauth"
import type { Database, Tx } from "../database/database.ts"
import { isHashOf } from "../secrets/tokens.ts"
import { deleteSecret, insertSecret, lockSecret, markUsed, type SecretRow, sweepSecrets } from "./secrets.ts"
import { findClient, type OauthClient, revokeGrant } from "./store.ts"

/** A refusal in OAuth's own form (RFC 6749 5.2): a value, because what a refused request ended must be committed. */
export class OauthRefusal {
  readonly error: string
  readonly description: string
  readonly status: number

  constructor(error: string, description: string, status = 400) {
    this.error = error
    this.description = description
    this.status = status
  }
}

const badGrant = (description: string): OauthRefusal => new OauthRefusal("invalid_grant", description)

/** The vendor gives a new refresh token in the last day of the old one; until then the same comes back. */
const renewedBeforeMs = 86_400_000
/** A client whose answer got lost asks again with the token it has: no theft, if it comes this soon. */
const retryMs = 60_000

/** The client that a request proves itself to be, by Basic authentication or by fields of the body. */
export async function authenticateClient(
  db: Database,
  header: string | undefined,
  body: { client_id?: string; client_secret?: string },
): Promise<OauthClient | OauthRefusal> {
  const basic = header === undefined ? null : readBasic(header)
  if (header !== undefined && basic === null)
    return new OauthRefusal("invalid_client", "Authorization must be Basic, with the client's id and secret", 401)
  const id = basic?.id ?? body.client_id
  const secret = basic?.secret ?? body.client_secret
  if (basic !== null && body.client_id !== undefined && body.client_id !== basic.id)
    return new OauthRefusal("invalid_request", "client_id in the body is another than in the Authorization header")
  const client = id === undefined ? null : await findClient(db, id)
  if (client === null || secret === undefined || !isHashOf(client.secretHash, secret))
    return new OauthRefusal("invalid_client", "client_id or client_secret is wrong or missing", 401)
  return client
}

/** RFC 6749 2.3.1 has both parts percent-encoded first; ours have nothing to encode, so both readings agree. */
function readBasic(header: string): { id: string; secret: string } | null {
  const encoded = /^Basic +([A-Za-z0-9+/_-]+=*) *$/i.exec(header)?.[1]
  if (encoded === undefined) return null
  const text = Buffer.from(encoded, "base64").toString("utf8")
  const at = text.indexOf(":")
  return at < 1 ? null : { id: text.slice(0, at), secret: text.slice(at + 1) }
}

/** The answer of the token endpoint to a client that has proved itself. */
export async function exchange(
  db: Database,
  client: OauthClient,
  request: TokenRequest,
): Promise<TokenAnswer | OauthRefusal> {
  switch (request.grant_type) {
    case "authorization_code":
      return db.tx((tx) => exchangeCode(tx, client, request))
    case "refresh_token":
      return db.tx((tx) => refresh(tx, client, request))
    case undefined:
      return new OauthRefusal("invalid_request", "grant_type is missing")
    default:
      return new OauthRefusal("unsupported_grant_type", "grant_type must be authorization_code or refresh_token")
  }
}

async function exchangeCode(tx: Tx, client: OauthClient, request: TokenRequest): Promise<TokenAnswer | OauthRefusal> {
  const { code } = request
  if (!code) return new OauthRefusal("invalid_request", "code is missing")
  const row = await lockSecret(tx, code, ["code"])
  if (row === null || row.client_id !== client.id) return badGrant("this code is not one of this client's")
  if (row.used_at !== null) {
    await revokeGrant(tx, row.company_id, row.grant_id)
    return badGrant("this code was used before: every token that came of it has ended")
  }
  if (row.expires_at.getTime() <= Date.now()) return badGrant("this code has expired: begin anew at /oauth/authorize")
  if (row.redirect_uri !== null ? request.redirect_uri !== row.redirect_uri : isForeignUri(client, request))
    return badGrant("redirect_uri is another than the one the code was asked with")
  const problem = verifierProblem(row, request.code_verifier)
  if (problem !== null) return badGrant(problem)
  await markUsed(tx, code)
  const { secret } = await insertSecret(tx, grantOf(row), "refresh")
  return answer(tx, client, row, secret)
}

const isForeignUri = (client: OauthClient, { redirect_uri }: TokenRequest): boolean =>
  redirect_uri !== undefined && redirect_uri !== "" && !client.redirectUris.includes(redirect_uri)

/** PKCE (RFC 7636). A verifier without a challenge means that somebody took the challenge out of the first request. */
function verifierProblem({ code_challenge }: SecretRow, verifier: string | undefined): string | null {
  if (code_challenge === null)
    return verifier ? "code_verifier came, but the code was asked without code_challenge" : null
  if (!verifier) return "code_verifier is missing"
  return createHash("sha256").update(verifier).digest("base64url") === code_challenge
    ? null
    : "code_verifier does not match code_challenge"
}

async function refresh(tx: Tx, client: OauthClient, request: TokenRequest): Promise<TokenAnswer | OauthRefusal> {
  const token = request.refresh_token
  if (!token) return new OauthRefusal("invalid_request", "refresh_token is missing")
  const row = await lockSecret(tx, token, ["refresh"])
  if (row === null || row.client_id !== client.id)
    return badGrant("this refresh token is not one of this client's, or has ended")
  if (row.expires_at.getTime() <= Date.now()) return badGrant("this refresh token has expired")
  if (row.used_at !== null && Date.now() - row.used_at.getTime() > retryMs) {
    await revokeGrant(tx, row.company_id, row.grant_id)
    return badGrant("this refresh token was replaced before: every token of its grant has ended")
  }
  const asked = new Set(request.scope?.split(" ").filter(Boolean))
  if ([...asked].some((scope) => !row.scopes.includes(scope)) || (asked.size > 0 && asked.size < row.scopes.length))
    return new OauthRefusal("invalid_scope", "a refresh brings the scopes that were granted: leave scope out")
  if (client.rotatesRefreshTokens) {
    await markUsed(tx, token)
    return answer(tx, client, row, (await insertSecret(tx, grantOf(row), "refresh")).secret)
  }
  const endsSoon = row.expires_at.getTime() - Date.now() < renewedBeforeMs
  return answer(tx, client, row, endsSoon ? (await insertSecret(tx, grantOf(row), "refresh")).secret : token)
}

async function answer(tx: Tx, client: OauthClient, row: SecretRow, refreshToken: string): Promise<TokenAnswer> {
  await sweepSecrets(tx, row)
  const { secret, expiresAt, lastsSeconds } = await insertSecret(tx, grantOf(row), "access")
  return {
    access_token: secret,
    refresh_token: refreshToken,
    token_type: "Bearer",
    expires_at: Math.floor(expiresAt.getTime() / 1000),
    expires_in: lastsSeconds,
    scope: row.scopes.filter((scope) => client.scopes.includes(scope)).join(" "),
  }
}

const grantOf = (row: SecretRow): { companyId: number; id: number } => ({
  companyId: row.company_id,
  id: row.grant_id,
})

/** RFC 7009: a refresh token takes its grant along, an access token goes alone, and what is no token of this client's is no error. */
export async function revoke(db: Database, client: OauthClient, token: string): Promise<void> {
  await db.tx(async (tx) => {
    const row = await lockSecret(tx, token, ["refresh", "access"])
    if (row === null || row.client_id !== client.id) return
    if (row.kind === "refresh") await revokeGrant(tx, row.company_id, row.grant_id)
    else await deleteSecret(tx, token)
  })
}
