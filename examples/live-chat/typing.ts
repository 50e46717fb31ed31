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
}

/**
 * Tells visitors that a teammate is writing to them. Asks the platform only while somebody looks, and never again where it does not know the question.
 */
export function watchTyping({ link, chats, feed, everyMs }: Deps): { stop(): void } {
  let timer: NodeJS.Timeout | undefined
  let isStopped = false

  async function look(): Promise<void> {
    if (link.channelId === null || feed.listeners() === 0) return
    for (const { external_conversation_ids: threads, name } of await link.client().listTyping()) {
      const found = chats.visitorOf(threads)
      if (found !== undefined) feed.tell(found.visitorId, { type: "typing", name, for_ms: shownMs })
    }
  }

  const again = (error?: unknown): void => {
    const isUnknown = error instanceof ApiError && error.status === 404
    if (!isStopped && !isUnknown) timer = setTimeout(() => look().then(() => again(), again), everyMs).unref()
  }
  again()
  return {
    stop() {
      isStopped = true
      clearTimeout(timer)
    },
  }
}
