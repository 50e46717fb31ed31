import { webhookFailuresMax } from "@causeway/contract/limits"
import { type WebhookEvent, webhookEvents } from "@causeway/contract/webhook-events"
import type { Database, Tx } from "../database/database.ts"
import type { AttemptRow } from "../delivery/attempt.ts"
import { cancelEvents, type EventHead, enqueueEvents, findEventHead, settleEvent } from "../delivery/events.ts"
import type { Ids } from "../ids.ts"
import { appendEvents } from "../live/feed.ts"
import type { EventStep } from "./next-step.ts"
import { type Webhook, type WebhookRow, webhookColumns, webhookOf } from "./store.ts"

/** Longer than the longest an event can take; a process that dies gives its webhooks up after this. */
const leaseSeconds = 15
/** Read from the feed and queued at once. */
const chunk = 100

const qualified = webhookColumns.map((column) => `webhook.${column}`).join(", ")

/**
 * Takes webhooks that have something to tell: a queue whose head is due, or an empty one and a feed that went on. Each is then this process's alone
 * until the lease is given back or runs out.
 */
export async function leaseDue(db: Database, now: Date, max: number): Promise<Webhook[]> {
  const rows = await db.query<WebhookRow>({
    name: "webhooks.lease",
    // Walks webhook_active; a company has a handful.
    text: `with free as (
             select webhook.company_id, webhook.id from webhook left join company_feed feed on feed.company_id = webhook.company_id
             where webhook.state = 'active' and webhook.deleted_at is null and webhook.leased_until < clock_timestamp()
               and (webhook.due_at <= $1 or (webhook.kind = 'application' and webhook.due_at = 'infinity' and feed.position > webhook.position))
             order by webhook.due_at, webhook.id limit $2 for no key update of webhook skip locked)
           update webhook set lease_token = webhook.lease_token + 1, leased_until = clock_timestamp() + $3 * interval '1 second'
           from free where webhook.company_id = free.company_id and webhook.id = free.id returning ${qualified}`,
    values: [now, max, leaseSeconds],
  })
  return rows.map(webhookOf)
}

/** Whether `leaseDue` would find something, or could if nobody held it. */
export async function isAnyDue(db: Database, now: Date): Promise<boolean> {
  const rows = await db.query<{ due: boolean }>({
    name: "webhooks.is_any_due",
    text: `select exists (select from webhook left join company_feed feed on feed.company_id = webhook.company_id
             where webhook.state = 'active' and webhook.deleted_at is null
               and (webhook.due_at <= $1 or (webhook.kind = 'application' and webhook.due_at = 'infinity' and feed.position > webhook.position))) as due`,
    values: [now],
  })
  return rows[0]?.due === true
}

/** The companies that have webhooks at all. */
export async function companiesWithWebhooks(db: Database): Promise<Set<number>> {
  const rows = await db.query<{ company_id: number }>({
    name: "webhooks.companies",
    text: "select distinct company_id from webhook where state = 'active' and deleted_at is null",
  })
  return new Set(rows.map((row) => row.company_id))
}

/** The webhook as it is now, its row locked and its lease renewed; null when the lease, or the webhook, is no longer ours. */
async function hold(tx: Tx, { companyId, id, leaseToken }: Webhook): Promise<Webhook | null> {
  const rows = await tx.query<WebhookRow>({
    name: "webhooks.hold",
    text: `update webhook set leased_until = clock_timestamp() + $4 * interval '1 second'
           where company_id = $1 and id = $2 and lease_token = $3 and deleted_at is null returning ${webhookColumns.join(", ")}`,
    values: [companyId, id, leaseToken, leaseSeconds],
  })
  return rows[0] ? webhookOf(rows[0]) : null
}

/** `due_at` tells others when to look again; null: when something is put into the queue. */
export async function giveBack(tx: Tx, webhook: Webhook, dueAt: Date | null): Promise<void> {
  await tx.query({
    name: "webhooks.give_back",
    text: `update webhook set leased_until = '-infinity', due_at = coalesce($4::timestamptz, 'infinity') where company_id = $1 and id = $2 and lease_token = $3`,
    values: [webhook.companyId, webhook.id, webhook.leaseToken, dueAt],
  })
}

/** What to tell next. `head` null: nothing is due, and the lease was given back or is lost. */
export async function nextHead(
  deps: { db: Database; ids: Ids },
  leased: Webhook,
  now: Date,
): Promise<{ webhook: Webhook; head: EventHead } | null> {
  while (true) {
    await deps.ids.reserve(chunk)
    const found = await deps.db.tx(async (tx) => {
      const webhook = await hold(tx, leased)
      if (webhook === null) return null
      const head = webhook.state === "paused" ? null : await findHead(tx, webhook)
      if (head !== null && head.dueAt <= now) return { webhook, head }
      const wantsMore = head === null && webhook.kind === "application" && webhook.state === "active"
      if (wantsMore && (await fillFromFeed(tx, deps.ids, webhook, now)) > 0) return "again"
      await giveBack(tx, webhook, head?.dueAt ?? null)
      return null
    })
    if (found !== "again") return found
  }
}

async function findHead(tx: Tx, webhook: Webhook): Promise<EventHead | null> {
  const head = await findEventHead(tx, webhook.companyId, webhook.id)
  if (head?.state === "sending" && webhook.kind === "rule") {
    const reason = "Causeway stopped before an answer came: the event may have arrived"
    const lost = { companyId: webhook.companyId, id: head.id, attempt: head.attempts, code: "no_answer", reason }
    await settleEvent(tx, { ...lost, state: "unknown", row: { outcome: "interrupted", decision: "unknown" } })
    return await findHead(tx, webhook)
  }
  return head
}

interface FeedRow {
  position: number
  type: string
  conversation_id: number | null
  message_id: number | null
  is_told: boolean
}

/** Queues the next of the feed's events that the subscription asked for; answers how many were read. Events of private inboxes are nobody's business. */
async function fillFromFeed(tx: Tx, ids: Ids, webhook: Webhook, now: Date): Promise<number> {
  const rows = await tx.query<FeedRow>({
    name: "webhooks.read_feed",
    text: `select event.position, event.type, event.conversation_id, event.message_id, event.is_public and not coalesce(inbox.is_private, true) as is_told
           from event
           left join conversation on conversation.company_id = event.company_id and conversation.id = event.conversation_id
           left join inbox on inbox.company_id = conversation.company_id and inbox.id = conversation.inbox_id
           where event.company_id = $1 and event.position > $2 order by event.position limit $3`,
    values: [webhook.companyId, webhook.position, chunk],
  })
  const last = rows.at(-1)
  if (last === undefined) return 0
  const told = rows.filter((row) => row.is_told && asksFor(webhook, row.type))
  await enqueueEvents(
    tx,
    told.map((row) => ({
      companyId: webhook.companyId,
      id: ids.take(),
      webhookId: webhook.id,
      type: "application_webhook",
      conversationId: row.conversation_id,
      messageId: row.message_id,
      eventPosition: row.position,
      dueAt: now,
    })),
  )
  await tx.query({
    name: "webhooks.advance",
    text: "update webhook set position = $3 where company_id = $1 and id = $2",
    values: [webhook.companyId, webhook.id, last.position],
  })
  return last.position - webhook.position
}

const nameByType = new Map<string, WebhookEvent>(
  Object.entries(webhookEvents).flatMap(([name, types]) =>
    types.map((type): [string, WebhookEvent] => [type, name as WebhookEvent]),
  ),
)

/** The name on the wire of an event type; null: receivers do not know it, and it is not told. */
export const wireNameOf = (type: string): WebhookEvent | null => nameByType.get(type) ?? null

function asksFor(webhook: Webhook, type: string): boolean {
  const name = wireNameOf(type)
  return name !== null && (webhook.eventTypes.length === 0 || webhook.eventTypes.includes(name))
}

export interface EventSettlement {
  webhook: Webhook
  head: EventHead
  attempt: number
  step: EventStep
  /** Null: nothing was dialled, and the receiver is not to blame. */
  row: AttemptRow | null
}

/** Writes how it went. False, and nothing written, when somebody else holds the webhook by now. Answers `paused` with the reason when this was one too many. */
export async function settle(
  deps: { db: Database; ids: Ids },
  settlement: EventSettlement,
): Promise<{ written: boolean; paused: string | null }> {
  await deps.ids.reserve(1)
  return await deps.db.tx(async (tx) => {
    const { head, attempt, step, row } = settlement
    const webhook = await hold(tx, settlement.webhook)
    if (webhook === null) return { written: false, paused: null }
    await settleEvent(tx, {
      companyId: webhook.companyId,
      id: head.id,
      attempt,
      state: step.state,
      row,
      ...("at" in step && { dueAt: step.at }),
      ...("code" in step && { code: step.code }),
      ...("reason" in step && { reason: step.reason }),
    })
    if (webhook.kind === "rule" || step.state === "waiting" || row === null) return { written: true, paused: null }
    return { written: true, paused: await count(tx, deps.ids, webhook, head, step) }
  })
}

/** Counts what failed in a row, and pauses the subscription at the first of it: resumed, it tells those events again. */
async function count(tx: Tx, ids: Ids, webhook: Webhook, head: EventHead, step: EventStep): Promise<string | null> {
  const { companyId, id } = webhook
  if (step.state === "sent") {
    if (webhook.failures > 0)
      await tx.query({
        name: "webhooks.recovered",
        text: "update webhook set failures = 0, failing_since = null where company_id = $1 and id = $2",
        values: [companyId, id],
      })
    return null
  }
  const failures = webhook.failures + 1
  const since = Math.min(webhook.failingSince ?? head.eventPosition - 1, head.eventPosition - 1)
  const isOver = failures >= webhookFailuresMax || ("gone" in step && step.gone === true)
  const last = "reason" in step ? step.reason : "no answer"
  const reason = failures === 1 ? last : `${failures} events in a row could not be told; the last one: ${last}`
  await tx.query({
    name: "webhooks.failed",
    text: `update webhook set failures = $3, failing_since = $4, state = case when $5 then 'paused' else state end,
             state_reason = case when $5 then $6 else state_reason end, state_at = case when $5 then now() else state_at end,
             position = case when $5 then $4 else position end
           where company_id = $1 and id = $2`,
    values: [companyId, id, failures, since, isOver && webhook.state === "active", reason],
  })
  if (!isOver || webhook.state !== "active") return null
  await cancelEvents(tx, companyId, id)
  const target = { type: "webhook", webhook_id: id, app_uid: webhook.appUid, reason }
  await appendEvents(tx, companyId, [{ id: ids.take(), type: "webhook_paused", isPublic: false, target }])
  return reason
}
