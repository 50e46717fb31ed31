import type {
  ChannelView,
  CommentView,
  ConversationList,
  ConversationRow,
  LiveChange,
  MessageView,
  ViewCounts,
} from "@causeway/contract/inbox"
import type { ActivityView } from "@causeway/contract/inbox-timeline"
import {
  isIn,
  type Layout,
  type ListQuery,
  layoutOf,
  listKey,
  type Move,
  type PageFrom,
  type ReadList,
  withMoves,
  withPage,
} from "./lists.ts"
import { type Index, indexed } from "./store-index.ts"

/**
 * What the browser holds of the company: entities by id, each with a version, and how far each list has been read. An older copy never replaces a
 * newer one, and which conversation is in which list is worked out from the entities; so answers and live changes may arrive in any order, twice, or
 * both at once, and the screen ends the same.
 */
export interface State {
  conversations: ReadonlyMap<string, ConversationRow>
  messages: ReadonlyMap<string, MessageView>
  /** Ids of the known messages of a conversation, in no order; the same for what else is in its timeline. */
  messageIds: Index
  comments: ReadonlyMap<string, CommentView>
  commentIds: Index
  activities: ReadonlyMap<string, ActivityView>
  /** Those of a channel, which are of all its conversations, by the channel's id. */
  activityIds: Index
  channels: ReadonlyMap<string, ChannelView>
  /** By `listKey`. */
  lists: Readonly<Record<string, ReadList>>
  counts: ViewCounts | null
  /** Whether counts and totals may be off, because something moved that we had not seen before. */
  countsAreStale: boolean
  /** How old the copy of a conversation is: the place in the feed at which it was read. Between copies of one version the later one counts. */
  readAt: ReadonlyMap<string, number>
  /** Conversations that went while they were looked at; with the one that each was merged into, null where it was deleted or closed to us. */
  gone: ReadonlyMap<string, string | null>
}

export type Action =
  | { type: "list"; query: ListQuery; from: PageFrom; page: ConversationList }
  | {
      type: "entities"
      conversations?: ConversationRow[]
      messages?: MessageView[]
      comments?: CommentView[]
      activities?: ActivityView[]
      channels?: ChannelView[]
      /** Where in the feed they were read; without it a copy of the same version stays as it is. */
      cursor?: string
    }
  | { type: "live"; changes: readonly LiveChange[]; me: string }
  | { type: "reset" }

export const emptyState: State = {
  conversations: new Map(),
  messages: new Map(),
  messageIds: new Map(),
  comments: new Map(),
  commentIds: new Map(),
  activities: new Map(),
  activityIds: new Map(),
  channels: new Map(),
  lists: {},
  counts: null,
  countsAreStale: false,
  readAt: new Map(),
  gone: new Map(),
}

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case "reset":
      return emptyState
    case "list":
      return withList(state, action.query, action.from, action.page)
    case "entities": {
      const { conversations = [], messages = [], comments = [], activities = [], channels = [], cursor } = action
      const at = cursor === undefined ? 0 : positionOf(cursor)
      return withEntities(state, {
        conversations: conversations.map((row) => ({ row, at })),
        messages,
        comments,
        activities,
        channels,
        gone: [],
      })
    }
    case "live":
      return withLive(state, action.changes, action.me)
  }
}

/** Positions are dense and in commit order; a cursor is `epoch-position`. */
const positionOf = (cursor: string): number => Number(cursor.split("-")[1])

function withList(state: State, query: ListQuery, from: PageFrom, page: ConversationList): State {
  const key = listKey(query)
  const at = positionOf(page.cursor)
  const entities = {
    conversations: page.conversations.map((row) => ({ row, at })),
    messages: [],
    channels: [],
    gone: [],
  }
  return {
    ...withEntities(state, entities),
    lists: { ...state.lists, [key]: withPage(state.lists[key], query, from, page) },
    ...(page.counts !== null && { counts: page.counts, countsAreStale: false }),
  }
}

function withLive(state: State, changes: readonly LiveChange[], me: string): State {
  const entities: Entities = {
    conversations: changes.flatMap(({ conversation, cursor }) =>
      conversation === null ? [] : [{ row: conversation, at: positionOf(cursor) }],
    ),
    messages: changes.flatMap(({ message }) => message ?? []),
    comments: changes.flatMap(({ comment }) => comment ?? []),
    activities: changes.flatMap(({ activity }) => activity ?? []),
    channels: changes.flatMap(({ channel }) => channel ?? []),
    gone: changes.flatMap(({ gone }) => gone?.id ?? []),
  }
  const after = { ...withEntities(state, entities), gone: withGone(state.gone, changes) }
  const touched = new Set([...entities.conversations.map(({ row }) => row.id), ...entities.gone])
  const moves = [...touched]
    .map((id) => ({ before: state.conversations.get(id), after: after.conversations.get(id) }))
    .filter((move) => move.before !== move.after)
  if (moves.length === 0) return after
  return {
    ...after,
    lists: Object.fromEntries(Object.entries(state.lists).map(([key, list]) => [key, withMoves(list, moves, me)])),
    ...recount(state, moves, me),
  }
}

/** What comes back, as when it is moved to an inbox that is open to us again, is gone no more. */
function withGone(known: State["gone"], changes: readonly LiveChange[]): State["gone"] {
  if (!changes.some(({ gone, conversation }) => gone !== undefined || (conversation && known.has(conversation.id))))
    return known
  const all = new Map(known)
  for (const { gone, conversation } of changes) {
    if (gone !== undefined) all.set(gone.id, gone.merged_into)
    else if (conversation !== null) all.delete(conversation.id)
  }
  return all
}

interface Entities {
  conversations: readonly { row: ConversationRow; at: number }[]
  messages: readonly MessageView[]
  comments?: readonly CommentView[]
  activities?: readonly ActivityView[]
  channels: readonly ChannelView[]
  /** Ids of conversations that are to be seen no more. */
  gone: readonly string[]
}

function withEntities(state: State, entities: Entities): State {
  const messages = merge(state.messages, entities.messages)
  const comments = merge(state.comments, entities.comments ?? [])
  const activities = merge(state.activities, entities.activities ?? [])
  return {
    ...state,
    ...withConversations(state, entities),
    messages,
    messageIds: indexed(state.messageIds, state.messages, messages, (message) => message.conversation_id),
    comments,
    commentIds: indexed(state.commentIds, state.comments, comments, (comment) => comment.conversation_id),
    activities,
    activityIds: indexed(state.activityIds, state.activities, activities, placeOfActivity),
    channels: withChannels(state.channels, entities.channels),
  }
}

/** The same maps when nothing in them changes. What a teammate alone sees of a conversation changes under one version. */
function withConversations(state: State, { conversations: incoming, gone }: Entities) {
  let conversations: Map<string, ConversationRow> | null = null
  let readAt: Map<string, number> | null = null
  for (const { row, at } of incoming) {
    const present = (conversations ?? state.conversations).get(row.id)
    const presentAt = (readAt ?? state.readAt).get(row.id) ?? -1
    if (
      present !== undefined &&
      (present.version > row.version || (present.version === row.version && presentAt >= at))
    )
      continue
    readAt ??= new Map(state.readAt)
    readAt.set(row.id, at)
    if (present !== undefined && JSON.stringify(present) === JSON.stringify(row)) continue
    conversations ??= new Map(state.conversations)
    conversations.set(row.id, row)
  }
  return {
    conversations: without(conversations ?? state.conversations, gone),
    readAt: readAt ?? state.readAt,
  }
}

/** The same map when nothing in it changes, so that what is drawn from it stays as it is. */
function merge<Entity extends { id: string; version: number }>(
  known: ReadonlyMap<string, Entity>,
  incoming: readonly Entity[],
): ReadonlyMap<string, Entity> {
  let merged: Map<string, Entity> | null = null
  for (const entity of incoming) {
    const present = (merged ?? known).get(entity.id)
    if (present !== undefined && present.version >= entity.version) continue
    merged ??= new Map(known)
    merged.set(entity.id, entity)
  }
  return merged ?? known
}

function without<Entity>(known: ReadonlyMap<string, Entity>, ids: readonly string[]): ReadonlyMap<string, Entity> {
  if (!ids.some((id) => known.has(id))) return known
  return new Map([...known].filter(([id]) => !ids.includes(id)))
}

/** Channels carry no version but the time of their status: one with an earlier status is older. */
function withChannels(known: ReadonlyMap<string, ChannelView>, incoming: readonly ChannelView[]) {
  const newer = incoming.filter((channel) => {
    const present = known.get(channel.id)
    if (present === undefined) return true
    return present.status_at <= channel.status_at && JSON.stringify(present) !== JSON.stringify(channel)
  })
  if (newer.length === 0) return known
  return new Map([...known, ...newer.map((channel) => [channel.id, channel] as const)])
}

const placeOfActivity = (activity: ActivityView): string => activity.conversation_id ?? activity.channel_id ?? ""

const countedViews = ["open", "unassigned", "mine", "failed", "drafts", "snoozed"] as const

/** Moves the counts by what changed; a conversation never seen before makes them stale, as the server may have counted it already. */
function recount(state: State, moves: readonly Move[], me: string): Pick<State, "counts" | "countsAreStale"> {
  const countsAreStale = state.countsAreStale || moves.some(({ before }) => before === undefined)
  if (state.counts === null) return { counts: null, countsAreStale }
  const counts = { ...state.counts }
  for (const { before, after } of moves) {
    if (before === undefined) continue
    for (const view of countedViews) {
      const is = after !== undefined && isIn(view, after, me)
      counts[view] = Math.max(0, counts[view] + Number(is) - Number(isIn(view, before, me)))
    }
  }
  return { counts, countsAreStale }
}

/** A list with its known rows where they stand; null before its first page. */
export function listOf(state: State, query: ListQuery, me: string): Layout | null {
  const list = state.lists[listKey(query)]
  return list === undefined ? null : layoutOf(list, state.conversations, me)
}

/** A conversation's known messages in the order they are read: by the time shown, then by place. What was undone is gone. */
export function timelineOf(state: State, conversationId: string): MessageView[] {
  return (state.messageIds.get(conversationId) ?? [])
    .map((id) => state.messages.get(id) as MessageView)
    .filter((message) => message.state !== "undone")
    .sort((a, b) => a.created_at - b.created_at || a.number - b.number)
}
