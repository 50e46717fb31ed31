import { ApiError } from "@causeway/sdk"
import type { Link } from "../shared/link.ts"
import type { Feed } from "../shared/serve.ts"
import type { Chats } from "./chats.ts"

/** For how long a panel shows it, ms: longer than the next look takes. */
const shownMs = 5000

interface Deps {
  link: Link
  chats: Chats
  feed: Feed
  /** ms. */
  everyMs: number
  now(): number
}

/** Who is writing, both ways. */
export interface Typing {
  /** Tells teammates that a visitor is writing, or has stopped. Nice to know, and not worth trying again: never throws. */
  report(visitorId: string, typing: boolean): Promise<void>
  stop(): void
}

/**
 * Tells visitors that a teammate is writing to them, and teammates the same of visitors. Asks the platform only while somebody looks, and never again where
 * it does not know the question; there it is not told of visitors either.
 */
export function watchTyping({ link, chats, feed, everyMs, now }: Deps): Typing {
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  let isKnown = true

  async function look(): Promise<void> {
    if (link.channelId === null || feed.listeners() === 0) return
    for (const { external_conversation_ids: threads, name } of await link.client().listTyping()) {
      const found = chats.visitorOf(threads)
      if (found !== undefined) feed.tell(found.visitorId, { type: "typing", name, for_ms: shownMs })
    }
  }

  const again = (error?: unknown): void => {
    isKnown = !(error instanceof ApiError && error.status === 404)
    if (!isStopped && isKnown) timer = setTimeout(() => look().then(() => again(), again), everyMs).unref()
  }
  again()
  return {
    async report(visitorId, typing) {
      const thread = chats.openSession(visitorId, now())
      if (!isKnown || thread === undefined || link.channelId === null) return
      await link
        .client()
        .reportTyping(thread, typing)
        .catch(() => {})
    },
    stop() {
      isStopped = true
      clearTimeout(timer)
    },
  }
}
