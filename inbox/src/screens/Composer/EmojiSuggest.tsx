import { type Ref, type RefObject, useEffect, useImperativeHandle, useState } from "react"
import { type FoundEmoji, findEmoji, loadEmoji } from "../../emoji.ts"
import { words } from "../../words.ts"
import styles from "./Emoji.module.css"
import type { ComposerField } from "./field.ts"

const shownMax = 6

export interface SuggestHandle {
  /** Whether the key was for the list. */
  onKeyDown(event: Pick<KeyboardEvent, "key" | "preventDefault">): boolean
  /** Something was typed, or the cursor moved. */
  look(): void
}

/** Emoji by name: what follows a colon that begins a word, from its second letter on. */
export function EmojiSuggest({ ref, field }: { ref: Ref<SuggestHandle>; field: RefObject<ComposerField | null> }) {
  const [typed, setTyped] = useState<string | null>(null)
  const [found, setFound] = useState<FoundEmoji[]>([])
  const [at, setAt] = useState(0)
  useEffect(() => {
    if (typed === null) {
      setFound([])
      return
    }
    let isStale = false
    loadEmoji().then(
      (data) => !isStale && setFound(findEmoji(data, typed, shownMax)),
      () => setFound([]), // without the data the words stay words
    )
    return () => {
      isStale = true
    }
  }, [typed])

  function pick(one: FoundEmoji | undefined): void {
    if (one === undefined || typed === null) return
    field.current?.replaceBefore(typed.length + 1, one.emoji)
    setTyped(null)
  }

  useImperativeHandle(ref, () => ({
    look() {
      const name = /(?:^|[\s(])[:]([\p{L}\d_+-]{2,30})$/u.exec(field.current?.textBefore() ?? "")?.[1] ?? null
      setTyped(name)
      if (name !== typed) setAt(0)
    },
    onKeyDown(event) {
      if (typed === null || found.length === 0) return false
      const to = { ArrowDown: at + 1, ArrowUp: at - 1 }[event.key]
      if (to === undefined && !["Enter", "Tab", "Escape"].includes(event.key)) return false
      event.preventDefault()
      if (to !== undefined) setAt((to + found.length) % found.length)
      else if (event.key === "Escape") setTyped(null)
      else pick(found[at])
      return true
    },
  }))

  if (found.length === 0) return null
  return (
    <div role="listbox" aria-label={words.writing.emoji} className={styles.found}>
      {found.map((one, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's, which keeps the focus
        <div
          key={one.emoji}
          role="option"
          tabIndex={-1}
          aria-selected={index === at}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => pick(one)}
        >
          <span aria-hidden="true">{one.emoji}</span> {one.label}
        </div>
      ))}
      <output className="said">{found[at]?.label}</output>
    </div>
  )
}
