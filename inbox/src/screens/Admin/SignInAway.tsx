import { useEffect, useState } from "react"
import { adminApi } from "../../admin-api.ts"
import { adminWords } from "../../admin-words.ts"
import styles from "./Admin.module.css"
import { Problem } from "./Page.tsx"
import { sentenceOf } from "./resource.ts"

const said = adminWords.connect
const lookEveryMs = 2_000

interface SignInAwayProps {
  id: string
  host: string
  onDone(status: "connected" | "choose_address"): void
}

/** A link to the partner's own page, which no blocker of pop-ups keeps from opening, and waiting for what comes of it. */
export function SignInAway({ id, host, onDone }: SignInAwayProps) {
  const [url, setUrl] = useState<string | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  useEffect(() => {
    adminApi.authenticate(id, {}).then(
      (answer) => (answer.status === "sign_in" ? setUrl(answer.sign_in_url) : onDone(answer.status)),
      (error: unknown) => setProblem(sentenceOf(error)),
    )
  }, [id, onDone])
  useEffect(() => {
    const timer = setInterval(async () => {
      // A miss is looked for again at the next turn.
      const channel = await adminApi.channel(id).catch(() => null)
      if (channel?.is_valid) onDone("connected")
    }, lookEveryMs)
    return () => clearInterval(timer)
  }, [id, onDone])
  useEffect(() => {
    // Back from there, and still not online: the account has several addresses.
    const onFocus = () =>
      void adminApi.addresses(id, null).then(
        ({ addresses }) => {
          if (addresses.length > 1) onDone("choose_address")
        },
        () => {}, // not signed in yet
      )
    window.addEventListener("focus", onFocus)
    return () => window.removeEventListener("focus", onFocus)
  }, [id, onDone])
  return (
    <div className={styles.form}>
      <p>{said.signInText}</p>
      <Problem text={problem} />
      {url !== null && (
        <p>
          <a className={styles.primary ?? ""} href={url} target="_blank" rel="noopener">
            {said.signIn(host)}
          </a>
        </p>
      )}
      <output className={styles.side}>{said.waiting}</output>
    </div>
  )
}
