import { randomBytes } from "node:crypto"
import { type Exchange, type ExchangeOptions, exchange } from "./exchange.ts"

type Json = Record<string, unknown>

/** The platform as the channel sees it, for one check: what it sends is kept as the check's evidence. */
export interface Platform {
  readonly channelId: string
  /** Where webhooks go. */
  readonly url: string
  readonly evidence: Exchange[]
  /** Longest time a channel may take, ms: 7000 on an unscaled clock. */
  readonly budgetMs: number
  /** The text that makes the channel take so many seconds of the platform's clock; null where the builder gave none. */
  readonly slowText: ((seconds: number) => string) | null
  readonly timeScale: number
  send(body: Json | string, over?: Partial<ExchangeOptions>): Promise<Exchange>
  /** A reply in a conversation that the channel knows as `thread`, unless told otherwise. */
  message(over?: Json, metadata?: Json): Json & { payload: Json; metadata: Json }
  autoreply(over?: Json): Json
  imported(over?: Json, metadata?: Json): Json
  authorization(over?: Json): Json
  id(prefix: string): string
}

export interface PlatformSetup {
  url: string
  secret: string
  credential?: string | undefined
  address?: string | undefined
  channelId: string
  recipient: string
  timeScale: number
  slowText: ((seconds: number) => string) | null
}

const budgetMs = 7000

export function createPlatform(setup: PlatformSetup): Platform {
  const evidence: Exchange[] = []
  const id = (prefix: string) => `${prefix}_${BigInt(`0x${randomBytes(6).toString("hex")}`).toString(36)}`
  const recipients = [
    { _links: { related: { contact: null } }, name: null, handle: "acme", role: "from" },
    { _links: { related: { contact: null } }, name: null, handle: setup.recipient, role: "to" },
  ]
  const payload = (over: Json): Json => {
    const own = id("msg")
    const text = `Conformance check ${own}`
    const headers = { in_reply_to: null }
    const written = { body: `<p>${text}</p>`, text, blurb: text, subject: "", recipients, attachments: [] }
    const author = {
      id: "tea_1",
      email: "ana@example.test",
      username: "ana",
      first_name: "Ana",
      last_name: "Lee",
      is_admin: true,
    }
    const state = {
      type: "custom",
      is_inbound: false,
      is_draft: true,
      draft_mode: "private",
      error_type: null,
      version: null,
    }
    const _links = {
      self: `https://api.example.test/messages/${own}`,
      related: { conversation: "https://api.example.test/conversations/cnv_1" },
    }
    return {
      _links,
      id: own,
      ...state,
      created_at: Date.now() / 1000,
      author,
      ...written,
      signature: null,
      metadata: { headers },
      ...over,
    }
  }
  const threaded = (thread = id("thread")): Json => ({
    external_conversation_id: thread,
    external_conversation_ids: [thread],
  })
  return {
    channelId: setup.channelId,
    evidence,
    budgetMs: budgetMs * setup.timeScale,
    slowText: setup.slowText,
    timeScale: setup.timeScale,
    url: setup.url,
    id,
    async send(body, over = {}) {
      const { url, secret, credential, address } = setup
      const made = await exchange(body, {
        url,
        secret,
        credential,
        address,
        timeoutMs: Math.max(budgetMs * setup.timeScale, 1000),
        ...over,
      })
      evidence.push(made)
      return made
    },
    message: (over = {}, metadata = threaded()) => ({ type: "message", payload: payload(over), metadata }),
    autoreply(over = {}) {
      const {
        id: _id,
        author: _author,
        blurb: _blurb,
        version: _version,
        ...rest
      } = payload({ type: "auto_reply", ...over })
      const related = {
        conversation: "https://api.example.test/conversations/cnv_1",
        message_replied_to: "https://api.example.test/messages/msg_1",
      }
      return { type: "message_autoreply", payload: { ...rest, _links: { related } }, metadata: threaded() }
    },
    imported: (over = {}, metadata = threaded()) => ({
      type: "message_imported",
      payload: payload({ is_inbound: true, author: null, is_draft: false, ...over }),
      metadata,
    }),
    authorization: (over = {}) => ({ type: "authorization", payload: { channel_id: setup.channelId }, ...over }),
  }
}
