import assert from "node:assert/strict"
import { createCache } from "../cache.ts"
import type { Database, Tx } from "../database/database.ts"
import { accessTokenPrefix, type Principal } from "../http/callers.ts"
import { hashToken, hasTokenForm, randomToken } from "../secrets/tokens.ts"

/**
 * What a grant gives out: a code (once, within minutes) becomes an access token (an hour) and a refresh token (half a year), which brings further
 * access tokens. Lifetimes of the tokens as the vendor documents them. Only hashes are kept.
 */
const minuteMs = 60_000
const dayMs = 86_400_000
export const lifetimeMs = { code: 5 * minuteMs, access: 60 * minuteMs, refresh: 180 * dayMs }
/** What an admin agreed to ends by itself, however much it is used: nothing that a grant gives out lasts longer than it. */
export const grantDays = 730

const prefixes = { code: "cc_", access: accessTokenPrefix, refresh: "cr_" }
type Kind = keyof typeof prefixes

export interface SecretRow {
  company_id: number
  grant_id: number
  client_id: number
  kind: Kind
  scopes: string[]
  redirect_uri: string | null
  code_challenge: string | null
  expires_at: Date
  used_at: Date | null
}

/** Makes a code or token of a grant and returns it, the one time it is seen. */
export async function insertSecret(
  tx: Tx,
  grant: { companyId: number; id: number },
  kind: Kind,
  asked: { redirectUri?: string | null; codeChallenge?: string | null } = {},
): Promise<{ secret: string; expiresAt: Date; lastsSeconds: number }> {
  const secret = randomToken(prefixes[kind])
  const now = Date.now()
  const [row] = await tx.query<{ expires_at: Date }>({
    name: "oauth.insert_secret",
    text: `insert into oauth_secret (hash, company_id, grant_id, kind, redirect_uri, code_challenge, expires_at)
           select $1, $2, $3, $4, $5, $6, least($7, created_at + $8 * interval '1 day') from oauth_grant where company_id = $2 and id = $3
           returning expires_at`,
    values: [
      hashToken(secret),
      grant.companyId,
      grant.id,
      kind,
      asked.redirectUri ?? null,
      asked.codeChallenge ?? null,
      new Date(now + lifetimeMs[kind]),
      grantDays,
    ],
  })
  assert(row !== undefined, "a grant's secret without the grant")
  return { secret, expiresAt: row.expires_at, lastsSeconds: Math.round((row.expires_at.getTime() - now) / 1000) }
}

/** The code or token with its grant, locked until the transaction ends; null when there is none of that kind. By the primary keys. */
export async function lockSecret(tx: Tx, secret: string, kinds: readonly Kind[]): Promise<SecretRow | null> {
  if (!kinds.some((kind) => hasTokenForm(secret, prefixes[kind]))) return null
  const rows = await tx.query<SecretRow>({
    name: "oauth.lock_secret",
    text: `select secret.company_id, secret.grant_id, consent.client_id, secret.kind, consent.scopes, secret.redirect_uri, secret.code_challenge,
             least(secret.expires_at, consent.created_at + ${grantDays} * interval '1 day') as expires_at, secret.used_at
           from oauth_secret secret
           join oauth_grant consent on consent.company_id = secret.company_id and consent.id = secret.grant_id and consent.revoked_at is null
           where secret.hash = $1 and secret.kind = any($2) for update of secret`,
    values: [hashToken(secret), kinds],
  })
  return rows[0] ?? null
}

export async function markUsed(tx: Tx, secret: string): Promise<void> {
  await tx.query({
    name: "oauth.use_secret",
    text: "update oauth_secret set used_at = coalesce(used_at, now()) where hash = $1",
    values: [hashToken(secret)],
  })
}

export async function deleteSecret(tx: Tx, secret: string): Promise<void> {
  await tx.query({
    name: "oauth.delete_secret",
    text: "delete from oauth_secret where hash = $1",
    values: [hashToken(secret)],
  })
}

/** What has ended tells nothing any more. Walks oauth_secret_grant. */
export async function sweepSecrets(tx: Tx, { company_id, grant_id }: SecretRow): Promise<void> {
  await tx.query({
    name: "oauth.sweep",
    text: "delete from oauth_secret where company_id = $1 and grant_id = $2 and expires_at < now()",
    values: [company_id, grant_id],
  })
}

export interface AccessTokens {
  /** An access token's principal; null when it is unknown, expired or ended. */
  verify(token: string): Promise<Principal | null>
  /** After a client or a grant changed: holds here at once, in other processes within 2 s. */
  forget(): void
}

interface AccessRow {
  company_id: number
  grant_id: number
  client_id: number
  scopes: string[]
  expires_at: Date
}

const cacheTtlMs = 2_000
const tokensCachedMax = 10_000
/** last_used_at is for people: one write a minute is enough. */
const usedEveryMs = minuteMs

export function openAccessTokens(db: Database): AccessTokens {
  const usedAt = new Map<number, number>()
  const cache = createCache<AccessRow | null>({ ttlMs: cacheTtlMs, entriesMax: tokensCachedMax, load })

  async function load(hash: string): Promise<AccessRow | null> {
    // A scope that was taken from the client since is gone from its tokens.
    const rows = await db.query<AccessRow>({
      name: "oauth.verify",
      text: `select secret.company_id, secret.grant_id, client.id as client_id, secret.expires_at,
               array(select unnest(consent.scopes) intersect select unnest(client.scopes)) as scopes
             from oauth_secret secret
             join oauth_grant consent on consent.company_id = secret.company_id and consent.id = secret.grant_id and consent.revoked_at is null
             join oauth_client client on client.id = consent.client_id and client.deleted_at is null
             where secret.hash = $1 and secret.kind = 'access'`,
      values: [Buffer.from(hash, "hex")],
    })
    return rows[0] ?? null
  }

  async function noteUse({ company_id, grant_id }: AccessRow): Promise<void> {
    const now = Date.now()
    if (now - (usedAt.get(grant_id) ?? 0) < usedEveryMs) return
    if (usedAt.size >= tokensCachedMax) usedAt.clear()
    usedAt.set(grant_id, now)
    await db.query({
      name: "oauth.used",
      text: "update oauth_grant set last_used_at = now() where company_id = $1 and id = $2",
      values: [company_id, grant_id],
    })
  }

  return {
    async verify(token) {
      if (!hasTokenForm(token, accessTokenPrefix)) return null
      const found = await cache.get(hashToken(token).toString("hex"))
      if (found === null || found.expires_at.getTime() <= Date.now()) return null
      await noteUse(found)
      const { company_id, grant_id, client_id, scopes } = found
      return { kind: "token", companyId: company_id, tokenId: grant_id, scopes, oauthClientId: client_id }
    },
    forget: () => cache.clear(),
  }
}
