import type { CommentView, ConversationRow, MessageView, TimelineItem } from "@causeway/contract/inbox"
import type { ActivityView } from "@causeway/contract/inbox-timeline"
import type { State } from "./store.ts"

/** Whatever stands in a conversation's timeline. */
export type Entry = MessageView | CommentView | ActivityView

export const isMessage = (entry: Entry): entry is MessageView => "uid" in entry
export const isComment = (entry: Entry): entry is CommentView => "posted_at" in entry

/** Where an entry stands: by the millisecond shown; of equal ones messages by number, then comments by id, then activities by their place in the feed. */
export interface Spot {
  at: number
  rank: number
  number: number
}

/** The server's own order (contract, TimelinePage), said once more for what arrives live. */
export function spotOf(entry: Entry): Spot {
  if (isMessage(entry)) return { at: Math.round(entry.created_at * 1000), rank: 0, number: entry.number }
  if (isComment(entry))
    return { at: Math.round(entry.posted_at * 1000), rank: 1, number: Number.parseInt(entry.id.slice(4), 36) }
  return { at: Math.floor(entry.at * 1000), rank: 2, number: entry.position }
}

/** Earlier first. */
export const bySpot = (a: Spot, b: Spot): number => a.at - b.at || a.rank - b.rank || a.number - b.number

/** Stands for the end of a timeline among the ids of `gapsOf`. */
export const endGap = "end"

/**
 * Where messages are missing that came while this device did not listen and that it cannot ask for now: the ids of those that stand behind a gap. Numbers
 * have no holes; up to `readTo` everything was read at once.
 */
export function gapsOf(state: State, row: Pick<ConversationRow, "id" | "last_number">, readTo: number): string[] {
  const messages = (state.messageIds.get(row.id) ?? []).flatMap((id) => state.messages.get(id) ?? [])
  const known = new Set(messages.map(({ number }) => number))
  const behind = messages.filter(({ number }) => number > readTo + 1 && !known.has(number - 1)).map(({ id }) => id)
  return row.last_number > readTo && !known.has(row.last_number) ? [...behind, endGap] : behind
}

/** What a page holds, by kind. */
export function entitiesOf(items: readonly TimelineItem[]) {
  return {
    messages: items.flatMap((item) => (item.kind === "message" ? [item.message] : [])),
    comments: items.flatMap((item) => (item.kind === "comment" ? [item.comment] : [])),
    activities: items.flatMap((item) => (item.kind === "activity" ? [item.activity] : [])),
  }
}

export const entryOf = (item: TimelineItem): Entry =>
  item.kind === "message" ? item.message : item.kind === "comment" ? item.comment : item.activity

/**
 * What is known of a conversation's timeline from `floor` on, in the order it is read; before that lie entries that were not read yet. What was undone is
 * gone, and so is a channel's coming and going after the last thing that happened in the conversation itself.
 */
export function entriesOf(state: State, row: Pick<ConversationRow, "id" | "channel_id">, floor: Spot | null): Entry[] {
  const known = <Entity>(ids: readonly string[] | undefined, entities: ReadonlyMap<string, Entity>): Entity[] =>
    (ids ?? []).flatMap((id) => entities.get(id) ?? [])
  const own = [
    ...known(state.messageIds.get(row.id), state.messages).filter(({ state: reply }) => reply !== "undone"),
    ...known(state.commentIds.get(row.id), state.comments),
    ...known(state.activityIds.get(row.id), state.activities),
  ]
  const ofChannel = row.channel_id === null ? [] : known(state.activityIds.get(row.channel_id), state.activities)
  const placed = (entries: readonly Entry[]) =>
    entries
      .map((entry) => ({ entry, spot: spotOf(entry) }))
      .filter(({ spot }) => floor === null || bySpot(spot, floor) >= 0)
  const inside = placed(own)
  const last = inside.reduce((latest, { spot }) => Math.max(latest, spot.at), 0)
  const first = inside.reduce((earliest, { spot }) => Math.min(earliest, spot.at), Number.POSITIVE_INFINITY)
  const outside = placed(ofChannel).filter(
    ({ entry, spot }) => "status" in entry && entry.status !== null && spot.at <= last && spot.at >= first,
  )
  return [...inside, ...outside].sort((a, b) => bySpot(a.spot, b.spot)).map(({ entry }) => entry)
}
