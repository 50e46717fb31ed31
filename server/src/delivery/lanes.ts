import type { Database } from "../database/database.ts"
import type { Lease } from "./claim.ts"

const leaseSeconds = 10

/**
 * Lanes that have something to do: free ones and those of dead workers are leased, our own that got new work are named again. While a lane is leased
 * its due_at is infinity until work joins, so a busy lane is not found at every look. Walks lane_due and lane_leased.
 */
export async function leaseLanes(db: Database, owner: string, now: Date, limit: number): Promise<Lease[]> {
  const rows = await db.query<{ company_id: number; channel_id: number; cap: number; lease_token: number }>({
    name: "lanes.lease",
    text: `with fresh as (
             select company_id, channel_id from lane where due_at <= $2 and (leased_until < now() or leased_by = $1) order by due_at limit $3 for update skip locked
           ), abandoned as (
             select company_id, channel_id from lane where leased_by is not null and leased_until < now() limit $3 for update skip locked
           ), due as (
             select * from fresh union select * from abandoned
           )
           update lane set due_at = 'infinity', leased_by = $1, leased_until = now() + interval '${leaseSeconds} s',
             lease_token = case when lane.leased_by = $1 and lane.leased_until > now() then lane.lease_token else lane.lease_token + 1 end
           from due where lane.company_id = due.company_id and lane.channel_id = due.channel_id and (lane.leased_until < now() or lane.leased_by = $1)
           returning lane.company_id, lane.channel_id, lane.cap, lane.lease_token`,
    values: [owner, now, limit],
  })
  return rows.map((row) => ({ companyId: row.company_id, channelId: row.channel_id, cap: row.cap, token: row.lease_token }))
}

/** Keeps our leases for another 10 s. Returns those that are still ours. */
export async function renewLeases(db: Database, owner: string): Promise<Set<string>> {
  const rows = await db.query<{ company_id: number; channel_id: number }>({
    name: "lanes.renew",
    text: `update lane set leased_until = now() + interval '${leaseSeconds} s' where leased_by = $1 and leased_until > now() returning company_id, channel_id`,
    values: [owner],
  })
  return new Set(rows.map((row) => laneKey({ companyId: row.company_id, channelId: row.channel_id })))
}

export const laneKey = (lane: Pick<Lease, "companyId" | "channelId">): string => `${lane.companyId}:${lane.channelId}`

/**
 * Gives an idle lane back with its next due time. The row is locked first and the work looked at in a second statement: whoever adds work either did so
 * before, and is seen, or waits for this lock and lowers the time afterwards.
 */
export async function giveBack(db: Database, owner: string, lease: Lease): Promise<void> {
  await db.tx(async (tx) => {
    const held = await tx.query({
      name: "lanes.lock",
      text: "select 1 from lane where company_id = $1 and channel_id = $2 and leased_by = $3 and lease_token = $4 for update",
      values: [lease.companyId, lease.channelId, owner, lease.token],
    })
    if (held.length === 0) return
    await tx.query({
      name: "lanes.give_back",
      text: `update lane set leased_by = null, leased_until = '-infinity', due_at = least(due_at, coalesce((
               select min(delivery.due_at) from delivery join channel on channel.company_id = delivery.company_id and channel.id = delivery.channel_id
               where delivery.company_id = $1 and delivery.channel_id = $2 and delivery.ready and delivery.state in ('queued', 'waiting')
                 and (delivery.sequence <> 'send' or channel.status = 'ok')), 'infinity'))
             where company_id = $1 and channel_id = $2`,
      values: [lease.companyId, lease.channelId],
    })
  })
}
