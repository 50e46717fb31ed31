import { type ReactNode, useId } from "react"
import { adminWords } from "../../admin-words.ts"
import { Button } from "../../parts/Button.tsx"
import { CopyField } from "../../parts/CopyField.tsx"
import { Dialog } from "../../parts/Dialog.tsx"
import styles from "./Admin.module.css"
import { Problem } from "./Page.tsx"

interface FormDialogProps {
  title: string
  /** What the button that sends it says. */
  submit: string
  isBusy: boolean
  problem: string | null
  onSubmit(data: FormData): void
  onClose(): void
  children: ReactNode
}

/** Some fields, what was wrong with them, and the two ways out. */
export function FormDialog({ title, submit, isBusy, problem, onSubmit, onClose, children }: FormDialogProps) {
  const form = useId()
  return (
    <Dialog
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{adminWords.admin.cancel}</Button>
          <Button look="primary" type="submit" form={form} disabled={isBusy}>
            {submit}
          </Button>
        </>
      }
    >
      <form
        id={form}
        className={styles.page}
        onSubmit={(event) => {
          event.preventDefault()
          onSubmit(new FormData(event.currentTarget))
        }}
      >
        {children}
        <Problem text={problem} />
      </form>
    </Dialog>
  )
}

interface ConfirmDialogProps {
  title: string
  text: string
  /** What the button that does it says. */
  action: string
  isBusy?: boolean
  problem?: string | null
  onConfirm(): void
  onClose(): void
}

/** Asks once more before what cannot be taken back. */
export const ConfirmDialog = ({
  title,
  text,
  action,
  isBusy = false,
  problem = null,
  onConfirm,
  onClose,
}: ConfirmDialogProps) => (
  <Dialog
    title={title}
    onClose={onClose}
    footer={
      <>
        <Button onClick={onClose}>{adminWords.admin.cancel}</Button>
        <Button look="primary" disabled={isBusy} onClick={onConfirm}>
          {action}
        </Button>
      </>
    }
  >
    <p>{text}</p>
    <Problem text={problem} />
  </Dialog>
)

interface ShownOnceProps {
  title: string
  text: string
  values: readonly { label: string; value: string }[]
  onClose(): void
}

/** What is shown now and never again: links that work once, secrets. */
export const ShownOnce = ({ title, text, values, onClose }: ShownOnceProps) => (
  <Dialog
    title={title}
    onClose={onClose}
    footer={
      <Button look="primary" onClick={onClose}>
        {adminWords.admin.done}
      </Button>
    }
  >
    <p>{text}</p>
    {values.map(({ label, value }) => (
      <CopyField key={label} label={label} value={value} />
    ))}
  </Dialog>
)
