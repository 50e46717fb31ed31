import type { MessageView } from "@causeway/contract/inbox"
import { memo, useState } from "react"
import { momentOf, timeOf, useNow } from "../../../format.ts"
import { useInbox } from "../../../inbox-state.ts"
import { Icon } from "../../../parts/Icon.tsx"
import { Time } from "../../../parts/Time.tsx"
import { words } from "../../../words.ts"
import { Attachments } from "./Attachments.tsx"
import { jumpTo } from "./jump.ts"
import styles from "./Message.module.css"
import { MessageBody } from "./MessageBody.tsx"
import { MenuButton } from "./MessageMenu.tsx"
import { SendState } from "./SendState.tsx"

interface MessageProps {
  message: MessageView
  isMine: boolean
  isLast: boolean
  /** The conversation's own; a message of a conversation that was merged in may have come over another. */
  channelId: string | null
  /** Whom the conversation is with. */
  handle: string
}

/** One message, with whatever is to be known about its way. */
export const Message = memo(function Message({ message, isMine, isLast, channelId, handle }: MessageProps) {
  const from = isMine ? words.message.you : message.from
  const time = timeOf(message.created_at)
  return (
    <article
      id={message.id}
      tabIndex={-1}
      className={styles.message}
      data-direction={message.direction}
      data-state={message.state ?? undefined}
      aria-label={words.message.inbound(from, time)}
    >
      <header className={styles.head}>
        <h3 className={styles.from} dir="auto">
          {from}
        </h3>
        <Origin message={message} />
        {message.channel_id !== undefined && message.channel_id !== channelId && <Via channelId={message.channel_id} />}
        <Time at={message.created_at}>{time}</Time>
        <MenuButton messageId={message.id} />
      </header>
      <div className={styles.bubble}>
        {message.reply_to && isQuoteSaid(message) && <Quote reply={message.reply_to} />}
        {message.subject && (
          <p className={styles.subject} dir="auto">
            {message.subject}
          </p>
        )}
        <MessageBody message={message} handle={handle} />
        <Attachments files={message.attachments} />
        {message.state === "held" && <SendState message={message} isLast={isLast} />}
      </div>
      {message.direction === "outbound" && message.state !== "held" && <SendState message={message} isLast={isLast} />}
      {message.seen_at != null && <Seen at={message.seen_at} />}
    </article>
  )
})

/** Who or what wrote an outbound message, when it was no teammate here. */
function Origin({ message }: { message: MessageView }) {
  if (message.origin === "auto_reply") return <span className={styles.badge}>{words.message.autoReply}</span>
  if (message.direction === "outbound" && message.origin === "api") {
    return <span className={styles.badge}>{words.message.viaApi}</span>
  }
  if (message.direction === "outbound" && message.origin === "partner") {
    return <span className={styles.badge}>{words.message.imported}</span>
  }
  return null
}

/** Which channel it came over, where that is not the conversation's own. */
function Via({ channelId }: { channelId: string }) {
  const name = useInbox((state) => state.channels.get(channelId)?.name)
  return name === undefined ? null : (
    <span className={styles.badge} dir="auto">
      {words.timeline.via(name)}
    </span>
  )
}

function Seen({ at }: { at: number }) {
  const now = useNow(60_000)
  return (
    <p className={styles.state} data-quiet>
      <Icon name="follow" size={13} />
      <Time at={at}>{words.timeline.seen(momentOf(at, now))}</Time>
    </p>
  )
}

/** Every reply written here refers to the customer's last message, for the channel's sake; only what was chosen elsewhere says something. */
const isQuoteSaid = ({ direction, origin }: MessageView): boolean => direction === "inbound" || origin === "partner"

function Quote({ reply }: { reply: NonNullable<MessageView["reply_to"]> }) {
  const [isMissing, setIsMissing] = useState(false)
  return (
    <>
      <a
        className={styles.quote}
        href={`#${reply.id}`}
        onClick={(event) => {
          event.preventDefault()
          setIsMissing(!jumpTo(reply.id))
        }}
      >
        <Icon name="reply" size={13} />
        <span className="said">{words.message.replyingTo}</span>
        <span dir="auto">{reply.blurb}</span>
      </a>
      <output className={styles.missing}>{isMissing && words.timeline.original}</output>
    </>
  )
}
