import type { RuleActivity } from "@causeway/contract/endpoints/rules"
import { formatId } from "@causeway/contract/ids"
import type { Tx } from "../database/database.ts"

const since = "now() - interval '24 hours'"

interface Row {
  rule_id: number
  runs: number
  last_run_at: Date
  failed_replies: number
  failed_calls: number
}

/**
 * What the rules of a company did within the last 24 hours, those that did something. Walks rule_run_recent, then message by its key; failed calls
 * walk delivery_webhook_log down to their age.
 */
export async function ruleActivity(tx: Tx, companyId: number): Promise<RuleActivity[]> {
  const rows = await tx.query<Row>({
    name: "rules.activity",
    text: `select run.rule_id, count(*)::int as runs, max(run.created_at) as last_run_at,
             count(*) filter (where reply.state in ('failed', 'unknown'))::int as failed_replies,
             coalesce((select sum((select count(*) from delivery where delivery.company_id = webhook.company_id and delivery.webhook_id = webhook.id
                          and delivery.created_at > ${since} and delivery.state in ('failed', 'unknown')))
                       from webhook where webhook.company_id = $1 and webhook.rule_id = run.rule_id and webhook.deleted_at is null), 0)::int as failed_calls
           from rule_run run
           left join message reply on reply.company_id = run.company_id and reply.id = run.reply_message_id
           where run.company_id = $1 and run.created_at > ${since} group by run.rule_id`,
    values: [companyId],
  })
  return rows.map((row) => ({
    rule_id: formatId("rul", row.rule_id),
    runs: row.runs,
    last_run_at: row.last_run_at.getTime() / 1000,
    failed_replies: row.failed_replies,
    failed_calls: row.failed_calls,
  }))
}
