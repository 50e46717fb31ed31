import { formatId } from "@causeway/contract/ids"
import type { Conversation } from "@causeway/contract/resources/conversation"
import type { Tx } from "../database/database.ts"
import { findLinks, type LinkRow, linkResource } from "../links/store.ts"
import { authorResource, seconds, type Viewer } from "../messages/resource.ts"
import { findTags, type TagRow, tagResource } from "../tags/store.ts"
import type { ConversationRow } from "./read.ts"

/** The words for a status: an open conversation is assigned or not (Core API, Conversation.status; `spam` is ours). */
export const statusOf = (row: ConversationRow): "assigned" | "unassigned" | "archived" | "deleted" | "spam" =>
  row.status === "open" ? (row.assignee ? "assigned" : "unassigned") : row.status

interface ReminderRow {
  teammate_id: number
  scheduled_at: number
  created_at: number
  updated_at: number
}

interface PartsRow {
  id: number
  tag_ids: number[]
  link_ids: number[]
  reminders: ReminderRow[]
  external_ids: string[]
}

/**
 * The vendor's Conversation, one for each row and in their order. A teammate's private tags are shown to them and to tokens; external ids of a thread
 * only to the channel's token whose they are.
 */
export async function conversationResources(
  tx: Tx,
  rows: readonly ConversationRow[],
  viewer: Viewer,
): Promise<Conversation[]> {
  const companyId = rows[0]?.company_id
  if (companyId === undefined) return []
  const parts = await findParts(
    tx,
    companyId,
    rows.map((row) => row.id),
    viewer.channelId ?? null,
  )
  const tags = await findTags(tx, companyId, [...new Set(parts.flatMap((part) => part.tag_ids))])
  const links = await findLinks(tx, companyId, [...new Set(parts.flatMap((part) => part.link_ids))])
  const shown = {
    tags: new Map(tags.filter((tag) => maySee(tag, viewer)).map((tag) => [tag.id, tag])),
    links: new Map(links.map((link) => [link.id, link])),
  }
  const partsById = new Map(parts.map((part) => [part.id, part]))
  return rows.map((row) => resourceOf(row, partsById.get(row.id) as PartsRow, shown, viewer))
}

/** The same for one. */
export async function conversationResource(tx: Tx, row: ConversationRow, viewer: Viewer): Promise<Conversation> {
  return (await conversationResources(tx, [row], viewer))[0] as Conversation
}

function maySee(tag: TagRow, viewer: Viewer): boolean {
  if (tag.owner_kind !== "teammate") return true
  return viewer.teammateId === undefined ? !viewer.isChannel : tag.owner_id === viewer.teammateId
}

/** By the primary keys of the join tables; the keys of a channel walk thread_key_conversation. */
const findParts = (tx: Tx, companyId: number, ids: readonly number[], channelId: number | null): Promise<PartsRow[]> =>
  tx.query<PartsRow>({
    name: "conversations.parts",
    text: `select id,
             array(select tag_id from conversation_tag tagged where tagged.company_id = $1 and tagged.conversation_id = of_conversation.id order by tag_id) as tag_ids,
             array(select link_id from conversation_link linked where linked.company_id = $1 and linked.conversation_id = of_conversation.id order by link_id) as link_ids,
             (select coalesce(json_agg(json_build_object('teammate_id', teammate_id, 'scheduled_at', extract(epoch from scheduled_at),
                'created_at', extract(epoch from created_at), 'updated_at', extract(epoch from updated_at)) order by scheduled_at), '[]')
              from conversation_reminder reminder where reminder.company_id = $1 and reminder.conversation_id = of_conversation.id) as reminders,
             array(select key from thread_key known where known.company_id = $1 and known.conversation_id = of_conversation.id and known.channel_id = $3
               and known.kind = 'ref' order by known.id) as external_ids
           from unnest($2::bigint[]) as of_conversation(id)`,
    values: [companyId, ids, channelId],
  })

const roundMs = (time: number): number => Math.round(time * 1000) / 1000

function resourceOf(
  row: ConversationRow,
  parts: PartsRow,
  shown: { tags: Map<number, TagRow>; links: Map<number, LinkRow> },
  viewer: Viewer,
): Conversation {
  const { origin } = viewer
  const self = `${origin}/conversations/${formatId("cnv", row.id)}`
  const lastMessage = row.last_message_id === null ? null : `${origin}/messages/${formatId("msg", row.last_message_id)}`
  const contact = row.contact_id === null ? null : `${origin}/contacts/${formatId("crd", row.contact_id)}`
  return {
    _links: {
      self,
      related: {
        events: `${self}/events`,
        followers: `${self}/followers`,
        messages: `${self}/messages`,
        comments: `${self}/comments`,
        inboxes: `${self}/inboxes`,
        ...(lastMessage !== null && { last_message: `${lastMessage}?referer=conversation` }),
      },
    },
    id: formatId("cnv", row.id),
    type: row.type,
    subject: row.subject,
    status: row.status === "spam" ? "deleted" : (statusOf(row) as Conversation["status"]),
    ticket_ids: [],
    assignee: row.assignee ? (authorResource(row.assignee, origin) as Conversation["assignee"]) : null,
    recipient: row.recipient && ({ _links: { related: { contact } }, ...row.recipient } as Conversation["recipient"]),
    tags: parts.tag_ids.flatMap((id) => {
      const tag = shown.tags.get(id)
      return tag ? [tagResource(tag, origin)] : []
    }),
    links: parts.link_ids.flatMap((id) => {
      const link = shown.links.get(id)
      return link ? [linkResource(link, origin)] : []
    }),
    custom_fields: row.custom_fields,
    created_at: seconds(row.created_at),
    updated_at: seconds(row.updated_at),
    ...(row.waiting_since && { waiting_since: seconds(row.waiting_since) }),
    is_private: row.is_private,
    scheduled_reminders: parts.reminders.map((reminder) => ({
      _links: { related: { owner: `${origin}/teammates/${formatId("tea", reminder.teammate_id)}` } },
      created_at: roundMs(reminder.created_at),
      scheduled_at: roundMs(reminder.scheduled_at),
      updated_at: roundMs(reminder.updated_at),
    })),
    ...(row.type === "task" && { description: row.description, due_at: row.due_at && seconds(row.due_at) }),
    metadata: viewer.isChannel ? { external_conversation_ids: parts.external_ids } : {},
  }
}
