import {
  createRule,
  deleteRule,
  getOwnRule,
  getRule,
  getRuleSecret,
  listCompanyRules,
  listOwnRules,
  listRuleActivity,
  listRules,
  listTeammateRules,
  listTeamRules,
  type NewRule,
  orderRules,
  rotateRuleSecret,
  tryRules,
  updateRule,
} from "@causeway/contract/endpoints/rules"
import { parseId } from "@causeway/contract/ids"
import type { Principal } from "../http/callers.ts"
import { notFound } from "../http/errors.ts"
import { wholeList } from "../http/lists.ts"
import { type Route, route } from "../http/route.ts"
import type { Seal } from "../secrets/seal.ts"
import type { Services } from "../services.ts"
import { memberOf, requireAdmin } from "../teammates/roles.ts"
import { resolveTeammate } from "../teammates/store.ts"
import { ruleActivity } from "./activity.ts"
import { changeRule, makeRule, putInOrder, removeRule } from "./change.ts"
import { checkRule } from "./check.ts"
import * as secrets from "./secret.ts"
import * as store from "./store.ts"
import { tryRules as tryOut } from "./try.ts"
import { namesIn, ruleResource, ruleView, sentence } from "./views.ts"

export interface RuleRouteDeps extends Services {
  seal: Seal
}

const tryCountDefault = 20

type Trial = { rule?: NewRule; rule_id?: string; in_order?: boolean }

export const ruleRoutes = (deps: RuleRouteDeps): Route[] => [
  ...readRoutes(deps),
  ...ownRoutes(deps),
  ...extraRoutes(deps),
]

/** The vendor's routes, which only read. */
const readRoutes = ({ db }: RuleRouteDeps): Route[] => {
  const resources = async (companyId: number, rules: readonly store.StoredRule[], origin: string) => {
    const names = await namesIn(
      db,
      companyId,
      rules.flatMap((rule) => rule.actions),
    )
    return rules.map((rule) =>
      ruleResource(
        rule,
        rule.actions.map((action) => sentence(action, names)),
        origin,
      ),
    )
  }
  const ofCompany = async (call: { principal: Principal; origin: string; request: { url: string } }) => {
    const { companyId } = memberOf(call.principal)
    const rules = await resources(companyId, await store.listRules(db, companyId), call.origin)
    return { status: 200, body: wholeList(call.request, call.origin, rules) }
  }
  return [
    route(listRules, ofCompany),
    route(listCompanyRules, ofCompany),
    route(getRule, async ({ params, principal, origin }) => {
      const { companyId } = memberOf(principal)
      const rule = await store.getRule(db, companyId, params.rule_id)
      return { status: 200, body: (await resources(companyId, [rule], origin))[0] }
    }),
    route(listTeamRules, async ({ params, principal, origin, request }) => {
      const { companyId } = memberOf(principal)
      const id = parseId("tim", params.team_id)
      const rows = await db.query({
        name: "rules.team",
        text: "select id from team where company_id = $1 and id = $2",
        values: [companyId, id],
      })
      if (rows.length === 0) throw notFound("team", params.team_id.slice(0, 200))
      return { status: 200, body: wholeList(request, origin, []) }
    }),
    route(listTeammateRules, async ({ params, principal, origin, request }) => {
      const teammate = await resolveTeammate(db, memberOf(principal).companyId, params.teammate_id)
      if (teammate === null) throw notFound("teammate", params.teammate_id.slice(0, 200))
      return { status: 200, body: wholeList(request, origin, []) }
    }),
  ]
}

/** Ours, which make and change them. */
const ownRoutes = (deps: RuleRouteDeps): Route[] => {
  const { db } = deps
  const views = async (companyId: number) => ({ rules: (await store.listRules(db, companyId)).map(ruleView) })
  return [
    route(listOwnRules, async ({ principal }) => ({ status: 200, body: await views(memberOf(principal).companyId) })),
    route(listRuleActivity, async ({ principal }) => ({
      status: 200,
      body: { rules: await ruleActivity(db, memberOf(principal).companyId) },
    })),
    route(getOwnRule, async ({ params, principal }) => ({
      status: 200,
      body: ruleView(await store.getRule(db, memberOf(principal).companyId, params.rule_id)),
    })),
    route(createRule, async ({ body, principal }) => {
      const companyId = adminOf(principal)
      const rule = await makeRule(deps, companyId, body)
      return { status: 201, body: ruleView(rule) }
    }),
    route(updateRule, async ({ params, body, principal }) => {
      const companyId = adminOf(principal)
      const rule = await changeRule(deps, companyId, params.rule_id, body)
      return { status: 200, body: ruleView(rule) }
    }),
    route(deleteRule, async ({ params, principal }) => {
      await removeRule(deps, adminOf(principal), params.rule_id)
      return { status: 204 }
    }),
    route(orderRules, async ({ body, principal }) => {
      const companyId = adminOf(principal)
      await putInOrder(deps, companyId, body.rule_ids)
      return { status: 200, body: await views(companyId) }
    }),
  ]
}

const extraRoutes = (deps: RuleRouteDeps): Route[] => {
  return [
    route(tryRules, async ({ body, principal }) => {
      const companyId = adminOf(principal)
      const rules = await rulesToTry(deps, companyId, body)
      return { status: 200, body: { messages: await tryOut(deps, companyId, rules, body.count ?? tryCountDefault) } }
    }),
    route(getRuleSecret, async ({ principal }) => ({
      status: 200,
      body: { secret: await secrets.ruleSecret(deps, adminOf(principal)) },
    })),
    route(rotateRuleSecret, async ({ principal }) => ({
      status: 200,
      body: { secret: await secrets.rotateRuleSecret(deps, adminOf(principal)) },
    })),
  ]
}

/** One rule alone or where it stands among those that are switched on; those, when none is named. */
async function rulesToTry(
  deps: RuleRouteDeps,
  companyId: number,
  { rule: sent, rule_id: id, in_order: inOrder = false }: Trial,
): Promise<store.StoredRule[]> {
  const kept = id === undefined ? null : await store.getRule(deps.db, companyId, id)
  const one = sent === undefined ? kept : await draft(deps, companyId, sent, kept)
  if (one !== null && !inOrder) return [one]
  const all = await store.listRules(deps.db, companyId)
  if (one === null) return all.filter((rule) => rule.isEnabled)
  const placed = kept === null ? [...all, one] : all.map((rule) => (rule.id === kept.id ? one : rule))
  return placed.filter((rule) => rule === one || rule.isEnabled)
}

/** A rule that is not kept, or not kept like this, as it would be asked. */
async function draft(
  deps: RuleRouteDeps,
  companyId: number,
  sent: NewRule,
  kept: store.StoredRule | null,
): Promise<store.StoredRule> {
  const { values } = await checkRule(deps, companyId, sent, kept)
  const at = new Date()
  return { ...values, id: kept?.id ?? 0, position: 0, sincePosition: 0, createdAt: at, updatedAt: at }
}

function adminOf(principal: Principal): number {
  requireAdmin(principal)
  return memberOf(principal).companyId
}
