import type { LogEntry } from "@causeway/contract/endpoints/log"
import { answerMs } from "@causeway/contract/limits"
import { developerWords } from "../../developer-words.ts"
import { isoOf, millisecondsOf, preciseTimeOf } from "../../format.ts"
import { Icon, type IconName } from "../../parts/Icon.tsx"
import styles from "./Developer.module.css"

const said = developerWords.log

/** Of one row; the window counts with it. */
export const rowPx = 40

const icons: Record<LogEntry["outcome"], IconName> = {
  ok: "sent",
  failed: "failed",
  unknown: "question",
  waiting: "clock",
}

interface Props {
  entry: LogEntry
  index: number
  count: number
  channel: string | null
  isActive: boolean
  isChosen: boolean
  onChoose(): void
}

/** What it came to, in a word and the number behind it. */
export function resultOf(entry: LogEntry): string {
  const status = entry.http_status === null ? "" : ` ${entry.http_status}`
  return `${said.outcomes[entry.outcome]}${status}${entry.code === null ? "" : ` ${entry.code}`}`
}

export function LogRow({ entry, index, count, channel, isActive, isChosen, onChoose }: Props) {
  const share = entry.took_ms === null ? 0 : Math.min(1, entry.took_ms / answerMs)
  const result =
    resultOf(entry) +
    (entry.attempts > 1 ? ` · ×${entry.attempts}` : "") +
    (entry.skipped > 0 ? ` · ${said.skipped(entry.skipped)}` : "")
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list box has the keys
    <div
      id={`row-${entry.id}`}
      role="option"
      tabIndex={-1}
      aria-selected={isActive}
      aria-posinset={index + 1}
      aria-setsize={count}
      data-chosen={isChosen || undefined}
      className={styles.row}
      style={{ insetBlockStart: index * rowPx, blockSize: rowPx }}
      onClick={onChoose}
    >
      <time dateTime={isoOf(entry.at)}>{preciseTimeOf(entry.at)}</time>
      <span className={styles.direction} title={said.directions[entry.direction]}>
        <span aria-hidden="true">{entry.direction === "out" ? "→" : "←"}</span>
        <span className="said">{said.directions[entry.direction]}</span>
      </span>
      <span className={styles.what} dir="ltr">
        {entry.what}
      </span>
      <span className={styles.channel} dir="auto">
        {channel ?? ""}
      </span>
      <span
        className={styles.outcome}
        data-state={entry.outcome}
        title={[result, entry.reason].filter(Boolean).join(": ")}
      >
        <Icon name={icons[entry.outcome]} /> <span>{result}</span>
      </span>
      <span className={styles.took} data-over={(entry.took_ms ?? 0) > answerMs || undefined}>
        <meter aria-hidden="true" min={0} max={1} value={share} high={0.7} optimum={0} />
        {entry.took_ms === null ? "–" : millisecondsOf(entry.took_ms)}
      </span>
    </div>
  )
}
