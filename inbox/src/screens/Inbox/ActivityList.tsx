import { useId, useState } from "react"
import type { Activity } from "../../activity.ts"
import { isoOf, timeOf } from "../../format.ts"
import { Button } from "../../parts/Button.tsx"
import { Icon } from "../../parts/Icon.tsx"
import { words } from "../../words.ts"
import styles from "./ActivityStrip.module.css"
import { textOf } from "./ActivityStrip.tsx"

const said = words.activity

/** The last things that were done on this page, newest first, each with its Undo while there is one. */
export default function ActivityList({ entries }: { entries: readonly Activity[] }) {
  const id = useId()
  const [isOpen, setIsOpen] = useState(false)
  return (
    <>
      <Button
        look="quiet"
        className={`${styles.button} ${styles.earlier}`}
        popoverTarget={id}
        aria-haspopup="dialog"
        aria-expanded={isOpen}
      >
        {said.earlier}
      </Button>
      <div
        id={id}
        popover="auto"
        className={styles.list}
        role="dialog"
        aria-label={said.earlier}
        onToggle={(event) => setIsOpen(event.newState === "open")}
      >
        <ul>
          {(isOpen ? entries : []).map((entry) => (
            <li key={entry.id} data-problem={entry.isProblem || undefined}>
              <time dateTime={isoOf(entry.at / 1000)}>{timeOf(entry.at / 1000)}</time>
              <span>
                {entry.isProblem && <Icon name="failed" size={14} />}
                {textOf(entry)}
              </span>
              {entry.undo && (
                <Button
                  look="quiet"
                  icon="undo"
                  aria-label={said.undoOf(entry.text)}
                  onClick={() => void entry.undo?.()}
                >
                  {said.undo}
                </Button>
              )}
            </li>
          ))}
        </ul>
      </div>
    </>
  )
}
