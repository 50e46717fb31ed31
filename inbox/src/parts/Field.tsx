import { useId, useState } from "react"
import { signInWords } from "../sign-in-words.ts"
import styles from "./Form.module.css"

const said = signInWords.form

interface FieldProps {
  name: string
  label: string
  type?: "text" | "email" | "password"
  hint?: string
  error?: string | undefined
  autoComplete: string
  defaultValue?: string
  isFirst?: boolean
  isOptional?: boolean
  maxLength?: number
  isCode?: boolean
}

/** A labelled field whose hint and error are read out with it. A password can be shown. */
export function Field({
  name,
  label,
  type = "text",
  hint,
  error,
  isFirst,
  isOptional = false,
  isCode,
  ...rest
}: FieldProps) {
  const id = useId()
  const [isShown, setIsShown] = useState(false)
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(" ")
  return (
    <div className={styles.field}>
      <label htmlFor={id}>{label}</label>
      <div className={styles.control}>
        <input
          {...rest}
          id={id}
          name={name}
          type={isShown ? "text" : type}
          className={isCode ? styles.code : undefined}
          aria-invalid={error !== undefined}
          aria-describedby={described || undefined}
          aria-required={!isOptional}
          spellCheck={type === "text" && !isCode}
          autoCapitalize={isCode ? "characters" : type === "text" ? "words" : "none"}
          // biome-ignore lint/a11y/noAutofocus: the page is this form and nothing else
          autoFocus={isFirst}
        />
        {type === "password" && (
          <button
            type="button"
            className={styles.show}
            aria-label={isShown ? said.hidePassword : said.showPassword}
            onClick={() => setIsShown(!isShown)}
          >
            {isShown ? said.hide : said.show}
          </button>
        )}
      </div>
      {hint && (
        <p id={`${id}-hint`} className={styles.hint}>
          {hint}
        </p>
      )}
      {error && (
        <p id={`${id}-error`} className={styles.error}>
          {error}
        </p>
      )}
    </div>
  )
}
