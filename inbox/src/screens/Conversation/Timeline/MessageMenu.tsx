import type { MessageView } from "@causeway/contract/inbox"
import { type CSSProperties, lazy, type RefObject, Suspense, useRef, useState } from "react"
import { inboxState } from "../../../inbox-state.ts"
import { useCommand, useKeysOf } from "../../../keys/useCommand.ts"
import { Icon } from "../../../parts/Icon.tsx"
import popover from "../../../parts/Popover.module.css"
import { words } from "../../../words.ts"
import styles from "./Message.module.css"
import { CopyText } from "./SendState.tsx"

const Details = lazy(async () => ({ default: (await import("./Details.tsx")).Details }))

const said = words.timeline
const panelId = "message-actions"
const anchorName = "--message-actions"

/** Opens the actions of its message; what opens is one panel for the whole timeline. */
export function MenuButton({ messageId }: { messageId: string }) {
  const [shortcut] = useKeysOf("messageActions")
  return (
    <button
      type="button"
      className={styles.menu}
      data-message-actions={messageId}
      popoverTarget={panelId}
      aria-haspopup="dialog"
      aria-label={said.actions}
      aria-keyshortcuts={shortcut}
      title={said.actions}
    >
      <Icon name="more" size={14} />
    </button>
  )
}

/** What can be done with, and is to be known of, the message whose button was pressed. */
export function MessageMenu({ box }: { box: RefObject<HTMLElement | null> }) {
  const panel = useRef<HTMLDivElement>(null)
  const [message, setMessage] = useState<MessageView | null>(null)
  useCommand("messageActions", () => {
    const article = document.activeElement?.closest("article")
    const button = article?.querySelector<HTMLElement>("[data-message-actions]")
    if (!button || !box.current?.contains(button)) return false
    // The focus returns there, and older browsers tell only by it which button was pressed.
    button.focus()
    button.click()
    return true
  })
  return (
    <div
      ref={panel}
      id={panelId}
      popover="auto"
      role="dialog"
      aria-label={said.actions}
      className={`${popover.panel} ${styles.panel}`}
      style={{ positionAnchor: anchorName } as CSSProperties}
      onBeforeToggle={(event) => {
        if (event.newState !== "open") return
        for (const anchor of box.current?.querySelectorAll<HTMLElement>("[data-anchor]") ?? []) unanchor(anchor)
        const button = sourceOf(event.nativeEvent, box.current)
        if (button === null) return
        button.style.setProperty("anchor-name", anchorName)
        button.dataset.anchor = ""
        setMessage(inboxState.get().messages.get(button.dataset.messageActions ?? "") ?? null)
      }}
      onToggle={(event) => event.newState === "closed" && setMessage(null)}
    >
      {message !== null && (
        <>
          <p className={styles.actions}>
            <CopyText text={message.text} />
          </p>
          <Suspense fallback={null}>
            <Details message={message} />
          </Suspense>
        </>
      )}
    </div>
  )
}

function unanchor(element: HTMLElement): void {
  element.style.removeProperty("anchor-name")
  delete element.dataset.anchor
}

/** The button that was pressed: the event says so in newer browsers; in others it is the one with the focus. */
function sourceOf(event: Event, box: HTMLElement | null): HTMLElement | null {
  const { source } = event as Event & { source?: Element | null }
  const pressed = source ?? document.activeElement
  const button = pressed?.closest<HTMLElement>("[data-message-actions]") ?? null
  return button !== null && box?.contains(button) ? button : null
}
