import type { IncomingMessage } from "node:http"
import { claimsSchema } from "../shared/claims.ts"
import { openLink, type ServiceOptions } from "../shared/link.ts"
import { runService, type Service } from "../shared/program.ts"
import { openQueue, queueSchema } from "../shared/queue.ts"
import { createFeed, serve } from "../shared/serve.ts"
import { openStore } from "../shared/store.ts"
import { webhookRoute } from "../shared/webhooks.ts"
import { chatsSchema, openChats } from "./chats.ts"
import { openFiles } from "./files.ts"
import { type Hours, openings } from "./hours.ts"
import { createLimiter, type Limit } from "./limits.ts"
import { webPages } from "./pages.ts"
import { createRelay } from "./relay.ts"
import { visitorRoutes } from "./routes.ts"
import { type Task, tell } from "./tell.ts"
import { watchTyping } from "./typing.ts"
import { openVisitors, visitorsSchema } from "./visitors.ts"

export interface LiveChatOptions extends ServiceOptions {
  /** When somebody answers. Default null: always. */
  hours?: Hours | null
  /** With which the website's server vouches for its users. Default null: nobody is vouched for. */
  identitySecret?: string | null
  /** Origins of the websites that may show the panel; default null: all. */
  sites?: readonly string[] | null
  /** The header in which a proxy names the visitor's address; default null: the connection's own. */
  addressHeader?: string | null
  limits?: { visitors?: Limit; messages?: Limit; uploads?: Limit }
  /** How often the platform is asked who is typing while visitors look, ms. Default 2000. */
  typingEveryMs?: number
  /** ms since 1970. */
  now?(): number
}

/** A chat for websites and its channel. */
export interface LiveChat extends Service {
  /** Resolves when everything that could be told was told. */
  settle(): Promise<void>
}

const usualLimits = {
  visitors: { burst: 20, everyMs: 6000 },
  messages: { burst: 15, everyMs: 1000 },
  uploads: { burst: 10, everyMs: 3000 },
  reads: { burst: 120, everyMs: 250 },
}

export async function startLiveChat(options: LiveChatOptions): Promise<LiveChat> {
  const { now = Date.now, hours = null, sites = null, addressHeader = null } = options
  const store = openStore(options.dataDir, "live-chat", claimsSchema + queueSchema + visitorsSchema + chatsSchema)
  const limits = { ...usualLimits, ...options.limits }
  const visitors = openVisitors(store, options.identitySecret ?? null)
  const chats = openChats(store)
  const link = openLink(store, options)
  const feed = createFeed()
  const files = openFiles({ store, visitors, link, limit: createLimiter(limits.uploads) })
  const queue = openQueue<Task>(store, {
    work: (task) => tell(task, { link, chats, files, visitors }),
    onRefused({ seq }, error) {
      console.error(`live chat: message ${seq} was refused: ${error.message}`)
      chats.setState(seq, "refused")
      const message = chats.get(seq)
      if (message) feed.tell(message.visitorId, { type: "state", id: message.id, state: "refused" })
    },
    ...(options.firstPauseMs !== undefined && { firstPauseMs: options.firstPauseMs }),
  })
  const relay = createRelay({ store, chats, visitors, files, feed, link, now })
  const typing = watchTyping({ link, chats, feed, everyMs: options.typingEveryMs ?? 2000, now })
  const served = await serve(
    [
      webhookRoute({ secret: options.secret, store, link, queue, relay }),
      ...visitorRoutes({
        ...{ store, visitors, chats, files, feed, queue, link, typing, now, opening: openings(hours, now) },
        limits: {
          visitors: createLimiter(limits.visitors),
          messages: createLimiter(limits.messages),
          reads: createLimiter(limits.reads),
        },
        addressOf: (request) => addressOf(request, addressHeader),
      }),
      ...files.routes,
      ...webPages(sites),
    ],
    { port: options.port },
  )
  queue.wake()
  return {
    webhookUrl: `${served.url}/webhooks`,
    pageUrl: `${served.url.replace("127.0.0.1", "localhost")}/`,
    settle: () => queue.settle(),
    async close() {
      typing.stop()
      link.close()
      feed.close()
      await served.close()
      await queue.close()
      store.close()
    },
  }
}

/** The last one that a proxy wrote; what stands before it, the visitor wrote. */
function addressOf(request: IncomingMessage, header: string | null): string {
  const given = header === null ? undefined : request.headers[header]
  return [given ?? []].flat().join(",").split(",").at(-1)?.trim() || (request.socket.remoteAddress ?? "")
}

if (import.meta.main) {
  await runService(
    (options) => startLiveChat({ ...options, identitySecret: process.env.CHAT_IDENTITY_SECRET ?? null }),
    7520,
  )
}
