import type { CommentView } from "@causeway/contract/inbox"
import { memo } from "react"
import { timeOf } from "../../../format.ts"
import { Body } from "../../../parts/Body.tsx"
import { Icon } from "../../../parts/Icon.tsx"
import { Time } from "../../../parts/Time.tsx"
import { words } from "../../../words.ts"
import { Attachments } from "./Attachments.tsx"
import message from "./Message.module.css"
import styles from "./Timeline.module.css"

const said = words.timeline

interface CommentProps {
  comment: CommentView
  isMine: boolean
  me: string
}

/** What teammates say among themselves; customers never see it. */
export const Comment = memo(function Comment({ comment, isMine, me }: CommentProps) {
  const from = isMine ? words.message.you : comment.author.name
  const time = timeOf(comment.posted_at)
  const mentions = new Map(comment.mentions.map(({ id, username }) => [(username ?? "").toLowerCase(), id === me]))
  return (
    <article
      id={comment.id}
      tabIndex={-1}
      className={`${message.message} ${styles.comment}`}
      aria-label={said.noteLabel(from, time)}
    >
      <header className={message.head}>
        <Icon name="pen" size={13} />
        <span className={styles.noteBadge}>{said.note}</span>
        <h3 className={message.from} dir="auto">
          {from}
        </h3>
        {comment.is_pinned && <span className={message.badge}>{said.pinned}</span>}
        <Time at={comment.posted_at}>{time}</Time>
        {comment.edited_at !== null && <Time at={comment.edited_at}>{said.edited}</Time>}
      </header>
      <div className={`${message.bubble} ${styles.note}`}>
        <div className={message.body} dir="auto">
          <Body html={comment.html} mentions={mentions} />
        </div>
        <Attachments files={comment.attachments} />
      </div>
    </article>
  )
})
