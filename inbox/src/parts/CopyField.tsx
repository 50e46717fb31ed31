import { useId, useState } from "react"
import { adminWords } from "../admin-words.ts"
import { Button } from "./Button.tsx"
import styles from "./CopyField.module.css"

/** Something to be copied as it is: selected by a press, copied by the button. */
export function CopyField({ label, value }: { label: string; value: string }) {
  const id = useId()
  const [isCopied, setIsCopied] = useState(false)
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <div className={styles.row}>
        <input id={id} readOnly value={value} dir="ltr" onFocus={(event) => event.currentTarget.select()} />
        <Button
          icon={isCopied ? "sent" : "copy"}
          onClick={() => void navigator.clipboard.writeText(value).then(() => setIsCopied(true))}
        >
          <span aria-live="polite">{isCopied ? adminWords.admin.copied : adminWords.admin.copy}</span>
        </Button>
      </div>
    </div>
  )
}
