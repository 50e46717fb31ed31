import { useQueryClient } from "@tanstack/react-query"
import { useEffect, useState } from "react"
import { ApiError, api } from "../../api.ts"
import { Field } from "../../parts/Field.tsx"
import { FormPage, type Problems } from "../../parts/FormPage.tsx"
import { refusalOf } from "../../refusal.ts"
import { signInWords } from "../../sign-in-words.ts"
import { words } from "../../words.ts"
import { OtherWays, refusalIn } from "./OtherWays.tsx"

const { signIn: said, form } = signInWords

/** Why nobody is signed in who came back from the identity provider: until the next try or the next load. */
let refusal = refusalIn(location.hash)

/** E-mail and password. Shown in place of whatever the address names, so that signing in leads there. */
export function SignIn() {
  const queries = useQueryClient()
  const [problems, setProblems] = useState<Problems>(refusal === null ? {} : { form: refusal })
  const [isBusy, setIsBusy] = useState(false)
  useEffect(() => {
    if (refusal !== null) history.replaceState(history.state, "", location.pathname)
  }, [])

  async function signIn(values: Record<string, string>): Promise<void> {
    refusal = null
    const { email = "", password = "" } = values
    const missing: Problems = {
      ...(email.trim() === "" && { email: form.required(said.email) }),
      ...(password === "" && { password: form.required(said.password) }),
    }
    setProblems(missing)
    if (Object.keys(missing).length > 0) return
    setIsBusy(true)
    try {
      await api.signIn({ email: email.trim(), password })
      await queries.resetQueries({ queryKey: ["session"] })
    } catch (error) {
      setProblems({ form: sentenceOf(error) })
    } finally {
      setIsBusy(false)
    }
  }

  return (
    <FormPage
      title={said.title}
      problems={problems}
      isBusy={isBusy}
      submit={said.submit}
      submitting={said.submitting}
      onSubmit={signIn}
      below={<OtherWays onProblem={(form) => setProblems({ form })} />}
    >
      <Field name="email" label={said.email} type="email" autoComplete="username" error={problems.email} isFirst />
      <Field
        name="password"
        label={said.password}
        type="password"
        autoComplete="current-password"
        error={problems.password}
      />
    </FormPage>
  )
}

function sentenceOf(error: unknown): string {
  if (!(error instanceof ApiError)) throw error
  if (error.status === 401 || error.status === 400) return said.wrong
  if (error.status === 429) return said.limited(error.retryAfterSeconds)
  return error.isTemporary ? words.unreachable.title : refusalOf(error)
}
