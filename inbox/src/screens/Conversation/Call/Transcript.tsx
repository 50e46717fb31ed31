import type { TranscriptLine } from "@causeway/contract/resources/call"
import { type RefObject, useEffect, useMemo, useRef, useState } from "react"
import { laterWords } from "../../../later-words.ts"
import { Button } from "../../../parts/Button.tsx"
import { CopyText } from "../Timeline/SendState.tsx"
import styles from "./Call.module.css"
import { clockOf } from "./durations.ts"

const said = laterWords.call

interface TranscriptProps {
  lines: readonly TranscriptLine[]
  /** Where the recording plays, in seconds; null before it was played. */
  time: number | null
  find: RefObject<HTMLInputElement | null>
  follows: boolean
  onFollow(follows: boolean): void
  /** Null without a recording. */
  onSeek: ((seconds: number) => void) | null
}

/** What was said, line by line: the one that plays is marked, and is kept in sight while following; a line plays from where it begins. */
export function Transcript({ lines, time, find, follows, onFollow, onSeek }: TranscriptProps) {
  const list = useRef<HTMLOListElement>(null)
  const [sought, setSought] = useState("")
  const [match, setMatch] = useState(0)
  const matches = useMemo(() => matchesOf(lines, sought), [lines, sought])
  const current = time === null ? -1 : lines.findLastIndex((line) => line.start_seconds <= time)
  const shown = matches.length > 0 ? matches[match % matches.length] : undefined

  useEffect(() => {
    if (follows && current >= 0) reveal(list.current, current)
  }, [follows, current])
  useEffect(() => {
    if (shown !== undefined) reveal(list.current, shown)
  }, [shown])
  const step = (by: 1 | -1): void => setMatch((match + by + matches.length) % matches.length)

  return (
    <>
      <div className={styles.tools}>
        <h4>{said.transcript}</h4>
        <input
          ref={find}
          type="search"
          value={sought}
          placeholder={said.find}
          aria-label={said.find}
          onChange={(event) => {
            setSought(event.target.value)
            setMatch(0)
          }}
          onKeyDown={(event) => {
            if (event.key === "Enter" && matches.length > 0) step(event.shiftKey ? -1 : 1)
          }}
        />
        <output>{sought !== "" && said.found(matches.length)}</output>
        {matches.length > 1 && (
          <>
            <Button look="quiet" icon="up" aria-label={said.previousMatch} onClick={() => step(-1)} />
            <Button look="quiet" icon="down" aria-label={said.nextMatch} onClick={() => step(1)} />
          </>
        )}
        <label>
          <input type="checkbox" checked={follows} onChange={(event) => onFollow(event.target.checked)} />
          {said.follow}
        </label>
        <CopyText text={asText(lines)} label={said.copy} />
      </div>
      <ol ref={list} className={styles.lines}>
        {lines.map((line, i) => (
          <li
            key={`${line.start_seconds} ${i.toString()}`}
            aria-current={i === current || undefined}
            data-match={matches.includes(i) || undefined}
            data-shown={i === shown || undefined}
          >
            {onSeek === null ? (
              <span className={styles.start}>{clockOf(line.start_seconds)}</span>
            ) : (
              <button
                type="button"
                className={styles.start}
                aria-label={said.playFrom(clockOf(line.start_seconds))}
                onClick={() => onSeek(line.start_seconds)}
              >
                {clockOf(line.start_seconds)}
              </button>
            )}
            <p dir="auto">
              <strong data-speaker={line.speaker_type}>
                <bdi>{line.speaker_name}</bdi> ({line.speaker_type === "internal" ? said.us : said.them})
              </strong>{" "}
              <bdi>{line.content}</bdi>
            </p>
          </li>
        ))}
      </ol>
    </>
  )
}

/** Following never moves the focus, and scrolls the list alone. */
function reveal(list: HTMLOListElement | null, index: number): void {
  const line = list?.children[index] as HTMLElement | undefined
  if (!list || line === undefined) return
  const above = line.offsetTop - list.offsetTop
  const isShown = above >= list.scrollTop && above + line.offsetHeight <= list.scrollTop + list.clientHeight
  if (!isShown) list.scrollTo({ top: above - list.clientHeight / 3 })
}

function matchesOf(lines: readonly TranscriptLine[], sought: string): number[] {
  const wanted = sought.trim().toLocaleLowerCase()
  if (wanted === "") return []
  return lines.flatMap((line, i) => (line.content.toLocaleLowerCase().includes(wanted) ? [i] : []))
}

const asText = (lines: readonly TranscriptLine[]): string =>
  lines.map((line) => `${clockOf(line.start_seconds)} ${line.speaker_name}: ${line.content}`).join("\n")
