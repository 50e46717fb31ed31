import type { ToldAgain } from "@causeway/contract/endpoints/deliveries"
import { formatId } from "@causeway/contract/ids"
import { redriveMax } from "@causeway/contract/limits"
import { recordAudit } from "../audit/store.ts"
import type { Tx } from "../database/database.ts"
import { notFound } from "../http/errors.ts"
import { enqueue, type NewDelivery } from "./outbox.ts"
import { lockConversations } from "./places.ts"
import type { ReplayDeps } from "./replay.ts"

/** Which of a channel's deliveries are told again. */
export interface RedriveFilter {
  companyId: number
  channelId: number
  states: readonly ("failed" | "unknown")[]
  /** Wall clock: when they ended. */
  since: Date
  /** Null: up to now. */
  until: Date | null
}

/** They become due at this rate: a partner that has just come back is not met by all of it at once. */
export const redrivenPerSecond = 20
/** So many share a transaction, and with it the locks of their conversations. */
const batchSize = 100
/** More is not counted exactly. */
const countMax = 100_000
const idsPerDelivery = 16

interface Candidate {
  id: number
  conversation_id: number
  message_id: number
  sequence: "send" | "notice"
  type: NewDelivery["type"]
}

/**
 * Only the newest copy of what was to be told counts: what was told again since, or is on its way, is none of them. Questions and goodbyes
 * (`authorization`, `delete`) are not told again in bulk.
 */
const candidates = `from delivery where company_id = $1 and channel_id = $2 and state = any($3) and finished_at >= $4 and finished_at < coalesce($5::timestamptz, 'infinity')
  and sequence in ('send', 'notice') and conversation_id is not null and message_id is not null
  and not exists (select from delivery later where later.company_id = $1 and later.message_id = delivery.message_id and later.sequence = delivery.sequence
    and later.id > delivery.id and later.state <> 'cancelled')`

const valuesOf = (filter: RedriveFilter) => [
  filter.companyId,
  filter.channelId,
  filter.states,
  filter.since,
  filter.until,
]

interface Count {
  count: number
  oldest_at: Date | null
  counted_at: Date
}

/** How many there are, up to 100,000, when the first of them was made, and when this was. Throws 404 when the company has no such channel. Walks delivery_failed. */
export async function countRedrive(tx: Tx, filter: RedriveFilter): Promise<Count> {
  await channelStatus(tx, filter)
  const [row] = await tx.query<Count>({
    name: "redrive.count",
    text: `select count(*)::int as count, min(created_at) as oldest_at, clock_timestamp() as counted_at
           from (select created_at ${candidates} limit ${countMax}) found`,
    values: valuesOf(filter),
  })
  return row as Count
}

/**
 * What became of those that ended within the span and were told again after it: whoever calls `redrive` in portions watches it fill. All 0 without an
 * `until`. Walks delivery_told_again.
 */
export async function countTold(tx: Tx, { companyId, channelId, since, until }: RedriveFilter): Promise<ToldAgain> {
  if (until === null) return { sent: 0, failed: 0, unknown: 0, under_way: 0 }
  const [row] = await tx.query<ToldAgain>({
    name: "redrive.told",
    text: `select count(*) filter (where again.state = 'sent')::int as sent, count(*) filter (where again.state = 'failed')::int as failed,
             count(*) filter (where again.state = 'unknown')::int as unknown,
             count(*) filter (where again.state in ('held', 'queued', 'waiting', 'sending'))::int as under_way
           from delivery again join delivery first on first.company_id = again.company_id and first.id = again.replay_of
           where again.company_id = $1 and again.channel_id = $2 and again.replay_of is not null and again.created_at >= $4
             and first.finished_at >= $3 and first.finished_at < $4`,
    values: [companyId, channelId, since, until],
  })
  return row as ToldAgain
}

/**
 * Tells the partner again what failed: new deliveries at the ends of their conversations' sequences, in the order in which the first ones stood there.
 * At most `limit`; returns how many. Throws 404 when the company has no such channel.
 */
export async function redrive(deps: ReplayDeps, filter: RedriveFilter, limit = redriveMax): Promise<number> {
  const found = await deps.db.query<{ id: number }>({
    name: "redrive.find",
    // By number: of a conversation the earlier ones come first, in this call as in the next.
    text: `select id ${candidates} order by number, conversation_id limit $6`,
    values: [...valuesOf(filter), limit],
  })
  let begun = 0
  for (let i = 0; i < found.length; i += batchSize) {
    const ids = found.slice(i, i + batchSize).map((row) => row.id)
    await deps.ids.reserve(idsPerDelivery * ids.length)
    const before = begun
    begun += await deps.db.tx((tx) => beginBatch(tx, deps, filter, { ids, before }))
  }
  return begun
}

async function beginBatch(
  tx: Tx,
  deps: ReplayDeps,
  filter: RedriveFilter,
  { ids, before }: { ids: number[]; before: number },
): Promise<number> {
  const rows = await lockAndRead(tx, filter, ids)
  const offline = (await channelStatus(tx, filter)) === "offline"
  const numbers = await takeNumbers(tx, filter.companyId, rows)
  const nowMs = deps.clock.now().getTime()
  const deliveries = rows.map(
    (row, i): NewDelivery => ({
      companyId: filter.companyId,
      id: deps.ids.take(),
      channelId: filter.channelId,
      conversationId: row.conversation_id,
      messageId: row.message_id,
      sequence: row.sequence,
      type: row.type,
      number: numbers[i] as number,
      state: "queued",
      dueAt: new Date(nowMs + Math.floor((before + i) / redrivenPerSecond) * 1000),
      channelOffline: offline,
      replayOf: row.id,
    }),
  )
  await enqueue(tx, deliveries)
  await recordAudit(tx, {
    companyId: filter.companyId,
    noun: "channel",
    verb: "redriven",
    target: String(filter.channelId),
    after: { count: deliveries.length, states: filter.states },
  })
  for (const delivery of deliveries)
    if (delivery.sequence === "send")
      await deps.hooks.onState(tx, { delivery, state: offline ? "waiting" : "queued", dueAt: null })
  return deliveries.length
}

/** Under the locks of their conversations: those that are still to be told again. */
async function lockAndRead(tx: Tx, filter: RedriveFilter, ids: number[]): Promise<Candidate[]> {
  const conversations = await tx.query<{ conversation_id: number }>({
    name: "redrive.conversations",
    text: "select distinct conversation_id from delivery where company_id = $1 and id = any($2::bigint[])",
    values: [filter.companyId, ids],
  })
  await lockConversations(
    tx,
    filter.companyId,
    conversations.map((row) => row.conversation_id),
  )
  return await tx.query<Candidate>({
    name: "redrive.read",
    text: `select id, conversation_id, message_id, sequence, type ${candidates} and id = any($6::bigint[]) order by number, conversation_id`,
    values: [...valuesOf(filter), ids],
  })
}

/** The places of these rows, in the same order, at the ends of their sequences. */
async function takeNumbers(tx: Tx, companyId: number, rows: readonly Candidate[]): Promise<number[]> {
  const byConversation = [...Map.groupBy(rows, (row) => row.conversation_id)]
  const countOf = (sequence: Candidate["sequence"]) =>
    byConversation.map(([, own]) => own.filter((row) => row.sequence === sequence).length)
  const taken = await tx.query<{ id: number; send: number; notice: number }>({
    name: "redrive.take_numbers",
    text: `update conversation set last_send = last_send + new.sends, last_notice = last_notice + new.notices
           from unnest($2::bigint[], $3::int[], $4::int[]) as new (id, sends, notices)
           where conversation.company_id = $1 and conversation.id = new.id
           returning conversation.id, last_send - new.sends as send, last_notice - new.notices as notice`,
    values: [companyId, byConversation.map(([id]) => id), countOf("send"), countOf("notice")],
  })
  const last = new Map(taken.map((row) => [row.id, row]))
  return rows.map((row) => {
    const places = last.get(row.conversation_id)
    return places === undefined ? 0 : ++places[row.sequence]
  })
}

async function channelStatus(tx: Tx, { companyId, channelId }: RedriveFilter): Promise<string> {
  const rows = await tx.query<{ status: string }>({
    name: "redrive.channel_status",
    text: "select status from channel where company_id = $1 and id = $2 and deleted_at is null",
    values: [companyId, channelId],
  })
  if (rows[0] === undefined) throw notFound("channel", formatId("cha", channelId))
  return rows[0].status
}
