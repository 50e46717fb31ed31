/** Messages over a channel, and replies. Source: the vendor's Channel API and Core API documents; the quirks kept are those of live clients. */
import Type, { type Static } from "typebox"
import { endpoint } from "../endpoint.ts"
import {
  externalIdCharsMax,
  handleCharsMax,
  nameCharsMax,
  subjectCharsMax,
  templateValueCharsMax,
  undoSecondsMax,
} from "../limits.ts"
import { Message } from "../resources/message.ts"

const Handle = Type.String({ minLength: 1, maxLength: handleCharsMax })
const ExternalId = Type.String({ minLength: 1, maxLength: externalIdCharsMax })
const Name = Type.Union([Type.String({ maxLength: nameCharsMax }), Type.Null()])

export const Correspondent = Type.Object({
  handle: Handle,
  name: Type.Optional(Name),
  email: Type.Optional(
    Type.Union([Type.String({ maxLength: 320 }), Type.Null()], {
      description: "links the contact to an existing one with this address",
    }),
  ),
})
export type Correspondent = Static<typeof Correspondent>

const SyncMetadata = Type.Object({
  external_id: ExternalId,
  external_conversation_id: ExternalId,
  referenced_message_external_id: Type.Optional(Type.Union([ExternalId, Type.Null()])),
})

/** What both sync operations share. `delivered_at` is in seconds; unknown keys are ignored, `attachments` in JSON too (files come as multipart). */
const synced = {
  body: Type.String({ description: "HTML or plain text" }),
  subject: Type.Optional(Type.Union([Type.String({ maxLength: subjectCharsMax }), Type.Null()])),
  delivered_at: Type.Optional(
    Type.Union([
      Type.Number({ minimum: -62_135_596_800, maximum: 253_402_300_799, description: "seconds since 1970" }),
      Type.Null(),
    ]),
  ),
  body_format: Type.Optional(Type.Union([Type.Literal("html"), Type.Literal("markdown"), Type.Literal("text")])),
  metadata: SyncMetadata,
  attachments: Type.Optional(Type.Unknown()),
}

export const InboundMessage = Type.Object({ sender: Correspondent, ...synced })
export type InboundMessage = Static<typeof InboundMessage>

/** `to` is an array in the specification, one object in the vendor's own template; strings are taken as handles. */
const Addressee = Type.Union([Correspondent, Handle])
export const OutboundMessage = Type.Object({
  to: Type.Union([Type.Array(Addressee, { minItems: 1, maxItems: 50 }), Addressee]),
  sender_name: Type.Optional(Name),
  author_id: Type.Optional(
    Type.Union([Type.String({ maxLength: 400 }), Type.Null()], { description: "a teammate's id or alt:email:…" }),
  ),
  ...synced,
})
export type OutboundMessage = Static<typeof OutboundMessage>

export const Accepted = Type.Object({ status: Type.Literal("accepted"), message_uid: Type.String() })
export type Accepted = Static<typeof Accepted>

const ChannelParams = Type.Object({ channel_id: Type.String() })

export const syncInboundMessage = endpoint({
  method: "POST",
  path: "/channels/:channel_id/inbound_messages",
  summary:
    "A message that the channel received. 202 means kept; a repeated metadata.external_id gets the first answer.",
  callers: ["channel", "token"],
  scope: "messages:write",
  params: ChannelParams,
  body: InboundMessage,
  multipart: true,
  responses: { 202: Accepted },
})

export const syncOutboundMessage = endpoint({
  method: "POST",
  path: "/channels/:channel_id/outbound_messages",
  summary: "A message that was sent outside, through the channel.",
  callers: ["channel", "token"],
  scope: "messages:write",
  params: ChannelParams,
  body: OutboundMessage,
  multipart: true,
  responses: { 202: Accepted },
})

const HandleList = Type.Array(Handle, { maxItems: 50 })
const sendable = {
  body: Type.String({ minLength: 1, description: "HTML" }),
  text: Type.Optional(Type.String()),
  subject: Type.Optional(Type.Union([Type.String({ maxLength: subjectCharsMax }), Type.Null()])),
  sender_name: Type.Optional(Name),
  author_id: Type.Optional(Type.Union([Type.String({ maxLength: 400 }), Type.Null()])),
  signature_id: Type.Optional(
    Type.Union([Type.String({ maxLength: 400 }), Type.Null()], {
      description: "only on channels that write to e-mail addresses: 403 elsewhere",
    }),
  ),
  should_add_default_signature: Type.Optional(Type.Boolean()),
  cc: Type.Optional(HandleList),
  bcc: Type.Optional(HandleList),
  options: Type.Optional(
    Type.Object({
      undo_seconds: Type.Optional(
        Type.Integer({
          minimum: 0,
          maximum: undoSecondsMax,
          description:
            "ours, of a session: how long it can be taken back at least; the channel's own time if that is longer",
        }),
      ),
      archive: Type.Optional(Type.Boolean({ description: "default true for an API token, false for a session" })),
    }),
  ),
  attachments: Type.Optional(Type.Unknown()),
}

/** A template of the channel's provider, filled in. The server writes body and text from it, whatever the request gives. */
const FilledTemplate = Type.Object({
  id: Type.String({ maxLength: 400, description: "tpl_…" }),
  variables: Type.Array(
    Type.Object({
      uid: Type.String({ minLength: 1, maxLength: 200 }),
      value: Type.String({ maxLength: templateValueCharsMax }),
    }),
    { maxItems: 100 },
  ),
})
export type FilledTemplate = Static<typeof FilledTemplate>

/** `based_on_seq`, `draft_id` and `template` are ours; the first two have an effect for sessions only. */
export const Reply = Type.Object({
  ...sendable,
  based_on_seq: Type.Optional(
    Type.Integer({
      minimum: 0,
      description:
        "up to where in the feed the sender has seen the conversation: 409 with _error.newcomers when somebody wrote since",
    }),
  ),
  draft_id: Type.Optional(
    Type.String({
      maxLength: 400,
      description: "the sender's draft that this sends: its files go with it, its text is `body`",
    }),
  ),
  template: Type.Optional(FilledTemplate),
  to: Type.Optional(HandleList),
  channel_id: Type.Optional(Type.String({ maxLength: 400 })),
})
export type Reply = Static<typeof Reply>
export const NewMessage = Type.Object({ ...sendable, to: Type.Array(Handle, { minItems: 1, maxItems: 50 }) })
export type NewMessage = Static<typeof NewMessage>

export const replyToConversation = endpoint({
  method: "POST",
  path: "/conversations/:conversation_id/messages",
  summary: "A reply. An Idempotency-Key header makes a repeat harmless. options.archive is true unless said otherwise.",
  callers: ["token", "session", "channel"],
  scope: "messages:send",
  params: Type.Object({ conversation_id: Type.String() }),
  body: Reply,
  multipart: true,
  responses: { 202: Accepted },
})

export const sendNewMessage = endpoint({
  method: "POST",
  path: "/channels/:channel_id/messages",
  summary: "A message that starts a conversation.",
  callers: ["token", "session"],
  scope: "messages:send",
  params: ChannelParams,
  body: NewMessage,
  multipart: true,
  responses: { 202: Accepted },
})

const MessageParams = Type.Object({ message_id: Type.String({ description: "msg_… or alt:uid:…" }) })

export const getMessage = endpoint({
  method: "GET",
  path: "/messages/:message_id",
  summary: "One message or draft. With Accept: message/rfc822 an e-mail comes as it would be sent.",
  callers: ["channel", "token", "session"],
  scope: "messages:read",
  params: MessageParams,
  responses: { 200: Message },
})

export const downloadMessageAttachment = endpoint({
  method: "GET",
  path: "/messages/:message_id/download/:attachment_id",
  summary: "A file of a message.",
  callers: ["channel", "token", "session"],
  scope: "attachments:read",
  params: Type.Object({ message_id: Type.String(), attachment_id: Type.String() }),
  responses: { 200: null, 206: null },
})

export const downloadAttachment = endpoint({
  method: "GET",
  path: "/download/:attachment_id",
  summary: "A file.",
  callers: ["channel", "token", "session"],
  scope: "attachments:read",
  params: Type.Object({ attachment_id: Type.String() }),
  responses: { 200: null },
})

export const retryMessage = endpoint({
  method: "POST",
  path: "/causeway/messages/:message_id/retry",
  summary: "Sends a failed or unknown reply again: a new delivery with the same message id.",
  callers: ["token", "session"],
  scope: "messages:send",
  params: MessageParams,
  responses: { 202: Type.Object({ delivery_id: Type.String() }) },
})

/** What was written, for whoever goes on with it. */
const takenBack = {
  body: Type.String(),
  text: Type.String(),
  draft_id: Type.Optional(
    Type.String({ description: "the caller's draft that its files are in now; absent: it had none" }),
  ),
}

export const undoMessage = endpoint({
  method: "POST",
  path: "/causeway/messages/:message_id/undo",
  summary: "Takes back a held reply before its window ends; answers what was written.",
  callers: ["token", "session"],
  scope: "messages:send",
  params: MessageParams,
  responses: { 200: Type.Object(takenBack) },
})

export const cancelMessage = endpoint({
  method: "POST",
  path: "/causeway/messages/:message_id/cancel",
  summary:
    "Cancels a queued or waiting reply that has not begun to leave, and answers what was written. One that was being tried again is what it was before; 409 once it is being sent.",
  callers: ["token", "session"],
  scope: "messages:send",
  params: MessageParams,
  responses: {
    200: Type.Object({
      ...takenBack,
      state: Type.Union(
        [Type.Literal("undone"), Type.Literal("sent"), Type.Literal("failed"), Type.Literal("unknown")],
        { description: "undone: it had never been tried; else how its last try ended" },
      ),
    }),
  },
})

export const sendMessageNow = endpoint({
  method: "POST",
  path: "/causeway/messages/:message_id/send_now",
  summary: "Sends a held or waiting reply without waiting longer.",
  callers: ["token", "session"],
  scope: "messages:send",
  params: MessageParams,
  responses: { 202: null },
})

export const messageBodyFrame = endpoint({
  method: "GET",
  path: "/causeway/messages/:message_id/body",
  summary:
    "The sanitised HTML body as a page of its own, for a sandboxed frame. ?images=remote lets it load images from elsewhere.",
  callers: ["session"],
  scope: null,
  params: MessageParams,
  query: Type.Object({ images: Type.Optional(Type.Literal("remote")) }),
  responses: { 200: null },
})

const headers = Type.Record(Type.String({ maxLength: 200 }), Type.Unknown())

/** A custom channel's own form: markdown unless said otherwise, threaded by thread_ref, else by external_conversation_id, else by sender. */
export const IncomingMessage = Type.Object({
  sender: Type.Object({
    handle: Handle,
    name: Type.Optional(Name),
    contact_id: Type.Optional(Type.Union([Type.String({ maxLength: 400 }), Type.Null()])),
  }),
  subject: Type.Optional(Type.Union([Type.String({ maxLength: subjectCharsMax }), Type.Null()])),
  body: Type.String(),
  body_format: Type.Optional(Type.Union([Type.Literal("markdown"), Type.Literal("html")])),
  metadata: Type.Optional(
    Type.Object({
      thread_ref: Type.Optional(Type.Union([ExternalId, Type.Null()])),
      external_id: Type.Optional(Type.Union([ExternalId, Type.Null()])),
      external_conversation_id: Type.Optional(Type.Union([ExternalId, Type.Null()])),
      headers: Type.Optional(headers),
    }),
  ),
  attachments: Type.Optional(Type.Unknown()),
})
export type IncomingMessage = Static<typeof IncomingMessage>

export const receiveIncomingMessage = endpoint({
  method: "POST",
  path: "/channels/:channel_id/incoming_messages",
  summary: "A message that a custom channel received; markdown unless body_format says html.",
  callers: ["token", "session"],
  scope: "messages:write",
  params: ChannelParams,
  body: IncomingMessage,
  multipart: true,
  responses: {
    202: Type.Object({
      ...Accepted.properties,
      conversation_reference: Type.String({ description: "finds the conversation as /conversations/alt:ref:…" }),
    }),
  },
})

/** History brought into an inbox from elsewhere. `created_at` is in seconds. */
export const ImportedMessage = Type.Object({
  sender: Type.Object({
    handle: Handle,
    name: Type.Optional(Name),
    author_id: Type.Optional(Type.Union([Type.String({ maxLength: 400 }), Type.Null()])),
  }),
  to: HandleList,
  cc: Type.Optional(HandleList),
  bcc: Type.Optional(HandleList),
  subject: Type.Optional(Type.Union([Type.String({ maxLength: subjectCharsMax }), Type.Null()])),
  body: Type.String(),
  body_format: Type.Optional(Type.Union([Type.Literal("html"), Type.Literal("markdown")])),
  external_id: ExternalId,
  created_at: Type.Integer({ minimum: -62_135_596_800, maximum: 253_402_300_799, description: "seconds since 1970" }),
  type: Type.Optional(
    Type.Union([Type.Literal("email"), Type.Literal("sms"), Type.Literal("intercom"), Type.Literal("custom")], {
      description: "default email",
    }),
  ),
  assignee_id: Type.Optional(Type.Union([Type.String({ maxLength: 400 }), Type.Null()])),
  tags: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { maxItems: 50, description: "names" })),
  conversation_id: Type.Optional(Type.Union([Type.String({ maxLength: 400 }), Type.Null()])),
  metadata: Type.Object({
    is_inbound: Type.Boolean(),
    thread_ref: Type.Optional(Type.Union([ExternalId, Type.Null()])),
    is_archived: Type.Optional(Type.Boolean({ description: "default true" })),
    should_skip_rules: Type.Optional(Type.Boolean({ description: "default true" })),
  }),
  attachments: Type.Optional(Type.Unknown()),
})
export type ImportedMessage = Static<typeof ImportedMessage>

export const importInboxMessage = endpoint({
  method: "POST",
  path: "/inboxes/:inbox_id/imported_messages",
  summary: "Imports a message into an inbox. It came over no channel, so a reply to it names one.",
  callers: ["token", "session"],
  scope: "messages:write",
  params: Type.Object({ inbox_id: Type.String({ maxLength: 400 }) }),
  body: ImportedMessage,
  multipart: true,
  responses: { 202: Accepted },
})
