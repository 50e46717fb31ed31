import { type CSSProperties, lazy, type RefObject, Suspense, useEffect, useId, useRef, useState } from "react"
import { hasMod, modName } from "../../platform.ts"
import { words } from "../../words.ts"
import styles from "./Emoji.module.css"
import type { ComposerField } from "./field.ts"
import { Tool } from "./Toolbar.tsx"

const EmojiPanel = lazy(() => import("./EmojiPanel.tsx"))
const said = words.writing

/** The button that opens the emoji, and the key that does. */
export function EmojiTool({ field }: { field: RefObject<ComposerField | null> }) {
  const id = useId()
  const button = useRef<HTMLButtonElement>(null)
  const panel = useRef<HTMLDivElement>(null)
  const [isOpen, setIsOpen] = useState(false)
  useEffect(() => {
    const form = button.current?.closest("form")
    const onKeyDown = (event: KeyboardEvent): void => {
      if (!hasMod(event) || !event.shiftKey || event.code !== "Digit2") return
      event.preventDefault()
      panel.current?.togglePopover()
    }
    form?.addEventListener("keydown", onKeyDown)
    return () => form?.removeEventListener("keydown", onKeyDown)
  }, [])
  function pick(emoji: string): void {
    panel.current?.hidePopover()
    field.current?.insertText(emoji)
    field.current?.focus()
  }
  return (
    <>
      <Tool
        ref={button}
        icon="smile"
        label={said.emoji}
        keys={`${modName}+Shift+2`}
        isExpanded={isOpen}
        anchor="--emoji"
        onPress={() => panel.current?.togglePopover()}
      />
      <div
        ref={panel}
        id={id}
        popover="auto"
        role="dialog"
        aria-label={said.emoji}
        className={styles.panel}
        style={{ positionAnchor: "--emoji" } as CSSProperties}
        onToggle={(event) => {
          setIsOpen(event.newState === "open")
          if (event.newState === "closed") field.current?.focus()
        }}
      >
        {isOpen && (
          <Suspense fallback={<p>{said.emojiLoading}</p>}>
            <EmojiPanel onPick={pick} />
          </Suspense>
        )}
      </div>
    </>
  )
}
