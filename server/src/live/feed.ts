import { type EventType, isPublicEventType } from "@causeway/contract/event-types"
import { formatId } from "@causeway/contract/ids"
import type { Tx } from "../database/database.ts"

/** One thing that happened, as the feed tells it: under the vendor's name for it, or under one of ours, which only our own browsers hear. */
export interface FeedEvent {
  id: number
  type: EventType
  /** False keeps an event from `/events` and from webhooks; ours never get there. */
  isPublic?: boolean
  conversationId?: number | null
  messageId?: number | null
  channelId?: number | null
  source?: object
  target?: object | null
}

/**
 * Appends to the company's feed. Positions are dense and in commit order, because the counter row stays locked until the end of the transaction:
 * so this is the LAST statement of whatever transaction made the change. `ends`: the transaction's COMMIT leaves with it, and whoever waits for the feed
 * next waits no longer than the database needs; the caller has nothing left to ask or to refuse.
 */
export async function appendEvents(
  tx: Tx,
  companyId: number,
  events: readonly FeedEvent[],
  { ends = false }: { ends?: boolean } = {},
): Promise<void> {
  if (events.length === 0) return
  const rows = events.map((event) => ({
    id: event.id,
    type: event.type,
    is_public: event.isPublic !== false && isPublicEventType(event.type),
    conversation_id: event.conversationId ?? null,
    message_id: event.messageId ?? null,
    source: event.source ?? {},
    target: event.channelId
      ? { ...event.target, channel_id: formatId("cha", event.channelId) }
      : (event.target ?? null),
  }))
  await tx.query({
    name: "feed.append",
    text: `with counter as (
             insert into company_feed as feed (company_id, position) values ($1, $2)
             on conflict (company_id) do update set position = feed.position + $2
             returning position)
           insert into event (company_id, position, id, type, is_public, conversation_id, message_id, source, target)
           select $1, counter.position - $2 + new.ordinality, new.id, new.type, new.is_public, new.conversation_id, new.message_id, new.source, new.target
           from counter, rows from (json_to_recordset($3::json) as (id bigint, type text, is_public boolean, conversation_id bigint, message_id bigint,
             source jsonb, target jsonb)) with ordinality as new(id, type, is_public, conversation_id, message_id, source, target, ordinality)`,
    values: [companyId, rows.length, JSON.stringify(rows)],
    isLast: ends,
  })
}

/** `epoch-position`: the epoch changes when a backup is restored, so an old cursor is told to load again. */
export const formatCursor = (epoch: string, position: number): string => `${epoch}-${position}`

export function parseCursor(text: string): { epoch: string; position: number } | null {
  const match = /^([0-9a-f]{8})-(\d{1,15})$/.exec(text)
  return match ? { epoch: match[1] as string, position: Number(match[2]) } : null
}

/** The epoch of this database, made on first use. */
export async function readEpoch(tx: Tx): Promise<string> {
  await tx.query({
    text: `insert into installation (key, value) values ('epoch', substr(md5(gen_random_uuid()::text), 1, 8)) on conflict do nothing`,
  })
  const rows = await tx.query<{ value: string }>({ text: "select value from installation where key = 'epoch'" })
  return (rows[0] as { value: string }).value
}

export async function feedPosition(tx: Tx, companyId: number): Promise<number> {
  const rows = await tx.query<{ position: number }>({
    name: "feed.position",
    text: "select position from company_feed where company_id = $1",
    values: [companyId],
  })
  return rows[0]?.position ?? 0
}
