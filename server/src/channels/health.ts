import type { ChannelHealth } from "@causeway/contract/endpoints/channels"
import type { Database } from "../database/database.ts"

const hoursShown = 24
/** More than a day of a busy channel is a sample: its newest. */
const deliveriesMax = 20_000

interface Row {
  hours_ago: number
  state: "sent" | "failed" | "unknown"
  error_code: string | null
  took_ms: number | null
}

/** What the deliveries of the last 24 hours tell of a channel. Walks delivery_log backwards. */
export async function readChannelHealth(db: Database, companyId: number, channelId: number): Promise<ChannelHealth> {
  const rows = await db.query<Row>({
    name: "channels.health",
    text: `select floor(extract(epoch from now() - newest.finished_at) / 3600)::int as hours_ago, state, error_code, (timing ->> 'total')::float8 as took_ms
           from (select id, finished_at, state, error_code, attempts from delivery where company_id = $1 and channel_id = $2 order by id desc limit ${deliveriesMax}) newest
           left join attempt on attempt.company_id = $1 and attempt.delivery_id = newest.id and attempt.number = newest.attempts
           where newest.finished_at > now() - interval '24 hours' and state in ('sent', 'failed', 'unknown')`,
    values: [companyId, channelId],
  })
  const last = await db.query<{ inbound: Date | null; outbound: Date | null }>({
    name: "channels.last_traffic", // delivery_log: each message that came in was told to its partner, each reply was sent
    text: `select max(created_at) filter (where sequence = 'notice') as inbound, max(created_at) filter (where sequence = 'send') as outbound
           from (select sequence, created_at from delivery where company_id = $1 and channel_id = $2 order by id desc limit ${deliveriesMax}) newest`,
    values: [companyId, channelId],
  })
  const times = rows.flatMap(({ took_ms }) => took_ms ?? []).sort((a, b) => a - b)
  const quantile = (part: number): number | null => times[Math.ceil(times.length * part) - 1] ?? null
  const hours = Array.from({ length: hoursShown }, () => ({ succeeded: 0, failed: 0 }))
  const codes = new Map<string, number>()
  for (const { hours_ago: ago, state, error_code: code } of rows) {
    const hour = hours[hoursShown - 1 - Math.max(0, ago)]
    if (hour !== undefined) hour[state === "sent" ? "succeeded" : "failed"] += 1
    if (state !== "sent") codes.set(code ?? state, (codes.get(code ?? state) ?? 0) + 1)
  }
  return {
    answered: rows.length,
    succeeded: rows.filter(({ state }) => state === "sent").length,
    p50_ms: quantile(0.5),
    p95_ms: quantile(0.95),
    failures: [...codes].map(([code, count]) => ({ code, count })).sort((a, b) => b.count - a.count),
    hours,
    last_inbound_at: seconds(last[0]?.inbound),
    last_outbound_at: seconds(last[0]?.outbound),
  }
}

const seconds = (at: Date | null | undefined): number | null => (at ? at.getTime() / 1000 : null)
