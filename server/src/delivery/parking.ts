import type { Database, Tx } from "../database/database.ts"
import { appendEvents } from "../live/feed.ts"
import { becomesDue } from "./lanes.ts"
import { lockConversations, readyHeads } from "./places.ts"

/**
 * An offline channel's sends wait until somebody acts (due: infinity). When it is back the young ones leave by themselves; older ones step aside, so
 * that later replies are not held up by them, and wait for a person. There may be a hundred thousand: they are moved in portions, each in a transaction
 * and with the locks of its own conversations. The first is moved with the change itself; what is left to do stands in the channel's row, and whichever
 * process looks next goes on with it. The claim asks for the channel's status, so nothing leaves an offline channel meanwhile; and of each conversation
 * the earlier replies are moved first, so nothing is overtaken. All of this appends to the feed, and comes last but for other events.
 */

/** So many sends share a transaction, and with it the locks of their conversations; ours: about a tenth of a second's work. */
export const parkingPortion = 500

interface Task {
  companyId: number
  channelId: number
  what: "park" | "release"
  /** When releasing: those made before it (wall clock) wait for a person. Null: none does. */
  before: Date | null
}

interface Chosen {
  id: number
  conversation_id: number
}

/** Queued and waiting sends of a channel that went offline wait from now on. */
export async function parkSends(tx: Tx, companyId: number, channelId: number, portion = parkingPortion): Promise<void> {
  await movePortion(tx, { companyId, channelId, what: "park", before: null }, portion)
}

/**
 * Lets parked sends leave, in the order in which they were written. With `youngerThanMs` only those (wall clock); the older ones step aside. Returns
 * how many leave, now or in later portions; none from a channel that is offline.
 */
export async function releaseSends(
  tx: Tx,
  companyId: number,
  channelId: number,
  { youngerThanMs, portion = parkingPortion }: { youngerThanMs?: number; portion?: number },
): Promise<number> {
  const [channel] = await tx.query<{ before: Date | null }>({
    name: "parking.lock_channel",
    text: "select now() - $3::bigint * interval '1 ms' as before from channel where company_id = $1 and id = $2 and status <> 'offline' for no key update",
    values: [companyId, channelId, youngerThanMs ?? null],
  })
  if (channel === undefined) return 0
  const { before } = channel
  const task: Task = { companyId, channelId, what: "release", before }
  const count = await countLeaving(tx, task)
  await movePortion(tx, task, portion)
  return count
}

/**
 * Goes on with one channel that has portions left, if there is one that nobody else is working on. True: there may be more. Walks channel_parking.
 */
export const moveNextPortion = (db: Database, portion = parkingPortion): Promise<boolean> =>
  db.tx(async (tx) => {
    const row = (await findLeft(tx)) ?? (await findStrays(tx))
    if (row === null) return false
    const { company_id: companyId, id: channelId, parking: what, before } = row
    const isDone = await movePortion(tx, { companyId, channelId, what, before }, portion)
    // Whoever shows how many replies wait looks again.
    if (isDone)
      await appendEvents(tx, companyId, [
        { id: await eventId(tx), type: "channel_changed", isPublic: false, channelId },
      ])
    return true
  })

interface LeftRow {
  company_id: number
  id: number
  parking: Task["what"]
  before: Date | null
}

/** Walks channel_parking. */
async function findLeft(tx: Tx): Promise<LeftRow | null> {
  const [row] = await tx.query<LeftRow>({
    name: "parking.next",
    text: `select company_id, id, parking, nullif(parking_before, '-infinity') as before from channel where parking is not null
           order by random() limit 1 for no key update skip locked`,
  })
  return row ?? null
}

/**
 * An offline channel with sends that do not wait: whoever wrote them still took it for online, while its last portion was parked or for as long as another
 * process remembers a channel. Nothing sends them, and they would be shown as queued until it is back. Walks channel_offline and delivery_waiting_send.
 */
async function findStrays(tx: Tx): Promise<LeftRow | null> {
  const [row] = await tx.query<LeftRow>({
    name: "parking.next_stray",
    text: `select company_id, id, 'park' as parking, null::timestamptz as before from channel
           where status = 'offline' and deleted_at is null and parking is null and exists (
             select from delivery where delivery.company_id = channel.company_id and delivery.channel_id = channel.id
               and sequence = 'send' and state in ('queued', 'waiting') and due_at < 'infinity')
           limit 1 for no key update skip locked`,
  })
  return row ?? null
}

/** The caller holds the channel's row, so one portion of it is moved at a time. True: it was the last one. */
async function movePortion(tx: Tx, task: Task, portion: number): Promise<boolean> {
  const { companyId, channelId, what, before } = task
  const chosen = await (what === "park" ? chooseOpen(tx, task, portion) : chooseParked(tx, task, portion))
  const isDone = chosen.length < portion
  await noteLeft(tx, task, isDone)
  const conversationIds = await lockConversations(tx, companyId, [...new Set(chosen.map((row) => row.conversation_id))])
  const ids = chosen.map((row) => row.id)
  if (what === "park") {
    await tell(tx, companyId, await park(tx, companyId, ids), "waiting")
    return isDone
  }
  if (before !== null) await leaveOldBehind(tx, companyId, ids, before)
  const released = await release(tx, companyId, ids, before === null)
  await readyHeads(tx, companyId, conversationIds, "send")
  await tx.query({
    name: "parking.wake_lane",
    text: `insert into lane (company_id, channel_id, due_at) values ($1, $2, '-infinity')
           on conflict ${becomesDue}`,
    values: [companyId, channelId],
  })
  await tell(tx, companyId, released, "queued")
  return isDone
}

/** What of `delivery` this index holds: the sends that wait on a channel. */
const waitingSends = "company_id = $1 and channel_id = $2 and sequence = 'send' and state in ('queued', 'waiting')"

/** Walks delivery_waiting_send. */
const chooseOpen = (tx: Tx, { companyId, channelId }: Task, max: number) =>
  tx.query<Chosen>({
    name: "parking.choose_open",
    text: `select id, conversation_id from delivery where ${waitingSends} and due_at < 'infinity' order by due_at, stepped_aside, number limit $3`,
    values: [companyId, channelId, max],
  })

/** Those that keep their places first; of a conversation the earlier ones. Walks delivery_waiting_send. */
const chooseParked = (tx: Tx, { companyId, channelId, before }: Task, max: number) =>
  tx.query<Chosen>({
    name: "parking.choose_parked",
    text: `select id, conversation_id from delivery where ${waitingSends} and due_at = 'infinity' and ($3 or not stepped_aside)
           order by stepped_aside, number limit $4`,
    values: [companyId, channelId, before === null, max],
  })

async function countLeaving(tx: Tx, { companyId, channelId, before }: Task): Promise<number> {
  const [row] = await tx.query<{ count: number }>({
    name: "parking.count_leaving",
    text: `select count(*)::int as count from delivery where ${waitingSends} and due_at = 'infinity'
             and ($3::timestamptz is null or not stepped_aside and created_at >= $3)`,
    values: [companyId, channelId, before],
  })
  return row?.count ?? 0
}

/** What is left to do, for whoever looks next; a change of mind takes the place of what was left of the one before. */
const noteLeft = (tx: Tx, { companyId, channelId, what, before }: Task, isDone: boolean) =>
  tx.query({
    name: "parking.note_left",
    text: `update channel set parking = $3, parking_before = case when $3 = 'release' then coalesce($4::timestamptz, '-infinity') end
           where company_id = $1 and id = $2 and (parking is not null or $3::text is not null)`,
    values: [companyId, channelId, isDone ? null : what, before],
  })

const park = (tx: Tx, companyId: number, ids: readonly number[]) =>
  tx.query<Told>({
    name: "parking.park",
    text: `update delivery set state = 'waiting', due_at = 'infinity', waiting_reason = 'channel_offline'
           where company_id = $1 and id = any($2::bigint[]) and state in ('queued', 'waiting') and due_at < 'infinity' returning conversation_id, message_id`,
    values: [companyId, ids],
  })

const leaveOldBehind = (tx: Tx, companyId: number, ids: readonly number[], before: Date) =>
  tx.query({
    name: "parking.leave_old_behind",
    text: `update delivery set stepped_aside = true, waiting_reason = 'needs_a_person'
           where company_id = $1 and id = any($2::bigint[]) and state = 'waiting' and due_at = 'infinity' and not stepped_aside and created_at < $3`,
    values: [companyId, ids, before],
  })

/** Those that stepped aside go to the end: others may have passed them. '-infinity' is due at once on any schedule clock. */
const release = (tx: Tx, companyId: number, ids: readonly number[], all: boolean) =>
  tx.query<Told>({
    name: "parking.release",
    text: `with parked as (
             select id, conversation_id, stepped_aside, row_number() over (partition by conversation_id, stepped_aside order by number) as place from delivery
             where company_id = $1 and id = any($2::bigint[]) and state = 'waiting' and due_at = 'infinity' and ($3 or not stepped_aside)
           ), taken as (
             update conversation set last_send = last_send + late.count
             from (select conversation_id, count(*)::int as count from parked where stepped_aside group by conversation_id) late
             where conversation.company_id = $1 and conversation.id = late.conversation_id
             returning conversation.id, conversation.last_send - late.count as base
           )
           update delivery set state = 'queued', due_at = '-infinity', waiting_reason = null, stepped_aside = false, ready = delivery.ready and not parked.stepped_aside,
             number = case when parked.stepped_aside then (select taken.base + parked.place from taken where taken.id = parked.conversation_id) else delivery.number end
           from parked where delivery.company_id = $1 and delivery.id = parked.id
           returning delivery.conversation_id, delivery.message_id`,
    values: [companyId, ids, all],
  })

interface Told {
  conversation_id: number
  message_id: number
}

/** The messages' states and an event for each, so that browsers show them. */
export async function tell(
  tx: Tx,
  companyId: number,
  sends: readonly Told[],
  state: "waiting" | "queued",
): Promise<void> {
  if (sends.length === 0) return
  await tx.query({
    name: "parking.tell_messages",
    text: "update message set state = $3, state_at = now(), due_at = null, version = version + 1 where company_id = $1 and id = any($2::bigint[])",
    values: [companyId, sends.map((send) => send.message_id), state],
  })
  const ids = await eventIds(tx, sends.length)
  await appendEvents(
    tx,
    companyId,
    sends.map((send, i) => ({
      id: ids[i] as number,
      type: "reply_state",
      isPublic: false,
      conversationId: send.conversation_id,
      messageId: send.message_id,
    })),
  )
}

const eventId = async (tx: Tx): Promise<number> => (await eventIds(tx, 1))[0] as number

/** Blocks of a thousand, as in ids.ts; taken here because the callers have no numbers to give. */
async function eventIds(tx: Tx, count: number): Promise<number[]> {
  const blocks = await tx.query<{ block: number }>({
    name: "parking.event_ids",
    text: "select nextval('object_id_block') as block from generate_series(1, $1)",
    values: [Math.ceil(count / 1000)],
  })
  return Array.from(
    { length: count },
    (_, i) => (blocks[Math.floor(i / 1000)] as { block: number }).block * 1000 + (i % 1000),
  )
}
