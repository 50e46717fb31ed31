import type { ConversationRow, MessageView } from "@causeway/contract/inbox"
import { lazy, memo, Suspense } from "react"
import { timeOf } from "../../../format.ts"
import { Time } from "../../../parts/Time.tsx"
import { words } from "../../../words.ts"
import styles from "./Message.module.css"

const CallCard = lazy(async () => ({ default: (await import("../Call/CallCard.tsx")).CallCard }))

interface CallProps {
  /** The messages of its legs; more than one when it was transferred. */
  legs: readonly MessageView[]
  row: ConversationRow
}

/** A call, all its legs on one card. */
export const Call = memo(
  function Call({ legs, row }: CallProps) {
    const last = legs.at(-1) as MessageView
    const time = timeOf(last.created_at)
    return (
      <article
        id={last.id}
        tabIndex={-1}
        className={`${styles.message} ${styles.call}`}
        data-keys="call"
        aria-label={words.timeline.callLabel(last.from, time)}
      >
        <Suspense
          fallback={
            <p className={styles.head}>
              {last.text} <Time at={last.created_at}>{time}</Time>
            </p>
          }
        >
          <CallCard legs={legs} row={row} />
        </Suspense>
      </article>
    )
  },
  (before, after) =>
    before.row === after.row &&
    before.legs.length === after.legs.length &&
    before.legs.every((leg, i) => leg === after.legs[i]),
)
