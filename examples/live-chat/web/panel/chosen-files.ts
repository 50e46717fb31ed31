import { h, icon } from "../../../shared/web/dom.ts"
import { upload } from "./outbox.ts"
import type { FileInfo } from "./session.ts"
import type { Words } from "./words.ts"

const fileBytesMax = 10 * 1024 * 1024
const filesMax = 2

interface Chosen {
  /** Null while it is uploaded. */
  file: FileInfo | null
  problem: string | null
  row: HTMLElement
}

interface Options {
  words: Words
  say(sentence: string): void
  /** A file came, went, or is uploaded. */
  onChange(): void
  /** One was taken away, and with it the button that had the focus. */
  onRemoved(): void
}

/** The files that go with the next message: uploaded at once, listed with what went wrong. */
export function createChosenFiles({ words, say, onChange, onRemoved }: Options) {
  let chosen: Chosen[] = []
  const element = h("ul", { class: "files" })

  async function addOne(file: File): Promise<void> {
    const name = file.name || "file"
    const label = h("span", {}, words.uploading(name))
    const remove = h(
      "button",
      { type: "button", "aria-label": words.removeFile(name), onclick: () => drop(one) },
      icon("M6 6l12 12M18 6 6 18"),
    )
    const one: Chosen = { file: null, problem: null, row: h("li", {}, label, remove) }
    chosen.push(one)
    element.append(one.row)
    one.problem = file.size > fileBytesMax ? words.fileTooBig(name) : null
    if (one.problem === null) {
      onChange()
      await upload(file).then(
        (uploaded) => (one.file = uploaded),
        () => (one.problem = words.fileFailed(name)),
      )
    }
    label.textContent = one.problem ?? name
    label.className = one.problem === null ? "" : "failed"
    if (one.problem !== null) say(one.problem)
    onChange()
  }

  function drop(one: Chosen): void {
    chosen = chosen.filter((other) => other !== one)
    one.row.remove()
    onChange()
    onRemoved()
  }

  return {
    element,
    add(files: readonly File[]): void {
      if (chosen.length + files.length > filesMax) say(words.tooManyFiles)
      else for (const file of files) void addOne(file)
    },
    isBusy: () => chosen.some(({ file, problem }) => file === null && problem === null),
    ready: () => chosen.flatMap(({ file }) => file ?? []),
    clear(): void {
      for (const { row } of chosen) row.remove()
      chosen = []
      onChange()
    },
  }
}
