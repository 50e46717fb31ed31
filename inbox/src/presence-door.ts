import type { ConversationPresence } from "@causeway/contract/inbox-presence"
import { at, request } from "./api.ts"
import type { PresenceDoor } from "./presence.ts"

/** Nobody has touched this page for so long: they may have left the desk. */
const idleMs = 5 * 60_000

/** Of this tab, until it is closed; a copied tab begins with its own. */
const tab = crypto.randomUUID?.() ?? `tab-${Math.random().toString(36).slice(2)}${Date.now().toString(36)}`

let touchedAt = Date.now()

/** The browser's end of /causeway/presence. */
export const presenceDoor: PresenceDoor = {
  report: (conversationId, state) =>
    request<ConversationPresence>(at`/causeway/conversations/${conversationId}/presence`, {
      method: "POST",
      body: { state, tab },
      // The last word of a page that is being closed leaves after it.
      keepalive: state === "gone",
    }).catch(() => null),
  list: () =>
    request<{ conversations: ConversationPresence[] }>("/causeway/presence").then(
      ({ conversations }) => conversations,
      () => null,
    ),
  now: Date.now,
  isAttended: () => document.visibilityState === "visible" && Date.now() - touchedAt < idleMs,
  watch({ attended, typed }) {
    const ended = new AbortController()
    const options = { signal: ended.signal, capture: true, passive: true }
    const touch = (): void => {
      const wasIdle = Date.now() - touchedAt >= idleMs
      touchedAt = Date.now()
      if (wasIdle) attended()
    }
    for (const type of ["keydown", "pointerdown", "pointermove"]) document.addEventListener(type, touch, options)
    document.addEventListener("visibilitychange", attended, options)
    document.addEventListener("input", (event) => isToCustomer(event.target) && typed(), options)
    return () => ended.abort()
  },
}

/** Words of a reply, not of a note: what teammates say among themselves is nobody's signal. */
function isToCustomer(target: EventTarget | null): boolean {
  const field = target instanceof Element ? target : null
  return (
    field?.closest("[data-conversation] form[data-mode='reply']") != null &&
    field.matches("textarea, [contenteditable]")
  )
}
