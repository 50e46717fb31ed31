import { useEffect, useRef } from "react"
import { Button } from "../../parts/Button.tsx"
import { modName } from "../../platform.ts"
import { words } from "../../words.ts"
import styles from "./KeySheet.module.css"

const { commands } = words
const rows = [
  ["j, ↓", commands.next],
  ["k, ↑", commands.previous],
  ["Enter", commands.open],
  ["r", commands.reply],
  ["e", commands.archive],
  ["i", commands.assignToMe],
  ["y", commands.retry],
  ["z", commands.undo],
  ["Mod+Enter", commands.send],
  ["Esc", commands.leave],
  ["?", commands.keys],
]

/** All keys, in a dialog that Esc closes. */
export function KeySheet({ isOpen, onClose }: { isOpen: boolean; onClose(): void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (isOpen) dialog.current?.showModal()
    else dialog.current?.close()
  }, [isOpen])
  return (
    <dialog ref={dialog} className={styles.sheet} aria-labelledby="keys-title" onClose={onClose}>
      <header>
        <h2 id="keys-title">{words.keys.title}</h2>
        <Button look="quiet" icon="close" aria-label={words.close} onClick={onClose} />
      </header>
      <dl>
        {rows.map(([keys, what]) => (
          <div key={keys}>
            <dt>
              {keys?.split(", ").map((key) => (
                <kbd key={key}>{key.replace("Mod", modName)}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <p>{words.keys.note}</p>
    </dialog>
  )
}
