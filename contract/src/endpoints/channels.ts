/** Channels and inboxes. Source: the vendor's Core API and Channel API documents; DELETE and /causeway/… are ours. */
import Type, { type Static } from "typebox"
import { endpoint } from "../endpoint.ts"
import { ChannelView } from "../inbox.ts"
import { nameCharsMax, undoSendSeconds, urlCharsMax } from "../limits.ts"
import { Channel } from "../resources/channel.ts"
import { listOf, nullable } from "../shapes.ts"

const Name = Type.String({ minLength: 1, maxLength: nameCharsMax })
const Id = Type.String({ maxLength: 400 })
const callers = ["token", "session"] as const

export const ChannelSettings = Type.Object({
  undo_send_time: Type.Optional(Type.Union(undoSendSeconds.map((seconds) => Type.Literal(seconds)))),
  all_teammates_can_reply: Type.Optional(Type.Boolean()),
  auto_assign: Type.Optional(Type.Boolean({ description: "who replies first gets the conversation" })),
  webhook_url: Type.Optional(
    nullable(
      Type.String({
        minLength: 1,
        maxLength: urlCharsMax,
        description: "the outgoing URL; channels without an app only",
      }),
    ),
  ),
  reply_mode: Type.Optional(
    Type.Union([Type.Literal("same_channel"), Type.Literal("unsupported")], {
      description: "unsupported: nobody can reply; channels without an app only",
    }),
  ),
  compose_mode: Type.Optional(
    Type.Union([Type.Literal("normal"), Type.Literal("unsupported")], {
      description: "unsupported: nobody can begin a conversation; channels without an app only, their default",
    }),
  ),
})
export type ChannelSettings = Static<typeof ChannelSettings>

export const NewChannel = Type.Object({
  type: Type.String({ description: "custom" }),
  name: Type.Optional(Name),
  application_uid: Type.Optional(Type.Union([Type.String(), Type.Integer()])),
  credentials: Type.Optional(Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()])),
  settings: Type.Optional(
    Type.Object({
      ...ChannelSettings.properties,
      contact_type: Type.Optional(
        Type.Union([Type.Literal("custom"), Type.Literal("email"), Type.Literal("phone")], {
          description: "what its handles are; fixed from then on; channels without an app only",
        }),
      ),
    }),
  ),
  address: Type.Optional(
    Type.String({ minLength: 1, maxLength: 200, description: "the sending address; random unless given" }),
  ),
})
export type NewChannel = Static<typeof NewChannel>

/** The Channel API sends `status`, the Core API the others: one path, one verb, both bodies. */
export const ChannelChange = Type.Object({
  status: Type.Optional(Type.Union([Type.Literal("offline"), Type.Literal("ok")])),
  name: Type.Optional(Name),
  inbox_id: Type.Optional(Id),
  settings: Type.Optional(ChannelSettings),
})
export type ChannelChange = Static<typeof ChannelChange>

const ChannelParams = Type.Object({ channel_id: Type.String({ description: "cha_… or alt:address:…" }) })
const InboxParams = Type.Object({ inbox_id: Type.String() })

export const connectChannel = endpoint({
  method: "POST",
  path: "/inboxes/:inbox_id/channels",
  summary:
    "Connects a channel: the app is asked for authorization, and the Location header names the channel. Without application_uid a custom channel.",
  callers,
  scope: "channels:write",
  params: InboxParams,
  body: NewChannel,
  responses: { 204: null },
})

export const listChannels = endpoint({
  method: "GET",
  path: "/channels",
  summary: "The company's channels.",
  callers,
  scope: "channels:read",
  responses: { 200: listOf(Channel) },
})

export const getChannel = endpoint({
  method: "GET",
  path: "/channels/:channel_id",
  summary: "One channel.",
  callers: ["channel", "token", "session"],
  scope: "channels:read",
  params: ChannelParams,
  responses: { 200: Channel },
})

export const updateChannel = endpoint({
  method: "PATCH",
  path: "/channels/:channel_id",
  summary: "Sets the status (offline, ok), or changes name, inbox and settings.",
  callers: ["channel", "token", "session"],
  scope: "channels:write",
  params: ChannelParams,
  body: ChannelChange,
  responses: { 204: null },
})

export const deleteChannel = endpoint({
  method: "DELETE",
  path: "/channels/:channel_id",
  summary: "Deletes a channel and tells its partner; whatever the partner answers, the channel is gone.",
  callers,
  scope: "channels:delete",
  params: ChannelParams,
  responses: { 204: null },
})

export const listChannelViews = endpoint({
  method: "GET",
  path: "/causeway/channels",
  summary: "The channels as the inbox shows them.",
  callers: ["session"],
  scope: null,
  responses: { 200: Type.Object({ channels: Type.Array(ChannelView) }) },
})

export const sendWaiting = endpoint({
  method: "POST",
  path: "/causeway/channels/:channel_id/send_waiting",
  summary: "Sends the replies that waited too long for the channel to go out by themselves.",
  callers,
  scope: "messages:send",
  params: ChannelParams,
  responses: { 202: Type.Object({ count: Type.Integer() }) },
})

export const validateChannel = endpoint({
  method: "POST",
  path: "/channels/:channel_id/validate",
  summary: "Asks for a check that the channel works: one of an app is authorized again.",
  callers,
  scope: "channels:write",
  params: ChannelParams,
  responses: { 202: Type.Object({ status: Type.Literal("accepted") }) },
})

export const ChannelHealth = Type.Object({
  answered: Type.Integer({ description: "deliveries that ended in the last 24 hours" }),
  succeeded: Type.Integer(),
  p50_ms: nullable(Type.Number({ description: "what its server took to answer" })),
  p95_ms: nullable(Type.Number()),
  failures: Type.Array(Type.Object({ code: Type.String(), count: Type.Integer() }), {
    description: "most frequent first",
  }),
  hours: Type.Array(Type.Object({ succeeded: Type.Integer(), failed: Type.Integer() }), {
    description: "24 of them, the last one is this hour",
  }),
  last_inbound_at: nullable(Type.Number()),
  last_outbound_at: nullable(Type.Number()),
})
export type ChannelHealth = Static<typeof ChannelHealth>

export const getChannelHealth = endpoint({
  method: "GET",
  path: "/causeway/channels/:channel_id/health",
  summary: "How a channel's server has answered in the last 24 hours, and when it was last heard of.",
  callers,
  scope: "channels:read",
  params: ChannelParams,
  responses: { 200: ChannelHealth },
})
