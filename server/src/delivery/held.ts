import type { Database, Tx } from "../database/database.ts"
import { offlineChannel } from "./lanes.ts"
import { tell } from "./parking.ts"
import { readyHeads } from "./places.ts"

export interface HeldSend {
  company_id: number
  id: number
  conversation_id: number
}

/** Sends whose undo window ended at `now` (schedule clock), oldest first. Walks delivery_held. */
export const listDueHeld = (db: Database, now: Date, max: number): Promise<HeldSend[]> =>
  db.query<HeldSend>({
    name: "held.list_due",
    text: `select company_id, id, conversation_id from delivery where state = 'held' and due_at <= $1 order by due_at, id limit $2`,
    values: [now, max],
  })

/**
 * The sends take their places at the end of their conversations' sequences, in the order in which they became due; on an offline channel they wait
 * there. What was undone meanwhile stays undone, and a conversation that somebody else is changing is left for the next look: it delays only itself. One
 * transaction for each company; when it fails, one for each send, and `onTrouble` hears of those that fail again. Returns how many have left.
 */
export async function releaseHeld(
  db: Database,
  held: readonly HeldSend[],
  now: Date,
  onTrouble: (send: HeldSend, error: unknown) => void,
): Promise<number> {
  let released = 0
  for (const [companyId, sends] of Map.groupBy(held, (send) => send.company_id)) {
    try {
      released += await db.tx((tx) => release(tx, companyId, sends, now))
    } catch {
      for (const send of sends) {
        try {
          released += await db.tx((tx) => release(tx, companyId, [send], now))
        } catch (error) {
          onTrouble(send, error)
        }
      }
    }
  }
  return released
}

async function release(tx: Tx, companyId: number, sends: readonly HeldSend[], now: Date): Promise<number> {
  const conversationIds = await lockFree(tx, companyId, sends)
  const placed = await tx.query<{ conversation_id: number; message_id: number; state: "queued" | "waiting" }>({
    name: "held.release",
    text: `with due as (
             select id, conversation_id, exists (${offlineChannel("delivery")}) as offline,
               row_number() over (partition by conversation_id order by due_at, id) as place
             from delivery where company_id = $1 and id = any($2::bigint[]) and conversation_id = any($4::bigint[]) and state = 'held'
           ), taken as (
             update conversation set last_send = last_send + late.count
             from (select conversation_id, count(*)::int as count from due group by conversation_id) late
             where conversation.company_id = $1 and conversation.id = late.conversation_id
             returning conversation.id, conversation.last_send - late.count as base
           )
           update delivery set state = case when due.offline then 'waiting' else 'queued' end, due_at = case when due.offline then 'infinity' else $3::timestamptz end,
             waiting_reason = case when due.offline then 'channel_offline' end, number = taken.base + due.place
           from due join taken on taken.id = due.conversation_id where delivery.company_id = $1 and delivery.id = due.id
           returning delivery.conversation_id, delivery.message_id, delivery.state`,
    values: [companyId, sends.map((send) => send.id), now, conversationIds],
  })
  await readyHeads(tx, companyId, conversationIds, "send")
  const { queued = [], waiting = [] } = Object.groupBy(placed, (send) => send.state)
  await tell(tx, companyId, queued, "queued")
  await tell(tx, companyId, waiting, "waiting")
  return placed.length
}

/** The conversations whose lock is ours now; those that are locked are passed over. */
async function lockFree(tx: Tx, companyId: number, sends: readonly HeldSend[]): Promise<number[]> {
  const rows = await tx.query<{ id: number }>({
    name: "held.lock_free",
    text: "select id from conversation where company_id = $1 and id = any($2::bigint[]) order by id for no key update skip locked",
    values: [companyId, sends.map((send) => send.conversation_id)],
  })
  return rows.map((row) => row.id)
}
