import { createValue } from "../../value.ts"

/** Whether the contact stands beside the conversation: remembered on this device; until somebody chose, where the screen has room for it. */
const key = "causeway.contact"
const roomy = "(min-width: 1440px)"

function read(): boolean {
  const kept = localStorage.getItem(key)
  return kept === null ? matchMedia(roomy).matches : kept === "open"
}

export const isContactOpen = createValue(read())

export function setContactOpen(isOpen: boolean): void {
  isContactOpen.set(isOpen)
  localStorage.setItem(key, isOpen ? "open" : "closed")
}
