import { createHash } from "node:crypto"
import { ChannelError, type SentMessage, type WebhookContext, type WebhookMessage } from "@causeway/sdk"
import type { Link } from "../shared/link.ts"
import type { Feed } from "../shared/serve.ts"
import type { Store } from "../shared/store.ts"
import type { Chats } from "./chats.ts"
import type { Files } from "./files.ts"
import type { Visitors } from "./visitors.ts"

interface Deps {
  store: Store
  chats: Chats
  visitors: Visitors
  files: Files
  feed: Feed
  link: Link
  now(): number
}

/** Takes a teammate's answer to the visitor's panels, or keeps it until they come back. */
export function createRelay(deps: Deps): (message: WebhookMessage, context: WebhookContext) => Promise<SentMessage> {
  const { store, chats, files, feed, now } = deps
  return async (message, context) => {
    if (!message.attachments.every(({ url }) => deps.link.isOurs(url))) {
      throw ChannelError.badRequest("An attachment is not where the platform keeps its files.")
    }
    const kept = store.tx(() => {
      const { visitorId, thread } = addressee(deps, context)
      const attached = message.attachments.map(({ filename, content_type, size, url }) =>
        files.keepLink(visitorId, { name: filename, type: content_type, size, url }),
      )
      const text = (message.text ?? "").trim()
      const author = message.author?.first_name || null
      const id = message.id ?? `auto-${createHash("sha256").update(`${thread}${now()}${text}`).digest("base64url")}`
      return {
        visitorId,
        thread,
        ...chats.keep(visitorId, { id, isMine: false, text, author, files: attached, thread, at: now() }),
      }
    })
    const { message: answer } = kept
    feed.tell(kept.visitorId, { type: "message", message: { ...answer, files: answer.files.map(files.withAddress) } })
    return { externalId: `answer-${answer.seq}`, externalConversationId: kept.thread }
  }
}

/** Whose conversation it is; a new one with a visitor whom we know by their handle joins what they have. */
function addressee(
  { chats, visitors, now }: Deps,
  { conversationIds, to }: WebhookContext,
): { visitorId: string; thread: string } {
  const found = chats.visitorOf(conversationIds)
  if (found !== undefined) return found
  const visitor = to === undefined ? undefined : visitors.find(to.handle)
  if (visitor === undefined) throw ChannelError.notFound("This visitor is not known here any more.")
  const thread = conversationIds[0] ?? chats.sessionOf(visitor.id, now())
  chats.adopt(thread, visitor.id, now())
  return { visitorId: visitor.id, thread }
}
