import { useEffect, useRef, useState } from "react"
import { Button } from "../parts/Button.tsx"
import { useValue } from "../value.ts"
import { words } from "../words.ts"
import { type CommandId, commandIds, commands, type Where } from "./commands.ts"
import styles from "./KeySheet.module.css"
import { Keys } from "./Keys.tsx"
import { keySettings, keysOf } from "./settings.ts"
import { offeredCommands } from "./useCommand.ts"

const said = words.keys
const places = Object.keys(said.where) as Where[]

/** The keys that do something where one is, and below them the others; a dialog that Esc closes. */
export default function KeySheet({ onClose }: { onClose(): void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const settings = useValue(keySettings)
  const [isAll, setIsAll] = useState(false)
  useEffect(() => dialog.current?.showModal(), [])
  const offered = new Set(offeredCommands())
  const isWriting = document.querySelector('[data-region="reply"]') !== null
  const isHere = (id: CommandId): boolean => offered.has(id) || (commands[id].where === "composer" && isWriting)
  const bound = commandIds.filter((id) => keysOf(id, settings).length > 0)
  const elsewhere = bound.filter((id) => !isHere(id))
  return (
    <dialog ref={dialog} className={styles.sheet} aria-labelledby="keys-title" onClose={onClose} closedby="any">
      <header>
        <h2 id="keys-title">{said.title}</h2>
        <Button look="quiet" icon="close" aria-label={words.close} onClick={() => dialog.current?.close()} />
      </header>
      <div className={styles.groups}>
        {places.map((where) => (
          <Group key={where} where={where} ids={bound.filter((id) => isHere(id) && commands[id].where === where)} />
        ))}
      </div>
      {elsewhere.length > 0 && (
        <details onToggle={(event) => setIsAll(event.currentTarget.open)}>
          <summary>{said.elsewhere}</summary>
          <div className={styles.groups}>
            {isAll &&
              places.map((where) => (
                <Group key={where} where={where} ids={elsewhere.filter((id) => commands[id].where === where)} />
              ))}
          </div>
        </details>
      )}
      <p>{settings.single === "off" ? said.noteOff : said.note}</p>
    </dialog>
  )
}

function Group({ where, ids }: { where: Where; ids: CommandId[] }) {
  const settings = useValue(keySettings)
  if (ids.length === 0) return null
  return (
    <section>
      <h3>{said.where[where]}</h3>
      <dl>
        {ids.map((id) => (
          <div key={id}>
            <dt>{words.commands[id]}</dt>
            <dd>
              {keysOf(id, settings).map((keys) => (
                <Keys key={keys} keys={keys} />
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
