import { type KeyboardEvent, useState } from "react"
import { chordOf } from "../../keys/chord.ts"
import { type CommandId, commandIds, commands, type Where } from "../../keys/commands.ts"
import { Keys } from "../../keys/Keys.tsx"
import { type Refusal, whyNot, withKeys } from "../../keys/remap.ts"
import { type KeySettings, keySettings, keysOf, usualKeys } from "../../keys/settings.ts"
import { Button } from "../../parts/Button.tsx"
import { settingsWords } from "../../settings-words.ts"
import { useValue } from "../../value.ts"
import { words } from "../../words.ts"
import { Choice } from "./Choice.tsx"
import styles from "./Settings.module.css"
import { Section } from "./Settings.tsx"
import { useChange } from "./useChange.ts"

const said = settingsWords.settings
const places = Object.keys(words.keys.where) as Where[]
const leaders = [",", ";", "\\"] as const

/** Single keys on, off or behind a leader, and other keys for any command. */
export function Keyboard() {
  const settings = useValue(keySettings)
  const change = useChange()
  const keep = ({ single, leader, remapped }: KeySettings): void => {
    const chosen = Object.entries(remapped).map(([id, keys]) => [id, [...keys]])
    change({ keys: { single, leader, remapped: Object.fromEntries(chosen) } })
  }
  return (
    <Section title={said.keyboard} where="everywhere">
      <Choice
        label={said.single}
        hint={said.singleHint}
        options={(["on", "leader", "off"] as const).map((single) => [single, said.singles[single]] as const)}
        value={settings.single}
        onChoose={(single) => keep({ ...settings, single })}
      />
      {settings.single === "leader" && (
        <Choice
          label={said.leader}
          options={leaders.map((leader) => [leader, leader] as const)}
          value={settings.leader as ","}
          onChoose={(leader) => keep({ ...settings, leader })}
        />
      )}
      <details className={styles.commands}>
        <summary>{said.commands}</summary>
        {places.map((where) => (
          <Place key={where} where={where} settings={settings} keep={keep} />
        ))}
        {Object.keys(settings.remapped).length > 0 && (
          <Button onClick={() => keep({ ...settings, remapped: usualKeys.remapped })}>{said.allUsual}</Button>
        )}
      </details>
    </Section>
  )
}

interface PlaceProps {
  where: Where
  settings: KeySettings
  keep(settings: KeySettings): void
}

function Place({ where, settings, keep }: PlaceProps) {
  const ids = commandIds.filter((id) => commands[id].where === where && commands[id].isOwn !== true)
  if (ids.length === 0) return null
  return (
    <>
      <h3>{words.keys.where[where]}</h3>
      <ul className={styles.keys}>
        {ids.map((id) => (
          <KeyOf key={id} id={id} settings={settings} keep={keep} />
        ))}
      </ul>
    </>
  )
}

/** One command with its keys. While it listens, the next key that is pressed is the command's, unless something speaks against it. */
function KeyOf({ id, settings, keep }: { id: CommandId; settings: KeySettings; keep(settings: KeySettings): void }) {
  const [isListening, setIsListening] = useState(false)
  const [refusal, setRefusal] = useState<Refusal | null>(null)
  const keys = keysOf(id, settings)
  const isOwn = settings.remapped[id] !== undefined

  function onKeyDown(event: KeyboardEvent): void {
    const chord = chordOf(event.nativeEvent)
    if (!isListening || chord === null || chord === "Tab" || chord === "Shift+Tab") return
    event.preventDefault()
    event.stopPropagation()
    const against = chord === "Escape" ? null : whyNot(id, chord, settings)
    setRefusal(against)
    if (against !== null) return
    setIsListening(false)
    if (chord !== "Escape") keep(withKeys(settings, id, [chord]))
  }
  function stop(): void {
    setIsListening(false)
    setRefusal(null)
  }
  return (
    <li>
      <span className={styles.command}>{words.commands[id]}</span>
      <span className={styles.bound}>
        {keys.length === 0 ? (
          <span className={styles.hint}>{said.noKey}</span>
        ) : (
          keys.map((key) => <Keys key={key} keys={key} />)
        )}
      </span>
      <span className={styles.change}>
        <Button
          look={isListening ? "primary" : "plain"}
          aria-label={isListening ? said.press : said.change(words.commands[id])}
          onClick={() => setIsListening(true)}
          onKeyDown={onKeyDown}
          onBlur={stop}
        >
          {isListening ? said.press : said.changeShort}
        </Button>
        {keys.length > 0 && (
          <Button look="quiet" onClick={() => keep(withKeys(settings, id, []))}>
            {said.removeKey}
          </Button>
        )}
        {isOwn && (
          <Button look="quiet" onClick={() => keep(withKeys(settings, id, null))}>
            {said.usual}
          </Button>
        )}
      </span>
      <output className={styles.refusal}>{refusal !== null && sentenceOf(refusal)}</output>
    </li>
  )
}

const sentenceOf = (refusal: Refusal): string =>
  refusal.kind === "taken" ? said.taken(words.commands[refusal.by]) : said.reserved[refusal.why]
