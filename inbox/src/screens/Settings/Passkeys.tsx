import { nameCharsMax } from "@causeway/contract/limits"
import { useQuery, useQueryClient } from "@tanstack/react-query"
import { type FormEvent, useState } from "react"
import { ApiError } from "../../api.ts"
import { fullTimeOf } from "../../format.ts"
import { Button } from "../../parts/Button.tsx"
import { Late } from "../../parts/Late.tsx"
import { Notice } from "../../parts/Notice.tsx"
import { refusalOf } from "../../refusal.ts"
import { canPasskeys, NotMade, signInApi } from "../../sign-in-api.ts"
import { signInWords } from "../../sign-in-words.ts"
import { words } from "../../words.ts"
import { tell, tellProblem, useWorkspace } from "../../workspace.ts"
import { Section } from "./Settings.tsx"
import styles from "./SignIn.module.css"

const said = signInWords.passkeys
const queryKey = ["passkeys"]

/** One's own passkeys: made here, and taken away. */
export function Passkeys() {
  const found = useQuery({ queryKey, queryFn: signInApi.passkeys })
  return (
    <Section title={said.title} where="everywhere">
      <p className={styles.lead}>{said.lead}</p>
      {found.data !== undefined ? (
        <List passkeys={found.data.passkeys} />
      ) : found.isError ? (
        <Notice
          title={words.unreachable.title}
          text={words.unreachable.text}
          level={3}
          onRetry={() => void found.refetch()}
        />
      ) : (
        <Late>
          <output>{words.loading}</output>
        </Late>
      )}
      {canPasskeys() ? <Add /> : <p className={styles.lead}>{said.noName}</p>}
    </Section>
  )
}

type Kept = Awaited<ReturnType<typeof signInApi.passkeys>>["passkeys"]

function List({ passkeys }: { passkeys: Kept }) {
  const workspace = useWorkspace()
  const queries = useQueryClient()
  async function remove({ id, name }: Kept[number]): Promise<void> {
    try {
      await signInApi.removePasskey(id)
      tell(workspace, said.removed(name))
    } catch (error) {
      tellProblem(workspace, error)
    }
    await queries.invalidateQueries({ queryKey })
  }
  if (passkeys.length === 0) return <p className={styles.lead}>{said.none}</p>
  return (
    <ul className={styles.list}>
      {passkeys.map((passkey) => (
        <li key={passkey.id}>
          <span>
            <strong dir="auto">{passkey.name}</strong>
            <span className={styles.lead}>
              {passkey.last_used_at === null ? said.never : said.used(fullTimeOf(passkey.last_used_at))}
            </span>
          </span>
          <Button
            look="quiet"
            icon="close"
            aria-label={said.remove(passkey.name)}
            onClick={() => void remove(passkey)}
          />
        </li>
      ))}
    </ul>
  )
}

function Add() {
  const workspace = useWorkspace()
  const queries = useQueryClient()
  const [name, setName] = useState("")
  const [isBusy, setIsBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  async function add(event: FormEvent): Promise<void> {
    event.preventDefault()
    setIsBusy(true)
    setProblem(null)
    try {
      await signInApi.addPasskey(name.trim())
      tell(workspace, said.added(name.trim()))
      setName("")
      await queries.invalidateQueries({ queryKey })
    } catch (error) {
      setProblem(sentenceOf(error))
    } finally {
      setIsBusy(false)
    }
  }
  return (
    <form className={styles.add} onSubmit={(event) => void add(event)}>
      <label>
        <span>{said.name}</span>
        <input
          required
          dir="auto"
          autoComplete="off"
          maxLength={nameCharsMax}
          placeholder={said.hint}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      </label>
      <Button type="submit" icon="plus" disabled={isBusy}>
        {isBusy ? said.adding : said.add}
      </Button>
      {problem !== null && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
    </form>
  )
}

function sentenceOf(error: unknown): string {
  if (error instanceof NotMade) return error.isKnown ? said.known : said.notAdded
  if (!(error instanceof ApiError)) throw error
  return refusalOf(error)
}
