import { randomBytes } from "node:crypto"
import type { Tx } from "../database/database.ts"
import type { Seal } from "../secrets/seal.ts"

/** What a company's rule webhooks are signed with: one secret for all of them, made when it is first needed. Source: the vendor's guide to rule webhooks. */
export async function ruleSecret(deps: { db: Tx; seal: Seal }, companyId: number): Promise<string> {
  return (await find(deps, companyId)) ?? (await put(deps, companyId, "nothing"))
}

export const rotateRuleSecret = (deps: { db: Tx; seal: Seal }, companyId: number): Promise<string> =>
  put(deps, companyId, "update set secret_sealed = excluded.secret_sealed, created_at = now()")

const context = (companyId: number): string => `company:${companyId}:rule_secret`

async function find({ db, seal }: { db: Tx; seal: Seal }, companyId: number): Promise<string | null> {
  const rows = await db.query<{ secret_sealed: Buffer }>({
    name: "rules.secret",
    text: "select secret_sealed from rule_secret where company_id = $1",
    values: [companyId],
  })
  return rows[0] ? seal.open(rows[0].secret_sealed, context(companyId)) : null
}

async function put(deps: { db: Tx; seal: Seal }, companyId: number, onConflict: string): Promise<string> {
  const sealed = deps.seal.seal(randomBytes(24).toString("hex"), context(companyId))
  await deps.db.query({
    text: `insert into rule_secret (company_id, secret_sealed) values ($1, $2) on conflict (company_id) do ${onConflict}`,
    values: [companyId, sealed],
  })
  return (await find(deps, companyId)) as string
}
