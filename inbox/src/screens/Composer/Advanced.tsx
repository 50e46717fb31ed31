import { history } from "prosemirror-history"
import { keymap } from "prosemirror-keymap"
import { type Node, Slice } from "prosemirror-model"
import { EditorState, Selection } from "prosemirror-state"
import { EditorView } from "prosemirror-view"
import { type KeyboardEvent, type ReactNode, type Ref, useEffect, useImperativeHandle, useRef, useState } from "react"
import { activeAt, editorKeys } from "../../editor/features.ts"
import { docOfHtml, htmlOfDoc } from "../../editor/html.ts"
import { schema } from "../../editor/schema.ts"
import { textOfDoc } from "../../editor/text.ts"
import { typedMarks } from "../../editor/typed.ts"
import { Formatting } from "./Formatting.tsx"
import type { ComposerField } from "./field.ts"

interface AdvancedProps {
  ref: Ref<ComposerField>
  body: string
  label: string
  placeholder: string
  onWritten(body: string, text: string): void
  onKeyDown(event: KeyboardEvent | globalThis.KeyboardEvent): void
  /** What else the toolbar offers: emoji, files, templates. */
  tools: ReactNode
}

/** How long writing it down may lag behind the keys, ms: turning a long document into HTML for each key would be felt. */
const writeDownMs = 250

/** Writing with formatting: the eight features by button, key and typed sign, and nothing else, whatever is pasted. */
export default function Advanced({ ref, body, label, placeholder, onWritten, onKeyDown, tools }: AdvancedProps) {
  const place = useRef<HTMLDivElement>(null)
  const latest = useRef({ onWritten, onKeyDown })
  latest.current = { onWritten, onKeyDown }
  const writtenDown = useRef(body)
  const [view, setView] = useState<EditorView | null>(null)
  const [state, setState] = useState<EditorState | null>(null)

  // biome-ignore lint/correctness/useExhaustiveDependencies: the editor is made once; what changes reaches it through `latest` and the effect below
  useEffect(() => {
    if (place.current === null) return
    const wasFocused = place.current.contains(document.activeElement)
    let timer: ReturnType<typeof setTimeout> | undefined
    const writeDown = (): void => {
      clearTimeout(timer)
      timer = undefined
      const html = htmlOfDoc(editor.state.doc)
      if (html === writtenDown.current) return
      writtenDown.current = html
      latest.current.onWritten(html, textOfDoc(editor.state.doc))
    }
    const editor = new EditorView(
      { mount: place.current },
      {
        state: stateOf(docOfHtml(body)),
        attributes: {
          role: "textbox",
          "aria-multiline": "true",
          "aria-label": label,
          "aria-keyshortcuts": "r",
          "data-composer-field": "",
          dir: "auto",
        },
        handleKeyDown: (_view, event) => {
          // What is sent is what is written by now, not what was a moment ago.
          if (event.key === "Enter") writeDown()
          latest.current.onKeyDown(event)
          return event.defaultPrevented
        },
        dispatchTransaction(transaction) {
          editor.updateState(editor.state.apply(transaction))
          setState(editor.state)
          if (transaction.docChanged) timer ??= setTimeout(writeDown, writeDownMs)
        },
        handleDOMEvents: { blur: () => void writeDown() },
      },
    )
    setView(editor)
    setState(editor.state)
    if (wasFocused) editor.focus()
    const flush = (): void => void (timer !== undefined && writeDown())
    addEventListener("pagehide", flush)
    return () => {
      removeEventListener("pagehide", flush)
      flush()
      editor.destroy()
    }
  }, [])

  // Written elsewhere: sent, undone, taken over, another tab.
  useEffect(() => {
    if (view === null || body === writtenDown.current) return
    writtenDown.current = body
    replaceDoc(view, docOfHtml(body))
  }, [view, body])

  useImperativeHandle(
    ref,
    () => ({
      focus: () => view?.focus(),
      insertText: (text) => void view?.dispatch(view.state.tr.insertText(text)),
      textBefore: () => {
        const $from = view?.state.selection.$from
        return $from?.parent.textBetween(0, $from.parentOffset, null, "\n") ?? ""
      },
      replaceBefore: (length, text) => {
        if (view === null) return
        const { from } = view.state.selection
        view.dispatch(view.state.tr.insertText(text, from - length, from))
      },
      insertHtml: (html) => {
        if (view === null) return
        const { content } = docOfHtml(html)
        view.dispatch(view.state.tr.replaceSelection(Slice.maxOpen(content)).scrollIntoView())
      },
    }),
    [view],
  )

  const isEmpty = state === null || (state.doc.childCount === 1 && state.doc.firstChild?.content.size === 0)
  return (
    <>
      {view !== null && state !== null && <Formatting view={view} active={activeAt(state)} tools={tools} />}
      <div ref={place} data-placeholder={isEmpty ? placeholder : undefined} data-editor />
    </>
  )
}

const stateOf = (doc: Node): EditorState =>
  EditorState.create({ schema, doc, plugins: [typedMarks(), keymap(editorKeys), history()] })

function replaceDoc(view: EditorView, doc: Node): void {
  if (doc.eq(view.state.doc)) return
  view.updateState(stateOf(doc))
  view.dispatch(view.state.tr.setSelection(Selection.atEnd(view.state.doc)))
}
