import { formatId } from "@causeway/contract/ids"
import type { Event } from "@causeway/contract/resources/event"
import { commentResource, findComments } from "../comments/store.ts"
import { findConversations } from "../conversations/read.ts"
import { conversationResources } from "../conversations/resource.ts"
import { customFieldResource, listCustomFields } from "../custom-fields/store.ts"
import type { Tx } from "../database/database.ts"
import { findInboxes, inboxResource } from "../inboxes/store.ts"
import { findLinks, linkResource } from "../links/store.ts"
import { findMessages } from "../messages/read.ts"
import { messageResource, seconds, type Viewer } from "../messages/resource.ts"
import { listRules } from "../rules/store.ts"
import { namesIn, ruleResource, sentence } from "../rules/views.ts"
import { findTags, tagResource } from "../tags/store.ts"
import { findTeammates, teammateResource } from "../teammates/store.ts"
import type { EventRow } from "./store.ts"

/** What events are about, by id, in the vendor's shapes. */
interface Parts {
  conversations: ReadonlyMap<number, unknown>
  messages: ReadonlyMap<number, unknown>
  comments: ReadonlyMap<number, unknown>
  teammates: ReadonlyMap<number, unknown>
  inboxes: ReadonlyMap<number, unknown>
  tags: ReadonlyMap<number, unknown>
  links: ReadonlyMap<number, unknown>
  rules: ReadonlyMap<number, unknown>
  /** Those of conversations, by name. */
  customFields: ReadonlyMap<string, unknown>
}

/**
 * The vendor's Event, one for each row and in their order, as things are now; those whose conversation is gone are left out. One statement for each
 * kind that the rows are about. Source: Core API EventResponse.
 */
export async function eventResources(
  tx: Tx,
  companyId: number,
  rows: readonly EventRow[],
  viewer: Viewer,
): Promise<Event[]> {
  const parts = await findParts(tx, companyId, rows, viewer)
  return rows
    .filter((row) => parts.conversations.has(row.conversation_id ?? -1))
    .map((row) => resourceOf(row, parts, viewer.origin))
}

function resourceOf(row: EventRow, parts: Parts, origin: string): Event {
  const target = targetOf(row, parts)
  const event = {
    _links: { self: `${origin}/events/${formatId("evt", row.id)}` },
    id: formatId("evt", row.id),
    type: row.type,
    emitted_at: seconds(row.emitted_at),
    source: sourceOf(row, parts),
    ...(target !== null && { target }),
    conversation: parts.conversations.get(row.conversation_id as number),
  }
  return event as Event
}

function sourceOf({ source }: EventRow, parts: Parts): object {
  const _meta = { type: source.type ?? "api" }
  const found = (data: unknown) => ({ _meta, ...(data !== undefined && { data }) })
  if (source.teammate_id !== undefined) return found(parts.teammates.get(source.teammate_id))
  if (source.rule_id !== undefined) return found(parts.rules.get(source.rule_id))
  if (source.inbox_ids !== undefined) return found(manyOf(parts.inboxes, source.inbox_ids))
  return { _meta }
}

function targetOf({ target, message_id }: EventRow, parts: Parts): object | null {
  if (target?.type === undefined) return null
  const _meta = { type: target.type }
  const data = dataOf(target, message_id, parts)
  return { _meta, ...(data !== undefined && { data }) }
}

/** What is gone, or is not the caller's to see, has no data. A source names inboxes as a list, a target the one inbox (Core API EventResponse). */
function dataOf(target: NonNullable<EventRow["target"]>, messageId: number | null, parts: Parts): unknown {
  switch (target.type) {
    case "message":
      return parts.messages.get(messageId ?? -1)
    case "teammate":
      return parts.teammates.get(target.teammate_id ?? -1)
    case "inboxes":
      return parts.inboxes.get(target.inbox_ids?.[0] ?? -1)
    case "comment":
      return parts.comments.get(target.comment_id ?? -1)
    case "tag":
      return parts.tags.get(target.tag_id ?? -1)
    case "link":
      return parts.links.get(target.link_id ?? -1)
    case "custom_field":
      return parts.customFields.get(target.name ?? "")
    case "deleted_conversation_ids":
      return target.conversation_ids
    default:
      return undefined
  }
}

const manyOf = (found: ReadonlyMap<number, unknown>, ids: readonly number[]): unknown[] =>
  ids.map((id) => found.get(id)).filter((one) => one !== undefined)

async function findParts(tx: Tx, companyId: number, rows: readonly EventRow[], viewer: Viewer): Promise<Parts> {
  const { origin } = viewer
  const ids = (of: (row: EventRow) => readonly (number | null | undefined)[]): number[] => [
    ...new Set(rows.flatMap(of).filter((id) => typeof id === "number")),
  ]
  const shown = async <Row extends { id: number }>(
    wanted: number[],
    find: (wanted: number[]) => Promise<readonly Row[]>,
    resource: (row: Row) => unknown,
  ): Promise<ReadonlyMap<number, unknown>> =>
    new Map(wanted.length === 0 ? [] : (await find(wanted)).map((row) => [row.id, resource(row)]))
  const teammateIds = ids((row) => [
    row.source.teammate_id,
    row.target?.type === "teammate" ? row.target.teammate_id : null,
  ])
  const inboxIds = ids((row) => [...(row.source.inbox_ids ?? []), ...(row.target?.inbox_ids ?? [])])
  return {
    conversations: await conversationsOf(
      tx,
      companyId,
      ids((row) => [row.conversation_id]),
      viewer,
    ),
    messages: await shown(
      ids((row) => [row.target?.type === "message" ? row.message_id : null]),
      (wanted) => findMessages(tx, companyId, wanted),
      (row) => messageResource(row, viewer),
    ),
    comments: await shown(
      ids((row) => [row.target?.comment_id]),
      (wanted) => findComments(tx, companyId, wanted),
      (row) => commentResource(row, origin),
    ),
    teammates: await shown(
      teammateIds,
      (wanted) => findTeammates(tx, companyId, wanted),
      (row) => teammateResource(row, origin),
    ),
    inboxes: await shown(
      inboxIds,
      (wanted) => findInboxes(tx, companyId, wanted),
      (row) => inboxResource(row, origin),
    ),
    tags: await tagsOf(
      tx,
      companyId,
      ids((row) => [row.target?.tag_id]),
      viewer,
    ),
    links: await shown(
      ids((row) => [row.target?.link_id]),
      (wanted) => findLinks(tx, companyId, wanted),
      (row) => linkResource(row, origin),
    ),
    rules: await rulesOf(
      tx,
      companyId,
      ids((row) => [row.source.rule_id]),
      origin,
    ),
    customFields: await customFieldsOf(tx, companyId, rows, origin),
  }
}

async function conversationsOf(
  tx: Tx,
  companyId: number,
  ids: number[],
  viewer: Viewer,
): Promise<ReadonlyMap<number, unknown>> {
  const rows = await findConversations(tx, companyId, ids)
  const resources = await conversationResources(tx, rows, viewer)
  return new Map(rows.map((row, i) => [row.id, resources[i]]))
}

/** A teammate's private tag is shown to them and to tokens. */
async function tagsOf(tx: Tx, companyId: number, ids: number[], viewer: Viewer): Promise<ReadonlyMap<number, unknown>> {
  const rows = ids.length === 0 ? [] : await findTags(tx, companyId, ids)
  const isToken = viewer.teammateId === undefined && !viewer.isChannel
  return new Map(
    rows
      .filter((tag) => tag.owner_kind !== "teammate" || isToken || tag.owner_id === viewer.teammateId)
      .map((tag) => [tag.id, tagResource(tag, viewer.origin)]),
  )
}

async function rulesOf(
  tx: Tx,
  companyId: number,
  ids: number[],
  origin: string,
): Promise<ReadonlyMap<number, unknown>> {
  if (ids.length === 0) return new Map()
  const rules = (await listRules(tx, companyId)).filter((rule) => ids.includes(rule.id))
  const names = await namesIn(
    tx,
    companyId,
    rules.flatMap((rule) => rule.actions),
  )
  return new Map(
    rules.map((rule) => [
      rule.id,
      ruleResource(
        rule,
        rule.actions.map((action) => sentence(action, names)),
        origin,
      ),
    ]),
  )
}

async function customFieldsOf(
  tx: Tx,
  companyId: number,
  rows: readonly EventRow[],
  origin: string,
): Promise<ReadonlyMap<string, unknown>> {
  if (!rows.some((row) => row.target?.type === "custom_field")) return new Map()
  const fields = await listCustomFields(tx, companyId, "conversation")
  return new Map(fields.map((field) => [field.name, customFieldResource(field, origin)]))
}
