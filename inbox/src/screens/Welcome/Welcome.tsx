import { useEffect, useState } from "react"
import { adminApi } from "../../admin-api.ts"
import { adminWords } from "../../admin-words.ts"
import { ApiError } from "../../api.ts"
import { Field } from "../../parts/Field.tsx"
import { FormPage, type Problems } from "../../parts/FormPage.tsx"
import { Notice } from "../../parts/Notice.tsx"
import { isAboutPassword } from "../../sign-in-api.ts"
import { signInWords } from "../../sign-in-words.ts"
import { words } from "../../words.ts"

const { welcome: said } = adminWords
const { form } = signInWords
const passwordCharsMin = 12

type Link = Awaited<ReturnType<typeof adminApi.readInvitation>>
type State = { is: "reading" } | { is: "gone" } | { is: "unreachable" } | { is: "open"; link: Link }

/** Where a single-use link leads: to join, or to choose a new password. The secret is behind the #, which no server is told. */
export default function Welcome() {
  const [token] = useState(() => window.location.hash.slice(1))
  const [state, setState] = useState<State>({ is: "reading" })
  const [turn, setTurn] = useState(0)
  // biome-ignore lint/correctness/useExhaustiveDependencies: `turn` asks again
  useEffect(() => {
    adminApi.readInvitation(token).then(
      (link) => setState({ is: "open", link }),
      (error: unknown) => setState({ is: error instanceof ApiError && error.isTemporary ? "unreachable" : "gone" }),
    )
  }, [token, turn])
  if (state.is === "reading") return <main />
  if (state.is === "open") return <Accept token={token} link={state.link} />
  return (
    <main>
      {state.is === "gone" ? (
        <Notice title={said.gone} text={said.goneText} level={1}>
          <a href="/app/">{said.toInbox}</a>
        </Notice>
      ) : (
        <Notice
          title={words.unreachable.title}
          text={words.unreachable.text}
          level={1}
          onRetry={() => setTurn(turn + 1)}
        />
      )}
    </main>
  )
}

function Accept({ token, link }: { token: string; link: Link }) {
  const [problems, setProblems] = useState<Problems>({})
  const [isBusy, setIsBusy] = useState(false)
  const joins = link.purpose === "join"

  async function accept({ name = "", password = "" }: Record<string, string>): Promise<void> {
    const wrong = problemsOf(joins ? name.trim() : null, password)
    setProblems(wrong)
    if (Object.keys(wrong).length > 0) return
    setIsBusy(true)
    try {
      await adminApi.acceptInvitation({ token, password, ...(joins && { name: name.trim() }) })
      window.location.replace("/app/")
    } catch (error) {
      setIsBusy(false)
      if (!(error instanceof ApiError)) throw error
      if (isAboutPassword(error)) setProblems({ password: form.passwordEasy })
      else setProblems({ form: error.isTemporary ? words.unreachable.title : `${said.gone}. ${said.goneText}` })
    }
  }

  return (
    <FormPage
      title={joins ? said.title(link.company) : said.resetTitle}
      lead={joins ? said.lead(link.email) : said.resetLead(link.email)}
      problems={problems}
      isBusy={isBusy}
      submit={joins ? said.submit : said.resetSubmit}
      submitting={said.submitting}
      onSubmit={accept}
    >
      {joins && (
        <Field name="name" label={said.name} autoComplete="name" error={problems.name} maxLength={200} isFirst />
      )}
      {/* Password managers keep the password under it. */}
      <input type="email" name="email" value={link.email} autoComplete="username" readOnly hidden />
      <Field
        name="password"
        label={said.password}
        type="password"
        hint={said.passwordHint}
        autoComplete="new-password"
        error={problems.password}
        maxLength={200}
        isFirst={!joins}
      />
    </FormPage>
  )
}

function problemsOf(name: string | null, password: string): Problems {
  const { length } = [...password]
  return {
    ...(name === "" && { name: form.required(said.name) }),
    ...(length === 0 && { password: form.required(said.password) }),
    ...(length > 0 && length < passwordCharsMin && { password: form.passwordShort(length) }),
  }
}
