import type { ConversationRow } from "@causeway/contract/inbox"
import type { Answers } from "./answers.ts"
import { adminStates } from "./states-admin.ts"
import { bookStates } from "./states-book.ts"
import { contactStates } from "./states-contact.ts"
import { conversationStates } from "./states-conversation.ts"
import { developerStates } from "./states-developer.ts"
import { entryStates } from "./states-entry.ts"
import { listStates } from "./states-list.ts"
import { messageStates } from "./states-message.ts"
import { shellStates } from "./states-shell.ts"
import { timelineStates } from "./states-timeline.ts"
import { workingStates } from "./states-working.ts"

/** A key, with Ctrl or alone, on what has the focus; a press on an element; words into one. `on` is a CSS selector. */
export type Step = { key: string; ctrlKey?: true } | { on: string } | { on: string; text: string }

export interface GalleryState {
  name: string
  /** Below /app. */
  path: string
  answers: Answers
  /** What the live stream tells at once; or there is none. */
  live?: readonly { event: string; data: unknown }[] | "no network"
  storage?: Readonly<Record<string, string>>
  /** What this device holds, for times without a network: conversations with this one, which has grown since its timeline was read. */
  device?: ConversationRow
  steps?: readonly Step[]
  /** What has to be on the page before it counts as drawn: some parts are loaded when they are wanted. */
  shows?: string
  /** What is only there at a width of at least, or at most, so many px. */
  minWidth?: number
  maxWidth?: number
}

export const states: readonly GalleryState[] = [
  ...entryStates,
  ...listStates,
  ...conversationStates,
  ...messageStates,
  ...timelineStates,
  ...contactStates,
  ...bookStates,
  ...shellStates,
  ...workingStates,
  ...adminStates,
  ...developerStates,
]

export const findState = (name: string): GalleryState | undefined => states.find((state) => state.name === name)
