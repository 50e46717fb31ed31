import type { Database } from "../database/database.ts"

/** Where a walk through the finished deliveries stands; texts as PostgreSQL writes them, since a Date would cut the microseconds. */
export interface Place {
  finishedAt: string
  id: number
}

export const start: Place = { finishedAt: "-infinity", id: 0 }

/** Few enough that nobody who sends meanwhile notices. */
const rowsPerStep = 500

/**
 * Looks at the next few deliveries that ended more than `days` ago (wall clock) and removes them with their attempts. What is unfinished stays, and so
 * does the newest delivery of a reply that failed or is unknown: it is all that is known of why. Returns where the next step goes on; null at the end.
 * Walks delivery_finished.
 */
export async function removeOld(db: Database, days: number, from: Place): Promise<Place | null> {
  const rows = await db.query<{ seen: number; finished_at: string; id: number }>({
    name: "retention.remove",
    text: `with old as materialized (
             select company_id, id, message_id, sequence, finished_at from delivery
             where finished_at < now() - $1 * interval '1 day' and (finished_at, id) > ($2::timestamptz, $3::bigint)
             order by finished_at, id limit ${rowsPerStep}
           ), removed as (
             delete from delivery using old where delivery.company_id = old.company_id and delivery.id = old.id and delivery.finished_at = old.finished_at
               and not (old.sequence = 'send'
                 and exists (select from message where message.company_id = old.company_id and message.id = old.message_id and message.state in ('failed', 'unknown'))
                 and not exists (select from delivery later where later.company_id = old.company_id and later.message_id = old.message_id
                   and later.sequence = 'send' and later.id > old.id and later.state <> 'cancelled'))
             returning delivery.company_id, delivery.id
           ), forgotten as (
             delete from attempt using removed where attempt.company_id = removed.company_id and attempt.delivery_id = removed.id
           )
           select count(*) over ()::int as seen, finished_at::text, id from old order by old.finished_at desc, id desc limit 1`,
    values: [days, from.finishedAt, from.id],
  })
  const last = rows[0]
  return last === undefined || last.seen < rowsPerStep ? null : { finishedAt: last.finished_at, id: last.id }
}
