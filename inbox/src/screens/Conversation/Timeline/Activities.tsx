import type { ActivityView } from "@causeway/contract/inbox-timeline"
import { memo, useId, useState } from "react"
import { momentOf, timeOf, useNow } from "../../../format.ts"
import { Button } from "../../../parts/Button.tsx"
import { Icon, type IconName } from "../../../parts/Icon.tsx"
import { Time } from "../../../parts/Time.tsx"
import { words } from "../../../words.ts"
import { jumpTo } from "./jump.ts"
import styles from "./Timeline.module.css"

const said = words.activities
/** As many are shown one by one; of more, the last ones. */
const shownMax = 4
const shownOfMany = 2

interface ActivitiesProps {
  activities: readonly ActivityView[]
  me: string
  channelName: string
}

/** What was done, a line each; many fold down to the last ones. */
export const Activities = memo(
  function Activities({ activities, me, channelName }: ActivitiesProps) {
    const id = useId()
    const [isOpen, setIsOpen] = useState(false)
    const hidden = isOpen || activities.length <= shownMax ? 0 : activities.length - shownOfMany
    return (
      <div className={styles.activities}>
        {activities.length > shownMax && (
          <Button
            look="quiet"
            className={styles.fold}
            aria-expanded={isOpen}
            aria-controls={id}
            onClick={() => setIsOpen(!isOpen)}
          >
            {said.more(activities.length - shownOfMany)}
          </Button>
        )}
        <ul id={id}>
          {activities.slice(hidden).map((activity) => (
            <Line key={activity.id} activity={activity} me={me} channelName={channelName} />
          ))}
        </ul>
      </div>
    )
  },
  (before, after) =>
    before.activities.length === after.activities.length &&
    before.activities.every((activity, i) => activity === after.activities[i]),
)

const icons: Partial<Record<ActivityView["type"], IconName>> = {
  assign: "mine",
  unassign: "unassigned",
  archive: "archived",
  snooze: "snooze",
  reminder: "snooze",
  tag: "tag",
  untag: "tag",
  trash: "trash",
  conversations_merged: "merge",
}

function Line({ activity, me, channelName }: { activity: ActivityView; me: string; channelName: string }) {
  const now = useNow(null)
  const { message_id: messageId } = activity
  const icon =
    activity.type === "channel_status" ? (activity.status === "ok" ? "sent" : "offline") : icons[activity.type]
  return (
    <li className={styles.activity}>
      <Icon name={activity.cause === "reply_failed" ? "failed" : (icon ?? "open")} size={13} />
      <span dir="auto">
        {sentenceOf(activity, me, channelName, now)}
        {actorOf(activity, me)}
        {activity.reason && `: ${activity.reason}`}
      </span>
      {messageId && (
        <Button look="quiet" className={styles.jump} onClick={() => jumpTo(messageId)}>
          {said.showReply}
        </Button>
      )}
      <Time at={activity.at}>{timeOf(activity.at)}</Time>
    </li>
  )
}

/** `now` in ms since 1970. */
function sentenceOf(activity: ActivityView, me: string, channelName: string, now: number): string {
  const { type, subject, cause, until, count } = activity
  const isPerson = type === "assign" || type === "unassign" || type === "snooze"
  const gone = isPerson ? words.timeline.somebodyGone : words.timeline.somethingGone
  const name = isPerson && subject?.id === me ? words.message.you : (subject?.name ?? gone)
  switch (type) {
    case "assign":
      return said.assign(name)
    case "unassign":
      return said.unassign(name)
    case "archive":
      return said.archive
    case "reopen":
      return cause === "reply_failed"
        ? said.reopenFailed
        : cause === "message"
          ? said.reopenMessage
          : cause === "call"
            ? said.reopenCall
            : said.reopen
    case "trash":
      return said.trash
    case "restore":
      return said.restore
    case "reminder":
      return said.reminder
    case "snooze":
      return until === null ? said.snooze : said.snoozeUntil(name, momentOf(until, now))
    case "move":
      return said.move(name)
    case "tag":
      return said.tag(name)
    case "untag":
      return said.untag(name)
    case "conversations_merged":
      return said.merged(count ?? 1)
    case "link_added":
      return said.linkAdded(name)
    case "link_removed":
      return said.linkRemoved(name)
    case "custom_field_updated":
      return said.field(name)
    case "channel_status":
      return activity.status === "ok" ? said.online(channelName) : said.offline(channelName)
  }
}

function actorOf({ actor, type }: ActivityView, me: string): string {
  if (type === "channel_status" || actor.kind === "system") return ""
  if (actor.kind === "integration") return ` ${said.byIntegration}`
  if (actor.id === me) return ` ${said.byYou}`
  if (actor.kind === "rule") return ` ${said.byRule(actor.name ?? words.timeline.somethingGone)}`
  return ` ${said.by(actor.name ?? words.timeline.somebodyGone)}`
}
