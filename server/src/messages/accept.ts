import { ConversationGoneError } from "../conversations/touch.ts"
import type { Database } from "../database/database.ts"
import { failPoint } from "../failpoint.ts"
import { OutageError } from "../http/errors.ts"
import type { Ids } from "../ids.ts"
import type { Log } from "../log.ts"
import { acceptBatchMessages, acceptBatchSeconds, acceptedMessages } from "../metrics/meters.ts"
import { inSpan } from "../metrics/trace.ts"
import { type Incoming, idsPerMessage, type Kept, writeBatch } from "./batch.ts"

/**
 * Group commit. One batch is in flight; what arrives meanwhile joins the next, up to `batchMax`; there is no timer. One transaction per batch, and
 * only when it has committed are its requests answered: 202 means kept. When a batch fails, its messages are tried one by one, so that one bad
 * message or one locked conversation delays only itself. When it fails because the database does, for which no message can be blamed, all of it is tried once
 * more, and then refused: whoever waits behind it is not to wait for each.
 */
export interface Acceptor {
  /** Resolves when the message is durable and threaded, or when it was there before. Rejects with `OutageError` when the queue is full. */
  accept(message: Incoming): Promise<Kept>
  /** Resolves when nothing is queued. */
  drain(): Promise<void>
}

const batchMax = 128
const queueMax = 5_000
/** A lock that takes longer than this belongs to somebody slow: the batch is broken up rather than kept waiting. */
const batchLockMs = 200
const singleLockMs = 3_000

interface Waiting {
  message: Incoming
  resolve(kept: Kept): void
  reject(error: unknown): void
}

/** What has reached this process already is read first, so that it joins this batch: no time passes for that. */
const requestsRead = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

export interface AcceptDeps {
  db: Database
  ids: Ids
  log: Log
  now(): Date
  /** Told after every commit: work may be due and browsers may have news. */
  committed(companyIds: Set<number>): void
  /** Told how many were written, for the upkeep of their tables. */
  wrote?(messages: number): void
}

export function createAcceptor(deps: AcceptDeps): Acceptor {
  let queue: Waiting[] = []
  let running: Promise<void> | null = null

  async function run(): Promise<void> {
    while (queue.length > 0) {
      await requestsRead()
      const batch = queue.slice(0, batchMax)
      queue = queue.slice(batchMax)
      await commit(batch)
    }
    running = null
  }

  async function commit(batch: Waiting[]): Promise<void> {
    try {
      settle(batch, await writeTwice(batch))
    } catch (error) {
      const isBlameless = error instanceof OutageError
      if (isBlameless || (batch.length === 1 && !(error instanceof ConversationGoneError))) {
        for (const waiting of batch) waiting.reject(error)
      } else {
        deps.log.warn({ messages: batch.length, err: error }, "accept.batch_broken_up")
        for (const waiting of batch) await commitAlone(waiting)
      }
    }
  }

  /** A connection may have ended by itself, and the database be well. */
  async function writeTwice(batch: Waiting[]): Promise<Kept[]> {
    const lockMs = batch.length === 1 ? singleLockMs : batchLockMs
    try {
      return await write(batch, lockMs)
    } catch (error) {
      if (error instanceof OutageError) return await write(batch, lockMs)
      throw error
    }
  }

  async function commitAlone(waiting: Waiting): Promise<void> {
    try {
      settle([waiting], await write([waiting], singleLockMs))
    } catch (error) {
      waiting.reject(error)
    }
  }

  async function write(batch: Waiting[], lockTimeoutMs: number): Promise<Kept[]> {
    await deps.ids.reserve(batch.length * idsPerMessage)
    const measured = acceptBatchSeconds.startTimer()
    const messages = batch.map(({ message }) => message)
    const kept = await inSpan("accept.batch", { messages: batch.length }, () =>
      deps.db.tx((tx) => writeBatch(tx, deps, messages), { lockTimeoutMs, byKeys: true }),
    )
    measured()
    acceptBatchMessages.observe(batch.length)
    acceptedMessages.inc(batch.length)
    deps.wrote?.(batch.length)
    failPoint("accept.committed")
    return kept
  }

  function settle(batch: Waiting[], kept: Kept[]): void {
    for (const [i, { resolve }] of batch.entries()) resolve(kept[i] as Kept)
    deps.committed(new Set(batch.map(({ message }) => message.channel.companyId)))
  }

  return {
    accept(message) {
      if (queue.length >= queueMax)
        return Promise.reject(new OutageError(`${queueMax} messages are waiting to be kept`, 1))
      return new Promise((resolve, reject) => {
        queue.push({ message, resolve, reject })
        running ??= run()
      })
    },
    async drain() {
      while (running !== null) await running
    },
  }
}
