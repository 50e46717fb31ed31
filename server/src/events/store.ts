import { reachableBy } from "../conversations/reach.ts"
import type { Tx } from "../database/database.ts"
import { feedPosition } from "../live/feed.ts"

/** An entry of the feed that may be told outside. */
export interface EventRow {
  position: number
  id: number
  type: string
  conversation_id: number | null
  message_id: number | null
  source: { type?: string; teammate_id?: number; rule_id?: number; inbox_ids?: number[] }
  target: {
    type?: string
    teammate_id?: number
    inbox_ids?: number[]
    comment_id?: number
    tag_id?: number
    link_id?: number
    /** Of a custom field. */
    name?: string
    conversation_ids?: string[]
  } | null
  emitted_at: Date
}

const columns =
  "event.position, event.id, event.type, event.conversation_id, event.message_id, event.source, event.target, event.emitted_at"

/** By the primary key, whether it is public or not. */
export async function findEventAt(tx: Tx, companyId: number, position: number): Promise<EventRow | null> {
  const rows = await tx.query<EventRow>({
    name: "events.at",
    text: `select ${columns} from event where company_id = $1 and position = $2`,
    values: [companyId, position],
  })
  return rows[0] ?? null
}

/** By event_id; null for what is not told outside. */
export async function findEvent(tx: Tx, companyId: number, id: number): Promise<EventRow | null> {
  const rows = await tx.query<EventRow>({
    name: "events.find",
    text: `select ${columns} from event where company_id = $1 and id = $2 and is_public`,
    values: [companyId, id],
  })
  return rows[0] ?? null
}

export interface EventFilter {
  companyId: number
  /** Whose conversations; null: all of the company (see `opensFor`). */
  viewer: number | null
  conversationId?: number
  types: readonly string[] | null
  inboxIds: readonly number[] | null
  /** Both exclusive, to the millisecond. */
  before: Date | null
  after: Date | null
  order: "asc" | "desc"
  /** The last position of the page before. */
  place: number | null
  limit: number
}

/**
 * Public entries in the feed's order. Walks the primary key, event_conversation for one conversation, event_type when the types named are all in it: those
 * of messages are not, because the newest of them are never far. A snooze is told by webhooks only: the vendor's list of types has no word for it.
 */
export async function listEvents(tx: Tx, filter: EventFilter): Promise<EventRow[]> {
  const { companyId, order } = filter
  const values: unknown[] = [companyId, filter.viewer, filter.limit]
  const conditions: [name: string, sql: string][] = []
  const add = (name: string, sql: (parameter: string) => string, value: unknown): void => {
    values.push(value)
    conditions.push([name, sql(`$${values.length}`)])
  }
  if (filter.conversationId !== undefined)
    add("conversation", (p) => `event.conversation_id = ${p}`, filter.conversationId)
  if (filter.types !== null) {
    add("types", (p) => `event.type = any(${p}::text[])`, filter.types)
    if (!filter.types.some((type) => ofMessages.includes(type)))
      conditions.push(["indexed", `event.type not in ('${ofMessages.join("', '")}')`])
  }
  if (filter.inboxIds !== null) add("inboxes", (p) => `conversation.inbox_id = any(${p}::bigint[])`, filter.inboxIds)
  if (filter.place !== null) add("place", (p) => `event.position ${order === "desc" ? "<" : ">"} ${p}`, filter.place)
  if (filter.before !== null) {
    add("before", (p) => `date_trunc('milliseconds', event.emitted_at) < ${p}::timestamptz`, filter.before)
    add("until", (p) => `event.position < ${p}`, await positionOf(tx, companyId, filter.before, skewMs))
  }
  if (filter.after !== null) {
    add("after", (p) => `date_trunc('milliseconds', event.emitted_at) > ${p}::timestamptz`, filter.after)
    add("from", (p) => `event.position >= ${p}`, await positionOf(tx, companyId, filter.after, -skewMs))
  }
  return await tx.query<EventRow>({
    name: `events.list_${[order, ...conditions.map(([name]) => name)].join("_")}`,
    text: `select ${columns} from event
           join conversation on conversation.company_id = event.company_id and conversation.id = event.conversation_id
           where event.company_id = $1 and event.is_public and event.type <> 'snooze' and ${reachableBy("$2")}
             ${conditions.map(([, sql]) => `and ${sql}`).join(" ")}
           order by event.position ${order} limit $3`,
    values,
  })
}

/** Not in event_type, whose predicate is written in the same words. */
const ofMessages: readonly string[] = ["inbound", "outbound", "out_reply"]

/** `emitted_at` is when a transaction began and the position when it ended: no transaction of ours takes this long. */
const skewMs = 5 * 60_000

/** The first position at which events are as late as `time` plus `offsetMs`: a binary search over the feed, whose times rise with its positions. */
async function positionOf(tx: Tx, companyId: number, time: Date, offsetMs: number): Promise<number> {
  const sought = time.getTime() + offsetMs
  let [low, high] = [1, (await feedPosition(tx, companyId)) + 1]
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const rows = await tx.query<{ position: number; emitted_at: Date }>({
      name: "events.from", // the primary key
      text: "select position, emitted_at from event where company_id = $1 and position >= $2 order by position limit 1",
      values: [companyId, middle],
    })
    const found = rows[0]
    if (found === undefined || found.emitted_at.getTime() >= sought) high = middle
    else low = found.position + 1
  }
  return low
}
