import { usePreferences } from "../../settings/preferences.ts"
import { settingsWords } from "../../settings-words.ts"
import { Choice } from "./Choice.tsx"
import styles from "./Settings.module.css"
import { Section } from "./Settings.tsx"
import { useChange } from "./useChange.ts"

const said = settingsWords.settings
const undoSeconds = [0, 5, 10, 15, 30, 60] as const

export function Sending() {
  const { sending } = usePreferences()
  const change = useChange()
  return (
    <Section title={said.sending} where="everywhere">
      <label className={styles.switch}>
        <input
          type="checkbox"
          role="switch"
          checked={sending.enter_sends}
          aria-checked={sending.enter_sends}
          onChange={(event) => change({ sending: { ...sending, enter_sends: event.currentTarget.checked } })}
        />
        <span>
          {said.enterSends}
          <span className={styles.hint}>{said.enterSendsHint}</span>
        </span>
      </label>
      <Choice
        label={said.undo}
        options={undoSeconds.map((seconds) => [seconds, said.undoChoice(seconds)] as const)}
        value={sending.undo_seconds}
        onChoose={(seconds) => change({ sending: { ...sending, undo_seconds: seconds } })}
      />
    </Section>
  )
}
