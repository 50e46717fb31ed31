import type { ChannelView, ConversationRow } from "@causeway/contract/inbox"
import { type FormEvent, type KeyboardEvent, lazy, Suspense, useRef, useState } from "react"
import { putWritten, useWritten, writeText } from "../../drafts.ts"
import { Icon } from "../../parts/Icon.tsx"
import { hasMod, modName } from "../../platform.ts"
import { usePreferences } from "../../settings/preferences.ts"
import { words } from "../../words.ts"
import { useWorkspace } from "../../workspace.ts"
import { Basic } from "./Basic.tsx"
import styles from "./Composer.module.css"
import type { Mode } from "./Composer.tsx"
import { EmojiSuggest, type SuggestHandle } from "./EmojiSuggest.tsx"
import { FileList } from "./FileList.tsx"
import type { ComposerField } from "./field.ts"
import { Modes } from "./Modes.tsx"
import { Send } from "./Send.tsx"
import { Toolbar } from "./Toolbar.tsx"
import { Tools } from "./Tools.tsx"
import { UnseenNotice } from "./UnseenNotice.tsx"
import { useDrop } from "./useDrop.ts"
import { useFiles } from "./useFiles.ts"
import { replyCharsMax, useReply } from "./useReply.ts"

const TemplatePicker = lazy(() => import("./templates/TemplatePicker.tsx"))
const Advanced = lazy(() => import("./Advanced.tsx"))
const said = words.composer

interface ReplyProps {
  row: ConversationRow
  channel: ChannelView | null
  onMode(mode: Mode): void
}

/** A reply to the customer, plain or with formatting as the channel has it. */
export function Reply({ row, channel, onMode }: ReplyProps) {
  const { me } = useWorkspace()
  const written = useWritten(me, row.id)
  const field = useRef<ComposerField>(null)
  const files = useFiles(row.id, row.channel_id)
  const reply = useReply(row, channel, files)
  const { enter_sends: enterSends } = usePreferences().sending
  const [isPlained, setIsPlained] = useState(false)
  const isOver = useDrop(files.add)
  const suggest = useRef<SuggestHandle>(null)
  const [isPicking, setIsPicking] = useState(false)
  const isOffline = channel?.status === "offline"

  function send(event?: FormEvent): void {
    event?.preventDefault()
    field.current?.focus()
    reply.send("send")
  }
  function onKeyDown(event: KeyboardEvent | globalThis.KeyboardEvent): void {
    const { isComposing } = "nativeEvent" in event ? event.nativeEvent : event
    // While an input method composes, Enter chooses a word; Safari reports that by key code 229 alone.
    if (isComposing || event.keyCode === 229) return
    if (suggest.current?.onKeyDown(event)) return
    if (event.key === "/" && field.current?.textBefore() === "" && written.text === "") {
      event.preventDefault()
      setIsPicking(true)
    }
    if (event.key === "Escape") {
      event.preventDefault()
      document.querySelector<HTMLElement>("[data-conversation-title]")?.focus()
    }
    if (event.key !== "Enter" || event.altKey) return
    const isPlainEnter = !(event.shiftKey || event.ctrlKey || event.metaKey)
    if (!(hasMod(event) || (enterSends && isPlainEnter))) return
    event.preventDefault()
    if (event.shiftKey) reply.send("archive")
    else send()
  }

  const name = row.contact.name || row.contact.handle
  const shared = { ref: field, label: said.label(name, row.channel_name), placeholder: said.placeholder, onKeyDown }
  const tools = <Tools field={field} onFiles={files.add} onTemplates={() => setIsPicking(true)} />
  return (
    <form className={styles.form} data-mode="reply" aria-label={said.form} onSubmit={send}>
      {isOffline && (
        <p className={styles.notice}>
          <Icon name="offline" /> <span>{said.offline(row.channel_name)}</span>
        </p>
      )}
      {reply.unseen !== null && <UnseenNotice unseen={reply.unseen} />}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: what happens in its fields is heard here */}
      <div
        className={styles.box}
        data-mode="reply"
        onPaste={(event) => files.add(event.clipboardData.files)}
        onKeyUp={() => suggest.current?.look()}
      >
        <EmojiSuggest ref={suggest} field={field} />
        <Modes mode="reply" detail={words.writing.via(row.channel_name)} onMode={onMode} />
        {channel?.composer === "advanced" ? (
          <Suspense fallback={<p className={styles.loading}>{words.writing.loading}</p>}>
            <Advanced
              {...shared}
              body={written.body}
              tools={tools}
              onWritten={(body, text) => putWritten(me, row.id, { body, text })}
            />
          </Suspense>
        ) : (
          <Basic
            {...shared}
            text={written.text}
            enterSends={enterSends}
            onText={(text) => writeText(me, row.id, text)}
            onFormattingRemoved={() => setIsPlained(true)}
          />
        )}
        {isPlained && <output className={styles.hintLine}>{words.writing.formattingRemoved}</output>}
        <FileList attached={written.files} files={files} />
        <div className={styles.bar}>
          {channel?.composer !== "advanced" && <Toolbar label={words.writing.toolbar}>{tools}</Toolbar>}
          <Length length={written.text.length} />
          <span className={styles.hint}>{enterSends ? said.hintEnter : said.hintMod(modName)}</span>
          <Send
            reply={reply}
            label={reply.unseen !== null ? words.writing.sendAnyway : isOffline ? said.queue : said.send}
          />
        </div>
        {isPicking && (
          <Suspense>
            <TemplatePicker
              row={row}
              channel={channel}
              onClose={() => {
                setIsPicking(false)
                field.current?.focus()
              }}
              onInsert={(html, text) => field.current?.insertHtml(html, text)}
              onSend={reply.sendTemplate}
            />
          </Suspense>
        )}
        {isOver && <p className={styles.drop}>{words.writing.drop}</p>}
      </div>
    </form>
  )
}

/** Near the end of what a reply takes it turns to words; announced at 90 % and at the end only. */
function Length({ length }: { length: number }) {
  if (length < replyCharsMax * 0.9) return null
  const left = replyCharsMax - length
  return (
    <span className={styles.length} data-over={left < 0 || undefined}>
      {left < 0 ? words.writing.over(-left) : words.writing.left(left)}
      <output className="said">{left < 0 ? words.writing.over(1) : words.writing.left(replyCharsMax / 10)}</output>
    </span>
  )
}
