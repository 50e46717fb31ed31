import type { ConversationList, ConversationRow, ConversationViewName, ListSort } from "@causeway/contract/inbox"

/** Which conversations a list has, and in which order; ids narrow it. */
export interface ListQuery {
  view: ConversationViewName
  sort: ListSort
  inbox: string | null
  channel: string | null
  tag: string | null
  assignee: string | null
}

export const plainList = (view: ConversationViewName): ListQuery => ({
  view,
  sort: "newest",
  inbox: null,
  channel: null,
  tag: null,
  assignee: null,
})

/** One name for equal lists. */
export const listKey = ({ view, sort, inbox, channel, tag, assignee }: ListQuery): string =>
  [view, sort, inbox, channel, tag, assignee].join(" ")

const isOpen = (row: ConversationRow): boolean => row.status === "assigned" || row.status === "unassigned"

/** The server's own conditions for its lists (server/src/conversations/views.ts), said once more for changes that arrive live. */
const conditions: Record<ConversationViewName, (row: ConversationRow, me: string) => boolean> = {
  open: isOpen,
  unassigned: (row) => row.status === "unassigned",
  mine: (row, me) => isOpen(row) && row.assignee?.id === me,
  failed: (row) => row.failed_count > 0,
  drafts: (row, me) => row.drafts_by.some(({ id }) => id === me),
  snoozed: (row, me) => row.status === "archived" && snoozedUntil(row, me) !== null,
  archived: (row) => row.status === "archived",
  trash: (row) => row.status === "deleted" || row.status === "spam",
}

/** In the order of the navigation. */
export const viewNames = Object.keys(conditions) as ConversationViewName[]

/** Whether a conversation belongs to a view; `me` is the teammate who looks. */
export const isIn = (view: ConversationViewName, row: ConversationRow, me: string): boolean => conditions[view](row, me)

/** Whether a row belongs to a list. */
export const wants = ({ view, inbox, channel, tag, assignee }: ListQuery, row: ConversationRow, me: string): boolean =>
  isIn(view, row, me) &&
  (inbox === null || row.inbox_id === inbox) &&
  (channel === null || row.channel_id === channel) &&
  (assignee === null || row.assignee?.id === assignee) &&
  (tag === null || row.tags.some(({ id }) => id === tag))

/** When it comes back to the teammate who snoozed it, seconds; null: they did not. */
export const snoozedUntil = (row: ConversationRow, me: string): number | null =>
  row.snoozed.find(({ teammate_id }) => teammate_id === me)?.until ?? null

/** What a customer wrote last was not read by the one who looks. What is done with counts as read. */
export const isUnread = (row: ConversationRow): boolean => isOpen(row) && row.last_inbound > row.read_number

/** Where a row stands in a list. `at`: seconds; Infinity where it does not wait. */
export interface Place {
  at: number
  id: string
}

export const placeIn = (sort: ListSort, row: ConversationRow): Place => ({
  at: sort === "waiting" ? (row.waiting_since ?? Number.POSITIVE_INFINITY) : row.activity_at,
  id: row.id,
})

/** As the server reads it. */
export const formatPlace = ({ at, id }: Place): string => `${Number.isFinite(at) ? Math.round(at * 1000) : "n"}_${id}`

/** Negative where `a` comes first. Ids decide among equals, as on the server: longer base 36 is the larger number. */
function compare(sort: ListSort, a: Place, b: Place): number {
  const ascending = a.at !== b.at ? (a.at < b.at ? -1 : 1) : compareIds(a.id, b.id)
  return sort === "newest" ? -ascending : ascending
}

/** Rows in the order of a list. */
export const sortRows = (sort: ListSort, rows: readonly ConversationRow[]): ConversationRow[] =>
  rows.toSorted((a, b) => compare(sort, placeIn(sort, a), placeIn(sort, b)))

function compareIds(a: string, b: string): number {
  if (a.length !== b.length) return a.length - b.length
  return a < b ? -1 : a > b ? 1 : 0
}

/** Everything that the list has between two places, both included, is known. Null: from its beginning, to its end. */
export interface Stretch {
  top: Place | null
  bottom: Place | null
  /** How many rows come before it, as far as we know: exact at the beginning, elsewhere right until something unknown moves. */
  offset: number
}

/** How much of a list has been read: stretches in their order, which do not meet. */
export interface ReadList {
  query: ListQuery
  total: number
  stretches: readonly Stretch[]
}

/** From where a page of a list was asked for. */
export type PageFrom = { from: "top" } | { from: "below" | "above"; place: Place } | { from: "offset"; offset: number }

/** The list with one more page; what meets becomes one stretch. */
export function withPage(
  known: ReadList | undefined,
  query: ListQuery,
  from: PageFrom,
  page: ConversationList,
): ReadList {
  const { stretches = [], total = 0 } = known ?? {}
  const added = stretchOf(query.sort, from, page, stretches)
  return {
    query,
    total: page.total ?? total,
    stretches: added === null ? stretches : joined(query.sort, [...stretches, added]),
  }
}

function stretchOf(sort: ListSort, from: PageFrom, page: ConversationList, known: readonly Stretch[]): Stretch | null {
  const [first, last] = [page.conversations[0], page.conversations.at(-1)]
  const top = first === undefined ? null : placeIn(sort, first)
  const bottom = last === undefined ? null : placeIn(sort, last)
  switch (from.from) {
    case "top":
      return { top: null, bottom: page.more ? bottom : null, offset: 0 }
    case "below":
      return { top: from.place, bottom: page.more ? bottom : null, offset: offsetOf(sort, known, from.place) }
    case "above": {
      const offset = page.more ? Math.max(0, offsetOf(sort, known, from.place) - page.conversations.length) : 0
      return { top: page.more ? top : null, bottom: from.place, offset }
    }
    case "offset":
      if (top === null) return null
      return { top: from.offset === 0 ? null : top, bottom: page.more ? bottom : null, offset: from.offset }
  }
}

const offsetOf = (sort: ListSort, stretches: readonly Stretch[], place: Place): number =>
  stretches.find((stretch) => contains(sort, stretch, place))?.offset ?? 0

const contains = (sort: ListSort, { top, bottom }: Stretch, place: Place): boolean =>
  (top === null || compare(sort, top, place) <= 0) && (bottom === null || compare(sort, place, bottom) <= 0)

function joined(sort: ListSort, stretches: Stretch[]): Stretch[] {
  const sorted = stretches.sort((a, b) =>
    a.top === null || b.top === null ? Number(a.top !== null) - Number(b.top !== null) : compare(sort, a.top, b.top),
  )
  const result: Stretch[] = []
  for (const next of sorted) {
    const last = result.at(-1)
    const meets = last !== undefined && (last.bottom === null || next.top === null || contains(sort, last, next.top))
    if (!meets) result.push(next)
    else result[result.length - 1] = { ...last, bottom: later(sort, last.bottom, next.bottom) }
  }
  return result
}

const later = (sort: ListSort, a: Place | null, b: Place | null): Place | null =>
  a === null || b === null ? null : compare(sort, a, b) < 0 ? b : a

/** What became of one conversation; undefined: it was, or is, not known. */
export interface Move {
  before: ConversationRow | undefined
  after: ConversationRow | undefined
}

/** The list after conversations changed: how many it has, and how many come before each stretch. The same where nothing does. */
export function withMoves(list: ReadList, moves: readonly Move[], me: string): ReadList {
  const { query } = list
  const placeOf = (row: ConversationRow | undefined): Place | null =>
    row !== undefined && wants(query, row, me) ? placeIn(query.sort, row) : null
  let { total, stretches } = list
  for (const { before, after } of moves) {
    const [from, to] = [placeOf(before), placeOf(after)]
    if (from === null && to === null) continue
    // Whether one that was never seen was counted already only the server knows.
    if (before !== undefined) total = Math.max(0, total + Number(to !== null) - Number(from !== null))
    const isBefore = (place: Place | null, top: Place): number =>
      Number(place !== null && compare(query.sort, place, top) < 0)
    const shifts = stretches.map(({ top }) => (top === null ? 0 : isBefore(to, top) - isBefore(from, top)))
    if (shifts.some((shift) => shift !== 0))
      stretches = stretches.map((stretch, i) => ({
        ...stretch,
        offset: Math.max(0, stretch.offset + (shifts[i] as number)),
      }))
  }
  return total === list.total && stretches === list.stretches ? list : { query, total, stretches }
}

/** Rows that follow each other, and how many rows of the list come before them. */
export interface Run extends Stretch {
  rows: readonly ConversationRow[]
}

/** A list as it is drawn: the known runs, and how many rows there are in all. */
export interface Layout {
  total: number
  runs: readonly Run[]
}

interface Drawn {
  conversations: ReadonlyMap<string, ConversationRow>
  me: string
  layout: Layout
}

const drawn = new WeakMap<ReadList, Drawn>()

/** The known rows of a list where they stand. The same object for as long as nothing changes in it. */
export function layoutOf(list: ReadList, conversations: Drawn["conversations"], me: string): Layout {
  const last = drawn.get(list)
  if (last?.conversations === conversations && last.me === me) return last.layout
  const layout = layOut(list, conversations, me)
  drawn.set(list, { conversations, me, layout })
  return layout
}

function layOut({ query, total, stretches }: ReadList, conversations: Drawn["conversations"], me: string): Layout {
  const { sort } = query
  const rows = [...conversations.values()]
    .filter((row) => wants(query, row, me))
    .sort((a, b) => compare(sort, placeIn(sort, a), placeIn(sort, b)))
  const runs: Run[] = []
  let end = 0
  for (const stretch of stretches) {
    const known = rows.filter((row) => contains(sort, stretch, placeIn(sort, row)))
    // Between two stretches that do not meet there is at least one row that is not known yet.
    const offset = stretch.top === null ? 0 : Math.max(stretch.offset, end + (runs.length > 0 ? 1 : 0))
    runs.push({ ...stretch, offset, rows: known })
    end = offset + known.length
  }
  const isWhole = runs.at(-1)?.bottom === null
  return { runs, total: isWhole ? end : Math.max(total, end + (runs.length > 0 ? 1 : 0)) }
}

/** The row at a place of the list; undefined: not read yet. */
export function rowAt(layout: Layout, index: number): ConversationRow | undefined {
  const run = layout.runs.findLast(({ offset }) => offset <= index)
  return run?.rows[index - run.offset]
}

/** Where a conversation stands; -1: not among the known. */
export function indexOf(layout: Layout, id: string | null): number {
  if (id === null) return -1
  for (const { rows, offset } of layout.runs) {
    const at = rows.findIndex((row) => row.id === id)
    if (at !== -1) return offset + at
  }
  return -1
}

/** A far leap brings a few rows before what was asked for, as lists are scrolled both ways. */
const leapBefore = 10

/** What to ask the server for, to know the rows from `first` to `last` (included); null: they are known. Goes on from a neighbour where there is one. */
export function missingPage(layout: Layout, first: number, last: number): PageFrom | null {
  for (let index = Math.max(0, first); index <= Math.min(last, layout.total - 1); index++) {
    if (rowAt(layout, index) !== undefined) continue
    const before = layout.runs.findLast(({ offset }) => offset <= index)
    const after = layout.runs.find(({ offset }) => offset > index)
    if (before?.bottom && index - (before.offset + before.rows.length) < leapBefore)
      return { from: "below", place: before.bottom }
    if (after?.top && after.offset <= last + leapBefore) return { from: "above", place: after.top }
    return { from: "offset", offset: Math.max(0, index - leapBefore) }
  }
  return null
}
