/** What the platform posts, as far as a channel reads it. Source: Channel API guide. Fields that are not listed may come and are kept. */

export interface WebhookRecipient {
  /** What the channel calls the person: a phone number, an address, an id. */
  handle: string
  /** `from` is the channel's own address; `to`, `cc` and `bcc` are people. */
  role: string
  name?: string | null
}

export interface WebhookAttachment {
  id?: string
  /** Absolute; fetched with the channel's token, see `ChannelClient.download`. */
  url: string
  filename: string
  content_type: string
  /** Bytes. */
  size: number
  metadata?: { is_inline?: boolean; cid?: string } | null
}

export interface WebhookAuthor {
  id: string
  email: string
  first_name: string
  last_name: string
}

/** A message as it comes with `message` and `message_imported`. */
export interface WebhookMessage {
  /** `msg_…`; a retry by a teammate has the same one. Absent on an automatic reply, which is not stored yet. */
  id?: string
  type: string
  is_inbound: boolean
  /** Seconds since 1970, with a fraction. */
  created_at: number
  /** HTML. */
  body: string
  /** The same as plain text. */
  text?: string | null
  subject?: string | null
  author?: WebhookAuthor | null
  recipients: WebhookRecipient[]
  attachments: WebhookAttachment[]
}

export interface WebhookMetadata {
  /** The id the message came with; absent on a conversation that the channel has not named yet. */
  external_conversation_id?: string
  /** Every id that ever led to this conversation, oldest first; empty on a new one. */
  external_conversation_ids: string[]
}

/** The ids of a message at the provider; both are needed for threading and for later status reports. */
export interface SentMessage {
  /** The provider's id of the message, at most 200 characters, once per channel. */
  externalId: string
  /** The provider's id of the thread. Return one of `conversationIds` to stay in the conversation. */
  externalConversationId: string
}

/** What a handler knows beside the payload. */
export interface WebhookContext {
  /** Ids of the conversation, oldest first; empty on one the channel has not named yet. */
  readonly conversationIds: readonly string[]
  /** First recipient with the role `to`. */
  readonly to: WebhookRecipient | undefined
  /** The channel's credential, from `Authorization: Bearer`; null where the channel has none. */
  readonly credential: string | null
  /** Ends when the time to answer is over. Work that cannot be taken back should go on: its result is kept for a retry. */
  readonly signal: AbortSignal
  /** The webhook as it came, parsed. */
  readonly webhook: Readonly<Record<string, unknown>>
  /** The address it came to. */
  readonly url: string
}

export interface ListedAddress {
  address: string
  name: string
}
