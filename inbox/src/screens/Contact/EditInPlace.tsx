import { type FormEvent, type KeyboardEvent, useRef, useState } from "react"
import { laterWords } from "../../later-words.ts"
import { Button } from "../../parts/Button.tsx"
import { Icon } from "../../parts/Icon.tsx"
import { useWorkspace } from "../../workspace.ts"
import styles from "./Contact.module.css"

const said = laterWords.contact

interface EditProps {
  /** What is edited, as its label says. */
  label: string
  value: string
  /** What stands there while there is nothing. */
  empty: string
  maxLength: number
  /** A list to choose from in place of words. */
  choices?: readonly { value: string; label: string }[]
  type?: "text" | "number"
  /** True: it was saved. False: it was refused, and what was written stays. */
  onSave(value: string): Promise<boolean>
}

/** A value that becomes a field when it is pressed: Enter saves, Esc leaves it as it was. Observers see the value alone. */
export function EditInPlace(props: EditProps) {
  const { label, value, empty, choices } = props
  const [isEditing, setIsEditing] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  const isReadOnly = useWorkspace().session.teammate.role === "observer"
  const shown = choices?.find((choice) => choice.value === value)?.label ?? value
  if (isReadOnly) return <span dir="auto">{shown || empty}</span>
  const end = (): void => {
    setIsEditing(false)
    requestAnimationFrame(() => button.current?.focus())
  }
  if (isEditing) return <Editing {...props} onEnd={end} />
  return (
    <button
      ref={button}
      type="button"
      className={styles.value}
      data-empty={shown === "" || undefined}
      aria-label={`${said.edit(label)}: ${shown || empty}`}
      onClick={() => setIsEditing(true)}
    >
      <span dir="auto">{shown || empty}</span>
      <Icon name="pen" size={13} />
    </button>
  )
}

function Editing({ label, value, maxLength, choices, type = "text", onSave, onEnd }: EditProps & { onEnd(): void }) {
  const [written, setWritten] = useState(value)
  async function save(event: FormEvent): Promise<void> {
    event.preventDefault()
    if (written === value || (await onSave(written.trim()))) onEnd()
  }
  function onKeyDown(event: KeyboardEvent): void {
    if (event.key !== "Escape") return
    event.preventDefault()
    event.stopPropagation()
    onEnd()
  }
  const shared = {
    "aria-label": label,
    value: written,
    autoFocus: true,
    onChange: (event: { currentTarget: { value: string } }) => setWritten(event.currentTarget.value),
  }
  return (
    <form className={styles.edit} onSubmit={(event) => void save(event)} onKeyDown={onKeyDown}>
      {choices === undefined ? (
        <input {...shared} type={type} step="any" maxLength={maxLength} dir="auto" />
      ) : (
        <select {...shared}>
          <option value="" />
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      )}
      <Button type="submit" look="primary">
        {said.save}
      </Button>
      <Button onClick={onEnd}>{said.cancel}</Button>
    </form>
  )
}
