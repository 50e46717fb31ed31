import type { LiveChange } from "@causeway/contract/inbox"

/** Up to where in the company's feed a teammate has seen a conversation: what a reply is based on. */
export interface Seen {
  /** The feed was followed from here. */
  started(cursor: string): void
  heard(changes: readonly LiveChange[]): void
  /** A conversation was loaded whole, as it was at `cursor`. */
  loaded(conversationId: string, cursor: string): void
  /** What the server had refused to overlook is looked at now. */
  shown(conversationId: string, position: number): void
  position(conversationId: string): number
}

/** Nobody reads faster: what came in later than this before Send was pressed was not seen. */
const glanceMs = 1_000

export const positionOf = (cursor: string): number => Number(cursor.split("-").at(-1)) || 0

export function createSeen(now: () => number = Date.now): Seen {
  let heardPosition = 0
  const own = new Map<string, number>()
  let recent: { conversationId: string; position: number; at: number }[] = []
  const atLeast = (conversationId: string, position: number): void => {
    own.set(conversationId, Math.max(own.get(conversationId) ?? 0, position))
  }
  return {
    started: (cursor) => {
      heardPosition = Math.max(heardPosition, positionOf(cursor))
    },
    heard(changes) {
      const at = now()
      recent = recent.filter((change) => at - change.at < glanceMs)
      for (const { cursor, conversation } of changes) {
        heardPosition = Math.max(heardPosition, positionOf(cursor))
        if (conversation !== null) recent.push({ conversationId: conversation.id, position: positionOf(cursor), at })
      }
    },
    loaded: (conversationId, cursor) => atLeast(conversationId, positionOf(cursor)),
    shown: atLeast,
    position(conversationId) {
      const justNow = recent.filter(
        (change) => change.conversationId === conversationId && now() - change.at < glanceMs,
      )
      const before = Math.min(...justNow.map(({ position }) => position - 1))
      return Math.max(own.get(conversationId) ?? 0, Math.min(heardPosition, before))
    },
  }
}
