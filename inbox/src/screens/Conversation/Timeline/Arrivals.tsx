import type { MessageView } from "@causeway/contract/inbox"
import { useLayoutEffect, useRef, useState } from "react"
import { failureWords } from "../../../reasons.ts"
import { useDeviceSettings } from "../../../settings/device.ts"
import { bySpot, type Entry, isComment, isMessage, type Spot, spotOf } from "../../../timeline.ts"
import { words } from "../../../words.ts"

const charsMax = 200

/**
 * Reads out what just came in and which reply just failed, and nothing of what was loaded; the timeline itself is no live region, as it would read out
 * every older page. How much is read out is a setting of the device; one's own work is what is assigned to one, and where one is mentioned.
 */
export function Arrivals({ entries, me, isMine }: { entries: readonly Entry[]; me: string; isMine: boolean }) {
  const { announcements } = useDeviceSettings()
  const [text, setText] = useState("")
  const newest = useRef<Spot | null>(null)
  const failed = useRef<ReadonlySet<string> | null>(null)
  useLayoutEffect(() => {
    const last = entries.at(-1)
    const troubled = new Map(entries.filter(isTroubled).map((message) => [message.id, message]))
    const justFailed = failed.current && [...troubled.values()].find(({ id }) => !failed.current?.has(id))
    failed.current = new Set(troubled.keys())
    const spot = last === undefined ? null : spotOf(last)
    const isNew = newest.current !== null && spot !== null && bySpot(spot, newest.current) > 0
    newest.current = spot ?? newest.current ?? { at: 0, rank: 0, number: 0 }
    if (justFailed) setText(words.timeline.replyFailed(failureWords(justFailed.error?.code ?? "").heading))
    else if (
      isNew &&
      last !== undefined &&
      (announcements === "all" || (announcements === "important" && (isMine || mentions(last, me))))
    ) {
      const line = lineOf(last, me)
      if (line !== null) setText(line)
    }
  }, [entries, me, isMine, announcements])
  return <output className="said">{text}</output>
}

const mentions = (entry: Entry, me: string): boolean => isComment(entry) && entry.mentions.some(({ id }) => id === me)

const isTroubled = (entry: Entry): entry is MessageView =>
  isMessage(entry) && (entry.state === "failed" || entry.state === "unknown")

function lineOf(entry: Entry, me: string): string | null {
  if (isMessage(entry)) {
    if (entry.direction !== "inbound") return null
    return words.conversation.arrived(entry.from, entry.text.slice(0, charsMax))
  }
  if (!isComment(entry) || entry.author.id === me) return null
  return words.conversation.arrived(`${words.timeline.note}, ${entry.author.name}`, entry.body.slice(0, charsMax))
}
