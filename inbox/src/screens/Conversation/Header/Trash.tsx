import type { ConversationRow } from "@causeway/contract/inbox"
import { Button } from "../../../parts/Button.tsx"
import { Dialog } from "../../../parts/Dialog.tsx"
import { words } from "../../../words.ts"
import { useWorkspace } from "../../../workspace.ts"
import { trash } from "./changes.ts"

const said = words.header.trash

/** Asks first: what is in the trash is in no list. */
export default function TrashDialog({ row, onClose }: { row: ConversationRow; onClose(): void }) {
  const workspace = useWorkspace()
  return (
    <Dialog
      title={said.title(row.contact.name || row.contact.handle)}
      onClose={onClose}
      footer={
        <>
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
        </>
      }
    >
      <p>{said.text}</p>
    </Dialog>
  )
}
