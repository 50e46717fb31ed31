import type { IncomingMessage } from "node:http"
import type { Link } from "../shared/link.ts"
import type { Queue } from "../shared/queue.ts"
import { type Feed, Refusal, type Route, readJson } from "../shared/serve.ts"
import type { Store } from "../shared/store.ts"
import type { ChatMessage, Chats } from "./chats.ts"
import { type Files, filesPerMessageMax } from "./files.ts"
import type { Opening } from "./hours.ts"
import type { Limiter } from "./limits.ts"
import type { Task } from "./tell.ts"
import type { Typing } from "./typing.ts"
import type { Visitor, Visitors } from "./visitors.ts"

export const textCharsMax = 4000
const pageSize = 30

export interface RouteDeps {
  store: Store
  visitors: Visitors
  chats: Chats
  files: Files
  feed: Feed
  queue: Queue<Task>
  link: Link
  typing: Typing
  opening(): Opening
  now(): number
  limits: { visitors: Limiter; messages: Limiter; reads: Limiter }
  addressOf(request: IncomingMessage): string
}

/** What the panel calls. Everything but the first needs the visitor's token. */
export function visitorRoutes(deps: RouteDeps): Route[] {
  const { visitors, chats, files, feed, limits } = deps
  const who = (request: IncomingMessage): Visitor => {
    const visitor = visitors.verify(request.headers.authorization)
    limits.reads(visitor.id)
    return visitor
  }
  const shown = (message: ChatMessage) => ({ ...message, files: message.files.map(files.withAddress) })
  return [
    ["GET", /^\/api\/hours$/, () => ({ body: deps.opening() })],
    [
      "POST",
      /^\/api\/visitors$/,
      async ({ request }) => {
        limits.visitors(deps.addressOf(request))
        const { identity } = await readJson(request)
        if (typeof identity !== "string") return { status: 201, body: { token: visitors.create().token } }
        // Whoever was somebody else here before, or holds a token of long ago, is now whom the website says.
        const current = visitors.known(request.headers.authorization)
        const { visitor, token } = visitors.identify(identity, current)
        return { status: 201, body: { token, name: visitor.name } }
      },
    ],
    [
      "GET",
      /^\/api\/messages$/,
      ({ request, url }) => {
        const visitor = who(request)
        const before = wholeNumber(url.searchParams.get("before")) ?? Number.MAX_SAFE_INTEGER
        const page = chats.list(visitor.id, { before, limit: pageSize + 1 })
        const messages = page.slice(-pageSize).map(shown)
        return { body: { messages, has_more: page.length > pageSize, ...deps.opening() } }
      },
    ],
    [
      "GET",
      /^\/api\/events$/,
      (call) => {
        const visitor = who(call.request)
        const after = wholeNumber(call.url.searchParams.get("after")) ?? 0
        feed.open(call, visitor.id)
        for (const message of chats.list(visitor.id, { after })) {
          call.response.write(`data: ${JSON.stringify({ type: "message", message: shown(message) })}\n\n`)
        }
        return undefined
      },
    ],
    ["POST", /^\/api\/messages$/, async ({ request }) => ({ status: 202, body: shown(await keep(deps, request)) })],
    [
      "POST",
      /^\/api\/typing$/,
      async ({ request }) => {
        const visitor = who(request)
        const { typing } = await readJson(request)
        if (typeof typing !== "boolean") throw new Refusal(400, "typing must be true or false")
        await deps.typing.report(visitor.id, typing)
        return { status: 204 }
      },
    ],
    [
      "POST",
      /^\/api\/seen$/,
      async ({ request }) => {
        const visitor = who(request)
        const { id } = await readJson(request)
        const mine = typeof id === "string" && /^msg_\w{1,40}$/.test(id) && isTo(deps, visitor, id)
        if (!mine) throw new Refusal(404, "there is no such message")
        // Nice to know, and not worth trying again.
        await deps.link
          .client()
          .markSeen(id)
          .catch(() => {})
        return { status: 204 }
      },
    ],
  ]
}

/** Keeps what a visitor wrote, to be told to the platform in its turn. A copy is answered like the first. */
async function keep(deps: RouteDeps, request: IncomingMessage): Promise<ChatMessage> {
  const { visitors, chats, files, queue, store, limits, feed } = deps
  const visitor = visitors.verify(request.headers.authorization)
  limits.messages(visitor.id)
  const { id, text = "", files: ids = [] } = await readJson(request)
  if (typeof id !== "string" || !/^[\w-]{8,64}$/.test(id))
    throw new Refusal(400, "id must be 8 to 64 letters and digits")
  if (typeof text !== "string" || [...text].length > textCharsMax) {
    throw new Refusal(400, `text must be a string of at most ${textCharsMax} characters`)
  }
  if (!Array.isArray(ids) || ids.length > filesPerMessageMax || !ids.every((one) => typeof one === "string")) {
    throw new Refusal(400, `files must be a list of at most ${filesPerMessageMax} ids`)
  }
  if (text.trim() === "" && ids.length === 0) throw new Refusal(400, "the message is empty")
  const kept = store.tx(() => {
    const at = deps.now()
    const thread = chats.sessionOf(visitor.id, at)
    const attached = files.take(visitor.id, ids as string[])
    const made = chats.keep(visitor.id, { id, isMine: true, text, author: null, files: attached, thread, at })
    if (made.isNew) queue.put(visitor.id, { seq: made.message.seq })
    return made
  })
  if (kept.isNew) {
    feed.tell(visitor.id, {
      type: "message",
      message: { ...kept.message, files: kept.message.files.map(files.withAddress) },
    })
    queue.wake()
  }
  return kept.message
}

const isTo = ({ store }: RouteDeps, visitor: Visitor, id: string): boolean =>
  store.one("select 1 from message where visitor_id = ? and id = ? and is_mine = 0", visitor.id, id) !== undefined

const wholeNumber = (given: string | null): number | null => (/^\d{1,15}$/.test(given ?? "") ? Number(given) : null)
