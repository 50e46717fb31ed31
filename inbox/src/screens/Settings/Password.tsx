import { type FormEvent, useState } from "react"
import { ApiError } from "../../api.ts"
import { Button } from "../../parts/Button.tsx"
import { Field } from "../../parts/Field.tsx"
import { refusalOf } from "../../refusal.ts"
import { isAboutPassword, signInApi } from "../../sign-in-api.ts"
import { signInWords } from "../../sign-in-words.ts"
import { tell, useWorkspace } from "../../workspace.ts"
import { Section } from "./Settings.tsx"
import styles from "./SignIn.module.css"

const { password: said, form, setup } = signInWords

/** The server's least, in characters. */
const charsMin = 12
const charsMax = 200

interface Problems {
  current?: string
  next?: string
  /** Of the whole. */
  form?: string
}

/** One's own password: changed by whoever knows it, which ends all other sessions. */
export function Password() {
  const workspace = useWorkspace()
  const [problems, setProblems] = useState<Problems>({})
  const [isBusy, setIsBusy] = useState(false)
  /** Another number is another, empty form. */
  const [round, setRound] = useState(0)

  async function change(event: FormEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault()
    if (isBusy) return
    const element = event.currentTarget
    const data = new FormData(element)
    const [current, next] = [String(data.get("current")), String(data.get("next"))]
    const found = problemsOf(current, next) ?? (await refused(current, next))
    setProblems(found ?? {})
    if (found === null) {
      setRound(round + 1)
      tell(workspace, said.changed)
    } else element.querySelector<HTMLElement>(`[name="${found.current === undefined ? "next" : "current"}"]`)?.focus()
  }
  async function refused(current: string, next: string): Promise<Problems | null> {
    setIsBusy(true)
    try {
      await signInApi.changePassword(current, next)
      return null
    } catch (error) {
      return refusal(error)
    } finally {
      setIsBusy(false)
    }
  }
  return (
    <Section title={said.title} where="everywhere">
      <p className={styles.lead}>{said.lead}</p>
      <form key={round} className={styles.password} onSubmit={(event) => void change(event)} noValidate>
        {/* Password managers keep the password under it. */}
        <input type="email" value={workspace.session.teammate.email} autoComplete="username" readOnly hidden />
        <Field
          name="current"
          label={said.current}
          type="password"
          autoComplete="current-password"
          error={problems.current}
          maxLength={charsMax}
        />
        <Field
          name="next"
          label={said.next}
          type="password"
          hint={setup.passwordHint}
          autoComplete="new-password"
          error={problems.next}
          maxLength={charsMax}
        />
        {problems.form !== undefined && (
          <p role="alert" className={styles.problem}>
            {problems.form}
          </p>
        )}
        <Button type="submit" aria-disabled={isBusy}>
          {isBusy ? said.changing : said.change}
        </Button>
      </form>
    </Section>
  )
}

/** What can be said before the server is asked; null: nothing. */
function problemsOf(current: string, next: string): Problems | null {
  if (current === "") return { current: form.required(said.current) }
  const { length } = [...next]
  if (length < charsMin) return { next: length === 0 ? form.required(said.next) : form.passwordShort(length) }
  return next === current ? { next: said.same } : null
}

function refusal(error: unknown): Problems {
  if (!(error instanceof ApiError)) throw error
  if (isAboutPassword(error)) return { next: form.passwordEasy }
  return error.status === 400 ? { current: said.wrong } : { form: refusalOf(error) }
}
