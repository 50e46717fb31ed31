import type { CallStatus, CallStepStatus, RecordingType } from "@causeway/contract/resources/call"
import type { Channel } from "../channels/store.ts"
import type { Tx } from "../database/database.ts"
import { notFound } from "../http/errors.ts"
import type { Step } from "./lifecycle.ts"
import { type Told, tell } from "./words.ts"

/** A call as it stands, its row locked. */
export interface Call extends Told {
  companyId: number
  /** Also its message's. */
  id: number
  agentEmail: string | null
  steps: Step[]
}

export interface NewCallRow {
  companyId: number
  id: number
  channelId: number
  externalId: string
  parentExternalId: string | null
  direction: "inbound" | "outbound"
  status: "queued" | "ringing"
  handle: string
  name: string | null
  agentEmail: string | null
  startedAt: Date
}

/** Takes the external id, once per channel and for ever: false when it is taken. Of two copies at once the second waits for the first. */
export async function insertCall(tx: Tx, call: NewCallRow): Promise<boolean> {
  const rows = await tx.query({
    name: "calls.insert", // walks call_external_id
    text: `insert into call (company_id, id, channel_id, external_id, parent_external_id, direction, status, handle, name, agent_email, started_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) on conflict (company_id, channel_id, external_id) do nothing returning id`,
    values: [
      call.companyId,
      call.id,
      call.channelId,
      call.externalId,
      call.parentExternalId,
      call.direction,
      call.status,
      call.handle,
      call.name,
      call.agentEmail,
      call.startedAt,
    ],
  })
  return rows.length === 1
}

interface Row {
  id: number
  direction: "inbound" | "outbound"
  status: CallStatus
  agent_email: string | null
  connected_at: Date | null
  ended_at: Date | null
  summary: string | null
  steps: { status: CallStepStatus; at: number }[]
  recordings: RecordingType[]
}

/** The call with this id of the partner's, locked until the transaction ends, before its conversation is; 404 when the channel has none. */
export async function lockCall(tx: Tx, channel: Channel, externalId: string): Promise<Call> {
  // Locked by a statement of its own: the next one then sees everything that whoever held the lock has written.
  const [locked] = await tx.query<{ id: number }>({
    name: "calls.lock", // walks call_external_id
    text: `select id from call where company_id = $1 and channel_id = $2 and external_id = $3 collate "C" for no key update`,
    values: [channel.companyId, channel.id, externalId],
  })
  if (locked === undefined) throw notFound("call", externalId)
  const rows = await tx.query<Row>({
    name: "calls.read", // walks the primary keys of call, call_step and call_recording
    text: `select id, direction, status, agent_email, connected_at, ended_at, summary,
             (select json_agg(json_build_object('status', step.status, 'at', extract(epoch from step.occurred_at)::float8) order by step.number)
              from call_step step where step.company_id = call.company_id and step.call_id = call.id) as steps,
             coalesce((select json_agg(recording.type) from call_recording recording
              where recording.company_id = call.company_id and recording.call_id = call.id), '[]') as recordings
           from call where company_id = $1 and id = $2`,
    values: [channel.companyId, locked.id],
  })
  return callOf(channel.companyId, rows[0] as Row)
}

const callOf = (companyId: number, row: Row): Call => ({
  companyId,
  id: row.id,
  direction: row.direction,
  status: row.status,
  agentEmail: row.agent_email,
  connectedAt: row.connected_at,
  endedAt: row.ended_at,
  summary: row.summary,
  steps: row.steps.map(({ status, at }) => ({ status, occurredAt: new Date(Math.round(at * 1000)) })),
  recordings: row.recordings,
})

export async function insertStep(
  tx: Tx,
  call: { companyId: number; id: number },
  step: Step & { number: number; agentEmail: string | null },
): Promise<void> {
  await tx.query({
    name: "calls.insert_step",
    text: "insert into call_step (company_id, call_id, number, status, occurred_at, agent_email) values ($1, $2, $3, $4, $5, $6)",
    values: [call.companyId, call.id, step.number, step.status, step.occurredAt, step.agentEmail],
  })
}

/** Writes what a change may have changed of the call itself. */
export async function updateCallRow(tx: Tx, call: Call): Promise<void> {
  await tx.query({
    name: "calls.update",
    text: `update call set status = $3, agent_email = $4, connected_at = $5, ended_at = $6, summary = $7 where company_id = $1 and id = $2`,
    values: [call.companyId, call.id, call.status, call.agentEmail, call.connectedAt, call.endedAt, call.summary],
  })
}

/** False when the call has this very transcript already. */
export async function writeTranscript(tx: Tx, call: Call, lines: readonly object[]): Promise<boolean> {
  const rows = await tx.query({
    name: "calls.write_transcript",
    text: "update call set transcript = $3::jsonb where company_id = $1 and id = $2 and transcript is distinct from $3::jsonb returning id",
    values: [call.companyId, call.id, JSON.stringify(lines)],
  })
  return rows.length > 0
}

/** What a change of a call does to its conversation. */
export interface ConversationEffect {
  /** Moves it up in the list; null: it stays where it is. */
  activityAt: Date | null
  /** Somebody spoke with the customer: nobody waits any more. */
  answers: boolean
  /** The customer reached nobody: they wait, and an archived conversation comes back. */
  needsAnswer: boolean
}

/**
 * Brings the conversation and the message of a call up to date, in this order, as everywhere. A conversation whose last item is this call shows its
 * new line. Walks the primary keys of message and conversation.
 */
export async function updateTimeline(
  tx: Tx,
  call: Call,
  effect: ConversationEffect,
  authorId: number | null,
): Promise<{ conversationId: number; reopened: boolean }> {
  const body = tell(call)
  const rows = await tx.query<{ id: number; reopened: boolean }>({
    name: "calls.touch_conversation",
    text: `update conversation set version = conversation.version + 1, updated_at = now(),
             preview = case when conversation.last_message_id = $2 then $3 else conversation.preview end,
             activity_at = greatest(conversation.activity_at, $4::timestamptz),
             waiting_since = case when $5 then null when $6 then coalesce(conversation.waiting_since, $4::timestamptz) else conversation.waiting_since end,
             status = case when $6 and conversation.status = 'archived' then 'open' else conversation.status end
           from conversation before join message on message.company_id = before.company_id and message.conversation_id = before.id
           where message.company_id = $1 and message.id = $2 and conversation.company_id = before.company_id and conversation.id = before.id
           returning conversation.id, $6 and before.status = 'archived' as reopened`,
    values: [call.companyId, call.id, body.blurb, effect.activityAt, effect.answers, effect.needsAnswer],
  })
  await tx.query({
    name: "calls.touch_message",
    text: `update message set body = $3, body_source = $4, text = $5, blurb = $6, version = version + 1,
             author_id = case when direction = 'outbound' then coalesce($7, author_id) end
           where company_id = $1 and id = $2`,
    values: [call.companyId, call.id, body.body, body.source, body.text, body.blurb, authorId],
  })
  const row = rows[0]
  if (row === undefined) throw new Error(`call ${call.id} has no conversation`)
  return { conversationId: row.id, reopened: row.reopened }
}
