import type { ConversationRow } from "@causeway/contract/inbox"
import { useEffect, useState } from "react"
import { mergeInto } from "../../actions.ts"
import { api } from "../../api.ts"
import { plainList } from "../../lists.ts"
import { Button } from "../../parts/Button.tsx"
import { Dialog } from "../../parts/Dialog.tsx"
import { words } from "../../words.ts"
import { useWorkspace } from "../../workspace.ts"
import styles from "./Merge.module.css"

const said = words.merge

type Candidates = { state: "loading" } | { state: "unreachable" } | { state: "chosen-from"; rows: ConversationRow[] }

/** Asks which conversation is brought into this one. Nothing is merged before it is named and confirmed. */
export default function MergeDialog({ row, onClose }: { row: ConversationRow; onClose(): void }) {
  const workspace = useWorkspace()
  const [chosen, setChosen] = useState<string | null>(null)
  const candidates = useCandidates(row)
  const merge = async () => {
    if (chosen !== null && (await mergeInto(workspace, row, chosen))) onClose()
  }
  return (
    <Dialog
      title={said.title}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{said.cancel}</Button>
          <Button look="primary" disabled={chosen === null} onClick={() => void merge()}>
            {said.confirm}
          </Button>
        </>
      }
    >
      <p>{said.text}</p>
      <Choice candidates={candidates} chosen={chosen} onChoose={setChosen} />
    </Dialog>
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

/** The newest open conversations but this one, those of the same contact first. */
function useCandidates(row: ConversationRow): Candidates {
  const [candidates, setCandidates] = useState<Candidates>({ state: "loading" })
  const { id, contact } = row
  useEffect(() => {
    let isStale = false
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
  }, [id, contact.id])
  return candidates
}
