import { type ChannelTokenOptions, channelToken } from "../token.ts"
import { type CallOptions, call } from "./request.ts"
import type {
  Accepted,
  CallChange,
  File,
  InboundMessage,
  NewCall,
  OutboundMessage,
  Template,
  TranscriptLine,
  Typing,
} from "./shapes.ts"

export interface ChannelClientOptions {
  /** Origin of the API, without a path. Default `https://api2.frontapp.com`. */
  baseUrl?: string
  /** The app's uid. */
  appUid: string
  /** The app's secret; signs the tokens and never leaves this process. */
  secret: string
  /** `cha_…` */
  channelId: string
  /** Use a token for this many seconds instead of making one for every request. Default 0. */
  reuseTokenSeconds?: number
  /** For one attempt, ms. Default 10000. */
  timeoutMs?: number
  /** How often a call is tried, the first time included. Default 4. */
  attemptsMax?: number
  /** Before the second attempt, ms; doubled before each one after. Retry-After wins over it. Default 500. */
  firstPauseMs?: number
  /** Ends every call under way. */
  signal?: AbortSignal
  /** Default: the global one. */
  fetch?: typeof fetch
}

/**
 * The Channel API of one channel: the vendor's, or a server that speaks it. Methods resolve when the platform has accepted, and throw `ApiError`
 * when it refused or did not answer. Calls that may be repeated (those with an external id, and changes that set a value) are tried again on
 * broken connections and 5xx; all are on 429, after Retry-After, and on 401, with a new token.
 */
export class ChannelClient {
  readonly #options: ChannelClientOptions
  readonly #base: string
  #token: { value: string; expiresAtMs: number } | null = null

  constructor(options: ChannelClientOptions) {
    this.#options = options
    this.#base = (options.baseUrl ?? "https://api2.frontapp.com").replace(/\/+$/, "")
  }

  /** A customer wrote. With files it goes as a form. */
  async syncInboundMessage(message: InboundMessage, files: readonly File[] = []): Promise<Accepted> {
    return (
      await this.#call("POST", `${this.#channel}/inbound_messages`, withFiles(message, files))
    ).json() as Promise<Accepted>
  }

  /** Somebody answered outside of the platform, on the phone or through a bot. */
  async syncOutboundMessage(message: OutboundMessage, files: readonly File[] = []): Promise<Accepted> {
    return (
      await this.#call("POST", `${this.#channel}/outbound_messages`, withFiles(message, files))
    ).json() as Promise<Accepted>
  }

  /** A message that left could not be delivered after all. @param reason is shown to the teammates */
  async failMessage(externalConversationId: string, externalId: string, reason?: string): Promise<void> {
    const path = `/conversations/${encodeURIComponent(externalConversationId)}/messages/${encodeURIComponent(externalId)}/status`
    await this.#call("PUT", this.#channel + path, { status: "failed", ...(reason !== undefined && { reason }) })
  }

  /** The channel's credentials died (`offline`: people are asked to connect again) or work again (`ok`). */
  async setStatus(status: "offline" | "ok"): Promise<void> {
    await this.#call("PATCH", this.#channel, { status })
  }

  /** Keeps a template of the provider, in place of the one with the same external_id. */
  async putTemplate(template: Template): Promise<{ template_id: number | string }> {
    return (await this.#call("PUT", `${this.#channel}/application_message_templates`, template)).json() as Promise<{
      template_id: number | string
    }>
  }

  /** Changes parts of a template. */
  async changeTemplate(
    externalId: string,
    change: Partial<Omit<Template, "external_id">>,
  ): Promise<{ template_id: number | string }> {
    const path = `/application_message_templates/${encodeURIComponent(externalId)}`
    return (await this.#call("PATCH", this.#channel + path, change)).json() as Promise<{ template_id: number | string }>
  }

  /** A call begins. */
  async createCall(newCall: NewCall): Promise<void> {
    await this.#call("POST", `${this.#channel}/calls`, newCall)
  }

  /** What became of a call. */
  async updateCall(externalCallId: string, change: CallChange): Promise<void> {
    await this.#call("PATCH", this.#callPath(externalCallId), change)
  }

  /** The recording of a call: one audio file. Tried again only where it surely was not taken. */
  async addRecording(externalCallId: string, type: "call" | "voicemail", audio: File): Promise<void> {
    const form = new FormData()
    form.append("recording_type", type)
    appendFile(form, "attachments", audio)
    await this.#call("POST", `${this.#callPath(externalCallId)}/recording`, form, { isRepeatable: false })
  }

  /** A summary of a call, not empty; a later one replaces it. */
  async addSummary(externalCallId: string, content: string): Promise<void> {
    await this.#call("POST", `${this.#callPath(externalCallId)}/summary`, { content })
  }

  /** The transcript of a call, at least one line; a later one replaces it. */
  async addTranscript(externalCallId: string, lines: readonly TranscriptLine[]): Promise<void> {
    await this.#call("POST", `${this.#callPath(externalCallId)}/transcript`, { lines })
  }

  /** A message of this channel. @param id `msg_…`, or `alt:uid:<message_uid>` */
  async getMessage(id: string): Promise<Record<string, unknown>> {
    return (await this.#call("GET", `/messages/${encodeURIComponent(id)}`)).json() as Promise<Record<string, unknown>>
  }

  /** A conversation of this channel, with its external ids. */
  async getConversation(id: string): Promise<Record<string, unknown>> {
    return (await this.#call("GET", `/conversations/${encodeURIComponent(id)}`)).json() as Promise<
      Record<string, unknown>
    >
  }

  /**
   * In which conversations a teammate is writing a reply at this moment; ask again every few seconds while somebody looks. Causeway's own: on the
   * vendor's platform it throws `ApiError` with 404.
   */
  async listTyping(): Promise<Typing[]> {
    const path = `/causeway${this.#channel}/typing`
    return ((await (await this.#call("GET", path)).json()) as { typing: Typing[] }).typing
  }

  /**
   * Shows teammates that the customer of a conversation is writing, for ten seconds or until their message is there: say it again every few while it
   * lasts, and with `typing` false when they stop. Best effort, tried once. Causeway's own: on the vendor's platform it throws `ApiError` with 404, as it
   * does for a conversation that no message has begun yet.
   */
  async reportTyping(externalConversationId: string, typing: boolean): Promise<void> {
    const body = { external_conversation_id: externalConversationId, typing }
    await this.#call("POST", `/causeway${this.#channel}/typing`, body, { attemptsMax: 1 })
  }

  /** The recipient has read a message; at most ten times an hour. */
  async markSeen(messageId: string): Promise<void> {
    await this.#call("POST", `/messages/${encodeURIComponent(messageId)}/seen`, {}, { isRepeatable: false })
  }

  /**
   * An attachment that came with a webhook. The body is a stream that has not been read. The link must be of the platform's origin, since the
   * token goes with it; throws `TypeError` otherwise.
   */
  async download(url: string): Promise<Response> {
    const { hostname, origin } = new URL(url)
    const isVendors = this.#base.endsWith(".frontapp.com") && hostname.endsWith(".api.frontapp.com")
    if (origin !== new URL(this.#base).origin && !isVendors) {
      throw new TypeError(`${origin} is not the platform at ${this.#base}: its token stays here`)
    }
    return this.#call("GET", url)
  }

  get #channel(): string {
    return `/channels/${encodeURIComponent(this.#options.channelId)}`
  }

  #callPath(externalCallId: string): string {
    return `${this.#channel}/calls/${encodeURIComponent(externalCallId)}`
  }

  #call(
    method: string,
    path: string,
    body?: object | FormData,
    { isRepeatable = true, attemptsMax = this.#options.attemptsMax ?? 4 } = {},
  ): Promise<Response> {
    const { timeoutMs = 10_000, firstPauseMs = 500, fetch: ownFetch = fetch, signal } = this.#options
    const options: CallOptions = {
      url: path.startsWith("/") ? this.#base + path : path,
      method,
      token: () => this.#freshToken(),
      isRepeatable,
      fetch: ownFetch,
      timeoutMs,
      attemptsMax,
      firstPauseMs,
      signal,
      ...(body && { body }),
    }
    return call(options)
  }

  /** A second is left for the way. */
  #freshToken(): string {
    const { appUid, secret, channelId, reuseTokenSeconds = 0 } = this.#options
    const options: ChannelTokenOptions = { appUid, secret, channelId }
    if (reuseTokenSeconds <= 0) return channelToken(options)
    if (this.#token === null || this.#token.expiresAtMs <= Date.now() + 1000) {
      const value = channelToken({ ...options, expiresInSeconds: reuseTokenSeconds + 1 })
      this.#token = { value, expiresAtMs: Date.now() + (reuseTokenSeconds + 1) * 1000 }
    }
    return this.#token.value
  }
}

/** Nested fields are written `metadata[external_id]`, lists `to[0][handle]`. */
function withFiles(message: object, files: readonly File[]): object | FormData {
  if (files.length === 0) return message
  const form = new FormData()
  appendFields(form, "", message)
  for (const [i, file] of files.entries()) appendFile(form, `attachments[${i}]`, file)
  return form
}

function appendFields(form: FormData, prefix: string, value: unknown): void {
  if (value === undefined || value === null) return
  if (typeof value !== "object") {
    form.append(prefix, String(value))
    return
  }
  for (const [key, inner] of Object.entries(value)) appendFields(form, prefix === "" ? key : `${prefix}[${key}]`, inner)
}

function appendFile(form: FormData, name: string, { filename, contentType, content }: File): void {
  const bytes = content instanceof Blob ? content : new Uint8Array(content)
  form.append(name, new Blob([bytes], { type: contentType }), filename)
}
