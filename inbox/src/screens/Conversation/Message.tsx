import type { MessageView } from "@causeway/contract/inbox"
import { memo } from "react"
import { timeOf } from "../../format.ts"
import { Icon } from "../../parts/Icon.tsx"
import { Time } from "../../parts/Time.tsx"
import { words } from "../../words.ts"
import { Attachments } from "./Attachments.tsx"
import styles from "./Message.module.css"
import { MessageBody } from "./MessageBody.tsx"
import { SendState } from "./SendState.tsx"

interface MessageProps {
  message: MessageView
  isMine: boolean
  isLast: boolean
}

/** One message, with whatever is to be known about its way. */
export const Message = memo(function Message({ message, isMine, isLast }: MessageProps) {
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
      <p className={styles.head}>
        <bdi className={styles.from}>{from}</bdi>
        <Origin message={message} />
        <Time at={message.created_at}>{time}</Time>
      </p>
      <div className={styles.bubble}>
        {message.reply_to && isQuoteSaid(message) && <Quote reply={message.reply_to} />}
        {message.subject && (
          <p className={styles.subject} dir="auto">
            {message.subject}
          </p>
        )}
        <MessageBody message={message} />
        <Attachments files={message.attachments} />
        {message.state === "held" && <SendState message={message} isLast={isLast} />}
      </div>
      {message.direction === "outbound" && message.state !== "held" && <SendState message={message} isLast={isLast} />}
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

/** Every reply written here refers to the customer's last message, for the channel's sake; only what was chosen elsewhere says something. */
const isQuoteSaid = ({ direction, origin }: MessageView): boolean => direction === "inbound" || origin === "partner"

function Quote({ reply }: { reply: NonNullable<MessageView["reply_to"]> }) {
  return (
    <a
      className={styles.quote}
      href={`#${reply.id}`}
      onClick={(event) => {
        event.preventDefault()
        const quoted = document.getElementById(reply.id)
        quoted?.scrollIntoView({ block: "center", behavior: "smooth" })
      }}
    >
      <Icon name="reply" size={13} />
      <span className="said">{words.message.replyingTo}</span>
      <span dir="auto">{reply.blurb}</span>
    </a>
  )
}
