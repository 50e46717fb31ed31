import type { ConversationRow, MessageView } from "@causeway/contract/inbox"
import { Fragment, useEffect, useLayoutEffect, useRef, useState } from "react"
import { dayLabelOf, dayOf, isoOf, useNow } from "../../format.ts"
import { Button } from "../../parts/Button.tsx"
import { useValue } from "../../value.ts"
import { words } from "../../words.ts"
import { useWorkspace } from "../../workspace.ts"
import styles from "./Conversation.module.css"
import { LocalReply } from "./LocalReply.tsx"
import { Message } from "./Message.tsx"
import type { ConversationState } from "./useConversation.ts"
import { useTimelineScroll } from "./useTimelineScroll.ts"

const said = words.conversation
type Older = Extract<ConversationState, { state: "open" }>["older"]

interface TimelineProps {
  row: ConversationRow
  messages: MessageView[]
  older: Older
}

/** All messages in the order they are read, then what this device has not brought to the server yet. */
export function Timeline({ row, messages, older }: TimelineProps) {
  const { entries, me } = useWorkspace()
  const known = new Set(messages.map((message) => message.uid))
  const local = useValue(entries).filter(
    ({ conversationId, stage }) => conversationId === row.id && !(stage.name === "accepted" && known.has(stage.uid)),
  )
  const now = useNow(60_000)
  const last = local.at(-1)?.key ?? messages.at(-1)?.id ?? null
  const isOwnLast = local.length > 0 || messages.at(-1)?.author?.id === me
  const { box, content, hasUnseen, toEnd, beforeOlder } = useTimelineScroll({
    last,
    first: messages[0]?.id ?? null,
    isOwnLast,
  })

  return (
    <div className={styles.wrap}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key */}
      <section ref={box} className={styles.timeline} tabIndex={0} aria-label={said.timeline}>
        <div ref={content} className={styles.content}>
          <OlderMessages older={older} beforeLoad={beforeOlder} box={box} />
          {messages.length + local.length === 0 && <p className={styles.none}>{said.empty}</p>}
          {messages.map((message, index) => {
            const previous = messages[index - 1]
            const isNewDay = previous === undefined || dayOf(previous.created_at) !== dayOf(message.created_at)
            return (
              <Fragment key={message.id}>
                {isNewDay && (
                  <p className={styles.day}>
                    <time dateTime={isoOf(message.created_at)}>{dayLabelOf(message.created_at, now)}</time>
                  </p>
                )}
                <Message message={message} isMine={message.author?.id === me} isLast={index === messages.length - 1} />
              </Fragment>
            )
          })}
          {local.map((entry) => (
            <LocalReply key={entry.key} entry={entry} />
          ))}
        </div>
      </section>
      {hasUnseen && (
        <Button look="primary" icon="down" className={styles.unseen} onClick={toEnd}>
          {said.newest}
        </Button>
      )}
      <Arrivals messages={messages} />
    </div>
  )
}

interface OlderProps {
  older: Older
  beforeLoad(): void
  box: { current: HTMLElement | null }
}

function OlderMessages({ older, beforeLoad, box }: OlderProps) {
  const mark = useRef<HTMLDivElement>(null)
  const load = useRef(older.load)
  load.current = () => {
    beforeLoad()
    older.load()
  }
  const isThere = older.state === "there"
  useEffect(() => {
    if (!isThere || mark.current === null) return
    const seen = new IntersectionObserver(([entry]) => entry?.isIntersecting && load.current(), {
      root: box.current,
      rootMargin: "300px 0px 0px",
    })
    seen.observe(mark.current)
    return () => seen.disconnect()
  }, [isThere, box])
  if (older.state === "none") return null
  return (
    <div ref={mark} className={styles.older}>
      <Button look="quiet" onClick={() => load.current()}>
        {older.state === "loading" ? said.loadingOlder : older.state === "failed" ? words.retry : said.older}
      </Button>
    </div>
  )
}

/** Reads out what just came in, and nothing of what was loaded. */
function Arrivals({ messages }: { messages: MessageView[] }) {
  const last = messages.at(-1)
  const [text, setText] = useState("")
  const seen = useRef(last?.number ?? 0)
  useLayoutEffect(() => {
    if (last === undefined || last.number <= seen.current) return
    seen.current = last.number
    if (last.direction === "inbound") setText(said.arrived(last.from, last.text.slice(0, 200)))
  }, [last])
  return <output className="said">{text}</output>
}
