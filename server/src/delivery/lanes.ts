import type { WallClock } from "../clock.ts"
import type { Database, Tx } from "../database/database.ts"
import { type Health, healthRow, readHealth } from "./health.ts"

/**
 * A lane is a channel's queue, and the right to work on it is a lease: a row that names its holder, until when, and a token that grows with every
 * lease. Whoever writes a claim or a result shows the token; a stale one writes nothing, so a worker that was thought dead can do no harm.
 */
export interface Lane {
  companyId: number
  channelId: number
  /** The fence. */
  token: number
}

/** A lease lasts this long on the database's clock (wall time), unless renewed. */
export const leaseMs = 10_000
export const renewEveryMs = 3_000

/**
 * A lease as its holder knows it; made before it is asked for, so that it never lasts longer here than in the database: tells whether it lasts for `leftMs`
 * more. The clock may be set, and the steady one may have slept: whichever says first that it is over is believed.
 */
export type Lease = (leftMs: number) => boolean

export function leaseFrom(wall: WallClock): Lease {
  const [untilMs, untilSteadyMs] = [wall.now() + leaseMs, wall.steady() + leaseMs]
  return (leftMs) => wall.now() < untilMs - leftMs && wall.steady() < untilSteadyMs - leftMs
}

/** The lane was leased to somebody else meanwhile. */
export class LeaseLostError extends Error {}

/** Leased now. `abandoned`: its last holder never gave it back, so its started attempts have no one to tell how they ended. */
export type LeasedLane = Lane & { abandoned: boolean; health: Health }

interface LeaseRow {
  company_id: number
  channel_id: number
  lease_token: number
  cap: number
  health: object
  abandoned: boolean
}

/** Free lanes with work due at `now` (schedule clock), oldest first. Walks lane_due. */
export const leaseDueLanes = (db: Database, owner: string, now: Date, max: number): Promise<LeasedLane[]> =>
  lease(db, "lanes.lease_due", "due_at <= $3 and leased_until < now()", [owner, max, now])

/** Lanes whose holder let the lease run out. Reads all lanes: run it now and then. */
export const leaseAbandonedLanes = (db: Database, owner: string, max: number): Promise<LeasedLane[]> =>
  lease(db, "lanes.lease_abandoned", "leased_by is not null and leased_until < now()", [owner, max])

async function lease(db: Database, name: string, condition: string, values: unknown[]): Promise<LeasedLane[]> {
  const rows = await db.query<LeaseRow>({
    name,
    text: `with free as materialized (
             select company_id, channel_id, leased_by is not null as abandoned from lane where ${condition}
             order by due_at limit $2 for no key update skip locked
           )
           update lane set lease_token = lane.lease_token + 1, leased_by = $1, leased_until = now() + ${leaseMs} * interval '1 ms'
           from free where lane.company_id = free.company_id and lane.channel_id = free.channel_id
           returning lane.company_id, lane.channel_id, lane.lease_token, lane.cap, lane.health, free.abandoned`,
    values,
  })
  return rows.map((row) => ({
    companyId: row.company_id,
    channelId: row.channel_id,
    token: row.lease_token,
    health: readHealth(row.cap, row.health),
    abandoned: row.abandoned,
  }))
}

const columns = (lanes: readonly Lane[]) => [
  lanes.map((lane) => lane.companyId),
  lanes.map((lane) => lane.channelId),
  lanes.map((lane) => lane.token),
]

const mine = "unnest($1::bigint[], $2::bigint[], $3::bigint[]) as mine (company_id, channel_id, token)"
const isMine =
  "lane.company_id = mine.company_id and lane.channel_id = mine.channel_id and lane.lease_token = mine.token"

/** Keys of those that are still ours. */
export async function renewLeases(db: Database, lanes: readonly Lane[]): Promise<Set<string>> {
  const rows = await db.query<{ company_id: number; channel_id: number }>({
    name: "lanes.renew",
    // A lane that was given back at this very moment has the same token still: renewed, it would be nobody's until the lease runs out.
    text: `with held as materialized (select lane.company_id, lane.channel_id from lane join ${mine} on ${isMine} and lane.leased_by is not null
             order by 1, 2 for no key update of lane)
           update lane set leased_until = now() + ${leaseMs} * interval '1 ms' from held
           where lane.company_id = held.company_id and lane.channel_id = held.channel_id returning lane.company_id, lane.channel_id`,
    values: columns(lanes),
  })
  return new Set(rows.map((row) => laneKey({ companyId: row.company_id, channelId: row.channel_id })))
}

/** Of our lanes, those with work due at `now`: something was put into them since we last looked. */
export async function dueAmong(db: Database, lanes: readonly Lane[], now: Date): Promise<Set<string>> {
  const rows = await db.query<{ company_id: number; channel_id: number }>({
    name: "lanes.due_among",
    text: `select lane.company_id, lane.channel_id from lane join ${mine} on ${isMine} where lane.due_at <= $4`,
    values: [...columns(lanes), now],
  })
  return new Set(rows.map((row) => laneKey({ companyId: row.company_id, channelId: row.channel_id })))
}

/** A lane and how its partner is coping, as the lane's holder knows it. */
export interface WatchedLane extends Lane {
  health: Health
}

/**
 * Gives lanes back, to be looked at by whoever comes next. `unfinished`: attempts are still running, and the next holder has to settle them as those of
 * a worker that died.
 */
export async function giveBack(
  db: Database,
  lanes: readonly WatchedLane[],
  { unfinished }: { unfinished: boolean },
): Promise<void> {
  if (lanes.length === 0) return
  await db.query({
    name: "lanes.give_back",
    text: `with held as materialized (select lane.company_id, lane.channel_id from lane join ${mine} on ${isMine} order by 1, 2 for no key update of lane)
           update lane set due_at = '-infinity', leased_until = '-infinity', leased_by = case when $4 then leased_by end, cap = known.cap, health = known.health,
             sends_from = coalesce(known.sends_from, '-infinity'), notices_from = coalesce(known.notices_from, '-infinity')
           from held join unnest($1::bigint[], $2::bigint[], $5::int[], $6::jsonb[], $7::timestamptz[], $8::timestamptz[])
             as known (company_id, channel_id, cap, health, sends_from, notices_from) using (company_id, channel_id)
           where lane.company_id = held.company_id and lane.channel_id = held.channel_id`,
    values: [
      ...columns(lanes),
      unfinished,
      lanes.map((lane) => lane.health.cap),
      lanes.map((lane) => JSON.stringify(healthRow(lane.health))),
      lanes.map((lane) => lane.health.send.pause?.until ?? null),
      lanes.map((lane) => lane.health.notice.pause?.until ?? null),
    ],
  })
}

/** Locks the lane until the transaction ends; throws `LeaseLostError` when it is no longer ours, or was given back. */
export async function holdLane(tx: Tx, lane: Lane): Promise<void> {
  const rows = await tx.query({
    name: "lanes.hold",
    // A lease that was given back is over, although its token is still the last one: whoever gave it back may not have heard that it is.
    text: "select from lane where company_id = $1 and channel_id = $2 and lease_token = $3 and leased_by is not null for no key update",
    values: [lane.companyId, lane.channelId, lane.token],
  })
  if (rows.length === 0) throw new LeaseLostError(`lane ${laneKey(lane)} is no longer ours`)
}

/**
 * Writes how the lane's partner is coping and when its next work is due; with `rest` the lease ends too. Call it under `holdLane`, in a statement of its
 * own: whoever added work before is then seen, whoever adds it after finds the lane and lowers its due time. Walks delivery_ready_send and
 * delivery_ready_notice to their first rows.
 */
export async function noteDue(
  tx: Tx,
  lane: Lane,
  health: Health,
  options: { rest: boolean; withSends: boolean; withNotices: boolean },
): Promise<void> {
  const ready = `delivery.company_id = $1 and delivery.channel_id = $2 and delivery.ready and delivery.state in ('queued', 'waiting')`
  await tx.query({
    name: "lanes.note_due",
    text: `update lane set leased_by = case when $3 then null else leased_by end, leased_until = case when $3 then '-infinity' else leased_until end,
             cap = $6, health = $7, sends_from = coalesce($8::timestamptz, '-infinity'), notices_from = coalesce($9::timestamptz, '-infinity'),
             due_at = least(
               (select greatest(delivery.due_at, $9::timestamptz) from delivery where ${ready} and delivery.sequence <> 'send' and $4
                order by delivery.due_at limit 1),
               (select greatest(delivery.due_at, $8::timestamptz) from delivery where ${ready} and delivery.sequence = 'send' and $5
                  and not exists (${offlineChannel("delivery")}) order by delivery.due_at limit 1),
               'infinity')
           where company_id = $1 and channel_id = $2`,
    values: [
      lane.companyId,
      lane.channelId,
      options.rest,
      options.withNotices,
      options.withSends,
      health.cap,
      JSON.stringify(healthRow(health)),
      health.send.pause?.until ?? null,
      health.notice.pause?.until ?? null,
    ],
  })
}

/** A deleted channel is not offline: its sends are claimed, and fail for want of a channel. */
export const offlineChannel = (row: string): string =>
  `select from channel where channel.company_id = ${row}.company_id and channel.id = ${row}.channel_id and channel.status = 'offline' and channel.deleted_at is null`

/**
 * Of `insert into lane … on conflict do`: what is new in a lane makes it due, but not before anything may leave it. A lane that pauses thus stays at rest
 * whatever is put into it.
 */
export const becomesDue = `(company_id, channel_id) do update
  set due_at = least(lane.due_at, greatest(excluded.due_at, least(lane.sends_from, lane.notices_from)))`

/** Tells a lane that something in it is due at `dueAt` (schedule clock). */
export async function wakeLane(tx: Tx, companyId: number, channelId: number, dueAt: Date): Promise<void> {
  await tx.query({
    name: "lanes.wake",
    text: `insert into lane (company_id, channel_id, due_at) values ($1, $2, $3) on conflict ${becomesDue}`,
    values: [companyId, channelId, dueAt],
  })
}

/**
 * Somebody wants to know now whether the partner of a pausing lane is back: at `now` (schedule clock) one send tries. False when the lane's sends do not
 * pause, or the partner itself said until when. A holder of the lane does not hear of it: it is trying already.
 */
export async function endPause(tx: Tx, companyId: number, channelId: number, now: Date): Promise<boolean> {
  const rows = await tx.query({
    name: "lanes.end_pause",
    text: `update lane set due_at = least(due_at, $3), sends_from = least(sends_from, $3),
             health = case when sends_from > $3 then jsonb_set(health, '{send,pause,until}', to_jsonb($4::text)) else health end
           where company_id = $1 and channel_id = $2 and health #>> '{send,pause,why}' in ('unreachable', 'failing') returning 1`,
    values: [companyId, channelId, now, now.toISOString()],
  })
  return rows.length > 0
}

export const laneKey = (lane: { companyId: number; channelId: number }): string => `${lane.companyId}/${lane.channelId}`
