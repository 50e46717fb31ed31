import { Link, useParams } from "@tanstack/react-router"
import { useEffect, useRef, useState } from "react"
import { developerWords } from "../../developer-words.ts"
import { isoOf, preciseTimeOf } from "../../format.ts"
import { Button } from "../../parts/Button.tsx"
import { CopyField } from "../../parts/CopyField.tsx"
import { Icon } from "../../parts/Icon.tsx"
import { Splitter } from "../../parts/Splitter.tsx"
import { setConsoleHeight, useConsoleHeight } from "../../settings/console.ts"
import admin from "../Admin/Admin.module.css"
import styles from "./Drawer.module.css"
import { resultOf } from "./LogRow.tsx"
import { useLog } from "./useLog.ts"

const said = developerWords.drawer

/** CSS px. */
const heightMin = 120
/** What stays to be seen of the conversation: its header. */
const keptAbove = 96

/** What was told about the open conversation, under it: as high as one likes, or folded to one line that counts failures. */
export default function Drawer({ onClose }: { onClose(): void }) {
  const { conversationId } = useParams({ strict: false })
  return conversationId === undefined ? null : (
    <Opened key={conversationId} conversationId={conversationId} onClose={onClose} />
  )
}

function Opened({ conversationId, onClose }: { conversationId: string; onClose(): void }) {
  const [isFolded, setIsFolded] = useState(false)
  const max = useHeightMax()
  const chosen = useConsoleHeight()
  const height = Math.min(max, chosen ?? Math.min(max * 0.5, 420))
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus(), [])
  const { entries } = useLog({
    channel_id: null,
    app_uid: null,
    conversation_id: conversationId,
    direction: null,
    what: null,
    outcome: null,
    text: null,
  })
  const failures = entries?.filter(({ outcome }) => outcome === "failed").length ?? 0
  const call = `curl ${window.location.origin}/conversations/${conversationId}/messages -H "authorization: Bearer $TOKEN"`
  return (
    <section
      className={styles.drawer}
      aria-labelledby="console"
      style={isFolded ? undefined : { blockSize: height }}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose()
      }}
    >
      {!isFolded && (
        <Splitter
          label={said.edge}
          orientation="horizontal"
          isFirst
          size={height}
          min={heightMin}
          max={max}
          onSize={setConsoleHeight}
        />
      )}
      <header>
        <h2 id="console" ref={heading} tabIndex={-1}>
          {said.label}
        </h2>
        {failures > 0 && (
          <span className={admin.badge} data-state="fail">
            <Icon name="failed" /> {said.failures(failures)}
          </span>
        )}
        {!isFolded && (
          <Button
            look="quiet"
            icon={height < max ? "up" : "down"}
            onClick={() => setConsoleHeight(height < max ? max : null)}
          >
            {height < max ? said.taller : said.usual}
          </Button>
        )}
        <Button
          look="quiet"
          icon={isFolded ? "up" : "down"}
          aria-expanded={!isFolded}
          onClick={() => setIsFolded(!isFolded)}
        >
          {said.open}
        </Button>
        <Button look="quiet" icon="close" onClick={onClose}>
          {developerWords.shell.close}
        </Button>
      </header>
      {!isFolded && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by the keyboard
        <div className={styles.body} tabIndex={0}>
          <div className={styles.fields}>
            <CopyField label={said.ids} value={conversationId} />
            <CopyField label={said.asCall} value={call} />
          </div>
          {entries?.length === 0 && <p>{said.none}</p>}
          <ul>
            {entries?.map((entry) => (
              <li key={entry.id}>
                <time dateTime={isoOf(entry.at)}>{preciseTimeOf(entry.at)}</time>
                <Link to="/developer/$section/$itemId" params={{ section: "log", itemId: entry.id }} dir="ltr">
                  {`${entry.what} ${entry.id}`}
                </Link>
                <span className={styles.outcome} data-state={entry.outcome}>
                  {resultOf(entry)}
                </span>
                {entry.reason !== null && <span dir="auto">{entry.reason}</span>}
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  )
}

/** How high it may be in this window, CSS px. */
const measureMax = (): number => Math.max(heightMin, window.innerHeight - keptAbove)

function useHeightMax(): number {
  const [max, setMax] = useState(measureMax)
  useEffect(() => {
    const onResize = (): void => setMax(measureMax())
    window.addEventListener("resize", onResize)
    return () => window.removeEventListener("resize", onResize)
  }, [])
  return max
}
