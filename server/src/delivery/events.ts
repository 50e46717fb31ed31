import type { Tx } from "../database/database.ts"
import type { AttemptRow } from "./attempt.ts"
import { writeAttempt } from "./settle.ts"

/**
 * Events told to webhooks. They stand in the delivery log like everything that leaves us, but pass by the lanes: a webhook is a queue of its own, and
 * whoever holds its lease works on it alone, head first. Everything here runs under the lock or the lease of the webhook's row.
 */

export type EventDeliveryType = "application_webhook" | "rule_webhook"

export interface NewEventDelivery {
  companyId: number
  id: number
  webhookId: number
  type: EventDeliveryType
  conversationId: number | null
  messageId: number | null
  /** The event, by its place in the company's feed. */
  eventPosition: number
  /** Schedule clock. */
  dueAt: Date
  replayOf?: number
}

/** The queue is in the order of the deliveries' numbers. Wakes nobody. */
export async function enqueueEvents(tx: Tx, deliveries: readonly NewEventDelivery[]): Promise<void> {
  if (deliveries.length === 0) return
  const column = <K extends keyof NewEventDelivery>(key: K) => deliveries.map((delivery) => delivery[key] ?? null)
  await tx.query({
    name: "events.enqueue",
    text: `insert into delivery (company_id, id, webhook_id, sequence, type, conversation_id, message_id, event_position, due_at, replay_of, state)
           select company_id, id, webhook_id, 'event', type, conversation_id, message_id, event_position, due_at, replay_of, 'queued'
           from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::bigint[], $6::bigint[], $7::bigint[], $8::timestamptz[], $9::bigint[])
             as new (company_id, id, webhook_id, type, conversation_id, message_id, event_position, due_at, replay_of)`,
    values: [
      column("companyId"),
      column("id"),
      column("webhookId"),
      column("type"),
      column("conversationId"),
      column("messageId"),
      column("eventPosition"),
      column("dueAt"),
      column("replayOf"),
    ],
  })
}

/** The delivery at the head of a webhook's queue. */
export interface EventHead {
  id: number
  type: EventDeliveryType
  eventPosition: number
  /** `sending`: whoever sent it last did not live to write down how it went. */
  state: "queued" | "waiting" | "sending"
  dueAt: Date
  attempts: number
}

/** Null when the queue is empty. Walks delivery_webhook_open to its first row. */
export async function findEventHead(tx: Tx, companyId: number, webhookId: number): Promise<EventHead | null> {
  const rows = await tx.query<{
    id: number
    type: EventDeliveryType
    event_position: number
    state: EventHead["state"]
    due_at: Date
    attempts: number
  }>({
    name: "events.head",
    text: `select id, type, event_position, state, due_at, attempts from delivery
           where company_id = $1 and webhook_id = $2 and state in ('queued', 'waiting', 'sending') order by id limit 1`,
    values: [companyId, webhookId],
  })
  const [row] = rows
  return row === undefined ? null : { ...row, eventPosition: row.event_position, dueAt: row.due_at }
}

/** One attempt more, started before anything leaves; one without an end was that of a worker that died. False when the lease is no longer ours. */
export async function startEvent(
  tx: Tx,
  started: { companyId: number; id: number; webhookId: number; leaseToken: number; now: Date },
): Promise<boolean> {
  const rows = await tx.query({
    name: "events.start",
    text: `with started as (
             update delivery set state = 'sending', attempts = attempts + 1, first_started_at = coalesce(first_started_at, $5), waiting_reason = null
             where company_id = $1 and id = $2 and state in ('queued', 'waiting', 'sending')
               and exists (select from webhook where webhook.company_id = $1 and webhook.id = $3 and webhook.lease_token = $4)
             returning company_id, id, attempts
           ), interrupted as (
             update attempt set finished_at = clock_timestamp(), outcome = 'interrupted', decision = 'retry' from started
             where attempt.company_id = started.company_id and attempt.delivery_id = started.id and attempt.finished_at is null
           )
           insert into attempt (company_id, delivery_id, number) select company_id, id, attempts from started returning number`,
    values: [started.companyId, started.id, started.webhookId, started.leaseToken, started.now],
  })
  return rows.length > 0
}

/** What became of an attempt, or of a delivery that none was worth making for (`row` null). */
export interface EventResult {
  companyId: number
  id: number
  /** Number of the attempt. */
  attempt: number
  state: "sent" | "failed" | "unknown" | "waiting"
  /** Waiting: when the next try may leave, on the schedule clock. */
  dueAt?: Date
  code?: string
  reason?: string
  row: AttemptRow | null
}

export async function settleEvent(tx: Tx, result: EventResult): Promise<void> {
  const waits = result.state === "waiting"
  await tx.query({
    name: "events.settle",
    text: `update delivery set state = $3, due_at = coalesce($4::timestamptz, due_at), error_code = $5, error_reason = $6, waiting_reason = $7,
             finished_at = case when $8 then null else clock_timestamp() end
           where company_id = $1 and id = $2`,
    values: [
      result.companyId,
      result.id,
      result.state,
      result.dueAt ?? null,
      waits ? null : (result.code ?? null),
      waits ? null : (result.reason ?? null),
      waits ? (result.reason ?? null) : null,
      waits,
    ],
  })
  if (result.row !== null) await writeAttempt(tx, result, result.row)
}

/** Everything that still waits in the queue; one that is under way settles itself. Walks delivery_webhook_open. */
export async function cancelEvents(tx: Tx, companyId: number, webhookId: number): Promise<void> {
  await tx.query({
    name: "events.cancel",
    text: `update delivery set state = 'cancelled', finished_at = clock_timestamp()
           where company_id = $1 and webhook_id = $2 and state in ('queued', 'waiting')`,
    values: [companyId, webhookId],
  })
}
