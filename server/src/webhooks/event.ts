import { formatId, type IdPrefix } from "@causeway/contract/ids"
import { findConversation } from "../conversations/read.ts"
import { conversationResource } from "../conversations/resource.ts"
import type { Tx } from "../database/database.ts"
import { inboxResource } from "../inboxes/store.ts"
import { findLinks, linkResource } from "../links/store.ts"
import { findMessage } from "../messages/read.ts"
import { authorResource, messageResource, seconds } from "../messages/resource.ts"
import { listRules } from "../rules/store.ts"
import { namesIn, ruleResource, sentence } from "../rules/views.ts"
import { findTags, tagResource } from "../tags/store.ts"

/** A row of the feed. */
export interface EventRow {
  position: number
  id: number
  type: string
  conversation_id: number | null
  message_id: number | null
  source: { type?: string; teammate_id?: number; rule_id?: number; inbox_ids?: number[] }
  target: Record<string, unknown> | null
  emitted_at: Date
}

const columns = "position, id, type, conversation_id, message_id, source, target, emitted_at"

/** By the primary key. */
export async function findEvent(tx: Tx, companyId: number, position: number): Promise<EventRow | null> {
  const rows = await tx.query<EventRow>({
    name: "webhooks.event",
    text: `select ${columns} from event where company_id = $1 and position = $2`,
    values: [companyId, position],
  })
  return rows[0] ?? null
}

/**
 * The vendor's Event as a webhook carries it. `preview` names source, target and conversation by id and link only. Null when its conversation is gone:
 * receivers rely on it. Source: Core API EventResponse; the guide to webhooks for the preview.
 */
export async function webhookEvent(
  tx: Tx,
  row: EventRow,
  options: { companyId: number; origin: string; payload: "full" | "preview" },
): Promise<Record<string, unknown> | null> {
  const { companyId, origin, payload } = options
  const conversation = row.conversation_id === null ? null : await findConversation(tx, companyId, row.conversation_id)
  if (conversation === null) return null
  const full = await conversationResource(tx, conversation, { origin, isChannel: false })
  const source = await sourceOf(tx, companyId, row, origin)
  const target = await targetOf(tx, companyId, row, origin)
  const isPreview = payload === "preview"
  return {
    _links: { self: `${origin}/events/${formatId("evt", row.id)}` },
    id: formatId("evt", row.id),
    type: row.type,
    emitted_at: seconds(row.emitted_at),
    source: isPreview ? preview(source) : source,
    ...(target !== null && { target: isPreview ? preview(target) : target }),
    conversation: isPreview ? { _links: full._links, id: full.id } : full,
  }
}

interface Party {
  _meta: { type: string }
  data?: unknown
}

const preview = ({ _meta, data }: Party) => {
  const first = (Array.isArray(data) ? data[0] : data) as { _links?: { self?: string }; id?: string } | undefined
  return { _meta, ...(first !== undefined && { _links: { self: first._links?.self }, id: first.id }) }
}

async function sourceOf(tx: Tx, companyId: number, { source }: EventRow, origin: string): Promise<Party> {
  const _meta = { type: source.type ?? "api" }
  if (source.teammate_id !== undefined)
    return { _meta, data: await teammate(tx, companyId, source.teammate_id, origin) }
  if (source.rule_id !== undefined) return { _meta, data: await rule(tx, companyId, source.rule_id, origin) }
  if (source.inbox_ids !== undefined) return { _meta, data: await inboxes(tx, companyId, source.inbox_ids, origin) }
  return { _meta }
}

async function targetOf(tx: Tx, companyId: number, row: EventRow, origin: string): Promise<Party | null> {
  const { target } = row
  const type = target?.type
  if (target === null || typeof type !== "string") return null
  const _meta = { type }
  if (type === "message" && row.message_id !== null) {
    const message = await findMessage(tx, companyId, row.message_id)
    return { _meta, ...(message && { data: messageResource(message, { origin, isChannel: false }) }) }
  }
  if (type === "teammate" && typeof target.teammate_id === "number")
    return { _meta, data: await teammate(tx, companyId, target.teammate_id, origin) }
  if (type === "inboxes" && Array.isArray(target.inbox_ids))
    return { _meta, data: await inboxes(tx, companyId, target.inbox_ids as number[], origin) }
  if (type === "tag" && typeof target.tag_id === "number") {
    const [tag] = await findTags(tx, companyId, [target.tag_id])
    return { _meta, data: tag ? tagResource(tag, origin) : reference("tags", "tag", target.tag_id, origin) }
  }
  if (type === "link" && typeof target.link_id === "number") {
    const [link] = await findLinks(tx, companyId, [target.link_id])
    return { _meta, data: link ? linkResource(link, origin) : reference("links", "top", target.link_id, origin) }
  }
  if (type === "comment" && typeof target.comment_id === "number")
    return { _meta, data: reference("comments", "com", target.comment_id, origin) }
  return { _meta }
}

/** What can no longer be shown whole. */
const reference = (folder: string, prefix: IdPrefix, id: number, origin: string) => ({
  _links: { self: `${origin}/${folder}/${formatId(prefix, id)}` },
  id: formatId(prefix, id),
})

async function rule(tx: Tx, companyId: number, id: number, origin: string): Promise<unknown> {
  const found = (await listRules(tx, companyId)).find((one) => one.id === id)
  if (found === undefined) return reference("rules", "rul", id, origin)
  const names = await namesIn(tx, companyId, found.actions)
  const sentences = found.actions.map((action) => sentence(action, names))
  return ruleResource(found, sentences, origin)
}

async function teammate(tx: Tx, companyId: number, id: number, origin: string): Promise<unknown> {
  const rows = await tx.query({
    name: "webhooks.teammate",
    text: "select id, email, username, first_name, last_name, role, is_available, is_blocked from teammate where company_id = $1 and id = $2",
    values: [companyId, id],
  })
  return rows[0] && authorResource(rows[0], origin)
}

async function inboxes(tx: Tx, companyId: number, ids: readonly number[], origin: string): Promise<unknown[]> {
  const rows = await tx.query({
    name: "webhooks.inboxes",
    text: "select id, name, is_private, is_public, team_id, teammate_id, custom_fields from inbox where company_id = $1 and id = any($2::bigint[]) order by id",
    values: [companyId, ids],
  })
  return rows.map((inbox) => inboxResource(inbox, origin))
}
