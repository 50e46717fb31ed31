import type { Erasure, Held } from "@causeway/contract/endpoints/erasures"
import type { Contact } from "@causeway/contract/resources/contact"
import { useQuery } from "@tanstack/react-query"
import { Link, useNavigate } from "@tanstack/react-router"
import { useId, useState } from "react"
import { contactKey, contacts } from "../../contacts.ts"
import { contactsWords } from "../../contacts-words.ts"
import { numberOf } from "../../format.ts"
import { laterWords } from "../../later-words.ts"
import { Button } from "../../parts/Button.tsx"
import { Dialog } from "../../parts/Dialog.tsx"
import { Late } from "../../parts/Late.tsx"
import { Notice } from "../../parts/Notice.tsx"
import { unreadOf } from "../../refusal.ts"
import { words } from "../../words.ts"
import { useWorkspace } from "../../workspace.ts"
import { renew, sentenceOf } from "../Contact/useContactChange.ts"
import dialogStyles from "./Dialogs.module.css"
import { nameOf } from "./Rows.tsx"
import { downloadReceipt } from "./receipt.ts"
import textStyles from "./Text.module.css"
import { useAddress } from "./useAddress.ts"

const said = contactsWords.erase

type Stage =
  | { name: "asking"; problem: string | null }
  | { name: "erasing" }
  | { name: "erased"; erasure: Erasure; filesLater: number }

/** What is held in counts, the name typed, the removal, and its receipt. The dialog stays until the receipt was seen. */
export function Erase({ contact, onClose }: { contact: Contact; onClose(): void }) {
  const workspace = useWorkspace()
  const navigate = useNavigate()
  const { address } = useAddress()
  const [stage, setStage] = useState<Stage>({ name: "asking", problem: null })
  const name = nameOf(contact)
  const held = useQuery({ queryKey: ["contact-held", contact.id], queryFn: () => contacts.held(contact.id), gcTime: 0 })

  async function erase(): Promise<void> {
    setStage({ name: "erasing" })
    try {
      const { files_later: filesLater, ...erasure } = await contacts.erase(contact.id)
      setStage({ name: "erased", erasure, filesLater })
    } catch (error) {
      setStage({ name: "asking", problem: sentenceOf(error) })
    }
  }
  function leave(): void {
    workspace.queries.removeQueries({ queryKey: contactKey(contact.id) })
    void navigate({ to: "/contacts", search: address })
    void renew(workspace, null)
  }

  if (stage.name === "erased") return <Erased {...stage} title={said.doneTitle(name)} onLeave={leave} />
  if (stage.name === "erasing")
    return (
      <Dialog title={said.title(name)} onClose={() => {}}>
        <output>{said.busy}</output>
        <progress className={dialogStyles.progress} aria-label={said.busy} />
      </Dialog>
    )
  if (held.data !== undefined)
    return <Ask name={name} held={held.data} problem={stage.problem} onErase={() => void erase()} onClose={onClose} />
  return (
    <Dialog
      title={said.title(name)}
      onClose={onClose}
      footer={<Button onClick={onClose}>{laterWords.contact.cancel}</Button>}
    >
      {held.isError ? (
        <Notice title={laterWords.contact.failed} text={unreadOf(held.error)} onRetry={() => void held.refetch()} />
      ) : (
        <Late>
          <output>{words.loading}</output>
        </Late>
      )}
    </Dialog>
  )
}

interface AskProps {
  name: string
  held: Held
  problem: string | null
  onErase(): void
  onClose(): void
}

function Ask({ name, held, problem, onErase, onClose }: AskProps) {
  const form = useId()
  const [typed, setTyped] = useState("")
  const isTyped = typed.trim() === name.trim()
  return (
    <Dialog
      title={said.title(name)}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{laterWords.contact.cancel}</Button>
          <Button look="primary" type="submit" form={form} disabled={!isTyped}>
            {said.start}
          </Button>
        </>
      }
    >
      <p>{said.lead(name)}</p>
      <p>
        <strong>{said.irrevocable}</strong>
      </p>
      <Counts held={held} />
      <p className={textStyles.side}>{said.stays}</p>
      <form
        id={form}
        className={dialogStyles.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (isTyped) onErase()
        }}
      >
        <label className={dialogStyles.select}>
          <span>{said.type(name)}</span>
          <input
            dir="auto"
            autoComplete="off"
            className={dialogStyles.field}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
        </label>
      </form>
      {problem !== null && (
        <p role="alert" className={textStyles.problem}>
          {problem}
        </p>
      )}
    </Dialog>
  )
}

const kinds = Object.keys(said.counts) as (keyof Held)[]

const Counts = ({ held }: { held: Held }) => (
  <dl className={dialogStyles.counts}>
    {kinds.map((kind) => (
      <div key={kind}>
        <dt>{said.counts[kind]}</dt>
        <dd>{numberOf(held[kind])}</dd>
      </div>
    ))}
  </dl>
)

interface ErasedProps {
  title: string
  erasure: Erasure
  filesLater: number
  onLeave(): void
}

function Erased({ title, erasure, filesLater, onLeave }: ErasedProps) {
  const [problem, setProblem] = useState<string | null>(null)
  const { removed } = JSON.parse(erasure.receipt) as { removed: Held }
  const total = Object.values(removed).reduce((sum, count) => sum + count, 0)
  return (
    <Dialog
      title={title}
      onClose={onLeave}
      footer={
        <>
          <Button onClick={onLeave}>{said.close}</Button>
          <Button
            look="primary"
            icon="file"
            onClick={() => void downloadReceipt(erasure).catch((error: unknown) => setProblem(unreadOf(error)))}
          >
            {said.receipt}
          </Button>
        </>
      }
    >
      <output>{said.done(total)}</output>
      {filesLater > 0 && <p>{said.later(filesLater)}</p>}
      <Counts held={removed} />
      <p className={textStyles.side}>{said.receiptText}</p>
      <p>
        <Link to="/admin/$section" params={{ section: "audit" }}>
          {said.audit}
        </Link>
      </p>
      {problem !== null && (
        <p role="alert" className={textStyles.problem}>
          {problem}
        </p>
      )}
    </Dialog>
  )
}
