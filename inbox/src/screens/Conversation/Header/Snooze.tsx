import type { ConversationRow } from "@causeway/contract/inbox"
import { lazy, Suspense } from "react"
import { Popover } from "../../../parts/Popover.tsx"
import { words } from "../../../words.ts"
import styles from "./Header.module.css"

const Choice = lazy(() => import("./SnoozeChoice.tsx"))

const said = words.header.snooze

export interface SnoozeProps {
  row: ConversationRow
  /** Until when one has snoozed it oneself, seconds since 1970. */
  until: number | null
}

export function Snooze({ row, until }: SnoozeProps) {
  return (
    <Popover
      command="snooze"
      icon="snooze"
      label={said.label}
      className={styles.action}
      text={<span className={styles.label}>{said.label}</span>}
    >
      {(close) => (
        <Suspense fallback={null}>
          <Choice row={row} until={until} onDone={close} />
        </Suspense>
      )}
    </Popover>
  )
}
