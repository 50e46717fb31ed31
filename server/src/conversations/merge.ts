import { formatId } from "@causeway/contract/ids"
import type { Tx } from "../database/database.ts"
import { takeOverDeliveries } from "../delivery/places.ts"
import type { Member } from "../http/callers.ts"
import { HttpError, MovedError, notFound } from "../http/errors.ts"
import { appendEvents, type FeedEvent } from "../live/feed.ts"
import { requireWriter } from "../teammates/roles.ts"
import { type ChangeDeps, sourceOf } from "./change.ts"

interface Row {
  id: number
  type: string
  status: "open" | "archived" | "deleted" | "spam"
  merged_into: number | null
  last_number: number
  last_send: number
  last_notice: number
}

/**
 * Puts conversations into another: threads, messages, comments, drafts, tags, links, followers, reminders, what is still to be told to partners, and what
 * happened, all of it goes on in the survivor. Messages keep the order of their own conversation, and stand in the survivor by time. The ids of the others
 * lead to it from then on, also those that were merged into them before. Throws 400 for a discussion or a task: they have no messages to go on with.
 */
export async function mergeConversations(
  deps: ChangeDeps,
  member: Member,
  survivorId: number,
  loserIds: readonly number[],
): Promise<void> {
  requireWriter(member)
  const { companyId } = member
  const ids = [...new Set(loserIds)].filter((id) => id !== survivorId)
  if (ids.length === 0) return
  await deps.ids.reserve(ids.length + 1)
  await deps.db.tx(async (tx) => {
    const rows = await lockAll(tx, companyId, [survivorId, ...ids])
    const survivor = rows.get(survivorId) as Row
    const losers = ids.map((id) => rows.get(id) as Row)
    const places = placesOf(survivor, losers)
    await moveKept(tx, companyId, survivorId, places)
    await moveParts(tx, companyId, survivorId, ids)
    await takeOverDeliveries(tx, companyId, survivorId, places)
    await renewSurvivor(tx, companyId, survivorId, ids)
    await endLosers(tx, companyId, survivorId, ids)
    await appendEvents(tx, companyId, eventsOf(deps, member, survivorId, ids))
  })
  deps.committed([companyId])
}

/** In id order, as everywhere. */
async function lockAll(tx: Tx, companyId: number, ids: readonly number[]): Promise<Map<number, Row>> {
  const found = await tx.query<Row>({
    name: "merge.lock",
    text: `select id, type, status, merged_into, last_number, last_send, last_notice from conversation
           where company_id = $1 and id = any($2::bigint[]) order by id for no key update`,
    values: [companyId, ids],
  })
  const rows = new Map(found.map((row) => [row.id, row]))
  for (const id of ids) {
    const row = rows.get(id)
    if (row === undefined) throw notFound("conversation", formatId("cnv", id))
    if (row.type !== "conversation")
      throw new HttpError(400, `Only conversations with messages are merged; ${formatId("cnv", id)} is a ${row.type}`)
    if (row.merged_into === null) continue
    if (id === ids[0]) throw new MovedError("conversation", formatId("cnv", id), formatId("cnv", row.merged_into))
    throw new HttpError(409, `${formatId("cnv", id)} was merged into ${formatId("cnv", row.merged_into)} already`)
  }
  return rows
}

interface Place {
  id: number
  numbersFrom: number
  sendsFrom: number
  noticesFrom: number
}

/** Where the numbers of each loser go on: behind the survivor's, one after another. */
function placesOf(survivor: Row, losers: readonly Row[]): Place[] {
  const next = { numbersFrom: survivor.last_number, sendsFrom: survivor.last_send, noticesFrom: survivor.last_notice }
  return losers.map((loser) => {
    const place = { id: loser.id, ...next }
    next.numbersFrom += loser.last_number
    next.sendsFrom += loser.last_send
    next.noticesFrom += loser.last_notice
    return place
  })
}

/** Thread keys, messages, comments, drafts and public events; each by its index on the conversation. */
async function moveKept(tx: Tx, companyId: number, survivorId: number, places: readonly Place[]): Promise<void> {
  const ids = places.map((place) => place.id)
  for (const [table, also] of [
    ["thread_key", ""],
    ["comment", ", version = version + 1"],
    ["draft", ""],
  ])
    await tx.query({
      name: `merge.move_${table}`,
      text: `update ${table} set conversation_id = $2${also} where company_id = $1 and conversation_id = any($3::bigint[])`,
      values: [companyId, survivorId, ids],
    })
  await tx.query({
    name: "merge.move_messages",
    text: `update message set conversation_id = $2, number = number + loser.numbers_from, version = version + 1
           from unnest($3::bigint[], $4::int[]) as loser(id, numbers_from) where message.company_id = $1 and message.conversation_id = loser.id`,
    values: [companyId, survivorId, ids, places.map((place) => place.numbersFrom)],
  })
  await tx.query({
    name: "merge.move_events",
    text: "update event set conversation_id = $2 where company_id = $1 and conversation_id = any($3::bigint[]) and is_public",
    values: [companyId, survivorId, ids],
  })
}

/** What both had is there once; of two reminders for one teammate the later one stays. */
async function moveParts(tx: Tx, companyId: number, survivorId: number, ids: readonly number[]): Promise<void> {
  for (const [table, column] of [
    ["conversation_tag", "tag_id"],
    ["conversation_link", "link_id"],
    ["conversation_follower", "teammate_id"],
  ])
    await tx.query({
      name: `merge.move_${table}`,
      text: `with taken as (delete from ${table} where company_id = $1 and conversation_id = any($3::bigint[]) returning ${column})
             insert into ${table} (company_id, conversation_id, ${column}) select distinct $1::bigint, $2::bigint, ${column} from taken on conflict do nothing`,
      values: [companyId, survivorId, ids],
    })
  await tx.query({
    name: "merge.move_reminders",
    text: `with taken as (
             delete from conversation_reminder where company_id = $1 and conversation_id = any($3::bigint[]) returning teammate_id, scheduled_at, created_at)
           insert into conversation_reminder as kept (company_id, conversation_id, teammate_id, scheduled_at, created_at)
           select $1, $2, teammate_id, max(scheduled_at), min(created_at) from taken group by teammate_id
           on conflict (company_id, conversation_id, teammate_id) do update
             set scheduled_at = greatest(kept.scheduled_at, excluded.scheduled_at), updated_at = now()`,
    values: [companyId, survivorId, ids],
  })
  await tx.query({
    name: "merge.forget_reads", // what comes with the others is new in the survivor
    text: "delete from conversation_read where company_id = $1 and conversation_id = any($2::bigint[])",
    values: [companyId, ids],
  })
}

/** It looks like whichever of them was active last, is open if any of them is, and has the survivor's own fields where both have one. */
async function renewSurvivor(tx: Tx, companyId: number, survivorId: number, ids: readonly number[]): Promise<void> {
  await tx.query({
    name: "merge.renew_survivor",
    text: `with merged as (select * from conversation where company_id = $1 and (id = $2 or id = any($3::bigint[]))),
             sums as (select sum(last_number)::int as numbers, sum(last_send)::int as sends, sum(last_notice)::int as notices,
               sum(failed_count)::int as failed, min(waiting_since) as waiting_since, max(activity_at) as activity_at, bool_or(status = 'open') as is_open,
               (array_agg(contact_id order by id <> $2, id) filter (where contact_id is not null))[1] as contact_id,
               (array_agg(assignee_id order by id <> $2, id) filter (where assignee_id is not null))[1] as assignee_id from merged),
             latest as (select preview, preview_direction, last_message_id, recipient from merged order by activity_at desc, id desc limit 1),
             fields as (select coalesce(jsonb_object_agg(key, value order by id = $2, id), '{}') as all_fields from merged, jsonb_each(custom_fields)),
             inbound as (select coalesce(max(number), 0) as number from message where company_id = $1 and conversation_id = $2 and direction = 'inbound')
           update conversation set last_number = sums.numbers, last_inbound = inbound.number, last_send = sums.sends, last_notice = sums.notices, failed_count = sums.failed,
             waiting_since = sums.waiting_since, activity_at = sums.activity_at, status = case when sums.is_open then 'open' else status end,
             contact_id = sums.contact_id, assignee_id = sums.assignee_id, preview = latest.preview, preview_direction = latest.preview_direction,
             last_message_id = latest.last_message_id, recipient = coalesce(latest.recipient, conversation.recipient), custom_fields = fields.all_fields,
             version = version + 1, updated_at = now()
           from sums, latest, fields, inbound where conversation.company_id = $1 and conversation.id = $2`,
    values: [companyId, survivorId, ids],
  })
}

async function endLosers(tx: Tx, companyId: number, survivorId: number, ids: readonly number[]): Promise<void> {
  await tx.query({
    name: "merge.end_losers", // the primary key, and conversation_merged for those that led to them
    text: `update conversation set merged_into = $2, failed_count = 0, version = version + 1, updated_at = now()
           where company_id = $1 and (id = any($3::bigint[]) or merged_into = any($3::bigint[]))`,
    values: [companyId, survivorId, ids],
  })
}

/** Everybody hears of the merger; browsers also that each of the others is gone, and where to. */
function eventsOf(deps: ChangeDeps, member: Member, survivorId: number, ids: readonly number[]): FeedEvent[] {
  const source = sourceOf(member)
  return [
    {
      id: deps.ids.take(),
      type: "conversations_merged",
      conversationId: survivorId,
      source,
      target: { type: "deleted_conversation_ids", conversation_ids: ids.map((id) => formatId("cnv", id)) },
    },
    ...ids.map((id) => ({
      id: deps.ids.take(),
      type: "conversation_deleted" as const,
      conversationId: id,
      source,
      target: { merged_into: formatId("cnv", survivorId) },
    })),
  ]
}
