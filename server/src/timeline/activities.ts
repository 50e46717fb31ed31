import { formatId } from "@causeway/contract/ids"
import type { ActivityView } from "@causeway/contract/inbox-timeline"
import type { Tx } from "../database/database.ts"
import { micros, type Place, places } from "./place.ts"

interface Row {
  position: number
  id: number
  type: ActivityView["type"]
  conversation_id: number | null
  message_id: number | null
  source: { type?: string; cause?: "message" | "call"; teammate_id?: number; rule_id?: number }
  target: {
    type?: string
    teammate_id?: number
    tag_id?: number
    link_id?: number
    inbox_ids?: number[]
    conversation_ids?: string[]
    channel_id?: string
    status?: "ok" | "offline"
    reason?: string | null
    until?: number
  } | null
  actor_name: string | null
  subject_name: string | null
  /** Microseconds since 1970. */
  at: number
}

/** The predicate of event_activity, word for word. */
const ofConversation = `event.type in ('assign', 'unassign', 'archive', 'reopen', 'trash', 'restore', 'reminder', 'snooze', 'move', 'tag', 'untag',
  'conversations_merged', 'link_added', 'link_removed', 'custom_field_updated')`
/** A channel that is connected again and again without having been away changes no status. */
const ofChannel = "event.type = 'channel_status' and event.target ? 'status'"

const nameOf = (table: string, id: string, name = "name"): string =>
  `(select ${name} from ${table} where ${table}.company_id = event.company_id and ${table}.id = (${id})::bigint)`
const teammateName = (id: string): string =>
  nameOf("teammate", id, "coalesce(nullif(trim(first_name || ' ' || last_name), ''), email)")

const select = `
  select event.position, event.id, event.type, event.conversation_id, event.message_id, event.source, event.target, ${micros("event.emitted_at")} as at,
    case when event.source ? 'teammate_id' then ${teammateName("event.source ->> 'teammate_id'")}
      when event.source ? 'rule_id' then ${nameOf("rule", "event.source ->> 'rule_id'")} end as actor_name,
    case event.target ->> 'type' when 'teammate' then ${teammateName("event.target ->> 'teammate_id'")}
      when 'tag' then ${nameOf("tag", "event.target ->> 'tag_id'")}
      when 'inboxes' then ${nameOf("inbox", "event.target -> 'inbox_ids' ->> 0")}
      when 'link' then ${nameOf("link", "event.target ->> 'link_id'")}
      when 'custom_field' then event.target ->> 'name' end as subject_name
  from event`

/** A teammate's own tags are theirs alone: nobody's timeline tells of them, as one answer is told to all who hear it. */
const isForAll = `not (event.type in ('tag', 'untag') and exists (select from tag where tag.company_id = event.company_id
  and tag.id = (event.target ->> 'tag_id')::bigint and tag.owner_kind = 'teammate'))`

/** Newest first, before `place`. Walks event_activity, and event_channel_status for the channel; the names hang on primary keys. */
export async function listActivities(
  tx: Tx,
  companyId: number,
  conversation: { id: number; channelId: number | null },
  limit: number,
  place: Place | null,
): Promise<{ place: Place; view: ActivityView }[]> {
  const channel = conversation.channelId === null ? null : formatId("cha", conversation.channelId)
  const from = place === null ? "" : `and ${places.before("event.emitted_at", 2, "event.position", ["$5", "$6", "$7"])}`
  const rows = await tx.query<Row>({
    name: `timeline.activities${place === null ? "" : "_before"}`,
    text: `(${select} where event.company_id = $1 and event.conversation_id = $2 and ${ofConversation} and ${isForAll} ${from}
             order by event.emitted_at desc, event.position desc limit $4)
           union all
           (${select} where event.company_id = $1 and event.target ->> 'channel_id' = $3 and ${ofChannel} ${from}
             and event.emitted_at >= (select created_at from conversation where company_id = $1 and id = $2)
             order by event.emitted_at desc, event.position desc limit $4)`,
    values: [companyId, conversation.id, channel, limit, ...(place === null ? [] : places.values(place))],
  })
  return rows.map((row) => ({ place: { at: row.at, rank: 2, number: row.position }, view: viewOf(row) }))
}

/** Those of these places in the feed that are activities; by the primary key. */
export async function findActivities(
  tx: Tx,
  companyId: number,
  positions: readonly number[],
): Promise<Map<number, ActivityView>> {
  if (positions.length === 0) return new Map()
  const rows = await tx.query<Row>({
    name: "timeline.activities_at",
    text: `${select} where event.company_id = $1 and event.position = any($2::bigint[]) and (${ofConversation} or ${ofChannel}) and ${isForAll}`,
    values: [companyId, positions],
  })
  return new Map(rows.map((row) => [row.position, viewOf(row)]))
}

function viewOf(row: Row): ActivityView {
  const { source, target, type } = row
  return {
    id: formatId("evt", row.id),
    type,
    position: row.position,
    at: row.at / 1e6,
    conversation_id: row.conversation_id === null ? null : formatId("cnv", row.conversation_id),
    channel_id: target?.channel_id ?? null,
    actor: actorOf(row),
    subject: target?.type === undefined || type === "conversations_merged" ? null : subjectOf(row),
    cause: type !== "reopen" ? null : source.type === "recipient" ? "reply_failed" : (source.cause ?? null),
    message_id: type === "reopen" && row.message_id !== null ? formatId("msg", row.message_id) : null,
    until: target?.until ?? null,
    count: type === "conversations_merged" ? (target?.conversation_ids?.length ?? 0) : null,
    status: type === "channel_status" ? (target?.status ?? null) : null,
    reason: type === "channel_status" ? (target?.reason ?? null) : null,
    version: 1,
  }
}

function actorOf({ source, actor_name: name }: Row): ActivityView["actor"] {
  if (source.teammate_id !== undefined) return { kind: "teammate", id: formatId("tea", source.teammate_id), name }
  if (source.rule_id !== undefined) return { kind: "rule", id: formatId("rul", source.rule_id), name }
  const isOutside = (source.type === "api" && source.cause === undefined) || source.type === "oauth_client"
  return { kind: isOutside ? "integration" : "system", id: null, name: null }
}

function subjectOf({ target, subject_name: name }: Row): ActivityView["subject"] {
  const id =
    target?.teammate_id !== undefined
      ? formatId("tea", target.teammate_id)
      : target?.tag_id !== undefined
        ? formatId("tag", target.tag_id)
        : target?.link_id !== undefined
          ? formatId("top", target.link_id)
          : target?.inbox_ids?.[0] !== undefined
            ? formatId("inb", target.inbox_ids[0])
            : null
  return id === null && name === null ? null : { id, name }
}
