import { type FormEvent, useId, useState } from "react"
import { createRoot } from "react-dom/client"
import { ApiError, request } from "../../api.ts"
import { Button } from "../../parts/Button.tsx"
import { Dialog } from "../../parts/Dialog.tsx"
import { Field } from "../../parts/Field.tsx"
import { proveWords } from "../../prove-words.ts"
import { refusalOf } from "../../refusal.ts"
import { canPasskeys, NotMade, signInApi } from "../../sign-in-api.ts"
import styles from "./Prove.module.css"

const said = proveWords.prove

let asking: Promise<boolean> | null = null

/**
 * Asks the person for their password or a passkey, over whatever they were doing; false: they would rather not. Whoever needs it while it is asked waits for
 * the same answer. Drawn beside the page, since any request may need it.
 */
export function prove(): Promise<boolean> {
  asking ??= new Promise<boolean>((resolve) => {
    const place = document.body.appendChild(document.createElement("div"))
    const root = createRoot(place)
    root.render(
      <Prove
        onEnd={(isProven) => {
          root.unmount()
          place.remove()
          resolve(isProven)
        }}
      />,
    )
  }).finally(() => {
    asking = null
  })
  return asking
}

function Prove({ onEnd }: { onEnd(isProven: boolean): void }) {
  const form = useId()
  const [problem, setProblem] = useState<string>()
  const [isBusy, setIsBusy] = useState(false)

  async function attempt(way: () => Promise<unknown>): Promise<void> {
    if (isBusy) return
    setIsBusy(true)
    setProblem(undefined)
    try {
      await way()
      onEnd(true)
    } catch (error) {
      setProblem(sentenceOf(error))
      setIsBusy(false)
    }
  }

  function send(event: FormEvent<HTMLFormElement>): void {
    event.preventDefault()
    const password = String(new FormData(event.currentTarget).get("password"))
    if (password === "") setProblem(said.missing)
    else void attempt(() => request("/causeway/auth/prove", { method: "POST", body: { password } }))
  }

  return (
    <Dialog
      title={said.title}
      onClose={() => onEnd(false)}
      footer={
        <>
          {canPasskeys() && (
            <Button
              look="quiet"
              icon="person"
              className={styles.passkey}
              disabled={isBusy}
              onClick={() => void attempt(() => signInApi.proveWithPasskey())}
            >
              {said.usePasskey}
            </Button>
          )}
          <Button onClick={() => onEnd(false)}>{said.leave}</Button>
          <Button look="primary" type="submit" form={form} disabled={isBusy}>
            {isBusy ? said.confirming : said.confirm}
          </Button>
        </>
      }
    >
      <p>{said.text}</p>
      <form id={form} onSubmit={send} noValidate>
        <Field
          name="password"
          label={said.password}
          type="password"
          autoComplete="current-password"
          error={problem}
          isFirst
        />
      </form>
    </Dialog>
  )
}

function sentenceOf(error: unknown): string {
  if (error instanceof NotMade) return said.noPasskey
  if (!(error instanceof ApiError)) throw error
  if (error.status === 429) return said.limited(error.retryAfterSeconds)
  if (error.isTemporary) return said.unreachable
  return error.status === 400 ? said.wrong : refusalOf(error)
}
