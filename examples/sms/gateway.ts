import { ChannelError } from "@causeway/sdk"

/** The account at the provider. */
export interface Account {
  /** Origin of the provider's API. */
  url: string
  account: string
  token: string
}

export interface Outgoing {
  to: string
  text: string
  /** Addresses from which the provider fetches what goes along. */
  mediaUrls: string[]
  /** The platform's id of the message: the provider sends one key once. */
  key: string
  signal: AbortSignal
}

/** What the provider said of a message. */
export interface StatusCallback {
  id: string
  status: "queued" | "sent" | "delivered" | "undelivered"
  error_code?: string
  error_message?: string
}

export interface InboundCallback {
  id: string
  from: string
  text: string
  media: { path: string; content_type: string; filename: string }[]
  keyword?: "stop" | "start" | "help"
  /** What the provider answered by itself to a keyword. */
  auto_reply?: { id: string; text: string }
}

/** The provider's API, its errors in the words of ours. To use another provider, change this file. */
export interface Gateway {
  /** Resolves to the provider's id. Throws `ChannelError`. */
  send(message: Outgoing): Promise<string>
  /** What came with an inbound message. Null where it is gone. */
  media(path: string): Promise<Uint8Array | null>
  /** Tells the provider where its callbacks go. */
  register(webhooks: { statusUrl: string; inboundUrl: string }): Promise<void>
}

const mediaBytesMax = 10 * 1024 * 1024

export function createGateway({ url, account, token }: Account): Gateway {
  const authorization = `Basic ${Buffer.from(`${account}:${token}`).toString("base64")}`
  const call = (path: string, init: RequestInit = {}) =>
    fetch(url + path, { ...init, headers: { authorization, "content-type": "application/json" } })
  return {
    async send({ to, text, mediaUrls, key, signal }) {
      const body = JSON.stringify({ to, text, media_urls: mediaUrls, idempotency_key: key })
      const answer = await call("/v1/messages", { method: "POST", body, signal }).catch((error: Error) => {
        if (signal.aborted) throw ChannelError.requestTimeout("the provider did not answer in time")
        throw ChannelError.internalError(`the provider cannot be reached (${error.message})`)
      })
      const said = (await answer.json().catch(() => ({}))) as { id?: string; code?: string; message?: string }
      if (answer.ok && typeof said.id === "string") return said.id
      throw refusal(answer, said)
    },
    async media(path) {
      const answer = await call(path, { signal: AbortSignal.timeout(10_000) })
      if (answer.status === 404 || answer.status === 410) return null
      if (!answer.ok) throw new Error(`media: the provider answered ${answer.status}`)
      const bytes = new Uint8Array(await answer.arrayBuffer())
      return bytes.length > mediaBytesMax ? null : bytes
    },
    async register({ statusUrl, inboundUrl }) {
      const body = JSON.stringify({ status_url: statusUrl, inbound_url: inboundUrl })
      const answer = await call("/v1/webhooks", { method: "PUT", body, signal: AbortSignal.timeout(10_000) })
      if (!answer.ok) throw new Error(`the provider did not take our addresses: ${answer.status}`)
    },
  }
}

/** The provider's codes as one of the seven; the sentence is what the teammate reads. */
function refusal(
  answer: Response,
  { code = "", message = "the provider said no" }: { code?: string; message?: string },
) {
  if (code === "opted_out") {
    return ChannelError.forbidden(
      "The customer replied STOP and gets no more text messages. Only their START changes that.",
    )
  }
  if (answer.status === 429) {
    return ChannelError.tooManyRequests(message, Number(answer.headers.get("retry-after")) || undefined)
  }
  const { status } = answer
  if (status === 401) return ChannelError.authenticationRequired("the provider does not know this account any more")
  if (status === 403) return ChannelError.forbidden(message)
  if (status === 404) return ChannelError.notFound(message)
  if (status === 408 || status === 504) return ChannelError.requestTimeout(message)
  return status < 500 ? ChannelError.badRequest(message) : ChannelError.internalError(message)
}
