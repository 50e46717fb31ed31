type Json = Record<string, unknown>

interface SampleOptions {
  text: string
  recipient: string
  /** The external conversation id; null: a conversation that the channel does not know yet. */
  thread: string | null
  channelId: string
  messageId: string
}

const related = { conversation: "https://api.example.test/conversations/cnv_1" }

function payload({ text, recipient, messageId }: SampleOptions): Json {
  return {
    _links: { self: `https://api.example.test/messages/${messageId}`, related },
    id: messageId,
    type: "custom",
    is_inbound: false,
    is_draft: true,
    draft_mode: "private",
    error_type: null,
    version: null,
    created_at: Date.now() / 1000,
    subject: "",
    blurb: text,
    author: {
      id: "tea_1",
      email: "ana@example.test",
      username: "ana",
      first_name: "Ana",
      last_name: "Lee",
      is_admin: true,
    },
    recipients: [
      { _links: { related: { contact: null } }, name: null, handle: "acme", role: "from" },
      { _links: { related: { contact: null } }, name: null, handle: recipient, role: "to" },
    ],
    body: `<p>${text}</p>`,
    text,
    attachments: [],
    signature: null,
    metadata: { headers: { in_reply_to: null } },
  }
}

const metadata = ({ thread }: SampleOptions): Json => ({
  ...(thread !== null && { external_conversation_id: thread }),
  external_conversation_ids: thread === null ? [] : [thread],
})

/** The webhooks of the Channel API, each as the platform makes it. */
const samples: Record<string, (options: SampleOptions) => Json> = {
  authorization: ({ channelId }) => ({ type: "authorization", payload: { channel_id: channelId } }),
  message: (options) => ({ type: "message", payload: payload(options), metadata: metadata(options) }),
  message_autoreply(options) {
    const { id: _id, author: _author, blurb: _blurb, version: _version, ...rest } = payload(options)
    return {
      type: "message_autoreply",
      payload: { ...rest, _links: { related }, type: "auto_reply" },
      metadata: metadata(options),
    }
  },
  message_imported(options) {
    const imported = { ...payload(options), is_inbound: true, is_draft: false, author: null }
    const thread = options.thread ?? options.recipient
    return {
      type: "message_imported",
      payload: imported,
      metadata: {
        external_id: `sample-${options.messageId}`,
        external_conversation_id: thread,
        external_conversation_ids: [thread],
      },
    }
  },
  delete: ({ channelId }) => ({ type: "delete", payload: { channel_id: channelId } }),
}

export const sampleTypes: readonly string[] = Object.keys(samples)

/** A webhook to send by hand. @param type one of `sampleTypes` */
export const sampleWebhook = (type: string, options: SampleOptions): Json => samples[type]?.(options) ?? {}
