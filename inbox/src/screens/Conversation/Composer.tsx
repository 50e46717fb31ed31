import type { ChannelView, ConversationRow } from "@causeway/contract/inbox"
import { type FormEvent, type KeyboardEvent, useLayoutEffect, useRef, useState } from "react"
import { useDraft, writeDraft } from "../../drafts.ts"
import { Button } from "../../parts/Button.tsx"
import { Icon } from "../../parts/Icon.tsx"
import { htmlOf } from "../../plain-text.ts"
import { hasMod, modName } from "../../platform.ts"
import { words } from "../../words.ts"
import { useWorkspace } from "../../workspace.ts"
import styles from "./Composer.module.css"

const said = words.composer
const enterSendsKey = "causeway.enter-sends"

/** Where a reply is written; or why none can be. */
export function Composer({ row, channel }: { row: ConversationRow; channel: ChannelView | null }) {
  const { role } = useWorkspace().session.teammate
  if (role === "observer") return <p className={styles.closed}>{said.observer}</p>
  if (row.type !== "conversation") return <p className={styles.closed}>{said.discussion}</p>
  if (channel?.reply_mode === "unsupported") return <p className={styles.closed}>{said.unsupported(channel.name)}</p>
  return <Writing row={row} isOffline={channel?.status === "offline"} />
}

function Writing({ row, isOffline }: { row: ConversationRow; isOffline: boolean }) {
  const { me, outbox } = useWorkspace()
  const text = useDraft(me, row.id)
  const field = useRef<HTMLTextAreaElement>(null)
  const [enterSends, setEnterSends] = useState(() => localStorage.getItem(enterSendsKey) === "on")
  const isEmpty = text.trim() === ""

  useLayoutEffect(() => {
    const element = field.current
    if (element === null) return
    // As high as what is written; the style sheet sets the most.
    element.style.blockSize = "auto"
    element.style.blockSize = text === "" ? "" : `${element.scrollHeight + 2}px`
  }, [text])

  function send(event?: FormEvent): void {
    event?.preventDefault()
    field.current?.focus()
    if (isEmpty) return
    const written = text.trimEnd()
    outbox.add(row.id, { body: htmlOf(written), text: written })
    writeDraft(me, row.id, "")
  }
  function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>): void {
    // While an input method composes, Enter chooses a word; Safari reports that by key code 229 alone.
    if (event.nativeEvent.isComposing || event.keyCode === 229) return
    if (event.key === "Escape") {
      event.preventDefault()
      document.querySelector<HTMLElement>("[data-conversation-title]")?.focus()
    }
    if (event.key !== "Enter" || event.altKey) return
    const isPlainEnter = !(event.shiftKey || event.ctrlKey || event.metaKey)
    if (hasMod(event) || (enterSends && isPlainEnter)) send(event)
  }
  function switchEnter(on: boolean): void {
    setEnterSends(on)
    localStorage.setItem(enterSendsKey, on ? "on" : "off")
  }

  return (
    <form className={styles.composer} aria-label={said.form} data-mode="reply" data-region="reply" onSubmit={send}>
      {isOffline && (
        <p className={styles.notice}>
          <Icon name="offline" /> <span>{said.offline(row.channel_name)}</span>
        </p>
      )}
      <div className={styles.box}>
        <textarea
          ref={field}
          rows={2}
          dir="auto"
          value={text}
          placeholder={said.placeholder}
          aria-label={said.label(row.contact.name || row.contact.handle, row.channel_name)}
          aria-keyshortcuts="r"
          enterKeyHint={enterSends ? "send" : "enter"}
          onChange={(event) => writeDraft(me, row.id, event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <div className={styles.bar}>
          <label className={styles.switch}>
            <input
              type="checkbox"
              role="switch"
              checked={enterSends}
              aria-checked={enterSends}
              onChange={(event) => switchEnter(event.currentTarget.checked)}
            />
            {said.enterSends}
          </label>
          <span className={styles.hint}>{enterSends ? said.hintEnter : said.hintMod(modName)}</span>
          <Button type="submit" look="primary" aria-disabled={isEmpty} className={styles.send}>
            {isOffline ? said.queue : said.send}
          </Button>
        </div>
      </div>
    </form>
  )
}
