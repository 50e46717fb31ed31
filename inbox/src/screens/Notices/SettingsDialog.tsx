import { useEffect, useRef } from "react"
import { Button } from "../../parts/Button.tsx"
import { words } from "../../words.ts"
import styles from "./Notices.module.css"
import { NotificationSettings } from "./NotificationSettings.tsx"

/** The choices, at hand where the notifications are. */
export default function SettingsDialog({ onClose }: { onClose(): void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} className={styles.dialog} aria-labelledby="notices-title" onClose={onClose} closedby="any">
      <header>
        <h2 id="notices-title">{words.notices.settings}</h2>
        <Button look="quiet" icon="close" aria-label={words.close} onClick={() => dialog.current?.close()} />
      </header>
      <NotificationSettings />
    </dialog>
  )
}
