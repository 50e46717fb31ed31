import type { ActionView, RuleView } from "@causeway/contract/endpoints/rules"
import { parseId } from "@causeway/contract/ids"
import type { Rule } from "@causeway/contract/resources/rule"
import type { Tx } from "../database/database.ts"
import { defaultPeriodHours } from "./reply.ts"
import { ruleIdOf, type StoredRule } from "./store.ts"

export const ruleView = (rule: StoredRule): RuleView => ({
  id: ruleIdOf(rule),
  name: rule.name,
  position: rule.position,
  is_enabled: rule.isEnabled,
  match: rule.match,
  conditions: rule.conditions,
  actions: rule.actions,
  stop_processing: rule.stops,
  created_at: rule.createdAt.getTime() / 1000,
  updated_at: rule.updatedAt.getTime() / 1000,
})

/** The vendor's Rule. Rules belong to the company, which has no link. */
export const ruleResource = (rule: StoredRule, sentences: string[], origin: string): Rule => ({
  _links: { self: `${origin}/rules/${ruleIdOf(rule)}`, related: { owner: null } },
  id: ruleIdOf(rule),
  name: rule.name,
  actions: sentences,
  is_private: false,
})

/** What the ids in rules' actions are called by people. */
export type Names = ReadonlyMap<string, string>

const lookups = [
  { prefix: "tea", text: "select id, trim(first_name || ' ' || last_name) as name, email as otherwise from teammate" },
  { prefix: "inb", text: "select id, name, name as otherwise from inbox" },
  { prefix: "tag", text: "select id, name, name as otherwise from tag" },
] as const

/** One statement for each kind that the actions name, by primary keys. */
export async function namesIn(tx: Tx, companyId: number, actions: readonly ActionView[]): Promise<Names> {
  const references = actions.map(referenceOf).filter((reference) => reference !== null)
  const names = new Map<string, string>()
  for (const { prefix, text } of lookups) {
    const ids = new Map(references.map((reference) => [parseId(prefix, reference), reference]))
    ids.delete(null)
    if (ids.size === 0) continue
    const rows = await tx.query<{ id: number; name: string; otherwise: string }>({
      text: `${text} where company_id = $1 and id = any($2::bigint[])`,
      values: [companyId, [...ids.keys()]],
    })
    for (const row of rows) names.set(ids.get(row.id) as string, row.name || row.otherwise)
  }
  return names
}

function referenceOf(action: ActionView): string | null {
  if (action.type === "assign") return action.assignee_id
  if (action.type === "move") return action.inbox_id
  return action.type === "tag" || action.type === "untag" ? action.tag_id : null
}

/** An action as the vendor says it: one sentence. */
export function sentence(action: ActionView, names: Names): string {
  const name = (reference: string) => names.get(reference) ?? reference
  switch (action.type) {
    case "auto_reply":
      return `Send an auto-reply, at most once every ${action.period_hours ?? defaultPeriodHours} hours`
    case "assign":
      return action.assignee_id === null ? "Unassign" : `Assign to ${name(action.assignee_id)}`
    case "tag":
      return `Tag with ${name(action.tag_id)}`
    case "untag":
      return `Remove tag ${name(action.tag_id)}`
    case "archive":
      return "Archive"
    case "move":
      return `Move to ${name(action.inbox_id)}`
    case "webhook":
      return `Send to ${new URL(action.url).host}`
  }
}
