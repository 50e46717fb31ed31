import { type ReactNode, useId } from "react"
import styles from "./Settings.module.css"

interface ChoiceProps<Value extends string | number> {
  label: string
  hint?: ReactNode
  /** What can be chosen, each with its words. */
  options: readonly (readonly [Value, string])[]
  value: Value
  onChoose(value: Value): void
}

/** One of a few: radio buttons that are all seen at once. */
export function Choice<Value extends string | number>({ label, hint, options, value, onChoose }: ChoiceProps<Value>) {
  const id = useId()
  return (
    <fieldset className={styles.choice} aria-describedby={hint ? `${id}-hint` : undefined}>
      <legend>{label}</legend>
      <div className={styles.options}>
        {options.map(([option, text]) => (
          <label key={option} className={styles.option}>
            <input type="radio" name={id} checked={option === value} onChange={() => onChoose(option)} />
            <span>{text}</span>
          </label>
        ))}
      </div>
      {hint && (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
    </fieldset>
  )
}
