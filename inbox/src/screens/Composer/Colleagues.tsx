import type { DraftView } from "@causeway/contract/inbox"
import { useState } from "react"
import { attempt } from "../../actions.ts"
import { Button } from "../../parts/Button.tsx"
import { Icon } from "../../parts/Icon.tsx"
import { useValue } from "../../value.ts"
import { words } from "../../words.ts"
import { useWorkspace } from "../../workspace.ts"
import styles from "./Composer.module.css"

const said = words.writing
const none: readonly DraftView[] = []

/** What colleagues are writing here at this moment, to be read; and to be gone on with. */
export function Colleagues({ conversationId }: { conversationId: string }) {
  const { drafts } = useWorkspace()
  const all = useValue(drafts.colleagues).get(conversationId) ?? none
  return all.map((draft) => <ColleagueDraft key={draft.id} draft={draft} />)
}

function ColleagueDraft({ draft }: { draft: DraftView }) {
  const workspace = useWorkspace()
  const [isTaking, setIsTaking] = useState(false)
  const name = draft.author?.name ?? words.message.viaApi
  async function take(): Promise<void> {
    setIsTaking(true)
    await attempt(workspace, () => workspace.drafts.takeOver(draft))
    setIsTaking(false)
  }
  return (
    <section className={styles.colleague} aria-label={said.colleague(name)}>
      <p className={styles.colleagueHead}>
        <Icon name="pen" /> <strong dir="auto">{said.colleague(name)}</strong>
        <Button aria-disabled={isTaking} onClick={() => void take()}>
          {said.takeOver}
        </Button>
      </p>
      <p className={styles.colleagueText} dir="auto">
        {draft.text === "" ? said.colleagueEmpty : draft.text}
      </p>
    </section>
  )
}
