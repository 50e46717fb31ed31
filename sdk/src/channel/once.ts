import { ChannelError } from "./error.ts"
import type { MessageStore } from "./store.ts"
import type { SentMessage } from "./webhook.ts"

const pollMs = 50

/**
 * Sends a message once: copies that come while it runs wait for it, copies that come later get its ids. A refusal is forgotten, since a teammate's
 * retry has the same id and must be tried.
 */
export async function sendOnce(
  store: MessageStore,
  key: string,
  signal: AbortSignal,
  send: () => Promise<SentMessage>,
): Promise<SentMessage> {
  for (;;) {
    const claim = await store.claim(key)
    if (claim.state === "done") {
      return { externalId: claim.externalId, externalConversationId: claim.externalConversationId }
    }
    if (claim.state === "claimed") break
    if (signal.aborted) throw ChannelError.requestTimeout("the first copy of this message is still being sent")
    await new Promise((resolve) => setTimeout(resolve, pollMs))
  }
  let sent: SentMessage
  try {
    sent = await send()
  } catch (error) {
    await store.release(key)
    throw error
  }
  // Outside of the try: a message that went out must not become free again because it could not be noted.
  await store.finish(key, sent)
  return sent
}
