import type { Tx } from "../database/database.ts"
import { becomesDue } from "./lanes.ts"

/**
 * A conversation has two sequences, sends and notices. The head of a sequence, the first open delivery that did not step aside, is `ready`; so are
 * those that stepped aside. Everything here runs under the conversation's lock.
 */

interface Placed {
  companyId: number
  conversationId: number
  id: number
  /** False: it goes to the end of the sequence, with a new number. */
  keepsPlace: boolean
  state: "queued" | "waiting"
  /** Schedule clock; null: until somebody acts. */
  dueAt: Date | null
  waitingReason?: string
}

/** Puts one send into its conversation's sequence and tells its lane when it may leave. */
export async function takePlace(tx: Tx, placed: Placed): Promise<void> {
  await tx.query({
    name: "places.take",
    text: `with place as (
             update conversation set last_send = last_send + 1 where company_id = $1 and id = $2 and not $4 returning last_send
           ), moved as (
             update delivery set state = $5, due_at = coalesce($6::timestamptz, 'infinity'), waiting_reason = $7, stepped_aside = false,
               number = coalesce((select last_send from place), number),
               ready = not exists (select from delivery before where before.company_id = $1 and before.conversation_id = $2 and before.sequence = 'send'
                 and before.state in ('queued', 'waiting', 'sending') and not before.stepped_aside and before.id <> $3
                 and before.number < coalesce((select last_send from place), delivery.number))
             where company_id = $1 and id = $3
             returning company_id, channel_id, due_at, ready
           )
           insert into lane (company_id, channel_id, due_at) select company_id, channel_id, due_at from moved where ready and due_at < 'infinity'
           on conflict ${becomesDue}`,
    values: [
      placed.companyId,
      placed.conversationId,
      placed.id,
      placed.keepsPlace,
      placed.state,
      placed.dueAt,
      placed.waitingReason ?? null,
    ],
  })
}

/** Lets the first of each sequence go whose predecessors are done, and tells their lanes. Walks delivery_open to the first row. */
export async function readyHeads(
  tx: Tx,
  companyId: number,
  conversationIds: readonly number[],
  sequence: "send" | "notice",
): Promise<void> {
  await tx.query({
    name: "places.ready_heads",
    text: `with head as (
             select first.id from unnest($2::bigint[]) as of_conversation(id) cross join lateral (
               select delivery.id from delivery where delivery.company_id = $1 and delivery.conversation_id = of_conversation.id and delivery.sequence = $3
                 and delivery.state in ('queued', 'waiting', 'sending') and not delivery.stepped_aside
               order by delivery.number limit 1) first
           ), freed as (
             update delivery set ready = true from head where delivery.company_id = $1 and delivery.id = head.id and not delivery.ready
             returning delivery.company_id, delivery.channel_id, delivery.due_at
           )
           insert into lane (company_id, channel_id, due_at)
           select company_id, channel_id, min(due_at) from freed where due_at < 'infinity' group by company_id, channel_id order by company_id, channel_id
           on conflict ${becomesDue}`,
    values: [companyId, conversationIds, sequence],
  })
}

/** In key order, so that two of us never wait for each other. */
export async function lockConversations(tx: Tx, companyId: number, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return
  await tx.query({
    name: "places.lock_conversations",
    text: "select from conversation where company_id = $1 and id = any($2::bigint[]) order by id for no key update",
    values: [companyId, ids],
  })
}
