import { useSyncExternalStore } from "react"

/** What is written but not sent, per teammate and conversation, on this device only. */
const listeners = new Set<() => void>()
const keyOf = (teammateId: string, conversationId: string): string => `causeway.draft.${teammateId}.${conversationId}`

export const readDraft = (teammateId: string, conversationId: string): string =>
  localStorage.getItem(keyOf(teammateId, conversationId)) ?? ""

export function writeDraft(teammateId: string, conversationId: string, text: string): void {
  if (text === "") localStorage.removeItem(keyOf(teammateId, conversationId))
  else localStorage.setItem(keyOf(teammateId, conversationId), text)
  for (const listener of listeners) listener()
}

/** Puts words back into the composer, before whatever is being written there. */
export function restoreDraft(teammateId: string, conversationId: string, text: string): void {
  const present = readDraft(teammateId, conversationId)
  writeDraft(teammateId, conversationId, present.trim() === "" ? text : `${text}\n\n${present}`)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  window.addEventListener("storage", listener) // another tab wrote
  return () => {
    listeners.delete(listener)
    window.removeEventListener("storage", listener)
  }
}

export const useDraft = (teammateId: string, conversationId: string): string =>
  useSyncExternalStore(subscribe, () => readDraft(teammateId, conversationId))
