import { randomBytes } from "node:crypto"
import { join } from "node:path"
import { createCache } from "../cache.ts"
import type { Database, Tx } from "../database/database.ts"
import type { Principal } from "../http/callers.ts"
import { readPrivate, writePrivate } from "../secrets/private-file.ts"
import { hashToken, hasTokenForm, isHashOf, randomToken } from "../secrets/tokens.ts"

const prefix = "cw_"
const cacheTtlMs = 2_000
const tokensCachedMax = 10_000
/** last_used_at is for people: one write a minute is enough. */
const usedEveryMs = 60_000

/** Makes an API token. Only its SHA-256 is kept, so this is the one time it is seen. The scopes have been checked. */
export async function insertToken(
  tx: Tx,
  token: { companyId: number; id: number; name: string; scopes: readonly string[] },
): Promise<string> {
  const secret = randomToken(prefix)
  await tx.query({
    text: "insert into api_token (token_hash, company_id, id, name, scopes) values ($1, $2, $3, $4, $5)",
    values: [hashToken(secret), token.companyId, token.id, token.name, token.scopes],
  })
  return secret
}

export interface TokenRow {
  id: number
  name: string
  scopes: string[]
  created_at: Date
  last_used_at: Date | null
}

export const listTokens = (tx: Tx, companyId: number): Promise<TokenRow[]> =>
  tx.query<TokenRow>({
    text: "select id, name, scopes, created_at, last_used_at from api_token where company_id = $1 and revoked_at is null order by id",
    values: [companyId],
  })

export interface ApiTokens {
  /** An API token's principal, or the installation's; null when the token is unknown or revoked. */
  verify(token: string): Promise<Principal | null>
  /** Ends a token, here at once and in other processes within 2 s. False when the company has none by this id. */
  revoke(companyId: number, id: number): Promise<boolean>
}

interface HashedToken {
  company_id: number
  id: number
  scopes: string[]
}

export function openTokens(db: Database, installationToken: string): ApiTokens {
  const installationHash = hashToken(installationToken)
  const usedAt = new Map<number, number>()
  const cache = createCache<HashedToken | null>({ ttlMs: cacheTtlMs, entriesMax: tokensCachedMax, load })

  async function load(hash: string): Promise<HashedToken | null> {
    const rows = await db.query<HashedToken>({
      name: "tokens.verify",
      text: "select company_id, id, scopes from api_token where token_hash = $1 and revoked_at is null",
      values: [Buffer.from(hash, "hex")],
    })
    return rows[0] ?? null
  }

  async function noteUse({ company_id, id }: HashedToken): Promise<void> {
    const now = Date.now()
    if (now - (usedAt.get(id) ?? 0) < usedEveryMs) return
    if (usedAt.size >= tokensCachedMax) usedAt.clear()
    usedAt.set(id, now)
    await db.query({
      name: "tokens.used",
      text: "update api_token set last_used_at = now() where company_id = $1 and id = $2",
      values: [company_id, id],
    })
  }

  return {
    async verify(token) {
      if (isHashOf(installationHash, token)) return { kind: "installation" }
      if (!hasTokenForm(token, prefix)) return null
      const found = await cache.get(hashToken(token).toString("hex"))
      if (found === null) return null
      await noteUse(found)
      return { kind: "token", companyId: found.company_id, tokenId: found.id, scopes: found.scopes }
    },
    async revoke(companyId, id) {
      const rows = await db.query({
        text: "update api_token set revoked_at = now() where company_id = $1 and id = $2 and revoked_at is null returning id",
        values: [companyId, id],
      })
      cache.clear()
      return rows.length > 0
    },
  }
}

/** The token that stands above all companies, kept 0600 in the data directory as `installation-token` and made on first use. */
export async function openInstallationToken(config: { dataDir: string }): Promise<string> {
  const path = join(config.dataDir, "installation-token")
  const kept = (await readPrivate(path))?.trim()
  if (kept !== undefined && kept.length > 0) return kept
  const token = `ci_${randomBytes(32).toString("base64url")}`
  await writePrivate(path, `${token}\n`)
  return token
}
