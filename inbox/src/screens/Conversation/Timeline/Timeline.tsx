import type { ConversationRow } from "@causeway/contract/inbox"
import { memo, useEffect, useMemo, useRef } from "react"
import { dayLabelOf, dayOf, isoOf, useNow } from "../../../format.ts"
import { Button } from "../../../parts/Button.tsx"
import { Icon } from "../../../parts/Icon.tsx"
import { type Entry, isComment, isMessage } from "../../../timeline.ts"
import { useValue } from "../../../value.ts"
import { words } from "../../../words.ts"
import { useWorkspace } from "../../../workspace.ts"
import conversation from "../Conversation.module.css"
import { nameOf } from "../Header/Header.tsx"
import type { ConversationState } from "../useConversation.ts"
import { Activities } from "./Activities.tsx"
import { Arrivals } from "./Arrivals.tsx"
import { type Block, blocksOf } from "./blocks.ts"
import { Call } from "./Call.tsx"
import { Comment } from "./Comment.tsx"
import { LocalReply } from "./LocalReply.tsx"
import { Message } from "./Message.tsx"
import { MessageMenu } from "./MessageMenu.tsx"
import styles from "./Timeline.module.css"
import { useFresh } from "./useFresh.ts"
import { useMessageKeys } from "./useMessageKeys.ts"
import { useTimelineScroll } from "./useTimelineScroll.ts"

const said = words.conversation
type Older = Extract<ConversationState, { state: "open" }>["older"]

/** From here on, what is out of sight costs no layout and no painting. */
const longFrom = 100

interface TimelineProps {
  row: ConversationRow
  entries: Entry[]
  /** See `gapsOf`. */
  gaps: readonly string[]
  older: Older
}

/** Everything in the order it is read, then what this device has not brought to the server yet. */
export function Timeline({ row, entries, gaps, older }: TimelineProps) {
  const { entries: outbox, me } = useWorkspace()
  const messages = useMemo(() => entries.filter(isMessage), [entries])
  const known = new Set(messages.map((message) => message.uid))
  const local = useValue(outbox).filter(
    ({ conversationId, stage }) => conversationId === row.id && !(stage.name === "accepted" && known.has(stage.uid)),
  )
  const isOwnLast = local.length > 0 || messages.at(-1)?.author?.id === me
  const scroll = useTimelineScroll({
    last: local.at(-1)?.key ?? entries.findLast((entry) => isMessage(entry) || isComment(entry))?.id ?? null,
    first: entries[0]?.id ?? null,
    isOwnLast,
  })
  const newFrom = useFresh(row.id, entries, scroll.isAtEnd, me)
  const blocks = useMemo(() => blocksOf(entries, { dayOf, newFrom, gaps }), [entries, newFrom, gaps])
  useMessageKeys(scroll.box)

  return (
    <div className={conversation.wrap}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by key */}
      <section ref={scroll.box} className={conversation.timeline} tabIndex={0} aria-label={said.timeline}>
        <div ref={scroll.content} className={conversation.content} data-long={blocks.length > longFrom || undefined}>
          <OlderMessages older={older} box={scroll.box} />
          {blocks.length + local.length === 0 && <p className={conversation.none}>{said.empty}</p>}
          <Blocks blocks={blocks} row={row} me={me} lastMessageId={messages.at(-1)?.id ?? null} />
          {local.map((entry) => (
            <LocalReply key={entry.key} entry={entry} />
          ))}
        </div>
      </section>
      {scroll.hasUnseen && (
        <Button look="primary" icon="down" className={conversation.unseen} onClick={scroll.toEnd}>
          {said.newest}
        </Button>
      )}
      <Typing row={row} />
      <MessageMenu box={scroll.box} />
      <Arrivals entries={entries} me={me} isMine={row.assignee?.id === me} />
    </div>
  )
}

/** Stands in the space below the last message: nothing moves when it comes and goes. */
function Typing({ row }: { row: ConversationRow }) {
  const isTyping = useValue(useWorkspace().presence.customers).has(row.id)
  return <output className={conversation.typing}>{isTyping && <span>{said.typing(nameOf(row))}</span>}</output>
}

interface BlocksProps {
  blocks: readonly Block[]
  row: ConversationRow
  me: string
  lastMessageId: string | null
}

const Blocks = memo(function Blocks({ blocks, ...shared }: BlocksProps) {
  return blocks.map((block) => <Drawn key={block.key} block={block} {...shared} />)
})

function Drawn({ block, row, me, lastMessageId }: Omit<BlocksProps, "blocks"> & { block: Block }) {
  switch (block.kind) {
    case "day":
      return <Day at={block.at} />
    case "new":
      return (
        <p className={styles.fresh}>
          <span>{words.timeline.fresh}</span>
        </p>
      )
    case "gap":
      return (
        <p className={styles.gap}>
          <Icon name="offline" size={13} /> {words.timeline.gap}
        </p>
      )
    case "message":
      return (
        <Message
          message={block.message}
          isMine={block.message.author?.id === me}
          isLast={block.message.id === lastMessageId}
          channelId={row.channel_id}
          handle={row.contact.handle}
        />
      )
    case "call":
      return <Call legs={block.legs} row={row} />
    case "comment":
      return <Comment comment={block.comment} isMine={block.comment.author.id === me} me={me} />
    case "activities":
      return <Activities activities={block.activities} me={me} channelName={row.channel_name} />
  }
}

function Day({ at }: { at: number }) {
  const now = useNow(60_000)
  return (
    <p className={conversation.day}>
      <time dateTime={isoOf(at)}>{dayLabelOf(at, now)}</time>
    </p>
  )
}

interface OlderProps {
  older: Older
  box: { current: HTMLElement | null }
}

function OlderMessages({ older, box }: OlderProps) {
  const mark = useRef<HTMLDivElement>(null)
  const load = useRef(older.load)
  load.current = older.load
  const isThere = older.state === "there"
  useEffect(() => {
    if (!isThere || mark.current === null) return
    const seen = new IntersectionObserver(([entry]) => entry?.isIntersecting && load.current(), {
      root: box.current,
      rootMargin: "600px 0px 0px",
    })
    seen.observe(mark.current)
    return () => seen.disconnect()
  }, [isThere, box])
  if (older.state === "none") return null
  return (
    <div ref={mark} className={conversation.older}>
      <Button look="quiet" onClick={() => load.current()}>
        {older.state === "loading" ? said.loadingOlder : older.state === "failed" ? words.retry : said.older}
      </Button>
    </div>
  )
}
