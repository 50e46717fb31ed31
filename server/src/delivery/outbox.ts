import type { Tx } from "../database/database.ts"
import { becomesDue, endPause, offlineChannel } from "./lanes.ts"
import { readyHeads, takePlace } from "./places.ts"

export { parkSends, releaseSends } from "./parking.ts"

/** What a channel is told. */
export type DeliveryType =
  | "authorization"
  | "list_addresses"
  | "message"
  | "message_autoreply"
  | "message_imported"
  | "delete"

export interface NewDelivery {
  companyId: number
  id: number
  channelId: number
  conversationId: number | null
  messageId: number | null
  sequence: "send" | "notice" | "control"
  type: Exclude<DeliveryType, "authorization" | "list_addresses">
  /** Its place: conversation.last_send or last_notice, increased by the caller under the conversation's lock; null while held, and for control. */
  number: number | null
  state: "queued" | "held"
  /** On the schedule clock. */
  dueAt: Date
  /** Sends of an offline channel are kept as waiting, until the channel is back; if it is back already, they leave. */
  channelOffline?: boolean
  replayOf?: number
}

/**
 * Puts deliveries into the outbox, in the transaction that causes them. The caller holds the locks of their conversations, so nobody else joins or
 * leaves their sequences meanwhile: that is what makes `ready` right. Wakes nobody: call the engine's `wake` after the commit.
 */
export function enqueue(tx: Tx, deliveries: readonly NewDelivery[]): Promise<unknown> {
  if (deliveries.length === 0) return Promise.resolve()
  const column = <K extends keyof NewDelivery>(key: K) => deliveries.map((delivery) => delivery[key] ?? null)
  return tx.query({
    name: "outbox.enqueue",
    // The lane only learns of what can leave; the rest is announced when the one before it is done. Lanes in key order: no deadlock between batches.
    text: `with new as (
             select *, sequence = 'send' and channel_offline and state = 'queued' and exists (${offlineChannel("row")}) as parked,
               row_number() over (partition by company_id, conversation_id, sequence, number is null order by number) = 1 as is_first
             from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::text[], $7::text[], $8::int[], $9::text[], $10::timestamptz[], $11::boolean[], $12::bigint[])
               as row (company_id, id, channel_id, conversation_id, message_id, sequence, type, number, state, due_at, channel_offline, replay_of)
           ), kept as (
             insert into delivery (company_id, id, channel_id, conversation_id, message_id, sequence, type, number, state, due_at, waiting_reason, replay_of, ready)
             select company_id, id, channel_id, conversation_id, message_id, sequence, type, number, case when parked then 'waiting' else state end,
               case when parked then 'infinity' else due_at end, case when parked then 'channel_offline' end, replay_of,
               sequence = 'control' or (number is not null and is_first and (
                 select before.number from delivery before where before.company_id = new.company_id and before.conversation_id = new.conversation_id
                   and before.sequence = new.sequence and before.number < new.number and before.state in ('queued', 'waiting', 'sending') and not before.stepped_aside
                 order by before.number limit 1) is null)
             from new
             returning company_id, channel_id, ready, state, due_at
           )
           insert into lane (company_id, channel_id, due_at)
           select company_id, channel_id, min(due_at) from kept where ready and state = 'queued' group by company_id, channel_id order by company_id, channel_id
           on conflict ${becomesDue}`,
    values: [
      column("companyId"),
      column("id"),
      column("channelId"),
      column("conversationId"),
      column("messageId"),
      column("sequence"),
      column("type"),
      column("number"),
      column("state"),
      column("dueAt"),
      deliveries.map((delivery) => delivery.channelOffline ?? false),
      column("replayOf"),
    ],
  })
}

/** Undo: held → cancelled. False when the window has ended. The caller holds the conversation's lock. */
export async function cancelHeld(tx: Tx, companyId: number, messageId: number): Promise<boolean> {
  const rows = await tx.query({
    name: "outbox.cancel_held",
    text: `update delivery set state = 'cancelled', finished_at = now() where company_id = $1 and message_id = $2 and state = 'held' returning id`,
    values: [companyId, messageId],
  })
  return rows.length > 0
}

/** How a reply's earlier try ended. */
export interface EarlierTry {
  state: "sent" | "failed" | "unknown"
  code: string | null
  reason: string | null
}

/**
 * Takes a send back that is queued or waits and has not begun to leave; the next of its conversation goes on. Null when there is none: it never was, or it
 * is being sent, or it has ended. `earlier`: what was known before this try, null when it was the first. The caller holds the conversation's lock.
 */
export async function cancelWaiting(
  tx: Tx,
  companyId: number,
  messageId: number,
): Promise<{ earlier: EarlierTry | null } | null> {
  const [cancelled] = await tx.query<{ id: number; conversation_id: number; replay_of: number | null }>({
    name: "outbox.cancel_waiting",
    text: `update delivery set state = 'cancelled', finished_at = now() where company_id = $1 and message_id = $2 and sequence = 'send'
             and state in ('queued', 'waiting') returning id, conversation_id, replay_of`,
    values: [companyId, messageId],
  })
  if (cancelled === undefined) return null
  await readyHeads(tx, companyId, [cancelled.conversation_id], "send")
  const [earlier] = await tx.query<EarlierTry>({
    name: "outbox.earlier_try",
    text: `select state, error_code as code, error_reason as reason from delivery where company_id = $1 and message_id = $2 and sequence = 'send'
             and id < $3 and state in ('sent', 'failed', 'unknown') order by id desc limit 1`,
    values: [companyId, messageId, cancelled.id],
  })
  if (earlier === undefined) return { earlier: null }
  // What was sent is tried again by a person only when the channel reported later that it did not arrive; a replay says which delivery it repeats.
  const failedLater = earlier.state === "sent" && cancelled.replay_of === null
  return { earlier: failedLater ? { state: "failed", code: "delivery_failed", reason: null } : earlier }
}

/**
 * Lets a held or waiting reply leave at `now` (schedule clock); when its channel pauses, one delivery tries at once whether the partner is back. False when
 * there is nothing to hurry, or its channel is offline. The caller holds the conversation's lock and tells the message's new state itself.
 */
export async function hasten(tx: Tx, companyId: number, messageId: number, now: Date): Promise<boolean> {
  const rows = await tx.query<{
    id: number
    channel_id: number
    conversation_id: number
    state: "held" | "waiting" | "queued"
    keeps_place: boolean
  }>({
    name: "outbox.find_hastened",
    text: `select delivery.id, delivery.channel_id, delivery.conversation_id, delivery.state,
             delivery.state = 'waiting' and not delivery.stepped_aside as keeps_place from delivery
           join channel on channel.company_id = delivery.company_id and channel.id = delivery.channel_id
           where delivery.company_id = $1 and delivery.message_id = $2 and delivery.sequence = 'send' and delivery.state in ('held', 'waiting', 'queued')
             and channel.status <> 'offline' and channel.deleted_at is null
           order by delivery.id desc limit 1`,
    values: [companyId, messageId],
  })
  const found = rows[0]
  if (found === undefined) return false
  if (found.state === "queued") return await endPause(tx, companyId, found.channel_id, now)
  await takePlace(tx, {
    companyId,
    conversationId: found.conversation_id,
    id: found.id,
    keepsPlace: found.keeps_place,
    state: "queued",
    dueAt: now,
  })
  await endPause(tx, companyId, found.channel_id, now)
  return true
}
