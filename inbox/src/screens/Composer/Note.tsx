import type { ConversationRow } from "@causeway/contract/inbox"
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from "react"
import { catchUp } from "../../actions.ts"
import { ApiError, api } from "../../api.ts"
import { useNote, writeNote } from "../../drafts.ts"
import { Button } from "../../parts/Button.tsx"
import { hasMod, modName } from "../../platform.ts"
import { refusalOf } from "../../refusal.ts"
import { words } from "../../words.ts"
import { useWorkspace } from "../../workspace.ts"
import styles from "./Composer.module.css"
import type { Mode } from "./Composer.tsx"
import { Mentions, type MentionsHandle } from "./Mentions.tsx"
import { Modes } from "./Modes.tsx"

const said = words.writing

/** A note that only teammates see. It is of nobody's business while it is written: no draft on the server, no sign of typing. */
export function Note({ row, onMode }: { row: ConversationRow; onMode: ((mode: Mode) => void) | null }) {
  const workspace = useWorkspace()
  const { me } = workspace
  const text = useNote(me, row.id)
  const field = useRef<HTMLTextAreaElement>(null)
  const mentions = useRef<MentionsHandle>(null)
  const [isAdding, setIsAdding] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const canAdd = text.trim() !== "" && !isAdding
  useEffect(() => {
    // Chosen by the switch above it, which is gone with the reply's form.
    if (onMode !== null) field.current?.focus()
  }, [onMode])

  async function add(event?: FormEvent): Promise<void> {
    event?.preventDefault()
    if (!canAdd) return
    setIsAdding(true)
    setProblem(null)
    try {
      await api.comment(row.id, text.trim())
      writeNote(me, row.id, "")
      await catchUp(workspace, row.id)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      setProblem(said.noteFailed(refusalOf(error)))
    } finally {
      setIsAdding(false)
    }
  }
  function onKeyDown(event: KeyboardEvent): void {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return
    if (mentions.current?.onKeyDown(event)) return
    if (event.key === "Escape") {
      event.preventDefault()
      document.querySelector<HTMLElement>("[data-conversation-title]")?.focus()
    }
    if (event.key === "Enter" && hasMod(event)) void add()
  }

  const name = row.contact.name || row.contact.handle
  return (
    <form className={styles.form} data-mode="note" aria-label={said.noteForm} onSubmit={add}>
      <div className={styles.box} data-mode="note">
        <Modes mode="note" detail={said.noteHint} onMode={onMode} />
        <Mentions ref={mentions} field={field} text={text} onText={(next) => writeNote(me, row.id, next)} />
        <textarea
          ref={field}
          rows={2}
          dir="auto"
          value={text}
          placeholder={said.notePlaceholder}
          aria-label={said.noteLabel(name)}
          data-composer-field
          onChange={(event) => writeNote(me, row.id, event.currentTarget.value)}
          onKeyDown={onKeyDown}
          onSelect={() => mentions.current?.look()}
        />
        {problem !== null && (
          <p role="alert" className={styles.problem}>
            {problem}
          </p>
        )}
        <div className={styles.bar}>
          <span className={styles.hint}>{words.composer.hintMod(modName)}</span>
          <Button type="submit" look="primary" aria-disabled={!canAdd} className={styles.single}>
            {said.addNote}
          </Button>
        </div>
      </div>
    </form>
  )
}
