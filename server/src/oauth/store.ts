import { formatId, parseId } from "@causeway/contract/ids"
import type { Tx } from "../database/database.ts"
import { notFound } from "../http/errors.ts"
import { hashToken, randomToken } from "../secrets/tokens.ts"

/** An integration that may ask admins for access. */
export interface OauthClient {
  id: number
  companyId: number
  name: string
  secretHash: Buffer
  redirectUris: string[]
  scopes: string[]
  rotatesRefreshTokens: boolean
  createdAt: Date
}

export type ClientValues = Pick<OauthClient, "name" | "redirectUris" | "scopes" | "rotatesRefreshTokens">

interface ClientRow {
  id: number
  company_id: number
  name: string
  secret_hash: Buffer
  redirect_uris: string[]
  scopes: string[]
  rotates_refresh_tokens: boolean
  created_at: Date
}

const columns = "id, company_id, name, secret_hash, redirect_uris, scopes, rotates_refresh_tokens, created_at"
const secretPrefix = "cs_"

const clientOf = (row: ClientRow): OauthClient => ({
  id: row.id,
  companyId: row.company_id,
  name: row.name,
  secretHash: row.secret_hash,
  redirectUris: row.redirect_uris,
  scopes: row.scopes,
  rotatesRefreshTokens: row.rotates_refresh_tokens,
  createdAt: row.created_at,
})

/** By its `client_id` (`oac_…`), whichever company's it is; null when there is none. By the primary key. */
export async function findClient(tx: Tx, clientId: string): Promise<OauthClient | null> {
  const id = parseId("oac", clientId)
  if (id === null) return null
  const rows = await tx.query<ClientRow>({
    name: "oauth.client",
    text: `select ${columns} from oauth_client where id = $1 and deleted_at is null`,
    values: [id],
  })
  return rows[0] === undefined ? null : clientOf(rows[0])
}

/** The company's client; 404 for a foreign one as for none. */
export async function getClient(tx: Tx, companyId: number, clientId: string): Promise<OauthClient> {
  const client = await findClient(tx, clientId)
  if (client === null || client.companyId !== companyId) throw notFound("OAuth client", clientId)
  return client
}

/** Walks oauth_client_company. */
export async function listClients(tx: Tx, companyId: number): Promise<OauthClient[]> {
  const rows = await tx.query<ClientRow>({
    name: "oauth.clients",
    text: `select ${columns} from oauth_client where company_id = $1 and deleted_at is null order by id`,
    values: [companyId],
  })
  return rows.map(clientOf)
}

/** Returns the secret, which is kept as a hash only. */
export async function insertClient(tx: Tx, companyId: number, id: number, values: ClientValues): Promise<string> {
  const secret = randomToken(secretPrefix)
  await tx.query({
    name: "oauth.insert_client",
    text: `insert into oauth_client (id, company_id, name, secret_hash, redirect_uris, scopes, rotates_refresh_tokens)
           values ($1, $2, $3, $4, $5, $6, $7)`,
    values: [
      id,
      companyId,
      values.name,
      hashToken(secret),
      values.redirectUris,
      values.scopes,
      values.rotatesRefreshTokens,
    ],
  })
  return secret
}

export async function updateClient(tx: Tx, id: number, values: ClientValues): Promise<void> {
  await tx.query({
    name: "oauth.update_client",
    text: "update oauth_client set name = $2, redirect_uris = $3, scopes = $4, rotates_refresh_tokens = $5 where id = $1",
    values: [id, values.name, values.redirectUris, values.scopes, values.rotatesRefreshTokens],
  })
}

/** Returns the new secret; the one before ends with this. */
export async function rotateSecret(tx: Tx, id: number): Promise<string> {
  const secret = randomToken(secretPrefix)
  await tx.query({
    name: "oauth.rotate_secret",
    text: "update oauth_client set secret_hash = $2 where id = $1",
    values: [id, hashToken(secret)],
  })
  return secret
}

export async function deleteClient(tx: Tx, client: OauthClient): Promise<void> {
  await tx.query({
    name: "oauth.delete_client",
    text: "update oauth_client set deleted_at = now() where id = $1",
    values: [client.id],
  })
  await revokeGrants(tx, client)
}

/** Ends every code and token that the client holds. Walks oauth_grant_client and oauth_secret_grant. */
export async function revokeGrants(tx: Tx, client: OauthClient): Promise<void> {
  await tx.query({
    name: "oauth.revoke_all",
    text: `with ended as (
             update oauth_grant set revoked_at = now() where company_id = $1 and client_id = $2 and revoked_at is null returning id)
           delete from oauth_secret where company_id = $1 and grant_id in (select id from ended)`,
    values: [client.companyId, client.id],
  })
}

/** Ends one grant. A replayed code cannot be told from a stolen one, so it comes to this too. */
export async function revokeGrant(tx: Tx, companyId: number, grantId: number): Promise<void> {
  await tx.query({
    name: "oauth.revoke",
    text: `with ended as (update oauth_grant set revoked_at = now() where company_id = $1 and id = $2)
           delete from oauth_secret where company_id = $1 and grant_id = $2`,
    values: [companyId, grantId],
  })
}

export interface GrantRow {
  id: number
  client_id: number
  teammate_id: number
  scopes: string[]
  created_at: Date
  last_used_at: Date | null
}

const grantsShownMax = 100

/** The company's grants that still hold a token, newest first; of one client or of all. Walks oauth_grant_client. */
export const listGrants = (tx: Tx, companyId: number, clientId: number): Promise<GrantRow[]> =>
  tx.query<GrantRow>({
    name: "oauth.grants",
    text: `select id, client_id, teammate_id, scopes, created_at, last_used_at from oauth_grant consent
           where company_id = $1 and client_id = $2 and revoked_at is null
             and exists (select 1 from oauth_secret where company_id = $1 and grant_id = consent.id and kind <> 'code' and expires_at > now())
           order by id desc limit ${grantsShownMax}`,
    values: [companyId, clientId],
  })

export interface NewGrant {
  companyId: number
  id: number
  clientId: number
  teammateId: number
  scopes: readonly string[]
}

export async function insertGrant(tx: Tx, grant: NewGrant): Promise<void> {
  await tx.query({
    name: "oauth.insert_grant",
    text: "insert into oauth_grant (company_id, id, client_id, teammate_id, scopes) values ($1, $2, $3, $4, $5)",
    values: [grant.companyId, grant.id, grant.clientId, grant.teammateId, grant.scopes],
  })
}

export const clientIdOf = ({ id }: { id: number }): string => formatId("oac", id)
