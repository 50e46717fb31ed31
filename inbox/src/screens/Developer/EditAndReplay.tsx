import type { DeliveryView } from "@causeway/contract/endpoints/deliveries"
import { useId, useState } from "react"
import { developerApi } from "../../developer-api.ts"
import { developerWords } from "../../developer-words.ts"
import { Button } from "../../parts/Button.tsx"
import { Dialog } from "../../parts/Dialog.tsx"
import { Problem } from "../Admin/Page.tsx"
import { useChange } from "../Admin/resource.ts"
import styles from "./Developer.module.css"
import { pretty } from "./exchange.ts"
import { brokenLine } from "./json.ts"

const { log: said, types } = developerWords

interface Props {
  id: string
  body: string
  onClose(): void
  onDone(made: DeliveryView): void
}

/** Another body to the same place. Spaces are taken out again: the server's own bodies have none. */
export function EditAndReplay({ id, body, onClose, onDone }: Props) {
  const field = useId()
  const [text, setText] = useState(() => pretty(body))
  const { run, isBusy, problem } = useChange()
  const wrong = jsonProblem(text)
  async function send(): Promise<void> {
    const made = await run(() => developerApi.tryBody(id, JSON.stringify(JSON.parse(text))), null)
    if (made !== null) onDone(made)
  }
  return (
    <Dialog
      title={said.editTitle}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{developerWords.shell.cancel}</Button>
          <Button look="primary" disabled={isBusy || wrong !== null} onClick={() => void send()}>
            {said.send}
          </Button>
        </>
      }
    >
      <p>{said.editText}</p>
      <div className={styles.editor}>
        <label htmlFor={field}>{said.body}</label>
        <textarea
          id={field}
          dir="ltr"
          rows={14}
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </div>
      <Problem text={wrong ?? problem} />
    </Dialog>
  )
}

function jsonProblem(text: string): string | null {
  const line = brokenLine(text)
  return line === null ? null : types.lineProblem(line, types.notJson)
}
