import type { AttachmentView } from "@causeway/contract/inbox"
import { useSyncExternalStore } from "react"
import { ownStorage } from "./own-storage.ts"
import { htmlOf } from "./plain-text.ts"

/** What is written but not sent, per teammate and conversation: kept on this device with every key, and by draft-sync.ts on the server soon after. */
export interface Written {
  /** HTML, as it is sent. */
  body: string
  text: string
  /** The draft on the server; null: there is none yet. */
  serverId: string | null
  /** The server's version of it, and the body that it has. */
  version: string | null
  savedBody: string | null
  /** Files that the server has: they belong to the draft and survive a reload. */
  files: AttachmentView[]
}

export const nothingWritten: Written = {
  body: "",
  text: "",
  serverId: null,
  version: null,
  savedBody: null,
  files: [],
}

const prefix = "causeway.draft."
const keyOf = (teammateId: string, conversationId: string): string => `${prefix}${teammateId}.${conversationId}`
const noteKeyOf = (teammateId: string, conversationId: string): string =>
  `causeway.note.${teammateId}.${conversationId}`

/** One item is parsed once, so that the same words are the same object. */
const parsed = new Map<string, { kept: string; written: Written }>()

export function readWritten(teammateId: string, conversationId: string): Written {
  const key = keyOf(teammateId, conversationId)
  const kept = ownStorage().getItem(key)
  if (kept === null) return nothingWritten
  const known = parsed.get(key)
  if (known?.kept === kept) return known.written
  const written = parse(kept)
  parsed.set(key, { kept, written })
  return written
}

/** What an earlier version kept is the text alone. */
function parse(kept: string): Written {
  try {
    const value = JSON.parse(kept) as Partial<Written> | null
    if (typeof value === "object" && typeof value?.text === "string") return { ...nothingWritten, ...value }
  } catch {
    // Not JSON: the text itself.
  }
  return { ...nothingWritten, text: kept, body: htmlOf(kept) }
}

const listeners = new Set<() => void>()
const editListeners = new Set<(conversationId: string) => void>()

/** Calls back when something was written on this page; returns what ends it. */
export function onWritten(listener: (conversationId: string) => void): () => void {
  editListeners.add(listener)
  return () => editListeners.delete(listener)
}

const isNothing = ({ text, serverId, files }: Written): boolean =>
  text === "" && serverId === null && files.length === 0

/** Changes parts of what is written. `bySync`: only what is known of the server changes. */
export function putWritten(
  teammateId: string,
  conversationId: string,
  change: Partial<Written>,
  options: { bySync?: boolean } = {},
): void {
  const key = keyOf(teammateId, conversationId)
  const next = { ...readWritten(teammateId, conversationId), ...change }
  if (isNothing(next)) ownStorage().removeItem(key)
  else ownStorage().setItem(key, JSON.stringify(next))
  for (const listener of listeners) listener()
  if (options.bySync !== true) for (const listener of editListeners) listener(conversationId)
}

/** What was typed without formatting. */
export const writeText = (teammateId: string, conversationId: string, text: string): void =>
  putWritten(teammateId, conversationId, { text, body: htmlOf(text) })

/** Puts words back into the composer, before whatever is being written there. `draftId`: a draft of the server's that has the files. */
export function restoreDraft(
  teammateId: string,
  conversationId: string,
  words: { body: string; text: string; draftId?: string; files?: AttachmentView[] },
): void {
  const present = readWritten(teammateId, conversationId)
  const isAlone = present.text.trim() === ""
  putWritten(teammateId, conversationId, {
    text: isAlone ? words.text : `${words.text}\n\n${present.text}`,
    body: isAlone ? words.body : words.body + present.body,
    ...(words.draftId !== undefined && {
      serverId: words.draftId,
      version: null,
      savedBody: null,
      files: words.files ?? [],
    }),
  })
}

/** What is written in a conversation goes where it was merged into, its draft on the server included: there the server has put it, too. */
export function carryWritten(teammateId: string, fromId: string, toId: string): void {
  const { serverId, ...written } = readWritten(teammateId, fromId)
  const note = readNote(teammateId, fromId)
  if (!isNothing({ ...written, serverId })) {
    putWritten(teammateId, fromId, nothingWritten, { bySync: true })
    restoreDraft(teammateId, toId, serverId === null ? written : { ...written, draftId: serverId })
  }
  if (note === "") return
  writeNote(teammateId, fromId, "")
  writeNote(teammateId, toId, [note, readNote(teammateId, toId)].filter(Boolean).join("\n\n"))
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  window.addEventListener("storage", listener) // another tab wrote
  return () => {
    listeners.delete(listener)
    window.removeEventListener("storage", listener)
  }
}

export const useWritten = (teammateId: string, conversationId: string): Written =>
  useSyncExternalStore(subscribe, () => readWritten(teammateId, conversationId))

/** The text alone: lists say that there is some. */
export const useDraft = (teammateId: string, conversationId: string): string =>
  useSyncExternalStore(subscribe, () => readWritten(teammateId, conversationId).text)

/** A note that is being written stays on this device: it is not anybody's to see before it is said. */
export const readNote = (teammateId: string, conversationId: string): string =>
  ownStorage().getItem(noteKeyOf(teammateId, conversationId)) ?? ""

export function writeNote(teammateId: string, conversationId: string, text: string): void {
  const key = noteKeyOf(teammateId, conversationId)
  if (text === "") ownStorage().removeItem(key)
  else ownStorage().setItem(key, text)
  for (const listener of listeners) listener()
}

export const useNote = (teammateId: string, conversationId: string): string =>
  useSyncExternalStore(subscribe, () => readNote(teammateId, conversationId))
