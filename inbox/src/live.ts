import type { Audited, LiveChange } from "@causeway/contract/inbox"
import type { ConversationPresence, CustomerTyping } from "@causeway/contract/inbox-presence"
import type { StreamEvent } from "./event-stream.ts"

/**
 * How current the page is. connecting → live; a stream that ends → reconnecting, or offline when the browser says it has no network; a stream that
 * comes back behind → catching_up → live.
 */
export type LiveState = "connecting" | "live" | "catching_up" | "reconnecting" | "offline"

export interface LiveHandlers {
  onChanges(changes: LiveChange[]): void
  /** Who is at a conversation; in no order with the changes. */
  onPresence(presence: ConversationPresence): void
  onTyping(typing: CustomerTyping): void
  /** What the audit log has new entries of; in no order with the changes. */
  onAudited(nouns: readonly string[]): void
  /** What is held is no use: load again. Changes after this are again in order. */
  onResync(): void
  /** `behind`: how many changes are still to come while catching up, else 0. */
  onState(state: LiveState, behind: number): void
  /** The session has ended. */
  onBroken(): void
}

/** Where changes come from and how to wait; the browser's own in live-source.ts. */
export interface LiveSource {
  /** Opens the stream after a cursor; "unauthenticated" when the session has ended. Throws when it cannot be opened or breaks. */
  open(after: string, signal: AbortSignal): AsyncIterable<StreamEvent[] | "unauthenticated">
  isOnline(): boolean
  /** Ends after `ms`, or earlier when something suggests that trying is worth it. */
  pause(ms: number, signal: AbortSignal): Promise<void>
  random(): number
}

export interface Live {
  /** Follows the feed from a cursor. A second start does nothing: what was loaded later is newer, and versions sort it out. */
  start(cursor: string): void
  stop(): void
}

export function createLive(handlers: LiveHandlers, source: LiveSource): Live {
  const stopped = new AbortController()
  let isStarted = false
  return {
    start(cursor) {
      if (isStarted) return
      isStarted = true
      void follow(handlers, source, cursor, stopped.signal)
    },
    stop: () => stopped.abort(),
  }
}

const firstPauseMs = 300
const longestPauseMs = 15_000

/** Half to all of 0.3 s, 0.6 s, 1.2 s … 15 s: spread, so that a restarted server is not met by everybody at once. */
export const pauseMs = (tries: number, random: number): number =>
  Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(tries, 10)) * (0.5 + random / 2)

/** Cursors: how far we have read, and how far the feed had grown when the stream was opened. */
interface Place {
  at: string
  end: string
}

/** Until `signal` ends it. Every change is handed on at least once, in order; taking one in twice changes nothing. */
export async function follow(handlers: LiveHandlers, source: LiveSource, cursor: string, signal: AbortSignal) {
  const place: Place = { at: cursor, end: cursor }
  let tries = 0
  while (!signal.aborted) {
    try {
      for await (const events of source.open(place.at, signal)) {
        if (events === "unauthenticated") handlers.onBroken()
        else takeIn(handlers, place, events)
        if (events !== "unauthenticated") tries = 0
      }
    } catch {
      // Whatever cut the stream, the answer is the same: come back from where we stood.
    }
    if (signal.aborted) return
    handlers.onState(source.isOnline() ? "reconnecting" : "offline", 0)
    await source.pause(pauseMs(tries, source.random()), signal)
    tries += 1
  }
}

/** Hands on what one chunk brought and moves the place on. */
function takeIn(handlers: LiveHandlers, place: Place, events: readonly StreamEvent[]): void {
  let changes: LiveChange[] = []
  for (const { event, id, data } of events) {
    if (event === "hello") place.end = (JSON.parse(data) as { cursor: string }).cursor
    if (event === "change") changes.push(JSON.parse(data) as LiveChange)
    if (event === "presence") handlers.onPresence(JSON.parse(data) as ConversationPresence)
    if (event === "typing") handlers.onTyping(JSON.parse(data) as CustomerTyping)
    if (event === "audited") handlers.onAudited((JSON.parse(data) as Audited).nouns)
    if (event === "resync") {
      changes = []
      handlers.onResync()
    }
    if (id !== "") place.at = id
  }
  if (changes.length > 0) handlers.onChanges(changes)
  const behind = changesBetween(place.at, place.end)
  handlers.onState(behind > 0 ? "catching_up" : "live", behind)
}

/** Positions are dense, so their difference is a count. Cursors are `epoch-position`. */
function changesBetween(from: string, to: string): number {
  const [epoch, position] = from.split("-")
  const [endEpoch, endPosition] = to.split("-")
  return epoch === endEpoch ? Math.max(0, Number(endPosition) - Number(position)) : 0
}
