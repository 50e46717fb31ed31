import { useQuery, useQueryClient } from "@tanstack/react-query"
import { useState } from "react"
import { ApiError, api } from "../../api.ts"
import { Button } from "../../parts/Button.tsx"
import { refusalOf } from "../../refusal.ts"
import { canPasskeys, NotMade, signInApi } from "../../sign-in-api.ts"
import { signInWords } from "../../sign-in-words.ts"
import styles from "./SignIn.module.css"

const said = signInWords.ways

/** Why the identity provider's word let nobody in, as the address says it. */
export function refusalIn(hash: string): string | null {
  const reason = new URLSearchParams(hash.slice(1)).get("sign_in")
  return reason !== null && Object.hasOwn(said.refused, reason)
    ? said.refused[reason as keyof typeof said.refused]
    : null
}

/** Below the password: a passkey, where the browser has them, and the provider that the operator set. */
export function OtherWays({ onProblem }: { onProblem(sentence: string): void }) {
  const queries = useQueryClient()
  const setup = useQuery({ queryKey: ["setup"], queryFn: api.setup })
  const [isBusy, setIsBusy] = useState(false)
  const provider = setup.data?.provider ?? null
  if (provider === null && !canPasskeys()) return null
  async function withPasskey(): Promise<void> {
    setIsBusy(true)
    try {
      await signInApi.withPasskey()
      await queries.resetQueries({ queryKey: ["session"] })
    } catch (error) {
      onProblem(sentenceOf(error))
    } finally {
      setIsBusy(false)
    }
  }
  async function atProvider(): Promise<void> {
    setIsBusy(true)
    try {
      location.assign((await signInApi.visitProvider()).url)
    } catch (error) {
      setIsBusy(false)
      onProblem(sentenceOf(error))
    }
  }
  return (
    <div className={styles.ways}>
      <p className={styles.or}>{said.or}</p>
      {canPasskeys() && (
        <Button icon="person" disabled={isBusy} onClick={() => void withPasskey()}>
          {said.usePasskey}
        </Button>
      )}
      {provider !== null && (
        <Button disabled={isBusy} onClick={() => void atProvider()}>
          {said.provider(provider)}
        </Button>
      )}
    </div>
  )
}

function sentenceOf(error: unknown): string {
  if (error instanceof NotMade) return said.left
  if (!(error instanceof ApiError)) throw error
  if (error.isTemporary) return said.unreachable
  return { 400: said.refused.late, 401: said.unknown, 403: said.refused.blocked }[error.status] ?? refusalOf(error)
}
