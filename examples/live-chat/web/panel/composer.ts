import { h, icon } from "../../../shared/web/dom.ts"
import { createChosenFiles } from "./chosen-files.ts"
import { clip } from "./log.ts"
import { type FileInfo, storage } from "./session.ts"
import type { Words } from "./words.ts"

const textCharsMax = 4000
const draftKey = "chat:draft"
/** ms; the team sees it for ten seconds. */
const typingEveryMs = 4000

interface Options {
  words: Words
  send(text: string, files: FileInfo[]): void
  say(sentence: string): void
  /** The visitor is writing, said again every few seconds; or has taken it all back. */
  onTyping(is: boolean): void
}

/** Where the visitor writes. What is half written is kept over reloads. */
export function createComposer({ words, send, say, onTyping }: Options) {
  let toldAt = 0
  let isOnline = true
  const field = h("textarea", { "aria-label": words.label, placeholder: words.placeholder, rows: "1", dir: "auto" })
  const picker = h("input", { type: "file", class: "hidden", multiple: true, tabindex: "-1", "aria-hidden": "true" })
  const attach = h(
    "button",
    { type: "button", "aria-label": words.attach, title: words.attach, onclick: () => choose() },
    icon(clip),
  )
  const submit = h("button", { type: "submit", class: "send", "aria-label": words.send }, icon(arrow))
  // Not `disabled`: who is on the button would lose their place.
  const onChange = () => submit.setAttribute("aria-disabled", String(files.isBusy()))
  const files = createChosenFiles({ words, say, onChange, onRemoved: () => field.focus() })
  const row = h("div", { class: "row" }, attach, picker, field, submit)
  const form = h("form", { "aria-label": words.placeholder }, files.element, row)
  field.value = storage.get(draftKey) ?? ""

  function choose(): void {
    if (isOnline) picker.click()
    else say(words.attachOffline)
  }

  function add(list: Iterable<File>): void {
    if (isOnline) files.add([...list])
    else say(words.attachOffline)
  }

  function submitNow(): void {
    const text = field.value.trim()
    if (files.isBusy() || (text === "" && files.ready().length === 0)) return
    if ([...text].length > textCharsMax) {
      say(words.tooLong)
      return
    }
    send(text, files.ready())
    files.clear()
    clear()
    field.focus()
  }

  function clear(): void {
    field.value = ""
    toldAt = 0
    storage.set(draftKey, null)
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault()
    submitNow()
  })
  field.addEventListener("keydown", (event) => {
    // While an input method composes, Enter is its own.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return
    event.preventDefault()
    submitNow()
  })
  field.addEventListener("input", () => {
    const isWriting = field.value !== ""
    storage.set(draftKey, isWriting ? field.value : null)
    if (isWriting && Date.now() - toldAt < typingEveryMs) return
    if (isOnline && (isWriting || toldAt > 0)) onTyping(isWriting)
    toldAt = isWriting ? Date.now() : 0
  })
  field.addEventListener("paste", (event) => {
    const pasted = event.clipboardData?.files
    if (pasted === undefined || pasted.length === 0) return
    event.preventDefault()
    add(pasted)
  })
  picker.addEventListener("change", () => {
    add(picker.files ?? [])
    picker.value = ""
  })
  return {
    element: form,
    focus: () => field.focus(),
    clear,
    setOnline(is: boolean) {
      isOnline = is
      attach.setAttribute("aria-disabled", String(!is))
      attach.title = is ? words.attach : words.attachOffline
    },
  }
}

const arrow = "M4 12 20 4l-6 16-3-6zM11 14l9-10"
