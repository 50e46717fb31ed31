import { type ClipboardEvent, type KeyboardEvent, type Ref, useImperativeHandle, useLayoutEffect, useRef } from "react"
import { inertBody } from "../../trusted.ts"
import type { ComposerField } from "./field.ts"

interface BasicProps {
  ref: Ref<ComposerField>
  text: string
  label: string
  placeholder: string
  enterSends: boolean
  onText(text: string): void
  onKeyDown(event: KeyboardEvent): void
  /** Formatted words were pasted, of which the words stay. */
  onFormattingRemoved?: () => void
}

/** Plain text: the platform's own field, as high as what is written. */
export function Basic({
  ref,
  text,
  label,
  placeholder,
  enterSends,
  onText,
  onKeyDown,
  onFormattingRemoved,
}: BasicProps) {
  const field = useRef<HTMLTextAreaElement>(null)
  useImperativeHandle(ref, () => ({
    focus: () => field.current?.focus(),
    insertText: (inserted) => insert(field.current, inserted),
    textBefore: () => {
      const { current } = field
      return current === null ? "" : current.value.slice(0, current.selectionStart)
    },
    replaceBefore: (length, inserted) => {
      const { current } = field
      current?.setSelectionRange(current.selectionStart - length, current.selectionStart)
      insert(current, inserted)
    },
    insertHtml: (_html, inserted) => insert(field.current, inserted),
  }))
  useLayoutEffect(() => {
    const element = field.current
    if (element === null || CSS.supports("field-sizing", "content")) return
    // As high as what is written; the style sheet sets the most.
    element.style.blockSize = "auto"
    element.style.blockSize = text === "" ? "" : `${element.scrollHeight + 2}px`
  }, [text])

  function onPaste(event: ClipboardEvent): void {
    const { clipboardData } = event
    const html = clipboardData.getData("text/html")
    if (html === "") return
    if (isFormatted(html)) onFormattingRemoved?.()
    if (clipboardData.getData("text/plain") !== "") return
    event.preventDefault()
    insert(field.current, inertBody(html).textContent ?? "")
  }

  return (
    <textarea
      ref={field}
      rows={2}
      dir="auto"
      value={text}
      placeholder={placeholder}
      aria-label={label}
      aria-keyshortcuts="r"
      enterKeyHint={enterSends ? "send" : "enter"}
      data-composer-field
      onChange={(event) => onText(event.currentTarget.value)}
      onKeyDown={onKeyDown}
      onPaste={onPaste}
    />
  )
}

/** As if it was typed, so that the browser's own undo takes it back. */
function insert(field: HTMLTextAreaElement | null, text: string): void {
  if (field === null) return
  field.focus()
  if (document.execCommand("insertText", false, text)) return
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end")
  field.dispatchEvent(new Event("input", { bubbles: true }))
}

/** Pages copied from a browser come as HTML even where nothing in them is formatted. */
const isFormatted = (html: string): boolean =>
  /<(b|strong|i|em|u|s|del|strike|a|ul|ol|li|blockquote|h[1-6]|table|img)[\s>]|font-weight:\s*(bold|[6-9]00)|font-style:\s*italic/i.test(
    html,
  )
