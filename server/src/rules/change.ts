import type { NewRule, RuleChange } from "@causeway/contract/endpoints/rules"
import { formatId, parseId } from "@causeway/contract/ids"
import type { Tx } from "../database/database.ts"
import { HttpError, invalid } from "../http/errors.ts"
import { appendEvents } from "../live/feed.ts"
import type { Seal } from "../secrets/seal.ts"
import type { Services } from "../services.ts"
import { bearerContext, listRuleWebhooks, putRuleWebhook, removeWebhooks } from "../webhooks/store.ts"
import { type CheckedRule, checkRule, type WantedWebhook } from "./check.ts"
import {
  deleteRule,
  getRule,
  insertRule,
  listRules,
  lockRules,
  orderRules,
  type StoredRule,
  startFromHere,
  updateRule,
} from "./store.ts"

export interface RuleChangeDeps extends Pick<Services, "db" | "ids" | "committed"> {
  seal: Seal
}

/** Keeps a new rule, after all the others. It is asked about what comes in from now on. */
export async function makeRule(deps: RuleChangeDeps, companyId: number, sent: NewRule): Promise<StoredRule> {
  const checked = await checkRule(deps, companyId, sent, null)
  await deps.ids.reserve(2)
  const id = deps.ids.take()
  await deps.db.tx(async (tx) => {
    await lockRules(tx, companyId)
    await insertRule(tx, companyId, id, checked.values)
    await putWebhooks(tx, deps.seal, companyId, id, checked)
    await announce(tx, deps, companyId, id)
    await startFromHere(tx, companyId, id)
  })
  deps.committed([companyId])
  return await getRule(deps.db, companyId, formatId("rul", id))
}

/** Changes a rule. Enabled again, it is not asked about what came in meanwhile. */
export async function changeRule(
  deps: RuleChangeDeps,
  companyId: number,
  reference: string,
  sent: RuleChange,
): Promise<StoredRule> {
  const before = await getRule(deps.db, companyId, reference)
  const checked = await checkRule(deps, companyId, sent, before)
  await deps.ids.reserve(1)
  await deps.db.tx(async (tx) => {
    await lockRules(tx, companyId)
    const now = await getRule(tx, companyId, reference)
    if (now.updatedAt.getTime() !== before.updatedAt.getTime())
      throw new HttpError(409, "Somebody else changed this rule at the same moment: read it again")
    await updateRule(tx, companyId, before.id, checked.values)
    if (sent.actions !== undefined) {
      await putWebhooks(tx, deps.seal, companyId, before.id, checked)
      const kept = checked.webhooks.map((webhook) => webhook.id)
      await removeWebhooks(
        tx,
        companyId,
        webhooksOf(before).filter((id) => !kept.includes(id)),
      )
    }
    await announce(tx, deps, companyId, before.id)
    if (checked.values.isEnabled && !before.isEnabled) await startFromHere(tx, companyId, before.id)
  })
  deps.committed([companyId])
  return await getRule(deps.db, companyId, reference)
}

/** What its webhooks still have to tell is cancelled. */
export async function removeRule(deps: RuleChangeDeps, companyId: number, reference: string): Promise<void> {
  await deps.ids.reserve(1)
  await deps.db.tx(async (tx) => {
    await lockRules(tx, companyId)
    const rule = await getRule(tx, companyId, reference)
    await deleteRule(tx, companyId, rule.id)
    await removeWebhooks(tx, companyId, webhooksOf(rule))
    await announce(tx, deps, companyId, rule.id)
  })
  deps.committed([companyId])
}

/** 400 unless every rule of the company is named once. */
export async function putInOrder(
  deps: RuleChangeDeps,
  companyId: number,
  references: readonly string[],
): Promise<void> {
  await deps.ids.reserve(1)
  await deps.db.tx(async (tx) => {
    await lockRules(tx, companyId)
    const ids = references.map((reference) => parseId("rul", reference))
    const known = new Set((await listRules(tx, companyId)).map((rule) => rule.id))
    const stranger = references[ids.findIndex((id) => id === null || !known.has(id))]
    if (stranger !== undefined) throw invalid("body.rule_ids", `names no rule: ${stranger}`)
    if (new Set(ids).size !== ids.length || ids.length !== known.size)
      throw invalid("body.rule_ids", `must name each of the ${known.size} rules once`)
    await orderRules(tx, companyId, ids as number[])
    await announce(tx, deps, companyId, null)
  })
  deps.committed([companyId])
}

const webhooksOf = (rule: StoredRule): number[] =>
  rule.actions.flatMap((action) => (action.type === "webhook" ? (parseId("whk", action.webhook_id) ?? []) : []))

async function putWebhooks(
  tx: Tx,
  seal: Seal,
  companyId: number,
  ruleId: number,
  { webhooks }: CheckedRule,
): Promise<void> {
  const before = await listRuleWebhooks(
    tx,
    companyId,
    webhooks.map((webhook) => webhook.id),
  )
  const sealed = ({ id, bearer }: WantedWebhook) => {
    if (bearer === undefined) return before.find((webhook) => webhook.id === id)?.bearerSealed ?? null
    return bearer === null ? null : seal.seal(bearer, bearerContext(id))
  }
  for (const webhook of webhooks)
    await putRuleWebhook(tx, { ...webhook, companyId, ruleId, bearerSealed: sealed(webhook) })
}

const announce = (tx: Tx, deps: RuleChangeDeps, companyId: number, ruleId: number | null) =>
  appendEvents(tx, companyId, [
    { id: deps.ids.take(), type: "rules_changed", isPublic: false, target: { type: "rule", rule_id: ruleId } },
  ])
