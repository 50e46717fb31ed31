import type { RefObject } from "react"
import { useCommand } from "../../../keys/useCommand.ts"

/** From one entry of the timeline to the next, by key: they take the focus, and so are read out and can be acted on. */
export function useMessageKeys(box: RefObject<HTMLElement | null>): void {
  function move(by: 1 | -1): boolean {
    const items = [...(box.current?.querySelectorAll<HTMLElement>("article") ?? [])]
    const at = items.findIndex((item) => item.contains(document.activeElement))
    const next = at === -1 ? items.at(-1) : items[at + by]
    if (next === undefined) return false
    next.focus({ preventScroll: true })
    next.scrollIntoView({ block: "nearest" })
    return true
  }
  useCommand("nextMessage", () => move(1))
  useCommand("previousMessage", () => move(-1))
}
