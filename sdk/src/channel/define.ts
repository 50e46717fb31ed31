import { createHash } from "node:crypto"
import { ChannelError } from "./error.ts"
import { sendOnce } from "./once.ts"
import { type ReadWebhook, readWebhook } from "./read.ts"
import { type MessageStore, memoryStore } from "./store.ts"
import type { ListedAddress, SentMessage, WebhookContext, WebhookMessage, WebhookMetadata } from "./webhook.ts"

type MaybePromise<T> = T | Promise<T>

export interface ChannelOptions {
  /** The app's secret. While it is being rotated: both, `[new, old]`. */
  secret: string | readonly string[]
  /** Takes a teammate's message to its recipient and returns the provider's ids. Called once per message id, see `store`. */
  onMessage(message: WebhookMessage & { id: string }, context: WebhookContext): MaybePromise<SentMessage>
  /** The same for a rule's automatic reply, which has no id yet. Default: refused as a bad request. */
  onAutoreply?(message: WebhookMessage, context: WebhookContext): MaybePromise<SentMessage>
  /** Somebody connects a channel. Throw `ChannelError.authenticationRequired` when `context.credential` does not work. Default: welcome. */
  onAuthorize?(
    channel: { channelId: string },
    context: WebhookContext,
  ): MaybePromise<{ webhookUrl?: string } | undefined>
  /** A message that this channel wrote is stored. What it throws is reported to `onError` and not to the platform. */
  onImported?(
    message: WebhookMessage & { id: string },
    context: WebhookContext & { metadata: WebhookMetadata },
  ): MaybePromise<void>
  /** A channel was deleted; null where the platform does not say which. */
  onDelete?(channel: { channelId: string | null }, context: WebhookContext): MaybePromise<void>
  /** Which addresses the credential may use; only for apps with that feature. */
  onListAddresses?(
    query: { channelId: string | null; pageToken: string | null },
    context: WebhookContext,
  ): MaybePromise<{ addresses: ListedAddress[]; nextPageToken?: string }>
  /** Where this channel's webhooks shall go. Default: the address the authorization came to. `onAuthorize` wins over it. */
  webhookUrl?: string
  /** Remembers what was sent. Default: `memoryStore()`, which a restart forgets. */
  store?: MessageStore
  /** How far a signature's timestamp may be from now, ms. Default 300000 (Channel API). */
  maxAgeMs?: number
  /** When a handler that still runs is answered with `request_timeout`, ms after the request came. Default 6500; platforms wait for 7000. */
  answerByMs?: number
  /** After how long `onSlow` is called, ms. Default 5000. */
  slowAfterMs?: number
  /** The largest body that is read, bytes. Default 2 MiB; attachments come as links. */
  bodyBytesMax?: number
  /** A handler takes long. Default: a warning on stderr. */
  onSlow?(webhook: { type: string; tookMs: number }): void
  /** A handler threw what is no `ChannelError`, or failed after the answer. Default: a line on stderr. */
  onError?(error: unknown, webhook: { type: string }): void
}

/** Answers one webhook; never rejects. Adapters for servers are in adapters.ts. */
export type ChannelHandler = (request: Request) => Promise<Response>

interface Settings extends ChannelOptions {
  secrets: readonly string[]
  store: MessageStore
}

type Answer = Record<string, unknown>
type Handler = (webhook: ReadWebhook, context: WebhookContext, settings: Settings) => Promise<Answer>

/**
 * A channel as a function from a web-standard request to a response. Checks the signature over the bytes, gives each webhook to its handler,
 * answers in time and in the protocol's form. Throws where no secret is given.
 */
export function defineChannel(options: ChannelOptions): ChannelHandler {
  const secrets = [options.secret].flat().filter((secret) => secret !== "")
  if (secrets.length === 0) throw new TypeError("secret must be the app's secret, or the new and the old one")
  const settings: Settings = { ...options, secrets, store: options.store ?? memoryStore() }
  const reading = {
    secrets,
    maxAgeMs: options.maxAgeMs ?? 300_000,
    bodyBytesMax: options.bodyBytesMax ?? 2 * 1024 * 1024,
  }
  return async (request) => {
    if (request.method !== "POST" && request.method !== "DELETE") {
      return json(
        405,
        { type: "bad_request", message: "webhooks come by POST, deletions by DELETE" },
        { allow: "POST, DELETE" },
      )
    }
    let type = "unread"
    try {
      const webhook = await readWebhook(request, reading)
      type = webhook.type
      const handler = Object.hasOwn(handlers, type) ? handlers[type] : undefined
      if (handler === undefined) throw ChannelError.badRequest(`unknown type of webhook: ${type.slice(0, 100)}`)
      return json(
        200,
        await inTime(settings, type, (signal) => handler(webhook, contextOf(request, webhook, signal), settings)),
      )
    } catch (error) {
      return refusal(error, () => report(settings, error, type))
    }
  }
}

const handlers: Record<string, Handler> = {
  async authorization({ payload }, context, { onAuthorize, webhookUrl }) {
    const welcome = await onAuthorize?.({ channelId: text(payload.channel_id, "payload.channel_id") }, context)
    return { type: "success", webhook_url: welcome?.webhookUrl ?? webhookUrl ?? context.url }
  },
  async message({ payload }, context, { onMessage, store }) {
    const id = text(payload.id, "payload.id")
    const message = asMessage(payload) as WebhookMessage & { id: string }
    return sent(
      await sendOnce(store, `message:${id}`, context.signal, async () => checked(await onMessage(message, context))),
    )
  },
  async message_autoreply({ payload, bytes }, context, { onAutoreply, store }) {
    if (onAutoreply === undefined) throw ChannelError.badRequest("this channel does not send automatic replies")
    const message = asMessage(payload)
    // It has no id; a copy of the delivery has the same bytes.
    const key = `autoreply:${createHash("sha256").update(bytes).digest("base64url")}`
    return sent(await sendOnce(store, key, context.signal, async () => checked(await onAutoreply(message, context))))
  },
  async message_imported({ payload, metadata }, context, settings) {
    try {
      const message = asMessage(payload) as WebhookMessage & { id: string }
      await settings.onImported?.(message, Object.assign(context, { metadata: metadata as WebhookMetadata }))
    } catch (error) {
      // A notice that fails is sent again and holds up the ones behind it: nothing would be better for that.
      report(settings, error, "message_imported")
    }
    return {}
  },
  async delete({ payload }, context, { onDelete }) {
    await onDelete?.({ channelId: typeof payload.channel_id === "string" ? payload.channel_id : null }, context)
    return { type: "success" }
  },
  async list_addresses({ payload }, context, { onListAddresses }) {
    if (onListAddresses === undefined) throw ChannelError.badRequest("this channel does not list addresses")
    const channelId = typeof payload.channel_id === "string" ? payload.channel_id : null
    const pageToken = typeof payload.page_token === "string" ? payload.page_token : null
    const { addresses, nextPageToken } = await onListAddresses({ channelId, pageToken }, context)
    return { type: "success", addresses, ...(nextPageToken && { pagination: { next_page_token: nextPageToken } }) }
  },
}

function contextOf(request: Request, { metadata, payload, whole }: ReadWebhook, signal: AbortSignal): WebhookContext {
  const { external_conversation_ids: ids, external_conversation_id: id } = metadata
  const all = Array.isArray(ids) ? ids : id === undefined ? [] : [id]
  const recipients = Array.isArray(payload.recipients) ? (payload.recipients as WebhookContext["to"][]) : []
  return {
    conversationIds: all.filter((value): value is string => typeof value === "string"),
    to: recipients.find((recipient) => recipient?.role === "to"),
    credential: /^Bearer (.+)$/i.exec(request.headers.get("authorization") ?? "")?.[1] ?? null,
    signal,
    webhook: whole,
    url: request.url,
  }
}

/** Answers with what the work brings, or with request_timeout when the time is over; the work goes on and its result is kept. */
async function inTime<T>(settings: Settings, type: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { answerByMs = 6500, slowAfterMs = 5000 } = settings
  const over = new AbortController()
  const slow = setTimeout(() => warnSlow(settings, type, slowAfterMs), slowAfterMs)
  let late: ReturnType<typeof setTimeout> | undefined
  const deadline = new Promise<never>((_, reject) => {
    late = setTimeout(() => {
      over.abort()
      reject(ChannelError.requestTimeout("the channel's provider did not answer in time; it may still have sent this"))
    }, answerByMs)
  })
  const running = work(over.signal)
  running.catch((error) => over.signal.aborted && report(settings, error, type))
  try {
    return await Promise.race([running, deadline])
  } finally {
    clearTimeout(slow)
    clearTimeout(late)
  }
}

function warnSlow(settings: Settings, type: string, tookMs: number): void {
  if (settings.onSlow !== undefined) settings.onSlow({ type, tookMs })
  else console.warn(`channel: ${type} is not answered after ${tookMs} ms; platforms give up after 7000`)
}

function report(settings: Settings, error: unknown, type: string): void {
  if (error instanceof ChannelError) return
  if (settings.onError !== undefined) settings.onError(error, { type })
  else console.error(`channel: ${type} failed:`, error)
}

function refusal(error: unknown, reportIt: () => void): Response {
  if (!(error instanceof ChannelError)) reportIt()
  // What a stranger's code threw may hold anything: its text stays here.
  const known =
    error instanceof ChannelError ? error : ChannelError.internalError("the channel failed; its log says why")
  const headers = known.retryAfterSeconds === undefined ? {} : { "retry-after": String(known.retryAfterSeconds) }
  return json(known.status, { type: known.code, message: known.message }, headers as Record<string, string>)
}

function json(status: number, body: Answer, headers: Record<string, string> = {}): Response {
  const bytes = new TextEncoder().encode(JSON.stringify(body))
  const all = { "content-type": "application/json", "content-length": String(bytes.length), ...headers }
  return new Response(bytes, { status, headers: all })
}

function asMessage(payload: Record<string, unknown>): WebhookMessage {
  if (!Array.isArray(payload.recipients)) throw ChannelError.badRequest("payload.recipients must be an array")
  return { ...payload, attachments: payload.attachments ?? [] } as unknown as WebhookMessage
}

function text(value: unknown, name: string): string {
  if (typeof value !== "string" || value === "")
    throw ChannelError.badRequest(`${name} must be a string that is not empty`)
  return value
}

function checked(ids: SentMessage): SentMessage {
  for (const name of ["externalId", "externalConversationId"] as const) {
    if (typeof ids?.[name] !== "string" || ids[name] === "")
      throw new TypeError(`the handler must return ${name}, a string`)
  }
  return ids
}

const sent = ({ externalId, externalConversationId }: SentMessage): Answer => ({
  type: "success",
  external_id: externalId,
  external_conversation_id: externalConversationId,
})
