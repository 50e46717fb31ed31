import { formatId } from "@causeway/contract/ids"
import type { Audited, LiveChange } from "@causeway/contract/inbox"
import { reachableOf } from "../conversations/reach.ts"
import type { Database } from "../database/database.ts"
import type { Log } from "../log.ts"
import { type Described, describeChanges, type FeedRow } from "./describe.ts"
import { feedPosition, formatCursor, readEpoch } from "./feed.ts"

/** One browser's stream. `send` returns false when it can take no more: then it is dropped, and it resumes by cursor. */
export interface Subscriber {
  companyId: number
  teammateId: number
  /** Whose inboxes decide what is heard; null: an admin, who hears everything. */
  viewer: number | null
  /** Where it is in the feed; the hub moves it on. */
  position: number
  send(event: "change" | "resync" | "presence" | "typing" | "audited", cursor: string, data: unknown): boolean
  close(): void
}

/** What is told of a conversation beside the feed. */
export type Announced = "presence" | "typing"

/**
 * Tells browsers what changed. The feed's rows are read in order from where each stream stands, so a stream that was away misses nothing and hears
 * nothing twice. What a change carries is the present state of its entities, with their versions: newer than the event is fine, older never replaces newer.
 */
export interface LiveHub {
  /** A hint that a company's feed may have grown; the poll finds it anyway. */
  wake(companyIds: Iterable<number>): void
  /** The same for a change that is about to be committed: looks a moment later. */
  expect(companyIds: Iterable<number>): void
  subscribe(subscriber: Subscriber): () => void
  /** Tells the streams to which a conversation is open something that is in no feed: who missed it is not told again. */
  announce(companyId: number, conversationId: number, event: Announced, data: unknown): void
  /** Companies that a browser listens for, at this process. */
  companies(): number[]
  /** Tells every stream of a company something that is in no feed. */
  tell(companyId: number, event: "audited", data: Audited): void
  readonly epoch: string
  position(companyId: number): Promise<number>
  /** How many streams are open at this process. */
  browsers(): number
  stop(): void
}

const pollMs = 500
const expectedMs = 10
const chunk = 200
/** Further behind than this, loading again is cheaper than hearing everything. */
export const replayMax = 5_000

export async function createLiveHub(deps: { db: Database; log: Log }): Promise<LiveHub> {
  const { db, log } = deps
  const epoch = await readEpoch(db)
  const subscribers = new Map<number, Set<Subscriber>>()
  const pumping = new Map<number, { again: boolean }>()

  async function pump(companyId: number): Promise<void> {
    const running = pumping.get(companyId)
    if (running) {
      running.again = true
      return
    }
    const turn = { again: true }
    pumping.set(companyId, turn)
    try {
      while (turn.again) {
        turn.again = false
        while (await advance(companyId)) {}
      }
    } catch (error) {
      // The database is away; every stream keeps its place and the poll comes back.
      log.warn({ company_id: companyId, err: error }, "live.pump_failed")
    } finally {
      pumping.delete(companyId)
    }
  }

  /** Moves the streams that are furthest behind on by one chunk. False when all are at the end. */
  async function advance(companyId: number): Promise<boolean> {
    const streams = [...(subscribers.get(companyId) ?? [])]
    if (streams.length === 0) return false
    const from = Math.min(...streams.map((stream) => stream.position))
    const rows = await db.query<FeedRow>({
      name: "feed.read",
      text: "select position, type, conversation_id, message_id, target from event where company_id = $1 and position > $2 order by position limit $3",
      values: [companyId, from, chunk],
    })
    if (rows.length === 0) return false
    const changes = await describeChanges(
      db,
      epoch,
      companyId,
      rows,
      unique(streams.map((stream) => stream.teammateId)),
    )
    const conversationIds = unique(rows.map((row) => row.conversation_id))
    for (const [viewer, theirs] of Map.groupBy(streams, (stream) => stream.viewer)) {
      const open = await reachableOf(db, companyId, viewer, conversationIds)
      for (const stream of theirs) deliver(stream, changes, viewer === null ? null : open)
    }
    return true
  }

  /** `open` null: all conversations are. Of one that is closed, only that it is gone is told, when it was moved or deleted. */
  function deliver(stream: Subscriber, changes: readonly Described[], open: ReadonlySet<number> | null): void {
    for (const { position, conversationId, changeFor } of changes) {
      if (position <= stream.position) continue
      stream.position = position
      const isOpen = conversationId === null || open === null || open.has(conversationId)
      const whole = changeFor(stream.teammateId)
      const change = isOpen || whole === null ? whole : whenClosed(whole, conversationId)
      if (change === null) continue
      if (!stream.send("change", change.cursor, change)) {
        stream.close()
        return
      }
    }
  }

  async function announce(companyId: number, conversationId: number, event: Announced, data: unknown): Promise<void> {
    for (const [viewer, theirs] of Map.groupBy(subscribers.get(companyId) ?? [], (stream) => stream.viewer)) {
      const open = await reachableOf(db, companyId, viewer, [conversationId])
      // Beside the feed: the cursor stays where the stream stands.
      if (open.size > 0) for (const stream of theirs) stream.send(event, formatCursor(epoch, stream.position), data)
    }
  }

  const timer = setInterval(() => {
    for (const companyId of subscribers.keys()) void pump(companyId)
  }, pollMs)
  timer.unref()

  function wake(companyIds: Iterable<number>): void {
    for (const companyId of companyIds) if (subscribers.has(companyId)) void pump(companyId)
  }

  return {
    epoch,
    position: (companyId) => feedPosition(db, companyId),
    browsers: () => [...subscribers.values()].reduce((count, streams) => count + streams.size, 0),
    wake,
    announce(companyId, conversationId, event, data) {
      announce(companyId, conversationId, event, data).catch((error: unknown) =>
        log.warn({ company_id: companyId, err: error }, "live.announce_failed"),
      )
    },
    companies: () => [...subscribers.keys()],
    tell(companyId, event, data) {
      for (const stream of subscribers.get(companyId) ?? [])
        stream.send(event, formatCursor(epoch, stream.position), data)
    },
    expect: (companyIds) => void setTimeout(wake, expectedMs, companyIds).unref(),
    subscribe(subscriber) {
      const streams = subscribers.get(subscriber.companyId) ?? new Set()
      subscribers.set(subscriber.companyId, streams)
      streams.add(subscriber)
      void pump(subscriber.companyId)
      return () => {
        streams.delete(subscriber)
        if (streams.size === 0) subscribers.delete(subscriber.companyId)
      }
    },
    stop() {
      clearInterval(timer)
      for (const streams of subscribers.values()) for (const stream of streams) stream.close()
    },
  }
}

function whenClosed({ cursor, type, gone }: LiveChange, conversationId: number): LiveChange | null {
  if (gone === undefined && type !== "move") return null
  const left = gone ?? { id: formatId("cnv", conversationId), merged_into: null }
  return { cursor, type, conversation: null, message: null, channel: null, gone: left }
}

const unique = (ids: readonly (number | null)[]): number[] => [...new Set(ids.filter((id) => id !== null))]
