import type { Tx } from "../database/database.ts"
import { appendEvents } from "../live/feed.ts"
import { becomesDue } from "./lanes.ts"
import { lockConversations, readyHeads } from "./places.ts"

/**
 * An offline channel's sends wait until somebody acts (due: infinity). When it is back the young ones leave by themselves; older ones step aside, so
 * that later replies are not held up by them, and wait for a person. Both functions append to the feed: they come last but for other events.
 */

/** Queued and waiting sends of a channel that went offline wait from now on. */
export async function parkSends(tx: Tx, companyId: number, channelId: number, reason: string): Promise<void> {
  await lockWith(tx, companyId, channelId, ["queued", "waiting"])
  const parked = await tx.query<Told>({
    name: "parking.park",
    text: `update delivery set state = 'waiting', due_at = 'infinity', waiting_reason = $3
           where company_id = $1 and channel_id = $2 and sequence = 'send' and state in ('queued', 'waiting') and (state = 'queued' or due_at < 'infinity')
           returning conversation_id, message_id`,
    values: [companyId, channelId, reason],
  })
  await tell(tx, companyId, parked, "waiting")
}

/**
 * Lets parked sends leave, in the order in which they were written. With `youngerThanMs` only those (wall clock); the older ones step aside. Returns
 * how many leave.
 */
export async function releaseSends(
  tx: Tx,
  companyId: number,
  channelId: number,
  { youngerThanMs }: { youngerThanMs?: number },
): Promise<number> {
  const conversationIds = await lockWith(tx, companyId, channelId, ["waiting"])
  if (youngerThanMs !== undefined) await leaveOldBehind(tx, companyId, channelId, youngerThanMs)
  const released = await tx.query<Told>({
    name: "parking.release",
    // Those that stepped aside go to the end: others may have passed them. '-infinity' is due at once on any schedule clock.
    text: `with parked as (
             select id, conversation_id, stepped_aside, row_number() over (partition by conversation_id, stepped_aside order by number) as place from delivery
             where company_id = $1 and channel_id = $2 and sequence = 'send' and state = 'waiting' and due_at = 'infinity' and ($3 or not stepped_aside)
           ), taken as (
             update conversation set last_send = last_send + late.count
             from (select conversation_id, count(*)::int as count from parked where stepped_aside group by conversation_id) late
             where conversation.company_id = $1 and conversation.id = late.conversation_id
             returning conversation.id, conversation.last_send - late.count as base
           )
           update delivery set state = 'queued', due_at = '-infinity', waiting_reason = null, stepped_aside = false, ready = delivery.ready and not parked.stepped_aside,
             number = case when parked.stepped_aside then (select taken.base + parked.place from taken where taken.id = parked.conversation_id) else delivery.number end
           from parked where delivery.company_id = $1 and delivery.id = parked.id
           returning delivery.conversation_id, delivery.message_id`,
    values: [companyId, channelId, youngerThanMs === undefined],
  })
  await readyHeads(tx, companyId, conversationIds, "send")
  await tx.query({
    name: "parking.wake_lane",
    text: `insert into lane (company_id, channel_id, due_at) values ($1, $2, '-infinity')
           on conflict ${becomesDue}`,
    values: [companyId, channelId],
  })
  await tell(tx, companyId, released, "queued")
  return released.length
}

const leaveOldBehind = (tx: Tx, companyId: number, channelId: number, youngerThanMs: number) =>
  tx.query({
    name: "parking.leave_old_behind",
    text: `update delivery set stepped_aside = true, waiting_reason = 'needs_a_person' where company_id = $1 and channel_id = $2 and sequence = 'send'
             and state = 'waiting' and due_at = 'infinity' and not stepped_aside and created_at < now() - $3::bigint * interval '1 ms'`,
    values: [companyId, channelId, youngerThanMs],
  })

/** The locks of all conversations that have such sends on this channel. */
async function lockWith(
  tx: Tx,
  companyId: number,
  channelId: number,
  states: readonly ("queued" | "waiting")[],
): Promise<number[]> {
  const rows = await tx.query<{ conversation_id: number }>({
    name: "parking.conversations",
    text: `select distinct conversation_id from delivery where company_id = $1 and channel_id = $2 and sequence = 'send' and state in ('queued', 'waiting')
             and state = any($3)`,
    values: [companyId, channelId, states],
  })
  return await lockConversations(
    tx,
    companyId,
    rows.map((row) => row.conversation_id),
  )
}

interface Told {
  conversation_id: number
  message_id: number
}

/** The messages' states and an event for each, so that browsers show them. */
export async function tell(
  tx: Tx,
  companyId: number,
  sends: readonly Told[],
  state: "waiting" | "queued",
): Promise<void> {
  if (sends.length === 0) return
  await tx.query({
    name: "parking.tell_messages",
    text: "update message set state = $3, state_at = now(), due_at = null, version = version + 1 where company_id = $1 and id = any($2::bigint[])",
    values: [companyId, sends.map((send) => send.message_id), state],
  })
  const ids = await eventIds(tx, sends.length)
  await appendEvents(
    tx,
    companyId,
    sends.map((send, i) => ({
      id: ids[i] as number,
      type: "reply_state",
      isPublic: false,
      conversationId: send.conversation_id,
      messageId: send.message_id,
    })),
  )
}

/** Blocks of a thousand, as in ids.ts; taken here because the callers have no numbers to give. */
async function eventIds(tx: Tx, count: number): Promise<number[]> {
  const blocks = await tx.query<{ block: number }>({
    name: "parking.event_ids",
    text: "select nextval('object_id_block') as block from generate_series(1, $1)",
    values: [Math.ceil(count / 1000)],
  })
  return blocks.flatMap(({ block }) => Array.from({ length: 1000 }, (_, i) => block * 1000 + i))
}
