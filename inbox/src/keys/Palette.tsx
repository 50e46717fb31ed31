import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react"
import { useValue } from "../value.ts"
import { words } from "../words.ts"
import type { CommandId } from "./commands.ts"
import { fitting } from "./fuzzy.ts"
import { Keys } from "./Keys.tsx"
import styles from "./Palette.module.css"
import { keySettings, keysOf } from "./settings.ts"
import { offeredCommands, runCommand } from "./useCommand.ts"

const said = words.palette

/** Every command by its name, with its key beside it: a combobox over a listbox. What is chosen is done once the dialog is gone. */
export default function Palette({ onClose }: { onClose(): void }) {
  const id = useId()
  const dialog = useRef<HTMLDialogElement>(null)
  const [offered] = useState(() => offeredCommands().filter((command) => command !== "palette"))
  const [typed, setTyped] = useState("")
  const [at, setAt] = useState(0)
  const settings = useValue(keySettings)
  const found = fitting(offered, typed, (command) => words.commands[command])
  const active = found[Math.min(at, found.length - 1)]
  useEffect(() => dialog.current?.showModal(), [])
  useEffect(() => {
    if (active !== undefined) document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: "nearest" })
  }, [active, id])

  function choose(command: CommandId): void {
    // Closing gives the focus back to where it was, which is where the command is meant.
    dialog.current?.close()
    runCommand(command)
  }
  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return
    const last = Math.max(0, found.length - 1)
    const moves: Record<string, number> = {
      ArrowDown: at >= last ? 0 : at + 1,
      ArrowUp: at <= 0 ? last : at - 1,
      Home: 0,
      End: last,
    }
    const to = moves[event.key]
    if (to !== undefined) setAt(to)
    else if (event.key === "Enter" && active !== undefined) choose(active)
    else return
    event.preventDefault()
  }
  return (
    <dialog ref={dialog} className={styles.palette} aria-label={said.label} onClose={onClose} closedby="any">
      <input
        autoFocus
        role="combobox"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-autocomplete="list"
        aria-activedescendant={active && `${id}-${active}`}
        aria-label={said.label}
        placeholder={said.placeholder}
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
          setAt(0)
        }}
        onKeyDown={onKeyDown}
      />
      <div id={`${id}-list`} role="listbox" aria-label={said.label} className={styles.list}>
        {found.map((command, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: keys are the field's
          // biome-ignore lint/a11y/useFocusableInteractive: the field has the focus, and names this line as its active one
          <div
            key={command}
            id={`${id}-${command}`}
            role="option"
            aria-selected={command === active}
            className={styles.line}
            onClick={() => choose(command)}
            onMouseMove={() => setAt(index)}
          >
            <span>{words.commands[command]}</span>
            {keysOf(command, settings)
              .slice(0, 1)
              .map((keys) => (
                <Keys key={keys} keys={keys} />
              ))}
          </div>
        ))}
      </div>
      <output className={found.length === 0 ? styles.none : "said"}>
        {found.length === 0 ? said.none : said.found(found.length)}
      </output>
    </dialog>
  )
}
