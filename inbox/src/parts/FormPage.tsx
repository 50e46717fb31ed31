import { type FormEvent, type ReactNode, useEffect, useRef } from "react"
import { signInWords } from "../sign-in-words.ts"
import { words } from "../words.ts"
import { Button } from "./Button.tsx"
import styles from "./Form.module.css"
import { Icon } from "./Icon.tsx"

/** What is wrong with a form, by field name; `form` is about the whole. */
export type Problems = Record<string, string>

interface FormPageProps {
  title: string
  lead?: string
  problems: Problems
  isBusy: boolean
  submit: string
  submitting: string
  onSubmit(values: Record<string, string>): void
  footer?: ReactNode
  /** Other ways to the same, after the button. */
  below?: ReactNode
  children: ReactNode
}

/** A page that is one form. Problems are summed up at the top, where the focus goes, with links to the fields. */
export function FormPage(props: FormPageProps) {
  const { title, lead, problems, isBusy, submit, submitting, onSubmit, footer, below, children } = props
  const summary = useRef<HTMLDivElement>(null)
  const form = useRef<HTMLFormElement>(null)
  useEffect(() => {
    document.title = `${title} · ${words.product}`
  }, [title])
  useEffect(() => {
    if (Object.keys(problems).length > 0) summary.current?.focus()
  }, [problems])

  function send(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    if (isBusy) return
    const values = [...new FormData(event.currentTarget)].map(([key, value]) => [key, String(value)])
    onSubmit(Object.fromEntries(values))
  }

  return (
    <main className={styles.page}>
      <form ref={form} className={styles.card} onSubmit={send} noValidate>
        <p className={styles.brand}>
          <img src="/app/icon.svg" alt="" width="22" height="22" /> {words.product}
        </p>
        <h1>{title}</h1>
        {lead && <p className={styles.lead}>{lead}</p>}
        <div
          ref={summary}
          tabIndex={-1}
          role="alert"
          className={styles.summary}
          hidden={Object.keys(problems).length === 0}
        >
          <Summary
            problems={problems}
            onChoose={(name) => form.current?.querySelector<HTMLElement>(`[name="${CSS.escape(name)}"]`)?.focus()}
          />
        </div>
        {children}
        <Button type="submit" look="primary" className={styles.submit} aria-disabled={isBusy}>
          {isBusy ? submitting : submit}
        </Button>
        {below}
        {footer && <p className={styles.footer}>{footer}</p>}
      </form>
    </main>
  )
}

function Summary({ problems, onChoose }: { problems: Problems; onChoose(name: string): void }) {
  const { form, ...fields } = problems
  const entries = Object.entries(fields)
  return (
    <>
      {form && (
        <p className={styles.problem}>
          <Icon name="failed" /> {form}
        </p>
      )}
      {entries.length > 0 && (
        <>
          <p className={styles.problem}>
            <Icon name="failed" /> {signInWords.form.summary(entries.length)}
          </p>
          <ul>
            {entries.map(([name, text]) => (
              <li key={name}>
                <button type="button" onClick={() => onChoose(name)}>
                  {text}
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}
