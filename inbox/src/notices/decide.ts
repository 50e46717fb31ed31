import type { NotificationLevel, NotificationPreferences } from "@causeway/contract/endpoints/notifications"
import type { ConversationRow, LiveChange, SessionView } from "@causeway/contract/inbox"

/** Something that a teammate is told of. */
export interface Notice {
  /** A conversation has one until it is opened, an outage one for each time. */
  key: string
  kind: "message" | "mention" | "assigned" | "note" | "failed" | "offline"
  /** null: it is about a channel. */
  conversationId: string | null
  /** Who did it, or the channel. */
  who: string
  /** What they wrote. */
  text: string
  /** seconds since 1970 */
  at: number
}

/** Who is to be told, and what is in front of them at this moment. */
export interface Reader {
  me: string
  role: SessionView["teammate"]["role"]
  preferences: Pick<NotificationPreferences, "inboxes" | "following">
  /** Whether the conversation is on the screen, and somebody looks at it. */
  isVisible(conversationId: string): boolean
}

const ranks: readonly NotificationLevel[] = ["none", "mentions", "mine", "all"]

/**
 * Whether a change is something to be told of, and what is said. Never one's own doing, never what is in front of the reader, and no more than their level
 * for the inbox asks for. null: nothing.
 */
export function noticeOf(change: LiveChange, reader: Reader): Notice | null {
  const { activity, conversation: row } = change
  if (activity?.type === "channel_status" && activity.status === "offline" && reader.role === "admin")
    return {
      key: `offline ${activity.id}`,
      kind: "offline",
      conversationId: null,
      who: activity.subject?.name ?? change.channel?.name ?? "",
      text: change.channel?.status_reason ?? "",
      at: activity.at,
    }
  if (row === null || reader.isVisible(row.id)) return null
  const found = inConversation(change, row, reader)
  return found && { ...found, key: row.id, conversationId: row.id }
}

type Told = Pick<Notice, "kind" | "who" | "text" | "at">

function inConversation(change: LiveChange, row: ConversationRow, reader: Reader): Told | null {
  const { message, comment, activity } = change
  const { me } = reader
  const rank = ranks.indexOf(levelFor(row, reader))
  const isMine = row.assignee?.id === me || reader.preferences.following.includes(row.id)
  const wants = (isNear: boolean): boolean => rank >= ranks.indexOf(isNear ? "mine" : "all")
  const named = rank >= ranks.indexOf("mentions")
  if (comment && comment.author.id !== me && comment.edited_at === null && change.type !== "comment_changed") {
    const isMentioned = comment.mentions.some(({ id }) => id === me)
    const told = { who: comment.author.name, text: comment.body, at: comment.posted_at }
    if (isMentioned && named) return { kind: "mention", ...told }
    return wants(isMine) ? { kind: "note", ...told } : null
  }
  if (activity?.type === "assign" && activity.subject?.id === me && activity.actor.id !== me && named)
    return { kind: "assigned", who: activity.actor.name ?? "", text: row.preview, at: activity.at }
  if (message === null) return null
  const told = { who: message.sender_name || message.from, text: message.text, at: message.created_at }
  if (message.direction === "outbound") {
    const isLost = change.type === "sending_error" && (message.state === "failed" || message.state === "unknown")
    return isLost && message.author?.id === me && named
      ? { kind: "failed", ...told, who: row.contact.name || row.contact.handle }
      : null
  }
  return change.type === "inbound" && wants(isMine || row.assignee === null) ? { kind: "message", ...told } : null
}

/** Of what is between teammates, in no inbox, whoever is in it hears as of what is theirs. */
function levelFor(row: ConversationRow, { preferences }: Reader): NotificationLevel {
  if (row.inbox_id === null) return "mine"
  return preferences.inboxes.find(({ id }) => id === row.inbox_id)?.level ?? "none"
}

/** Whether a moment is within the quiet hours of its own day, where the reader is; they may go over midnight. */
export function isQuiet(quiet: NotificationPreferences["quiet_hours"], now: Date): boolean {
  if (quiet === null) return false
  const minute = now.getHours() * 60 + now.getMinutes()
  const { from, to } = quiet
  return from <= to ? minute >= from && minute < to : minute >= from || minute < to
}
