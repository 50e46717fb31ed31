import type { ActionView, Condition, NewAction, NewRule, RuleChange } from "@causeway/contract/endpoints/rules"
import { formatId, parseId } from "@causeway/contract/ids"
import { parseWebUrl } from "../apps/server-auth.ts"
import type { Database } from "../database/database.ts"
import { invalid } from "../http/errors.ts"
import type { Ids } from "../ids.ts"
import { resolveTeammate } from "../teammates/store.ts"
import { isTimezone } from "./hours.ts"
import { patternProblem } from "./match.ts"
import type { RuleValues, StoredRule } from "./store.ts"
import { fieldNames, unknownField } from "./text.ts"

/** The address of a webhook action, to be kept with the rule. `bearer` undefined: as it was. */
export interface WantedWebhook {
  id: number
  url: string
  payload: "full" | "preview"
  bearer: string | null | undefined
}

export interface CheckedRule {
  values: RuleValues
  webhooks: WantedWebhook[]
}

/**
 * A rule as it was sent, with every id, pattern, time zone, address and placeholder looked at: 400 with the field's name where one is wrong. What a
 * change leaves out stays as it is in `before`. A webhook action for an address that the rule called before goes on using the same queue.
 */
export async function checkRule(
  deps: { db: Database; ids: Ids },
  companyId: number,
  sent: NewRule | RuleChange,
  before: StoredRule | null,
): Promise<CheckedRule> {
  const conditions = sent.conditions ?? before?.conditions ?? []
  if (sent.conditions !== undefined) await checkConditions(deps.db, companyId, conditions)
  const checked = sent.actions === undefined ? null : await checkActions(deps, companyId, sent.actions, before)
  return {
    webhooks: checked?.webhooks ?? [],
    values: {
      name: sent.name ?? before?.name ?? "",
      isEnabled: sent.is_enabled ?? before?.isEnabled ?? true,
      match: sent.match ?? before?.match ?? "all",
      conditions,
      actions: checked?.actions ?? before?.actions ?? [],
      stops: sent.stop_processing ?? before?.stops ?? false,
    },
  }
}

async function checkConditions(db: Database, companyId: number, conditions: readonly Condition[]): Promise<void> {
  for (const [i, condition] of conditions.entries()) {
    const field = `body.conditions[${i}]`
    if (condition.type === "channel")
      await mustExist(db, companyId, "cha", condition.channel_ids, `${field}.channel_ids`)
    if (condition.type === "inbox") await mustExist(db, companyId, "inb", condition.inbox_ids, `${field}.inbox_ids`)
    if (condition.type === "contact") {
      if (!condition.contact_ids && !condition.handles) throw invalid(field, "needs contact_ids or handles")
      await mustExist(db, companyId, "crd", condition.contact_ids ?? [], `${field}.contact_ids`)
    }
    if (condition.type === "business_hours" && !isTimezone(condition.timezone))
      throw invalid(`${field}.timezone`, `must be an IANA name like Europe/Berlin (was ${condition.timezone})`)
    if (condition.type === "text_matches") {
      const problem = await patternProblem(db, condition.pattern)
      if (problem !== null) throw invalid(`${field}.pattern`, `is no regular expression: ${problem}`)
    }
  }
}

async function checkActions(
  deps: { db: Database; ids: Ids },
  companyId: number,
  sent: readonly NewAction[],
  before: StoredRule | null,
): Promise<{ actions: ActionView[]; webhooks: WantedWebhook[] }> {
  await deps.ids.reserve(sent.length)
  const actions: ActionView[] = []
  const webhooks: WantedWebhook[] = []
  const known = (before?.actions ?? []).filter((action) => action.type === "webhook")
  for (const [i, action] of sent.entries()) {
    const field = `body.actions[${i}]`
    if (action.type !== "webhook") {
      actions.push(await checkAction(deps.db, companyId, action, field))
      continue
    }
    const url = parseWebUrl(action.url, `${field}.url`)
    const same = known.find((one) => one.url === url)
    if (same !== undefined) known.splice(known.indexOf(same), 1)
    const id = (same && parseId("whk", same.webhook_id)) ?? deps.ids.take()
    const { payload = "full", bearer } = action
    const hasBearer = bearer === undefined ? (same?.has_bearer ?? false) : bearer !== null
    webhooks.push({ id, url, payload, bearer })
    actions.push({ type: "webhook", url, payload, webhook_id: formatId("whk", id), has_bearer: hasBearer })
  }
  return { actions, webhooks }
}

type PlainAction = Exclude<NewAction, { type: "webhook" }>

async function checkAction(db: Database, companyId: number, action: PlainAction, field: string): Promise<ActionView> {
  switch (action.type) {
    case "auto_reply": {
      const unknown = unknownField(action.body)
      if (unknown !== null)
        throw invalid(`${field}.body`, `knows no {{${unknown}}}; there are ${fieldNames.join(", ")}`)
      if (action.body.trim() === "") throw invalid(`${field}.body`, "is empty")
      return action
    }
    case "assign": {
      if (action.assignee_id === null) return action
      const teammate = await resolveTeammate(db, companyId, action.assignee_id)
      if (teammate === null) throw invalid(`${field}.assignee_id`, "names no teammate")
      return { ...action, assignee_id: formatId("tea", teammate.id) }
    }
    case "tag":
    case "untag":
      await mustExist(db, companyId, "tag", [action.tag_id], `${field}.tag_id`)
      return action
    case "move":
      await mustExist(db, companyId, "inb", [action.inbox_id], `${field}.inbox_id`)
      return action
    case "archive":
      return action
  }
}

/** Each looked for by its table's primary key. */
const searches = {
  cha: "select id from channel where company_id = $1 and id = any($2::bigint[]) and deleted_at is null",
  inb: "select id from inbox where company_id = $1 and id = any($2::bigint[])",
  crd: "select id from contact where company_id = $1 and id = any($2::bigint[])",
  tag: "select id from tag where company_id = $1 and id = any($2::bigint[])",
}

async function mustExist(
  db: Database,
  companyId: number,
  prefix: keyof typeof searches,
  references: readonly string[],
  field: string,
): Promise<void> {
  const ids = references.map((reference) => parseId(prefix, reference))
  const rows =
    references.length === 0
      ? []
      : await db.query<{ id: number }>({
          text: searches[prefix],
          values: [companyId, ids.filter((id) => id !== null)],
        })
  const found = new Set(rows.map((row) => row.id))
  const missing = references[ids.findIndex((id) => id === null || !found.has(id))]
  if (missing !== undefined) throw invalid(field, `names nothing of this company: ${missing}`)
}
