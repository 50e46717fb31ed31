/**
 * What we post to a channel's partner. Source: the vendor's application channel guide; `metadata` on replies, `is_draft` and headers.in_reply_to from
 * recorded payloads. Every body is signed as in signature.ts and equals JSON.stringify(JSON.parse(body)).
 */
import Type, { type TSchema } from "typebox"
import { Message } from "./resources/message.ts"

const ofChannel = Type.Object({ channel_id: Type.String({ description: "cha_…" }) })

/** `external_conversation_id` is the id the message came with; absent on a conversation that the partner has not named yet. */
const Threading = Type.Object({
  external_conversation_id: Type.Optional(Type.String()),
  external_conversation_ids: Type.Array(Type.String(), {
    description: "every id that ever led to this conversation, oldest first",
  }),
  template: Type.Optional(
    Type.Object(
      {
        external_id: Type.String(),
        name: Type.String(),
        variables: Type.Array(
          Type.Object({ uid: Type.String(), type: Type.String(), name: Type.String(), value: Type.String() }),
        ),
      },
      { description: "ours: the provider's template that a message was made from; body and text are what it says" },
    ),
  ),
})

const envelope = <T extends TSchema>(type: string, payload: T) => Type.Object({ type: Type.Literal(type), payload })
const threaded = <T extends TSchema>(type: string, payload: T) =>
  Type.Object({ type: Type.Literal(type), payload, metadata: Threading })

/** The message does not exist yet when an auto-reply leaves: what only a stored message has is absent. */
const { id: _id, author: _author, blurb: _blurb, version: _version, ...stored } = Message.properties
const AutoReply = Type.Object({
  ...Object.fromEntries(Object.entries(stored).map(([name, schema]) => [name, Type.Optional(schema)])),
  _links: Type.Object({
    related: Type.Object({ conversation: Type.String(), message_replied_to: Type.Optional(Type.String()) }),
  }),
  type: Type.Literal("auto_reply"),
  is_inbound: Type.Literal(false),
  created_at: Message.properties.created_at,
  body: Type.String(),
  text: Type.String(),
  recipients: Message.properties.recipients,
  attachments: Message.properties.attachments,
})

export const webhooks = {
  authorization: {
    summary: "Somebody connects a channel. Answer {type: success, webhook_url} within 7 s.",
    body: envelope("authorization", ofChannel),
  },
  list_addresses: {
    summary:
      "Which addresses the credentials may use; only for apps that declare the feature. Answer {type: success, addresses}.",
    body: envelope(
      "list_addresses",
      Type.Object({
        channel_id: Type.String(),
        page_token: Type.Optional(Type.String({ description: "pagination.next_page_token of the answer before" })),
      }),
    ),
  },
  message: {
    summary:
      "A teammate's message. Answer {type: success, external_id, external_conversation_id} within 7 s, or one of the seven error types.",
    body: threaded("message", Message),
  },
  message_autoreply: {
    summary: "A rule's automatic reply. Answer as to message; a message_imported follows.",
    body: threaded("message_autoreply", AutoReply),
  },
  message_imported: {
    summary: "A message that you synced is stored. Any 2xx will do.",
    body: threaded("message_imported", Message),
  },
  delete: {
    summary: "The channel was deleted: an HTTP DELETE with this body. Any 2xx will do.",
    body: envelope("delete", ofChannel),
  },
} as const satisfies Record<string, { summary: string; body: TSchema }>

export type WebhookType = keyof typeof webhooks
