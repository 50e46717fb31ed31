import { h, icon } from "../../../shared/web/dom.ts"
import { clip } from "./log.ts"
import { upload } from "./outbox.ts"
import { type FileInfo, storage } from "./session.ts"
import type { Words } from "./words.ts"

const fileBytesMax = 10 * 1024 * 1024
const filesMax = 2
const textCharsMax = 4000
const draftKey = "chat:draft"

interface Chosen {
  name: string
  /** Null while it is uploaded. */
  file: FileInfo | null
  problem: string | null
  row: HTMLElement
}

interface Options {
  words: Words
  send(text: string, files: FileInfo[]): void
  /** Somebody writes. */
  onInput(): void
  say(sentence: string): void
}

/** Where the visitor writes. What is half written is kept over reloads. */
export function createComposer({ words, send, onInput, say }: Options) {
  let chosen: Chosen[] = []
  let isOnline = true
  const field = h("textarea", { "aria-label": words.label, placeholder: words.placeholder, rows: "1", dir: "auto" })
  const picker = h("input", { type: "file", class: "hidden", multiple: true, tabindex: "-1", "aria-hidden": "true" })
  const attach = h(
    "button",
    { type: "button", "aria-label": words.attach, title: words.attach, onclick: () => choose() },
    icon(clip),
  )
  const submit = h(
    "button",
    { type: "submit", class: "send", "aria-label": words.send },
    icon("M4 12 20 4l-6 16-3-6zM11 14l9-10"),
  )
  const files = h("ul", { class: "files" })
  const form = h(
    "form",
    { "aria-label": words.placeholder },
    files,
    h("div", { class: "row" }, attach, picker, field, submit),
  )
  field.value = storage.get(draftKey) ?? ""

  function choose(): void {
    if (isOnline) picker.click()
    else say(words.attachOffline)
  }

  function add(list: Iterable<File>): void {
    const files = [...list]
    if (!isOnline) say(words.attachOffline)
    else if (chosen.length + files.length > filesMax) say(words.tooManyFiles)
    else for (const file of files) void addOne(file)
    update()
  }

  async function addOne(file: File): Promise<void> {
    const name = file.name || "file"
    const label = h("span", {}, words.uploading(name))
    const remove = h(
      "button",
      { type: "button", "aria-label": words.removeFile(name), onclick: () => drop(one) },
      icon("M6 6l12 12M18 6 6 18"),
    )
    const one: Chosen = { name, file: null, problem: null, row: h("li", {}, label, remove) }
    chosen.push(one)
    files.append(one.row)
    const done = (sentence: string, problem: string | null) => {
      one.problem = problem
      label.textContent = sentence
      label.className = problem === null ? "" : "failed"
      if (problem !== null) say(problem)
      update()
    }
    if (file.size > fileBytesMax) return done(words.fileTooBig(name), words.fileTooBig(name))
    try {
      one.file = await upload(file)
      done(name, null)
    } catch {
      done(words.fileFailed(name), words.fileFailed(name))
    }
  }

  function drop(one: Chosen): void {
    chosen = chosen.filter((other) => other !== one)
    one.row.remove()
    update()
    field.focus()
  }

  const isBusy = () => chosen.some(({ file, problem }) => file === null && problem === null)
  /** Not `disabled`: who is on the button would lose their place. */
  const update = () => submit.setAttribute("aria-disabled", String(isBusy()))

  function submitNow(): void {
    const text = field.value.trim()
    const ready = chosen.flatMap(({ file }) => file ?? [])
    if (isBusy() || (text === "" && ready.length === 0)) return
    if ([...text].length > textCharsMax) {
      say(words.tooLong)
      return
    }
    send(text, ready)
    for (const { row } of chosen) row.remove()
    chosen = []
    field.value = ""
    storage.set(draftKey, null)
    field.focus()
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
    storage.set(draftKey, field.value === "" ? null : field.value)
    if (field.value !== "") onInput()
  })
  field.addEventListener("paste", (event) => {
    const pasted = event.clipboardData?.files
    if (pasted === undefined || pasted.length === 0) return
    event.preventDefault()
    add(pasted)
  })
  picker.addEventListener("change", () => {
    add([...(picker.files ?? [])])
    picker.value = ""
  })
  return {
    element: form,
    focus: () => field.focus(),
    clear() {
      field.value = ""
      storage.set(draftKey, null)
    },
    setOnline(is: boolean) {
      isOnline = is
      attach.setAttribute("aria-disabled", String(!is))
      attach.title = is ? words.attach : words.attachOffline
    },
  }
}
