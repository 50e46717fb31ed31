import { type ReactNode, useEffect, useId, useRef } from "react"
import styles from "./Dialog.module.css"

interface DialogProps {
  title: string
  onClose(): void
  /** Buttons at its end, the one that does it last. */
  footer?: ReactNode
  children: ReactNode
}

/** The platform's modal dialog, open as long as it is drawn: Esc closes it and the focus returns to where it was. */
export function Dialog({ title, onClose, footer, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const element = dialog.current
    const before = document.activeElement
    element?.showModal()
    return () => {
      element?.close()
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return (
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
    >
      <h2 id={id}>{title}</h2>
      <div className={styles.body}>{children}</div>
      {footer && <footer className={styles.footer}>{footer}</footer>}
    </dialog>
  )
}
