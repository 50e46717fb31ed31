import { formatId } from "@causeway/contract/ids"
import type { ChannelView } from "@causeway/contract/inbox"
import type { Tx } from "../database/database.ts"
import type { Channel } from "./store.ts"

interface ViewRow {
  id: number
  name: string
  address: string
  app_name: string | null
  inbox_id: number
  status: "ok" | "offline"
  status_reason: string | null
  status_at: Date
  composer: "basic" | "advanced"
  contact_type: "custom" | "email" | "phone"
  undo_send_time: number
  reply_mode: "same_channel" | "unsupported"
  waiting_count: number
  pause: PauseRow | null
  pausing_count: number
}

/** A pause of delivery/health.ts, as the lane keeps it. */
interface PauseRow {
  since: string
  until: string
  reason: string
}

/** A partner's "later" ends by itself; every other pause ends when something got through. */
const isOver = "lane.health #>> '{send,pause,why}' = 'asked' and lane.sends_from < now()"

/** Offline, every reply does, be it parked already or not; back, those that are not about to be released. */
const waitsForSomebody = `(channel.status = 'offline' or delivery.due_at = 'infinity'
                and (channel.parking is distinct from 'release' or channel.parking_before > '-infinity' and (delivery.stepped_aside or delivery.created_at < channel.parking_before)))`

/**
 * Channels as the inbox shows them: those of `ids`, or all live ones of the company. Of a pause, that of replies counts before that of notices. What
 * waits and pauses is counted along delivery_waiting_send, the latter only for channels that pause.
 */
export async function findChannelViews(tx: Tx, companyId: number, ids?: readonly number[]): Promise<ChannelView[]> {
  if (ids?.length === 0) return []
  const rows = await tx.query<ViewRow>({
    name: ids === undefined ? "channels.views" : "channels.views_of",
    text: `select channel.id, channel.name, channel.address, app.name as app_name, channel.inbox_id, channel.status, channel.status_reason, channel.status_at,
             coalesce(app.composer, 'basic') as composer, channel.contact_type, channel.undo_send_time, channel.reply_mode,
             (select count(*)::int from delivery where delivery.company_id = channel.company_id and delivery.channel_id = channel.id
                and delivery.state in ('queued', 'waiting') and delivery.sequence = 'send' and ${waitsForSomebody}) as waiting_count,
             case when ${isOver} then null else coalesce(nullif(lane.health #> '{send,pause}', 'null'), nullif(lane.health #> '{notice,pause}', 'null')) end as pause,
             case when lane.sends_from > '-infinity' and not (${isOver}) then (select count(*)::int from (
               select from delivery where delivery.company_id = channel.company_id and delivery.channel_id = channel.id and delivery.sequence = 'send'
                 and delivery.state in ('queued', 'waiting') and delivery.due_at < 'infinity' limit 1000) pausing) else 0 end as pausing_count
           from channel left join app on app.uid = channel.app_uid
           left join lane on lane.company_id = channel.company_id and lane.channel_id = channel.id
           where channel.company_id = $1 and ${ids === undefined ? "channel.deleted_at is null and channel.kind = 'channel'" : "channel.id = any($2::bigint[])"}
           order by channel.id`,
    values: ids === undefined ? [companyId] : [companyId, ids],
  })
  return rows.map(viewOf)
}

const viewOf = (row: ViewRow): ChannelView => ({
  id: formatId("cha", row.id),
  name: row.name,
  address: row.address,
  app_name: row.app_name,
  inbox_id: formatId("inb", row.inbox_id),
  status: row.status,
  status_reason: row.status_reason,
  status_at: row.status_at.getTime() / 1000,
  composer: row.composer,
  contact_type: row.contact_type,
  undo_send_time: row.undo_send_time,
  reply_mode: row.reply_mode,
  waiting_count: row.waiting_count,
  delivery: {
    state: row.pause === null ? "ok" : "pausing",
    since: row.pause === null ? null : Date.parse(row.pause.since) / 1000,
    next_probe_at: row.pause === null ? null : Date.parse(row.pause.until) / 1000,
    reason: row.pause?.reason ?? null,
    waiting: row.pausing_count,
  },
})

/** The vendor's Channel. `is_valid` says whether it is online: the vendor's object has no status (protocol: PATCH channel). */
export function channelResource(channel: Channel, origin: string): Record<string, unknown> {
  return {
    _links: {
      self: `${origin}/channels/${formatId("cha", channel.id)}`,
      related: { inbox: `${origin}/inboxes/${formatId("inb", channel.inboxId)}`, owner: null },
    },
    id: formatId("cha", channel.id),
    name: channel.name,
    address: channel.address,
    type: "custom",
    send_as: channel.address,
    settings: {
      undo_send_time: channel.undoSendSeconds,
      all_teammates_can_reply: channel.allTeammatesCanReply,
      auto_assign: channel.autoAssign,
      ...(channel.appUid === null && {
        webhook_url: channel.webhookUrl,
        contact_type: channel.contactType,
        reply_mode: channel.replyMode,
        compose_mode: channel.composeMode,
      }),
    },
    is_private: channel.isPrivate,
    is_valid: channel.status === "ok",
  }
}
