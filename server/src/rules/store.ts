import type { ActionView, Condition } from "@causeway/contract/endpoints/rules"
import { formatId, parseId } from "@causeway/contract/ids"
import { rulesMax } from "@causeway/contract/limits"
import type { Tx } from "../database/database.ts"
import { HttpError, notFound } from "../http/errors.ts"

/** A rule as it is kept: ids stand in conditions and actions as they are written outside. */
export interface StoredRule {
  id: number
  name: string
  position: number
  isEnabled: boolean
  match: "all" | "any"
  conditions: Condition[]
  actions: ActionView[]
  stops: boolean
  /** It is only asked about events of the feed after this. */
  sincePosition: number
  createdAt: Date
  updatedAt: Date
}

export type RuleValues = Pick<StoredRule, "name" | "isEnabled" | "match" | "conditions" | "actions" | "stops">

interface Row {
  id: number
  name: string
  position: number
  is_enabled: boolean
  match: "all" | "any"
  conditions: Condition[]
  actions: ActionView[]
  stops: boolean
  since_position: number
  created_at: Date
  updated_at: Date
}

const columns =
  "id, name, position, is_enabled, match, conditions, actions, stops, since_position, created_at, updated_at"

/** In the order in which they are asked. Walks rule_order. */
export async function listRules(tx: Tx, companyId: number): Promise<StoredRule[]> {
  const rows = await tx.query<Row>({
    name: "rules.list",
    text: `select ${columns} from rule where company_id = $1 order by position, id`,
    values: [companyId],
  })
  return rows.map(ruleOf)
}

/** By `rul_…`; 404 when the company has none. */
export async function getRule(tx: Tx, companyId: number, reference: string): Promise<StoredRule> {
  const id = parseId("rul", reference)
  const rows =
    id === null
      ? []
      : await tx.query<Row>({
          name: "rules.find",
          text: `select ${columns} from rule where company_id = $1 and id = $2`,
          values: [companyId, id],
        })
  if (rows[0] === undefined) throw notFound("rule", reference.slice(0, 200))
  return ruleOf(rows[0])
}

/** Rules are changed by one person at a time: places and webhooks are settled among all of them. First in its transaction. */
export async function lockRules(tx: Tx, companyId: number): Promise<void> {
  await tx.query({
    name: "rules.lock",
    text: "select from company where id = $1 for no key update",
    values: [companyId],
  })
}

/** At the end of the order. 409 when there are too many. */
export async function insertRule(tx: Tx, companyId: number, id: number, values: RuleValues): Promise<void> {
  const rows = await tx.query({
    name: "rules.insert",
    text: `insert into rule (company_id, id, name, position, is_enabled, match, conditions, actions, stops)
           select $1, $2, $3, coalesce(max(position), 0) + 1, $4, $5, $6, $7, $8 from rule where company_id = $1 having count(*) < $9 returning id`,
    values: [companyId, id, ...valuesOf(values), rulesMax],
  })
  if (rows.length === 0) throw new HttpError(409, `A company has at most ${rulesMax} rules`)
}

export async function updateRule(tx: Tx, companyId: number, id: number, values: RuleValues): Promise<void> {
  await tx.query({
    name: "rules.update",
    text: `update rule set name = $3, is_enabled = $4, match = $5, conditions = $6, actions = $7, stops = $8, updated_at = now()
           where company_id = $1 and id = $2`,
    values: [companyId, id, ...valuesOf(values)],
  })
}

const valuesOf = (values: RuleValues): unknown[] => [
  values.name,
  values.isEnabled,
  values.match,
  JSON.stringify(values.conditions),
  JSON.stringify(values.actions),
  values.stops,
]

/** The others move up. */
export async function deleteRule(tx: Tx, companyId: number, id: number): Promise<void> {
  await tx.query({
    name: "rules.delete",
    text: "delete from rule where company_id = $1 and id = $2",
    values: [companyId, id],
  })
  await orderRules(
    tx,
    companyId,
    (await listRules(tx, companyId)).map((rule) => rule.id),
  )
}

export async function orderRules(tx: Tx, companyId: number, ids: readonly number[]): Promise<void> {
  await tx.query({
    name: "rules.order",
    text: `update rule set position = new.place from unnest($2::bigint[]) with ordinality as new(id, place)
           where rule.company_id = $1 and rule.id = new.id and rule.position <> new.place`,
    values: [companyId, ids],
  })
}

/**
 * From here on in the feed the rule is asked, and the company's rules are read at all. After the transaction's own events were appended: the feed's
 * counter is locked then, so no message can come between.
 */
export async function startFromHere(tx: Tx, companyId: number, ruleId: number): Promise<void> {
  await tx.query({
    name: "rules.start_from_here",
    text: `with here as (select position from company_feed where company_id = $1),
             started as (update rule set since_position = here.position from here where rule.company_id = $1 and rule.id = $2)
           insert into rule_cursor (company_id, position) select $1, position from here on conflict do nothing`,
    values: [companyId, ruleId],
  })
}

const ruleOf = (row: Row): StoredRule => ({
  id: row.id,
  name: row.name,
  position: row.position,
  isEnabled: row.is_enabled,
  match: row.match,
  conditions: row.conditions,
  actions: row.actions,
  stops: row.stops,
  sincePosition: row.since_position,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
})

export const ruleIdOf = (rule: StoredRule): string => formatId("rul", rule.id)
