import { randomUUID } from "node:crypto"
import { setTimeout as wait } from "node:timers/promises"
import { postCallback } from "../../shared/callbacks.ts"
import { asJson, createFeed, Refusal, type Route, readBytes, readJson, serve } from "../../shared/serve.ts"
import { fateOf, keywordAnswers, keywordIn } from "./carrier.ts"
import { phonePage } from "./page.ts"
import { segmentsOf } from "./segments.ts"

export type Status = "queued" | "sent" | "delivered" | "undelivered"

/** A text message on a phone; `inbound` came from its owner. */
export interface Text {
  id: string
  phone: string
  direction: "inbound" | "outbound"
  text: string
  media: { id: string; content_type: string; filename: string }[]
  status: Status
  at: number
}

/** What a test or a demo changes about the world. */
export interface ProviderOptions {
  port: number
  /** The account's name and token: Basic authentication, and the key of its callbacks. */
  account: string
  token: string
  /** The number it sends from. */
  number: string
  /** How long a message takes from one status to the next, ms. Default 400. */
  stepMs?: number
  /** Every callback twice and the last status first, as happens now and then. Default false. */
  isUnordered?: boolean
  /** Says what becomes of a message before the usual is done: a refusal, or a wait. */
  onMessage?(message: { to: string; text: string; key: string }): Promise<Refused | null>
}

/** An error of its API. */
export interface Refused {
  status: number
  code: string
  message: string
  retryAfterSeconds?: number
}

export interface Provider {
  url: string
  texts: readonly Text[]
  /** Somebody writes from a phone. Resolves when the channel has taken it, or never will. */
  write(phone: string, text: string, media?: NewMedia[], id?: string): Promise<void>
  close(): Promise<void>
}

export interface NewMedia {
  filename: string
  contentType: string
  content: Uint8Array
}

interface Media extends NewMedia {
  id: string
}

const mediaBytesMax = 5 * 1024 * 1024
const mediaCountMax = 10
const segmentsMax = 10
const keptMax = 2000

/**
 * A provider of text messages that behaves like the big ones: an API behind Basic authentication, callbacks with a signature for every status and for
 * what people write, segments, opt-out by keyword, failures that come late. Its people sit at the page on `/`.
 */
export async function startProvider(options: ProviderOptions): Promise<Provider> {
  const stopped = new AbortController()
  const state = new World(options, stopped.signal)
  const served = await serve([...phonePage, ...apiRoutes(state, options), ...phoneRoutes(state)], {
    port: options.port,
  })
  return {
    url: served.url,
    texts: state.texts,
    write: (phone, text, media = [], id) => state.write(phone, text, media, id),
    async close() {
      stopped.abort()
      state.feed.close()
      await served.close()
    },
  }
}

class World {
  readonly texts: Text[] = []
  readonly media = new Map<string, Media>()
  readonly optedOut = new Set<string>()
  readonly byKey = new Map<string, Text>()
  readonly feed = createFeed()
  webhooks: { status_url: string; inbound_url: string } | null = null
  readonly #options: ProviderOptions
  readonly #signal: AbortSignal

  constructor(options: ProviderOptions, signal: AbortSignal) {
    this.#options = options
    this.#signal = signal
  }

  keep(text: Text): Text {
    this.texts.push(text)
    if (this.texts.length > keptMax) this.texts.shift()
    this.feed.tell("phones", text)
    return text
  }

  keepMedia(media: NewMedia): Text["media"][number] {
    const id = `MM${randomUUID().replaceAll("-", "")}`
    this.media.set(id, { ...media, id })
    return { id, content_type: media.contentType, filename: media.filename }
  }

  async write(phone: string, text: string, files: NewMedia[], id = newId()): Promise<void> {
    if (this.texts.some((known) => known.id === id)) return
    const media = files.map((file) => this.keepMedia(file))
    this.keep({ id, phone, direction: "inbound", text, media, status: "delivered", at: Date.now() })
    const keyword = keywordIn(text)
    if (keyword === "stop") this.optedOut.add(phone)
    if (keyword === "start") this.optedOut.delete(phone)
    const auto = keyword && { id: newId(), text: keywordAnswers[keyword] }
    if (auto) this.keep({ ...auto, phone, direction: "outbound", media: [], status: "delivered", at: Date.now() })
    await this.#post(this.webhooks?.inbound_url, {
      id,
      from: phone,
      to: this.#options.number,
      text,
      media: media.map(({ id: mediaId, content_type, filename }) => ({
        path: `/v1/media/${mediaId}`,
        content_type,
        filename,
      })),
      ...(keyword && { keyword, auto_reply: auto }),
    })
  }

  /** queued → sent → delivered or undelivered, each told by a callback. */
  async deliver(text: Text): Promise<void> {
    const { stepMs = 400, isUnordered = false } = this.#options
    const fate = fateOf(text.phone)
    const steps: Status[] = fate.isSilent ? ["sent"] : ["sent", fate.undelivered ? "undelivered" : "delivered"]
    const events: object[] = []
    for (const status of steps) {
      await wait(stepMs, null, { signal: this.#signal })
      text.status = status
      this.feed.tell("phones", text)
      const error =
        status === "undelivered" ? { error_code: fate.undelivered?.code, error_message: fate.undelivered?.message } : {}
      const event = { id: text.id, status, ...error, occurred_at: new Date().toISOString() }
      if (isUnordered) events.unshift(event, event)
      else await this.#post(this.webhooks?.status_url, event)
    }
    for (const event of events) await this.#post(this.webhooks?.status_url, event)
  }

  async #post(url: string | undefined, event: object): Promise<void> {
    if (url !== undefined) await postCallback(url, this.#options.token, event, { signal: this.#signal })
  }
}

const newId = (): string => `SM${randomUUID().replaceAll("-", "")}`

/** What channels call. */
function apiRoutes(state: World, options: ProviderOptions): Route[] {
  const expected = `Basic ${Buffer.from(`${options.account}:${options.token}`).toString("base64")}`
  const guard = (given: string | undefined): void => {
    if (given !== expected) throw new Refusal(401, "unknown account or token")
  }
  return [
    [
      "POST",
      /^\/v1\/messages$/,
      async ({ request }) => {
        guard(request.headers.authorization)
        return send(state, options, await readJson(request))
      },
    ],
    [
      "PUT",
      /^\/v1\/webhooks$/,
      async ({ request }) => {
        guard(request.headers.authorization)
        const { status_url, inbound_url } = await readJson(request)
        state.webhooks = { status_url: String(status_url), inbound_url: String(inbound_url) }
        return { status: 204 }
      },
    ],
    [
      "GET",
      /^\/v1\/media\/(\w+)$/,
      ({ request, params: [id = ""] }) => {
        guard(request.headers.authorization)
        return mediaAnswer(state, id)
      },
    ],
  ]
}

async function send(state: World, options: ProviderOptions, asked: Record<string, unknown>) {
  const { to, text = "", media_urls: urls = [], idempotency_key: key = randomUUID() } = asked
  if (typeof to !== "string" || typeof text !== "string" || typeof key !== "string" || !Array.isArray(urls)) {
    return refused({ status: 400, code: "bad_request", message: "to and text must be strings, media_urls a list" })
  }
  const segments = segmentsOf(text)
  const known = state.byKey.get(key)
  if (known !== undefined) return accepted(known, segments)
  const problem = problemWith(state, to, segments, urls) ?? (await options.onMessage?.({ to, text, key }))
  if (problem) return refused(problem)
  let media: Text["media"]
  try {
    media = await Promise.all(urls.map(async (url) => state.keepMedia(await fetchMedia(String(url)))))
  } catch (error) {
    return refused({ status: 400, code: "media_unreachable", message: (error as Error).message })
  }
  const kept = state.keep({
    id: newId(),
    phone: to,
    direction: "outbound",
    text,
    media,
    status: "queued",
    at: Date.now(),
  })
  state.byKey.set(key, kept)
  state.deliver(kept).catch(() => {})
  return accepted(kept, segments)
}

function problemWith(state: World, to: string, segments: { count: number }, urls: unknown[]): Refused | undefined {
  if (!/^\+[1-9]\d{6,14}$/.test(to))
    return { status: 400, code: "invalid_number", message: `${to.slice(0, 40)} is not a number` }
  if (state.optedOut.has(to)) return { status: 403, code: "opted_out", message: "its owner has replied STOP" }
  if (segments.count > segmentsMax) {
    return {
      status: 400,
      code: "too_long",
      message: `the text takes ${segments.count} segments, ${segmentsMax} are possible`,
    }
  }
  if (urls.length > mediaCountMax)
    return { status: 400, code: "too_many_media", message: `at most ${mediaCountMax} files` }
  return fateOf(to).refused
}

const refused = ({ status, code, message, retryAfterSeconds }: Refused) => ({
  status,
  headers: (retryAfterSeconds === undefined ? {} : { "retry-after": String(retryAfterSeconds) }) as Record<
    string,
    string
  >,
  body: { code, message },
})

const accepted = ({ id, status }: Text, { encoding, count }: ReturnType<typeof segmentsOf>) => ({
  status: 201,
  body: { id, status, encoding, segments: count },
})

async function fetchMedia(url: string): Promise<NewMedia> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(4000) })
  if (!answer.ok) throw new Error(`media: ${answer.status}`)
  const content = new Uint8Array(await answer.arrayBuffer())
  if (content.length > mediaBytesMax) throw new Error(`media: more than ${mediaBytesMax} bytes`)
  const filename = /filename\*=UTF-8''([^;]+)/.exec(answer.headers.get("content-disposition") ?? "")?.[1]
  return {
    content,
    contentType: answer.headers.get("content-type") ?? "application/octet-stream",
    filename: filename === undefined ? "file" : decodeURIComponent(filename),
  }
}

/** Only what cannot run anything is shown in the page; everything else is handed over as a file. */
function mediaAnswer(state: World, id: string) {
  const media = state.media.get(id)
  if (media === undefined) throw new Refusal(404, "no such file")
  const isShown = /^(image\/(png|jpeg|gif|webp)|audio\/[\w.+-]+|video\/mp4)$/.test(media.contentType)
  const disposition = `${isShown ? "inline" : "attachment"}; filename*=UTF-8''${encodeURIComponent(media.filename)}`
  return {
    headers: {
      "content-type": isShown ? media.contentType : "application/octet-stream",
      "content-disposition": disposition,
      "content-security-policy": "default-src 'none'; sandbox",
    },
    body: media.content,
  }
}

/** What the phones on the page call: on this machine only, and without a password, like a phone in one's hand. */
function phoneRoutes(state: World): Route[] {
  return [
    ["GET", /^\/phones$/, () => ({ body: { texts: state.texts, opted_out: [...state.optedOut] } })],
    [
      "GET",
      /^\/phones\/events$/,
      (call) => {
        state.feed.open(call, "phones")
        return undefined
      },
    ],
    ["GET", /^\/phones\/media\/(\w+)$/, ({ params: [id = ""] }) => mediaAnswer(state, id)],
    [
      "POST",
      /^\/phones\/(\+\d{7,15})\/texts$/,
      async ({ request, params: [phone = ""] }) => {
        // A form of another site cannot send JSON without asking first.
        if (request.headers["content-type"] !== "application/json") throw new Refusal(415, "JSON only")
        const { text, file } = asJson(await readBytes(request, 2 * mediaBytesMax)) as {
          text?: unknown
          file?: PageFile
        }
        if (typeof text !== "string" || text.length > 2000) throw new Refusal(400, "text must be a string")
        const media = file ? [readFile(file)] : []
        void state.write(phone, text, media)
        return { status: 202 }
      },
    ],
  ]
}

interface PageFile {
  filename?: unknown
  content_type?: unknown
  base64?: unknown
}

function readFile({ filename, content_type, base64 }: PageFile): NewMedia {
  const content = Buffer.from(String(base64), "base64")
  if (content.length > mediaBytesMax) throw new Refusal(413, "a picture has at most 5 MB")
  return { filename: String(filename).slice(0, 200), contentType: String(content_type).slice(0, 100), content }
}
