import type { ConversationRow } from "@causeway/contract/inbox"
import { useEffect, useRef, useState } from "react"
import { mergeInto } from "../../actions.ts"
import { api } from "../../api.ts"
import { plainList } from "../../lists.ts"
import { Button } from "../../parts/Button.tsx"
import { words } from "../../words.ts"
import { useWorkspace } from "../../workspace.ts"
import styles from "./Merge.module.css"

const said = words.merge

type Candidates = { state: "loading" } | { state: "unreachable" } | { state: "chosen-from"; rows: ConversationRow[] }

/** The button that brings another conversation into this one, and the dialog that asks which. Nothing is merged before it is named and confirmed. */
export function Merge({ row }: { row: ConversationRow }) {
  const workspace = useWorkspace()
  const dialog = useRef<HTMLDialogElement>(null)
  const [isOpen, setOpen] = useState(false)
  const [chosen, setChosen] = useState<string | null>(null)
  const candidates = useCandidates(row, isOpen)
  useEffect(() => {
    if (isOpen) dialog.current?.showModal()
    else dialog.current?.close()
  }, [isOpen])
  const close = () => {
    setOpen(false)
    setChosen(null)
  }
  const merge = async () => {
    if (chosen !== null && (await mergeInto(workspace, row, chosen))) close()
  }
  return (
    <>
      <Button icon="merge" title={said.open} onClick={() => setOpen(true)}>
        <span className={styles.label}>{said.open}</span>
      </Button>
      <dialog ref={dialog} className={styles.dialog} aria-labelledby="merge-title" onClose={close}>
        <h2 id="merge-title">{said.title}</h2>
        <p>{said.text}</p>
        <Choice candidates={candidates} chosen={chosen} onChoose={setChosen} />
        <footer>
          <Button onClick={close}>{said.cancel}</Button>
          <Button look="primary" disabled={chosen === null} onClick={() => void merge()}>
            {said.confirm}
          </Button>
        </footer>
      </dialog>
    </>
  )
}

interface ChoiceProps {
  candidates: Candidates
  chosen: string | null
  onChoose(id: string): void
}

function Choice({ candidates, chosen, onChoose }: ChoiceProps) {
  if (candidates.state === "loading") return <output>{words.loading}</output>
  if (candidates.state === "unreachable") return <p role="alert">{words.failedLoad.list}</p>
  if (candidates.rows.length === 0) return <p>{said.none}</p>
  return (
    <fieldset className={styles.choices}>
      <legend className="said">{said.title}</legend>
      {candidates.rows.map((each) => (
        <label key={each.id}>
          <input type="radio" name="merge" checked={chosen === each.id} onChange={() => onChoose(each.id)} />
          <span>
            <b dir="auto">{each.contact.name || each.contact.handle}</b>
            <span dir="auto">{each.preview}</span>
          </span>
        </label>
      ))}
    </fieldset>
  )
}

/** The newest open conversations but this one, those of the same contact first; asked for when the dialog opens. */
function useCandidates(row: ConversationRow, isOpen: boolean): Candidates {
  const [candidates, setCandidates] = useState<Candidates>({ state: "loading" })
  const { id, contact } = row
  useEffect(() => {
    if (!isOpen) return
    let isStale = false
    setCandidates({ state: "loading" })
    api.conversations(plainList("open"), { from: "top" }).then(
      ({ conversations }) => {
        const isOwn = (each: ConversationRow) => contact.id !== null && each.contact.id === contact.id
        const rows = conversations
          .filter((each) => each.id !== id)
          .toSorted((a, b) => Number(isOwn(b)) - Number(isOwn(a)))
        if (!isStale) setCandidates({ state: "chosen-from", rows })
      },
      () => {
        if (!isStale) setCandidates({ state: "unreachable" })
      },
    )
    return () => {
      isStale = true
    }
  }, [id, contact.id, isOpen])
  return candidates
}
