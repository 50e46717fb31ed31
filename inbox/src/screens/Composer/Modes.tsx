import { Icon } from "../../parts/Icon.tsx"
import { words } from "../../words.ts"
import styles from "./Composer.module.css"
import type { Mode } from "./Composer.tsx"

const said = words.writing
const modes = [
  { mode: "reply", icon: "reply" },
  { mode: "note", icon: "note" },
] as const

/** What is written here and who will read it: said by word, icon and surface. */
export function Modes({ mode, detail, onMode }: { mode: Mode; detail: string; onMode: ((mode: Mode) => void) | null }) {
  return (
    <div className={styles.modes}>
      {onMode === null ? (
        <span className={styles.mode} data-on>
          <Icon name="note" /> {said.note}
        </span>
      ) : (
        <fieldset aria-label={said.mode}>
          {modes.map(({ mode: one, icon }) => (
            <button
              key={one}
              type="button"
              className={styles.mode}
              aria-pressed={one === mode}
              data-on={one === mode || undefined}
              onClick={() => onMode(one)}
            >
              <Icon name={icon} /> {said[one]}
            </button>
          ))}
        </fieldset>
      )}
      <span className={styles.detail}>{detail}</span>
    </div>
  )
}
