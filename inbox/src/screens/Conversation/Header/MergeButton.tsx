import type { ConversationRow } from "@causeway/contract/inbox"
import { lazy, Suspense, useState } from "react"
import { Button } from "../../../parts/Button.tsx"
import { words } from "../../../words.ts"
import styles from "../Merge.module.css"

const MergeDialog = lazy(() => import("../Merge.tsx"))

/** Opens the dialog that brings another conversation into this one; loaded by the first who asks for it. */
export function MergeButton({ row }: { row: ConversationRow }) {
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <Button icon="merge" title={words.merge.open} onClick={() => setOpen(true)}>
        <span className={styles.label}>{words.merge.open}</span>
      </Button>
      {isOpen && (
        <Suspense>
          <MergeDialog row={row} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}
