import { useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { ApiError, api } from "../../api.ts"
import { firstToken } from "../../first-token.ts"
import { Field } from "../../parts/Field.tsx"
import { FormPage, type Problems } from "../../parts/FormPage.tsx"
import { refusalOf } from "../../refusal.ts"
import { isAboutPassword } from "../../sign-in-api.ts"
import { signInWords } from "../../sign-in-words.ts"
import { words } from "../../words.ts"

const { setup: said, form } = signInWords
const passwordCharsMin = 12

type FieldName = "code" | "name" | "email" | "password" | "company"
const fieldNames: readonly FieldName[] = ["code", "name", "email", "password", "company"]

/** First run: makes the company and its first admin with the code from the terminal, and opens the inbox. */
export function Setup({ version }: { version: string }) {
  const queries = useQueryClient()
  const [problems, setProblems] = useState<Problems>({})
  const [isBusy, setIsBusy] = useState(false)

  async function setUp(values: Record<string, string>): Promise<void> {
    const given = Object.fromEntries(
      fieldNames.map((name) => [name, name === "password" ? (values[name] ?? "") : (values[name] ?? "").trim()]),
    ) as Record<FieldName, string>
    const wrong = problemsOf(given)
    setProblems(wrong)
    if (Object.keys(wrong).length > 0) return
    setIsBusy(true)
    try {
      const { api_token: token } = await api.setUp(given)
      firstToken.set(token)
      await queries.resetQueries()
    } catch (error) {
      // Somebody else was first: the gate shows sign-in.
      if (error instanceof ApiError && error.status === 409) await queries.resetQueries()
      setProblems(refusal(error))
    } finally {
      setIsBusy(false)
    }
  }

  return (
    <FormPage
      title={said.title}
      lead={said.lead}
      problems={problems}
      isBusy={isBusy}
      submit={said.submit}
      submitting={said.submitting}
      onSubmit={setUp}
      footer={said.version(version)}
    >
      <Field
        name="code"
        label={said.code}
        hint={said.codeHint}
        autoComplete="off"
        error={problems.code}
        isFirst
        isCode
      />
      <Field name="name" label={said.name} autoComplete="name" error={problems.name} maxLength={200} />
      <Field
        name="email"
        label={said.email}
        type="email"
        autoComplete="username"
        error={problems.email}
        maxLength={320}
      />
      <Field
        name="password"
        label={said.password}
        type="password"
        hint={said.passwordHint}
        autoComplete="new-password"
        error={problems.password}
        maxLength={200}
      />
      <Field
        name="company"
        label={said.company}
        hint={said.companyHint}
        autoComplete="organization"
        error={problems.company}
        maxLength={200}
      />
    </FormPage>
  )
}

function problemsOf(given: Record<FieldName, string>): Problems {
  const missing = fieldNames.filter((name) => given[name] === "").map((name) => [name, form.required(said[name])])
  const problems: Problems = Object.fromEntries(missing)
  if (given.email !== "" && !/^\S+@\S+$/.test(given.email)) problems.email = form.emailWrong
  const { length } = [...given.password]
  if (length > 0 && length < passwordCharsMin) problems.password = form.passwordShort(length)
  return problems
}

/** The server names the field in its details: "body.code is not …". */
function refusal(error: unknown): Problems {
  if (!(error instanceof ApiError)) throw error
  if (error.isTemporary && error.status !== 429) return { form: words.unreachable.title }
  if (isAboutPassword(error)) return { password: form.passwordEasy }
  const names = (field: string): boolean => error.details.some((detail) => detail.startsWith(`body.${field} `))
  if (names("code")) return { code: form.codeWrong }
  return names("email") ? { email: form.emailWrong } : { form: refusalOf(error) }
}
