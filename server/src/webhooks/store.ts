import { parseId } from "@causeway/contract/ids"
import { webhooksPerAppMax } from "@causeway/contract/limits"
import type { WebhookEvent } from "@causeway/contract/webhook-events"
import type { Tx } from "../database/database.ts"
import { cancelEvents } from "../delivery/events.ts"
import { HttpError, notFound } from "../http/errors.ts"

/** Where events are told: an app's subscription to the feed (`application`), or the address that a rule calls (`rule`). */
export interface Webhook {
  companyId: number
  id: number
  kind: "application" | "rule"
  appUid: string | null
  ruleId: number | null
  url: string
  /** Opens with `bearerContext`. */
  bearerSealed: Buffer | null
  /** None: every event. */
  eventTypes: WebhookEvent[]
  payload: "full" | "preview"
  state: "active" | "paused"
  stateReason: string | null
  stateAt: Date
  /** The feed up to which events are queued. */
  position: number
  /** Events in a row that could not be told. */
  failures: number
  /** The feed before the first of them. */
  failingSince: number | null
  /** Fence: grows with every lease. */
  leaseToken: number
  createdAt: Date
}

export interface WebhookRow {
  company_id: number
  id: number
  kind: Webhook["kind"]
  app_uid: string | null
  rule_id: number | null
  url: string
  bearer_sealed: Buffer | null
  event_types: WebhookEvent[]
  payload: Webhook["payload"]
  state: Webhook["state"]
  state_reason: string | null
  state_at: Date
  position: number
  failures: number
  failing_since: number | null
  lease_token: number
  created_at: Date
}

export const webhookColumns = [
  "company_id",
  "id",
  "kind",
  "app_uid",
  "rule_id",
  "url",
  "bearer_sealed",
  "event_types",
  "payload",
  "state",
  "state_reason",
  "state_at",
  "position",
  "failures",
  "failing_since",
  "lease_token",
  "created_at",
]
const columns = webhookColumns.join(", ")

export const bearerContext = (id: number): string => `webhook:${id}:bearer`

export interface NewSubscription {
  companyId: number
  id: number
  appUid: string
  url: string
  eventTypes: readonly WebhookEvent[]
  payload: "full" | "preview"
}

/** Told of what happens from now on. 409 when the app has too many. */
export async function insertSubscription(tx: Tx, subscription: NewSubscription): Promise<void> {
  const rows = await tx.query({
    name: "webhooks.subscribe",
    text: `insert into webhook (company_id, id, kind, app_uid, url, event_types, payload, position)
           select $1, $2, 'application', $3, $4, $5, $6, coalesce((select position from company_feed where company_id = $1), 0)
           where (select count(*) from webhook where company_id = $1 and app_uid = $3 and kind = 'application' and deleted_at is null) < $7
           returning id`,
    values: [
      subscription.companyId,
      subscription.id,
      subscription.appUid,
      subscription.url,
      subscription.eventTypes,
      subscription.payload,
      webhooksPerAppMax,
    ],
  })
  if (rows.length === 0) throw new HttpError(409, `An app has at most ${webhooksPerAppMax} webhooks`)
}

/** Oldest first. Walks webhook_app. */
export async function listSubscriptions(tx: Tx, companyId: number, appUid: string): Promise<Webhook[]> {
  const rows = await tx.query<WebhookRow>({
    name: "webhooks.list",
    text: `select ${columns} from webhook where company_id = $1 and app_uid = $2 and kind = 'application' and deleted_at is null order by id`,
    values: [companyId, appUid],
  })
  return rows.map(webhookOf)
}

/** Those of all apps, oldest first; by webhook_app. */
export async function listCompanySubscriptions(
  tx: Tx,
  companyId: number,
  state: Webhook["state"] | null,
): Promise<Webhook[]> {
  const rows = await tx.query<WebhookRow>({
    name: "webhooks.list_company",
    text: `select ${columns} from webhook where company_id = $1 and kind = 'application' and deleted_at is null
             and ($2::text is null or state = $2) order by id`,
    values: [companyId, state],
  })
  return rows.map(webhookOf)
}

/** An app's subscription by `whk_…`; 404 when the company has none. */
export async function getSubscription(tx: Tx, companyId: number, reference: string): Promise<Webhook> {
  const id = parseId("whk", reference)
  const rows =
    id === null
      ? []
      : await tx.query<WebhookRow>({
          name: "webhooks.find",
          text: `select ${columns} from webhook where company_id = $1 and id = $2 and kind = 'application' and deleted_at is null`,
          values: [companyId, id],
        })
  if (rows[0] === undefined) throw notFound("webhook", reference.slice(0, 200))
  return webhookOf(rows[0])
}

export async function updateSubscription(
  tx: Tx,
  webhook: Webhook,
  values: Pick<Webhook, "url" | "eventTypes" | "payload">,
): Promise<void> {
  await tx.query({
    name: "webhooks.update",
    text: "update webhook set url = $3, event_types = $4, payload = $5, updated_at = now() where company_id = $1 and id = $2",
    values: [webhook.companyId, webhook.id, values.url, values.eventTypes, values.payload],
  })
}

/** Ends webhooks of either kind; what waits in their queues is cancelled. */
export async function removeWebhooks(tx: Tx, companyId: number, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return
  await tx.query({
    name: "webhooks.remove",
    text: "update webhook set deleted_at = now(), due_at = 'infinity' where company_id = $1 and id = any($2::bigint[]) and deleted_at is null",
    values: [companyId, ids],
  })
  for (const id of ids) await cancelEvents(tx, companyId, id)
}

/** Nothing is told until it is resumed; what is queued stays queued. */
export async function pauseSubscription(tx: Tx, webhook: Webhook, reason: string): Promise<void> {
  await tx.query({
    name: "webhooks.pause",
    text: `update webhook set state = 'paused', state_reason = $3, state_at = now(), updated_at = now()
           where company_id = $1 and id = $2 and state = 'active'`,
    values: [webhook.companyId, webhook.id, reason],
  })
}

/** Goes on where it stopped, or (`fromNow`) leaves out what happened meanwhile. */
export async function resumeSubscription(tx: Tx, webhook: Webhook, fromNow: boolean, now: Date): Promise<void> {
  await tx.query({
    name: "webhooks.resume",
    text: `update webhook set state = 'active', state_reason = null, state_at = case when state = 'paused' then now() else state_at end, failures = 0,
             failing_since = null, due_at = $3, updated_at = now(),
             position = case when $4 then coalesce((select position from company_feed where company_id = $1), 0) else position end
           where company_id = $1 and id = $2`,
    values: [webhook.companyId, webhook.id, now, fromNow],
  })
  if (fromNow) await cancelEvents(tx, webhook.companyId, webhook.id)
}

export interface NewRuleWebhook {
  companyId: number
  id: number
  ruleId: number
  url: string
  bearerSealed: Buffer | null
  payload: "full" | "preview"
}

/** The address of a rule's action: made, or changed to this. */
export async function putRuleWebhook(tx: Tx, webhook: NewRuleWebhook): Promise<void> {
  await tx.query({
    name: "webhooks.put_rule",
    text: `insert into webhook (company_id, id, kind, rule_id, url, bearer_sealed, payload) values ($1, $2, 'rule', $3, $4, $5, $6)
           on conflict (company_id, id) do update set url = excluded.url, bearer_sealed = excluded.bearer_sealed, payload = excluded.payload, updated_at = now()`,
    values: [webhook.companyId, webhook.id, webhook.ruleId, webhook.url, webhook.bearerSealed, webhook.payload],
  })
}

/** Those of a rule that are not deleted. */
export async function listRuleWebhooks(tx: Tx, companyId: number, ids: readonly number[]): Promise<Webhook[]> {
  const rows = await tx.query<WebhookRow>({
    name: "webhooks.list_rule",
    text: `select ${columns} from webhook where company_id = $1 and id = any($2::bigint[]) and kind = 'rule' and deleted_at is null`,
    values: [companyId, ids],
  })
  return rows.map(webhookOf)
}

/** Something was put into these queues. Rows in key order. */
export async function wakeWebhooks(tx: Tx, companyId: number, ids: readonly number[], dueAt: Date): Promise<void> {
  if (ids.length === 0) return
  await tx.query({
    name: "webhooks.wake",
    text: `with queue as (select id from webhook where company_id = $1 and id = any($2::bigint[]) order by id for no key update)
           update webhook set due_at = least(webhook.due_at, $3) from queue where webhook.company_id = $1 and webhook.id = queue.id`,
    values: [companyId, ids, dueAt],
  })
}

export const webhookOf = (row: WebhookRow): Webhook => ({
  companyId: row.company_id,
  id: row.id,
  kind: row.kind,
  appUid: row.app_uid,
  ruleId: row.rule_id,
  url: row.url,
  bearerSealed: row.bearer_sealed,
  eventTypes: row.event_types,
  payload: row.payload,
  state: row.state,
  stateReason: row.state_reason,
  stateAt: row.state_at,
  position: row.position,
  failures: row.failures,
  failingSince: row.failing_since,
  leaseToken: row.lease_token,
  createdAt: row.created_at,
})
