import type { ConversationRow } from "@causeway/contract/inbox"
import { useEffect, useRef } from "react"
import { Button } from "../../../parts/Button.tsx"
import { words } from "../../../words.ts"
import { useWorkspace } from "../../../workspace.ts"
import merge from "../Merge.module.css"
import { trash } from "./changes.ts"

const said = words.header.trash

interface TrashProps {
  row: ConversationRow
  isOpen: boolean
  onClose(): void
}

/** Asks first: what is in the trash is in no list. */
export function TrashDialog({ row, isOpen, onClose }: TrashProps) {
  const workspace = useWorkspace()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    if (isOpen) dialog.current?.showModal()
    else dialog.current?.close()
  }, [isOpen])
  return (
    <dialog ref={dialog} className={merge.dialog} aria-labelledby="trash-title" onClose={onClose}>
      <h2 id="trash-title">{said.title(row.contact.name || row.contact.handle)}</h2>
      <p>{said.text}</p>
      <footer>
        <Button onClick={onClose}>{said.cancel}</Button>
        <Button
          look="primary"
          onClick={() => {
            onClose()
            void trash(workspace, row)
          }}
        >
          {said.confirm}
        </Button>
      </footer>
    </dialog>
  )
}
