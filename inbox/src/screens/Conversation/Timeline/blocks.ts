import type { CommentView, MessageView } from "@causeway/contract/inbox"
import type { ActivityView } from "@causeway/contract/inbox-timeline"
import { type Entry, endGap, isComment, isMessage } from "../../../timeline.ts"

/** What is drawn, one under the other. */
export type Block =
  | { kind: "day"; key: string; at: number }
  | { kind: "new"; key: string }
  | { kind: "gap"; key: string }
  | { kind: "message"; key: string; message: MessageView }
  | { kind: "call"; key: string; legs: MessageView[] }
  | { kind: "comment"; key: string; comment: CommentView }
  | { kind: "activities"; key: string; activities: ActivityView[] }

export const timeOfEntry = (entry: Entry): number =>
  isMessage(entry) ? entry.created_at : isComment(entry) ? entry.posted_at : entry.at

/**
 * A timeline as blocks: a divider before each day and before what is new, activities that follow each other together, and the legs of a transferred call
 * as one, where its last leg is. `dayOf` names a time's day where the reader is; `newFrom` is the id of the first new entry; `gaps`: see `gapsOf`.
 */
export function blocksOf(
  entries: readonly Entry[],
  { dayOf, newFrom, gaps = [] }: { dayOf: (at: number) => string; newFrom: string | null; gaps?: readonly string[] },
): Block[] {
  const blocks: Block[] = []
  const chains = chainsOf(entries)
  let day = ""
  for (const entry of withoutEchoes(entries)) {
    const at = timeOfEntry(entry)
    if (dayOf(at) !== day) {
      day = dayOf(at)
      blocks.push({ kind: "day", key: `day ${day}`, at })
    }
    if (gaps.includes(entry.id)) blocks.push({ kind: "gap", key: `gap ${entry.id}` })
    if (entry.id === newFrom) blocks.push({ kind: "new", key: "new" })
    const last = blocks.at(-1)
    if (isMessage(entry)) {
      const legs = chains.get(entry.id)
      if (legs === undefined) blocks.push({ kind: "message", key: entry.id, message: entry })
      else if (legs.at(-1) === entry) blocks.push({ kind: "call", key: legs[0]?.id ?? entry.id, legs })
    } else if (isComment(entry)) blocks.push({ kind: "comment", key: entry.id, comment: entry })
    else if (last?.kind === "activities") last.activities.push(entry)
    else blocks.push({ kind: "activities", key: entry.id, activities: [entry] })
  }
  if (gaps.includes(endGap)) blocks.push({ kind: "gap", key: "gap" })
  return blocks.filter((block, i) => block.kind !== "day" || ![undefined, "day"].includes(blocks[i + 1]?.kind))
}

/** A snooze archives: that needs no line of its own. */
const withoutEchoes = (entries: readonly Entry[]): Entry[] =>
  entries.filter((entry, i) => {
    const before = entries[i - 1]
    if (isMessage(entry) || isComment(entry) || entry.type !== "archive" || before === undefined) return true
    return isMessage(before) || isComment(before) || before.type !== "snooze" || before.at !== entry.at
  })

/** For each call's message the messages of all legs that transfers tie together, in their order. A leg that came late ties what was apart before. */
function chainsOf(entries: readonly Entry[]): Map<string, MessageView[]> {
  const calls = entries.filter((entry) => isMessage(entry) && entry.call !== undefined) as MessageView[]
  const chains = new Map<string, MessageView[]>()
  for (const leg of calls) {
    const tied = calls.filter((other) => names(leg, other) || names(other, leg))
    const legs = new Set([leg, ...tied.flatMap((other) => chains.get(other.id) ?? [])])
    const chain = calls.filter((one) => legs.has(one))
    for (const one of chain) chains.set(one.id, chain)
  }
  return chains
}

/** Whether a leg knows of another one: which it came from, or which were there when it was last told. */
const names = ({ call }: MessageView, other: MessageView): boolean =>
  other.call !== undefined && (call?.parent_id === other.call.id || call?.legs.includes(other.call.id) === true)
