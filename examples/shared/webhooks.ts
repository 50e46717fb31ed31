import { defineChannel, type SentMessage, toNode, type WebhookContext, type WebhookMessage } from "@causeway/sdk"
import { sqliteClaims } from "./claims.ts"
import type { Link } from "./link.ts"
import type { Route } from "./serve.ts"
import type { Store } from "./store.ts"

interface Deps {
  secret: string
  store: Store
  link: Link
  queue: { wake(): void }
  /** Takes an answer to whoever is on the other side, a teammate's and an automatic one alike. */
  relay(message: WebhookMessage, context: WebhookContext): Promise<SentMessage>
}

/** Where the platform's webhooks arrive. Whoever connects the channel sets the queue to work: from then on there is somebody to tell. */
export function webhookRoute({ secret, store, link, queue, relay }: Deps): Route {
  const handle = toNode(
    defineChannel({
      secret,
      store: sqliteClaims(store),
      onAuthorize: ({ channelId }) => {
        link.connect(channelId)
        queue.wake()
        return undefined
      },
      onDelete: ({ channelId }) => link.disconnect(channelId),
      onMessage: relay,
      onAutoreply: relay,
    }),
  )
  return ["*", /^\/webhooks$/, ({ request, response }) => void handle(request, response)]
}
