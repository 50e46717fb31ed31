import type { TraceStep } from "@causeway/contract/endpoints/log"
import { formatId, parseId } from "@causeway/contract/ids"
import type { Tx } from "../database/database.ts"
import { listDeliveryRows, viewDeliveries } from "../delivery/read.ts"

export interface Trace {
  messageId: number | null
  conversationId: number | null
  direction: "inbound" | "outbound" | null
  steps: TraceStep[]
}

interface MessageFacts {
  id: number
  uid: string
  conversation_id: number
  channel_id: number
  direction: "inbound" | "outbound"
  state: string | null
  error_code: string | null
  error_reason: string | null
  external_id: string | null
  external_conversation_id: string | null
  created_at: Date
  number: number
  deleted: boolean
  thread_kind: string | null
  conversation_status: string
  failed_count: number
  inbox_name: string | null
  preview: string
}

/** The way of the message that `text` names; null when it names nothing of the company. */
export async function trace(tx: Tx, companyId: number, text: string): Promise<Trace | null> {
  const message = await findNamed(tx, companyId, text)
  const calls = await findCalls(tx, companyId, { text, message })
  if (message === null)
    return calls.length === 0 ? null : { messageId: null, conversationId: null, direction: null, steps: calls }
  const rows = await listDeliveryRows(tx, { companyId, messageId: message.id, max: 20 })
  const deliveries = await viewDeliveries(tx, companyId, rows)
  const told = deliveries.reverse().map((delivery): TraceStep => {
    const attempt = delivery.attempts.at(-1) ?? null
    return {
      step: "delivery",
      state:
        delivery.status === "sent"
          ? "ok"
          : delivery.status === "failed"
            ? "failed"
            : delivery.status === "unknown"
              ? "unknown"
              : "waiting",
      at: attempt?.started_at ?? delivery.created_at,
      id: delivery.id,
      what: delivery.type,
      status: attempt?.response ? String(attempt.response.status) : delivery.status,
      reason: delivery.reason,
      attempt,
    }
  })
  const [kept, threaded, seen] = ownSteps(message)
  const brought = calls.filter(({ what }) => what?.startsWith("POST"))
  const later = calls.filter((call) => !brought.includes(call))
  const steps =
    message.direction === "inbound"
      ? [...brought, kept, threaded, seen, ...told, ...later]
      : [...brought, kept, threaded, ...told, ...later, seen]
  return { messageId: message.id, conversationId: message.conversation_id, direction: message.direction, steps }
}

function ownSteps(message: MessageFacts): [TraceStep, TraceStep, TraceStep] {
  const at = message.created_at.getTime() / 1000
  const common = { reason: null, attempt: null, at }
  const failed = message.state === "failed"
  return [
    {
      ...common,
      step: "kept",
      state: "ok",
      id: formatId("msg", message.id),
      what: message.direction,
      status: message.external_id,
    },
    {
      ...common,
      step: "threaded",
      state: "ok",
      id: formatId("cnv", message.conversation_id),
      what: message.thread_kind,
      status: message.external_conversation_id,
    },
    {
      ...common,
      step: "seen",
      state: failed ? "failed" : message.state === "unknown" ? "unknown" : message.deleted ? "failed" : "ok",
      id: formatId("cnv", message.conversation_id),
      what: message.inbox_name,
      status: message.deleted
        ? "deleted"
        : `${message.conversation_status}${message.state === null ? "" : `/${message.state}`}`,
      reason: message.error_reason,
    },
  ]
}

/** Walks the primary key, message_uid, external_message_id and the indexes of the two logs: one of them answers. */
async function findNamed(tx: Tx, companyId: number, text: string): Promise<MessageFacts | null> {
  const plain = text.replace(/^alt:uid:/, "")
  const rows = await tx.query<MessageFacts>({
    text: `select message.id, message.uid, message.conversation_id, message.channel_id, message.direction, message.state, message.error_code, message.error_reason,
             message.external_id, message.external_conversation_id, message.created_at, message.number, message.deleted_at is not null as deleted,
             (select kind from thread_key where thread_key.company_id = $1 and thread_key.channel_id = message.channel_id
                and thread_key.conversation_id = message.conversation_id order by id limit 1) as thread_kind,
             conversation.status as conversation_status, conversation.failed_count, inbox.name as inbox_name, conversation.preview
           from message
           join conversation on conversation.company_id = $1 and conversation.id = message.conversation_id
           left join inbox on inbox.company_id = $1 and inbox.id = conversation.inbox_id
           where message.company_id = $1 and message.id in (
             select $2::bigint where $2 is not null
             union select message_id from delivery where company_id = $1 and id = $3
             union select id from message where company_id = $1 and uid = $4
             union select message_id from external_message_id where company_id = $1 and channel_id = any(array(select id from channel where company_id = $1)) and external_id = $4
             union select message.id from api_call join message on message.company_id = $1 and message.uid = api_call.message_uid
               where api_call.company_id = $1 and api_call.id = $5)
           order by message.id limit 1`,
    values: [companyId, parseId("msg", text), parseId("dlv", text), plain, parseId("req", text)],
  })
  return rows[0] ?? null
}

async function findCalls(
  tx: Tx,
  companyId: number,
  { text, message }: { text: string; message: MessageFacts | null },
): Promise<TraceStep[]> {
  const rows = await tx.query<{ id: number; at: Date; what: string; status: number; response_body: string | null }>({
    text: `select id, at, what, status, response_body from api_call
           where company_id = $1 and (id = $2 or (method <> 'GET' and (external_id = any($3::text[]) or message_uid = any($4::text[])))) order by id limit 20`,
    values: [
      companyId,
      parseId("req", text),
      [text, ...(message?.external_id ? [message.external_id] : [])],
      [text.replace(/^alt:uid:/, ""), ...(message === null ? [] : [message.uid])],
    ],
  })
  return rows.map(({ id, at, what, status, response_body }) => ({
    step: "call",
    state: status < 400 ? "ok" : "failed",
    at: at.getTime() / 1000,
    id: formatId("req", id),
    what,
    status: String(status),
    reason: status < 400 ? null : (/"message":"([^"]{0,300})/.exec(response_body ?? "")?.[1] ?? null),
    attempt: null,
  }))
}
