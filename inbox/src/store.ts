import type {
  ChannelView,
  ConversationList,
  ConversationRow,
  ConversationViewName,
  LiveChange,
  MessageView,
} from "@causeway/contract/inbox"

/**
 * What the browser holds of the company: entities by id, each with a version, and how far each list has been read. An older copy never replaces a
 * newer one, and which conversation is in which list is worked out from the entities; so answers and live changes may arrive in any order, twice, or
 * both at once, and the screen ends the same.
 */
export interface State {
  conversations: ReadonlyMap<string, ConversationRow>
  messages: ReadonlyMap<string, MessageView>
  /** Ids of the known messages of a conversation, in no order. */
  messageIds: ReadonlyMap<string, readonly string[]>
  channels: ReadonlyMap<string, ChannelView>
  lists: Readonly<Partial<Record<ConversationViewName, ReadList>>>
  counts: Counts | null
  /** Whether `counts` may be off, because something moved that we had not seen before. */
  countsAreStale: boolean
}

export type Counts = ConversationList["counts"]

/** How far a list has been read: everything at or after `floor` is known. */
export interface ReadList {
  /** Where to read on, null at the end. */
  next: string | null
  /** The last row read; null once the whole list is known. */
  floor: Place | null
}

interface Place {
  activityAt: number
  id: string
}

export type Action =
  | { type: "list"; view: ConversationViewName; page: ConversationList; me: string }
  | { type: "counts"; counts: Counts }
  | {
      type: "entities"
      conversations?: ConversationRow[]
      messages?: MessageView[]
      channels?: ChannelView[]
      me: string
    }
  | { type: "live"; changes: readonly LiveChange[]; me: string }
  | { type: "reset" }

export const emptyState: State = {
  conversations: new Map(),
  messages: new Map(),
  messageIds: new Map(),
  channels: new Map(),
  lists: {},
  counts: null,
  countsAreStale: false,
}

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case "reset":
      return emptyState
    case "counts":
      return { ...state, counts: action.counts, countsAreStale: false }
    case "list":
      return withList(state, action.view, action.page)
    case "entities":
      return withEntities(state, action, action.me, false)
    case "live":
      return withEntities(
        state,
        {
          conversations: action.changes.flatMap((change) => change.conversation ?? []),
          messages: action.changes.flatMap((change) => change.message ?? []),
          channels: action.changes.flatMap((change) => change.channel ?? []),
          gone: action.changes.flatMap((change) => change.gone?.id ?? []),
        },
        action.me,
        true,
      )
  }
}

function withList(state: State, view: ConversationViewName, page: ConversationList): State {
  const conversations = merge(state.conversations, page.conversations)
  const last = page.conversations.at(-1)
  const floor = page.next === null || last === undefined ? null : { activityAt: last.activity_at, id: last.id }
  const known = state.lists[view]
  const reachesLess = known !== undefined && (known.floor === null || (floor !== null && isBefore(known.floor, floor)))
  const list = reachesLess ? known : { next: page.next, floor }
  return {
    ...state,
    conversations,
    lists: { ...state.lists, [view]: list },
    counts: page.counts,
    countsAreStale: false,
  }
}

interface Entities {
  conversations?: ConversationRow[]
  messages?: MessageView[]
  channels?: ChannelView[]
  /** Ids of conversations that are to be seen no more. */
  gone?: string[]
}

function withEntities(state: State, entities: Entities, me: string, countChanges: boolean): State {
  const conversations = without(merge(state.conversations, entities.conversations ?? []), entities.gone ?? [])
  const messages = merge(state.messages, entities.messages ?? [])
  return {
    ...state,
    conversations,
    messages,
    messageIds: messages === state.messages ? state.messageIds : indexed(state, messages, entities.messages ?? []),
    channels: withChannels(state.channels, entities.channels ?? []),
    ...(countChanges && recount(state, conversations, touchedBy(entities), me)),
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
  const newer = incoming.filter((channel) => (known.get(channel.id)?.status_at ?? 0) <= channel.status_at)
  if (newer.length === 0) return known
  return new Map([...known, ...newer.map((channel) => [channel.id, channel] as const)])
}

function indexed(state: State, messages: State["messages"], incoming: readonly MessageView[]): State["messageIds"] {
  const ids = new Map(state.messageIds)
  const added = new Set<string>()
  for (const { id, conversation_id: conversationId } of incoming) {
    if (state.messages.has(id) || !messages.has(id) || added.has(id)) continue
    added.add(id)
    ids.set(conversationId, [...(ids.get(conversationId) ?? []), id])
  }
  return ids
}

const touchedBy = ({ conversations = [], gone = [] }: Entities): ReadonlySet<string> =>
  new Set([...conversations.map((row) => row.id), ...gone])

/** Moves the counts by what changed; a conversation never seen before makes them stale, as the server may have counted it already. */
function recount(state: State, conversations: State["conversations"], touched: ReadonlySet<string>, me: string) {
  if (state.counts === null) return {}
  const counts = { ...state.counts }
  let countsAreStale = state.countsAreStale
  for (const id of touched) {
    const before = state.conversations.get(id)
    const after = conversations.get(id)
    if (before === undefined) countsAreStale = true
    if (before === undefined || before === after) continue
    for (const view of viewNames) {
      const is = after !== undefined && isIn(view, after, me)
      counts[view] = Math.max(0, counts[view] + Number(is) - Number(isIn(view, before, me)))
    }
  }
  return { counts, countsAreStale }
}

export const viewNames: readonly ConversationViewName[] = ["open", "mine", "unassigned", "failed", "archived"]

const isOpen = (row: ConversationRow): boolean => row.status === "assigned" || row.status === "unassigned"

/** The server's own conditions for its lists (server/src/conversations/views.ts), said once more for changes that arrive live. */
const conditions: Record<ConversationViewName, (row: ConversationRow, me: string) => boolean> = {
  open: isOpen,
  mine: (row, me) => isOpen(row) && row.assignee?.id === me,
  unassigned: (row) => row.status === "unassigned",
  failed: (row) => row.failed_count > 0,
  archived: (row) => row.status === "archived",
}

/** Whether a conversation belongs to a view; `me` is the teammate who looks. */
export const isIn = (view: ConversationViewName, row: ConversationRow, me: string): boolean => conditions[view](row, me)

/** Newest activity first; ids decide among equals, as on the server: longer base 36 is the larger number. */
function isBefore(a: Place, b: Place): boolean {
  if (a.activityAt !== b.activityAt) return a.activityAt < b.activityAt
  return a.id.length === b.id.length ? a.id < b.id : a.id.length < b.id.length
}

const placeOf = (row: ConversationRow): Place => ({ activityAt: row.activity_at, id: row.id })

/** A view's conversations as far as it has been read, newest activity first; null before the first page. */
export function listOf(state: State, view: ConversationViewName, me: string): ConversationRow[] | null {
  const list = state.lists[view]
  if (list === undefined) return null
  const { floor } = list
  return [...state.conversations.values()]
    .filter((row) => isIn(view, row, me) && (floor === null || !isBefore(placeOf(row), floor)))
    .sort((a, b) => (isBefore(placeOf(a), placeOf(b)) ? 1 : -1))
}

/** A conversation's known messages in the order they are read: by the time shown, then by place. What was undone is gone. */
export function timelineOf(state: State, conversationId: string): MessageView[] {
  return (state.messageIds.get(conversationId) ?? [])
    .map((id) => state.messages.get(id) as MessageView)
    .filter((message) => message.state !== "undone")
    .sort((a, b) => a.created_at - b.created_at || a.number - b.number)
}
