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

/**
 * In key order, so that two of us never wait for each other. Returns the conversations that are locked: where one was merged away meanwhile, it is the
 * one that its deliveries have gone on to; one that was deleted is missing.
 */
export async function lockConversations(tx: Tx, companyId: number, ids: readonly number[]): Promise<number[]> {
  if (ids.length === 0) return []
  const rows = await tx.query<{ id: number; merged_into: number | null }>({
    name: "places.lock_conversations",
    text: "select id, merged_into from conversation where company_id = $1 and id = any($2::bigint[]) order by id for no key update",
    values: [companyId, ids],
  })
  const goneInto = rows.flatMap((row) => row.merged_into ?? [])
  if (goneInto.length === 0) return rows.map((row) => row.id)
  const living = rows.filter((row) => row.merged_into === null).map((row) => row.id)
  const survivors = await lockConversations(tx, companyId, goneInto)
  return [...new Set([...living, ...survivors])]
}

/** The same for the one that a delivery was read with; null when it belongs to none, or its conversation was deleted. */
export async function lockConversationOf(
  tx: Tx,
  { companyId, conversationId }: { companyId: number; conversationId: number | null },
): Promise<number | null> {
  return conversationId === null ? null : ((await lockConversations(tx, companyId, [conversationId]))[0] ?? null)
}

/**
 * Takes the deliveries of conversations over into the one they are merged into: behind its own, in their order, each kind in its sequence. The caller holds
 * the locks of all of them and knows how far their numbers go. A delivery that is under way stays so; whatever else was ready waits for its turn again.
 */
export async function takeOverDeliveries(
  tx: Tx,
  companyId: number,
  survivorId: number,
  losers: readonly { id: number; sendsFrom: number; noticesFrom: number }[],
): Promise<void> {
  await tx.query({
    name: "places.take_over",
    text: `update delivery set conversation_id = $2, number = number + case sequence when 'send' then loser.sends_from when 'notice' then loser.notices_from else 0 end,
             ready = ready and (stepped_aside or state = 'sending' or sequence not in ('send', 'notice'))
           from unnest($3::bigint[], $4::int[], $5::int[]) as loser(id, sends_from, notices_from)
           where delivery.company_id = $1 and delivery.conversation_id = loser.id`,
    values: [
      companyId,
      survivorId,
      losers.map((loser) => loser.id),
      losers.map((loser) => loser.sendsFrom),
      losers.map((loser) => loser.noticesFrom),
    ],
  })
  await readyHeads(tx, companyId, [survivorId], "send")
  await readyHeads(tx, companyId, [survivorId], "notice")
}

/** What a conversation that is deleted for good still had to tell is told no more; what is under way ends by itself. */
export async function cancelDeliveries(tx: Tx, companyId: number, conversationId: number): Promise<void> {
  await tx.query({
    name: "places.cancel",
    text: `update delivery set state = 'cancelled', finished_at = clock_timestamp() where company_id = $1 and conversation_id = $2
             and state in ('held', 'queued', 'waiting')`,
    values: [companyId, conversationId],
  })
}
