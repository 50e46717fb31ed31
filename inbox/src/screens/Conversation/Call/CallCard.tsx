import type { ConversationRow, MessageView } from "@causeway/contract/inbox"
import type { CallView } from "@causeway/contract/resources/call"
import { type RefObject, useEffect, useRef, useState } from "react"
import { timeOf, useNow } from "../../../format.ts"
import { useInbox } from "../../../inbox-state.ts"
import { laterWords } from "../../../later-words.ts"
import { Icon } from "../../../parts/Icon.tsx"
import { Time } from "../../../parts/Time.tsx"
import styles from "./Call.module.css"
import { Conversing } from "./Conversing.tsx"
import { clockOf } from "./durations.ts"

const said = laterWords.call

interface CallCardProps {
  legs: readonly MessageView[]
  row: ConversationRow
}

/** A call and what became of it: its course, what was said, and the parts that are still to come. Keys act on the card that has the focus. */
export function CallCard({ legs, row }: CallCardProps) {
  const card = useRef<HTMLDivElement>(null)
  const isFocused = useFocusWithin(card)
  const calls = legs.flatMap((leg) => leg.call ?? [])
  const last = calls.at(-1)
  if (last === undefined) return null
  return (
    <div ref={card} className={styles.card}>
      {calls.map((call, i) => (
        <section key={call.id} className={styles.leg}>
          <Head call={call} at={i + 1} of={calls.length} />
          <Course call={call} />
          <Conversing call={call} isFocused={isFocused && (calls.length === 1 || i === calls.length - 1)} />
        </section>
      ))}
      <CallBack call={last} row={row} />
    </div>
  )
}

/** Whether the focus is on the article that the element belongs to, or in it. */
function useFocusWithin(element: RefObject<HTMLElement | null>): boolean {
  const [isWithin, setIsWithin] = useState(false)
  useEffect(() => {
    const article = element.current?.closest("article")
    if (!article) return
    const look = (): void => setIsWithin(article.contains(document.activeElement))
    const leave = (event: FocusEvent): void => setIsWithin(article.contains(event.relatedTarget as Node | null))
    article.addEventListener("focusin", look)
    article.addEventListener("focusout", leave)
    return () => {
      article.removeEventListener("focusin", look)
      article.removeEventListener("focusout", leave)
    }
  }, [element])
  return isWithin
}

const over: ReadonlySet<CallView["status"]> = new Set(["hangup", "missed", "abandoned", "transferred"])
const isOver = ({ status }: CallView): boolean => over.has(status)
const isMissed = ({ status, direction }: CallView): boolean =>
  direction === "inbound" && (status === "missed" || status === "abandoned")

function Head({ call, at, of }: { call: CallView; at: number; of: number }) {
  const from = call.from.name ?? call.from.handle
  const to = call.to.name ?? call.to.handle
  return (
    <header className={styles.head} data-missed={isMissed(call) || undefined}>
      <Icon name="phone" />
      <h3>
        {isMissed(call) ? said.missed : call.direction === "inbound" ? said.inbound : said.outbound}
        {" · "}
        <bdi>{from}</bdi> <span aria-hidden="true">→</span> <bdi>{to}</bdi>
      </h3>
      {of > 1 && <span className={styles.badge}>{said.leg(at, of)}</span>}
      <p className={styles.status}>
        <Status call={call} />
        {" · "}
        <Time at={call.started_at}>{timeOf(call.started_at)}</Time>
        {call.ended_at !== null && (
          <>
            –<Time at={call.ended_at}>{timeOf(call.ended_at)}</Time>
          </>
        )}
      </p>
    </header>
  )
}

/** A call that goes on says for how long. */
function Status({ call }: { call: CallView }) {
  const now = useNow(isOver(call) ? null : 1_000)
  const { status, duration, steps } = call
  if (!isOver(call))
    return (
      <strong data-live>
        {said.status[status]}… {clockOf(now / 1000 - (steps.at(-1)?.at ?? call.started_at))}
      </strong>
    )
  if (status !== "hangup") return <strong>{said.status[status]}</strong>
  return (
    <strong>
      {said.ended}
      {duration !== null && ` · ${clockOf(duration)}`}
    </strong>
  )
}

/** Each step with how long it took; the last one of a call that is over took no time. */
function Course({ call }: { call: CallView }) {
  const { steps } = call
  return (
    <ol className={styles.course} aria-label={said.steps}>
      {steps.map((step, i) => {
        const next = steps[i + 1]
        return (
          <li key={`${step.status} ${step.at} ${i.toString()}`}>
            {said.status[step.status]}
            {next !== undefined && ` ${clockOf(next.at - step.at)}`}
          </li>
        )
      })}
      {call.agent !== null && (
        <li className={styles.agent} dir="auto">
          {said.agent(call.agent.name)}
        </li>
      )}
    </ol>
  )
}

/** By the computer's or phone's own program for calls, where the channel's people have phone numbers. */
function CallBack({ call, row }: { call: CallView; row: ConversationRow }) {
  const channel = useInbox((state) => state.channels.get(row.channel_id ?? ""))
  const { handle } = call.direction === "inbound" ? call.from : call.to
  const number = handle.replace(/[^\d+]/g, "")
  if (!isOver(call) || call.status === "transferred" || channel?.contact_type !== "phone" || number.length < 3)
    return null
  return (
    <a className={styles.callBack} href={`tel:${number}`}>
      <Icon name="phone" size={14} /> {said.callBack} <bdi>{handle}</bdi>
    </a>
  )
}
