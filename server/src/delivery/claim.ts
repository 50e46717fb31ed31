import type { Database, Tx } from "../database/database.ts"
import type { ClaimedDelivery } from "./engine.ts"
import type { DeliveryType } from "./outbox.ts"
import { lockConversations } from "./places.ts"

/** A leased lane: `token` fences everything that is done under this lease. */
export interface Lease {
  companyId: number
  channelId: number
  cap: number
  token: number
}

interface Row {
  company_id: number
  id: number
  channel_id: number
  conversation_id: number | null
  message_id: number | null
  sequence: "send" | "notice" | "control"
  type: DeliveryType
  attempts: number
  first_started_at: Date
}

const claimedOf = (row: Row): ClaimedDelivery => ({
  companyId: row.company_id,
  id: row.id,
  channelId: row.channel_id,
  conversationId: row.conversation_id,
  messageId: row.message_id,
  sequence: row.sequence,
  type: row.type,
  attempt: row.attempts,
  firstStartedAt: row.first_started_at,
})

/** The claim marks the attempt started in the statement that takes the row: what is `sending` may have left, whatever happens to us. */
const start = `
  started as (
    update delivery set state = 'sending', attempts = attempts + 1, lease_token = $3, waiting_reason = null, first_started_at = coalesce(first_started_at, $4::timestamptz)
    from picked where delivery.company_id = $1 and delivery.id = picked.id and delivery.ready and delivery.state in ('queued', 'waiting')
      and exists (select from lane where lane.company_id = $1 and lane.channel_id = $2 and lane.lease_token = $3 and lane.leased_until > now())
    returning delivery.company_id, delivery.id, delivery.channel_id, delivery.conversation_id, delivery.message_id, delivery.sequence, delivery.type,
      delivery.attempts, delivery.first_started_at
  ), noted as (
    insert into attempt (company_id, delivery_id, number) select company_id, id, attempts from started on conflict do nothing
  )
  select * from started`

/** Notices and control deliveries that can be dialled now, at most `limit`. Walks delivery_ready of one channel. */
export async function claimNotices(db: Tx, lease: Lease, now: Date, limit: number): Promise<ClaimedDelivery[]> {
  const rows = await db.query<Row>({
    name: "claim.notices",
    text: `with picked as (
             select id from delivery where company_id = $1 and channel_id = $2 and ready and state in ('queued', 'waiting') and sequence <> 'send' and due_at <= $4
             order by due_at, id limit $5 for update skip locked
           ), ${start}`,
    values: [lease.companyId, lease.channelId, lease.token, now, limit],
  })
  return rows.map(claimedOf)
}

/**
 * Sends that can be dialled now, at most `limit`; none while the channel is offline. Their conversations are locked first, because their messages
 * become `sending` in the same transaction: `started` records that for each.
 */
export async function claimSends(
  db: Database,
  lease: Lease,
  now: Date,
  limit: number,
  started: (tx: Tx, delivery: ClaimedDelivery) => Promise<void>,
): Promise<ClaimedDelivery[]> {
  const candidates = await db.query<{ id: number; conversation_id: number }>({
    name: "claim.find_sends",
    text: `select delivery.id, delivery.conversation_id from delivery join channel on channel.company_id = delivery.company_id and channel.id = delivery.channel_id
           where delivery.company_id = $1 and delivery.channel_id = $2 and delivery.ready and delivery.state in ('queued', 'waiting')
             and delivery.sequence = 'send' and delivery.due_at <= $3 and channel.status = 'ok'
           order by delivery.due_at, delivery.id limit $4`,
    values: [lease.companyId, lease.channelId, now, limit],
  })
  if (candidates.length === 0) return []
  return await db.tx(async (tx) => {
    await lockConversations(tx, lease.companyId, candidates.map((row) => row.conversation_id))
    const rows = await tx.query<Row>({
      name: "claim.sends",
      text: `with picked as (select unnest($5::bigint[]) as id), ${start}`,
      values: [lease.companyId, lease.channelId, lease.token, now, candidates.map((row) => row.id)],
    })
    const claimed = rows.map(claimedOf)
    for (const delivery of claimed) await started(tx, delivery)
    return claimed
  })
}
