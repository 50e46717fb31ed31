import { createHash } from "node:crypto"
import type { LogEntry, LogOutcome } from "@causeway/contract/endpoints/log"
import { formatId } from "@causeway/contract/ids"
import type { Tx } from "../database/database.ts"

export interface LogFilter {
  companyId: number
  /** Null: all of them. */
  channelIds: readonly number[] | null
  conversationId: number | null
  direction: "in" | "out" | null
  what: string | null
  outcome: LogOutcome | null
  text: string | null
  since: Date | null
  before: number | null
  max: number
}

/** A text is looked for in so many of the newest entries of each kind: bodies have no index. */
const searchedMax = 5_000

const statesOf: Record<LogOutcome, readonly string[]> = {
  ok: ["sent"],
  failed: ["failed"],
  unknown: ["unknown"],
  waiting: ["held", "queued", "sending", "waiting"],
}
const outcomeOf = (state: string): LogOutcome => {
  if (state === "cancelled") return "ok"
  for (const outcome of ["ok", "failed", "unknown"] as const) if (statesOf[outcome].includes(state)) return outcome
  return "waiting"
}

interface Row {
  id: number
  at: Date
  channel_id: number | null
  what: string
  state: string
  http_status: number | null
  code: string | null
  reason: string | null
  took_ms: number | null
  attempts: number
  due_at: Date | null
  conversation_id: number | null
  message_id: number | null
  replay_of: number | null
  skipped: number
}

/** Both kinds, newest first: their ids are of one sequence. One more than `max` when there are more. */
export async function readLog(tx: Tx, filter: LogFilter): Promise<LogEntry[]> {
  const [out, calls] = await Promise.all([
    filter.direction === "in" ? [] : readDeliveries(tx, filter),
    // Calls are answered at once and belong to no conversation that they could be found by.
    filter.direction === "out" || filter.conversationId !== null || !["ok", "failed", null].includes(filter.outcome)
      ? []
      : readCalls(tx, filter),
  ])
  return [
    ...out.map((row) => ({ row, entry: viewDelivery(row) })),
    ...calls.map((row) => ({ row, entry: viewCall(row) })),
  ]
    .sort((a, b) => b.row.id - a.row.id)
    .slice(0, filter.max + 1)
    .map(({ entry }) => entry)
}

/** Not prepared: the plan follows the filters (delivery_log, delivery_failed, delivery_open or the primary key). */
const readDeliveries = (tx: Tx, filter: LogFilter): Promise<Row[]> =>
  tx.query<Row>({
    text: `select delivery.id, delivery.created_at as at, channel_id, type as what, state, last.response_status as http_status, error_code as code,
             coalesce(error_reason, waiting_reason) as reason, (last.timing ->> 'total')::float8 as took_ms, attempts,
             case when finished_at is null and isfinite(due_at) then due_at end as due_at, conversation_id, message_id, replay_of, 0 as skipped
           from (select * from delivery where company_id = $1
               ${filter.channelIds === null ? "and $2::bigint[] is null" : "and channel_id = any($2::bigint[])"}
               ${filter.outcome === "failed" || filter.outcome === "unknown" ? "and state in ('failed', 'unknown')" : ""}
               and ($3::bigint is null or conversation_id = $3) and ($4::text is null or type = $4) and ($5::text[] is null or state = any($5))
               and ($6::timestamptz is null or created_at >= $6) and ($7::bigint is null or id < $7) and webhook_id is null
             order by id desc limit ${filter.text === null ? "$8" : String(searchedMax)}) delivery
           left join lateral (select response_status, timing, request_body, response_body from attempt
             where attempt.company_id = $1 and attempt.delivery_id = delivery.id order by number desc limit 1) last on true
           ${filter.text === null ? "" : "where strpos(lower(concat_ws(' ', last.request_body, last.response_body, error_reason)), lower($9)) > 0"}
           order by delivery.id desc limit $8`,
    values: [
      filter.companyId,
      filter.channelIds,
      filter.conversationId,
      filter.what,
      filter.outcome === null ? null : statesOf[filter.outcome],
      filter.since,
      filter.before,
      filter.max + 1,
      ...(filter.text === null ? [] : [filter.text]),
    ],
  })

const readCalls = (tx: Tx, filter: LogFilter): Promise<Row[]> =>
  tx.query<Row>({
    text: `select id, at, channel_id, what, case when status < 400 then 'sent' else 'failed' end as state, status as http_status, null as code,
             case when status >= 400 then left(substring(response_body from '"message":"([^"]*)'), 300) end as reason, took_ms, 1 as attempts,
             null as due_at, null as conversation_id, null as message_id, null as replay_of, skipped
           from (select * from api_call where company_id = $1
               ${filter.channelIds === null ? "and $2::bigint[] is null" : "and channel_id = any($2::bigint[])"}
               and ($3::text is null or what = $3) and ($4::boolean is null or (status < 400) = $4)
               and ($5::timestamptz is null or at >= $5) and ($6::bigint is null or id < $6)
             order by id desc limit ${filter.text === null ? "$7" : String(searchedMax)}) call
           ${filter.text === null ? "" : "where strpos(lower(concat_ws(' ', url, request_body, response_body)), lower($8)) > 0"}
           order by id desc limit $7`,
    values: [
      filter.companyId,
      filter.channelIds,
      filter.what,
      filter.outcome === null ? null : filter.outcome === "ok",
      filter.since,
      filter.before,
      filter.max + 1,
      ...(filter.text === null ? [] : [filter.text]),
    ],
  })

const idOrNull = (prefix: "cha" | "cnv" | "msg" | "dlv", id: number | null): string | null =>
  id === null ? null : formatId(prefix, id)

const viewShared = (row: Row) => ({
  at: row.at.getTime() / 1000,
  what: row.what,
  channel_id: idOrNull("cha", row.channel_id),
  outcome: outcomeOf(row.state),
  http_status: row.http_status,
  code: row.state === "cancelled" ? "cancelled" : row.code,
  reason: row.reason,
  took_ms: row.took_ms,
  attempts: row.attempts,
  due_at: row.due_at === null ? null : row.due_at.getTime() / 1000,
  conversation_id: idOrNull("cnv", row.conversation_id),
  message_id: idOrNull("msg", row.message_id),
  replay_of: idOrNull("dlv", row.replay_of),
  skipped: row.skipped,
})

const viewDelivery = (row: Row): LogEntry => ({ id: formatId("dlv", row.id), direction: "out", ...viewShared(row) })
const viewCall = (row: Row): LogEntry => ({ id: formatId("req", row.id), direction: "in", ...viewShared(row) })

/** Changes with anything that the page shows. */
export const etagOf = (entries: readonly LogEntry[]): string =>
  createHash("sha256").update(JSON.stringify(entries)).digest("base64url").slice(0, 22)
