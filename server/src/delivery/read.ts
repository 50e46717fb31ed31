import type { AttemptView, DeliveryStatus, DeliveryView } from "@causeway/contract/endpoints/deliveries"
import { formatId } from "@causeway/contract/ids"
import type { Tx } from "../database/database.ts"
import type { EventDeliveryType } from "./events.ts"
import type { DeliveryType } from "./outbox.ts"

export interface DeliveryFilter {
  companyId: number
  id?: number
  channelId?: number
  webhookId?: number
  messageId?: number
  status?: DeliveryStatus
  /** Older than this delivery. */
  before?: number
  max: number
}

interface SharedColumns {
  id: number
  conversation_id: number | null
  message_id: number | null
  state: DeliveryStatus
  due_at: Date
  waiting_reason: string | null
  error_code: string | null
  error_reason: string | null
  replay_of: number | null
  created_at: Date
  finished_at: Date | null
}

/** Told to a channel's partner. */
export interface ChannelDeliveryRow extends SharedColumns {
  channel_id: number
  webhook_id: null
  event_position: null
  sequence: "send" | "notice" | "control"
  type: DeliveryType
}

/** An event told to a webhook, or the challenge before it. */
interface EventDeliveryRow extends SharedColumns {
  channel_id: null
  webhook_id: number
  event_position: number | null
  sequence: "event" | "control"
  type: EventDeliveryType | "webhook_challenge"
}

export type DeliveryRow = ChannelDeliveryRow | EventDeliveryRow

interface AttemptRow {
  delivery_id: number
  number: number
  started_at: Date
  finished_at: Date | null
  request_method: string | null
  request_url: string | null
  request_headers: unknown
  request_body: string | null
  response_status: number | null
  response_headers: unknown
  response_body: string | null
  timing: unknown
  outcome: string | null
  decision: string | null
  warnings: string[]
}

/** Newest first. Not prepared: the plan depends on which filters there are (delivery_log, delivery_webhook_log, delivery_message or the primary key). */
export const listDeliveryRows = (tx: Tx, filter: DeliveryFilter) =>
  tx.query<DeliveryRow>({
    text: `select id, channel_id, webhook_id, event_position, conversation_id, message_id, sequence, type, state, due_at, waiting_reason, error_code, error_reason, replay_of, created_at, finished_at
           from delivery where company_id = $1 and ($2::bigint is null or id = $2) and ($3::bigint is null or channel_id = $3)
             and ($4::bigint is null or message_id = $4) and ($5::text is null or state = $5) and ($6::bigint is null or id < $6)
             and ($7::bigint is null or webhook_id = $7)
           order by id desc limit $8`,
    values: [
      filter.companyId,
      filter.id ?? null,
      filter.channelId ?? null,
      filter.messageId ?? null,
      filter.status ?? null,
      filter.before ?? null,
      filter.webhookId ?? null,
      filter.max,
    ],
  })

/** With all their attempts, oldest attempt first. */
export async function viewDeliveries(tx: Tx, companyId: number, rows: readonly DeliveryRow[]): Promise<DeliveryView[]> {
  const attempts = await tx.query<AttemptRow>({
    name: "deliveries.attempts",
    text: `select delivery_id, number, started_at, finished_at, request_method, request_url, request_headers, request_body, response_status, response_headers,
             response_body, timing, outcome, decision, warnings
           from attempt where company_id = $1 and delivery_id = any($2::bigint[]) order by delivery_id, number`,
    values: [companyId, rows.map((row) => row.id)],
  })
  const byDelivery = Map.groupBy(attempts, (attempt) => attempt.delivery_id)
  return rows.map((row) => viewDelivery(row, (byDelivery.get(row.id) ?? []).map(viewAttempt)))
}

const seconds = (at: Date): number => at.getTime() / 1000
const secondsOrNull = (at: Date | null): number | null => (at === null ? null : seconds(at))

function viewDelivery(row: DeliveryRow, attempts: AttemptView[]): DeliveryView {
  const open = row.finished_at === null && row.state !== "sending"
  const isDated = Math.abs(row.due_at.getTime()) < 8.64e15 // ±infinity: until somebody acts, or at once
  return {
    id: formatId("dlv", row.id),
    channel_id: row.channel_id === null ? null : formatId("cha", row.channel_id),
    webhook_id: row.webhook_id === null ? null : formatId("whk", row.webhook_id),
    conversation_id: row.conversation_id === null ? null : formatId("cnv", row.conversation_id),
    message_id: row.message_id === null ? null : formatId("msg", row.message_id),
    type: row.type,
    status: row.state,
    due_at: open && isDated ? seconds(row.due_at) : null,
    reason: row.error_reason ?? row.waiting_reason,
    error_code: row.error_code,
    replay_of: row.replay_of === null ? null : formatId("dlv", row.replay_of),
    created_at: seconds(row.created_at),
    finished_at: secondsOrNull(row.finished_at),
    attempts,
  }
}

const viewAttempt = (row: AttemptRow): AttemptView => ({
  number: row.number,
  started_at: seconds(row.started_at),
  finished_at: secondsOrNull(row.finished_at),
  outcome: row.outcome,
  decision: row.decision,
  warnings: row.warnings,
  timing: row.timing,
  request: { method: row.request_method, url: row.request_url, headers: row.request_headers, body: row.request_body },
  response:
    row.response_status === null
      ? null
      : { status: row.response_status, headers: row.response_headers, body: row.response_body },
})
