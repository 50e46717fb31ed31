/** The log of what passed both ways: our webhooks to partners and their calls of the Channel API, newest first. Ours. Times are seconds since 1970. */
import Type, { type Static } from "typebox"
import { endpoint } from "../endpoint.ts"
import { jsonBytesMax, searchCharsMax } from "../limits.ts"
import { nullable } from "../shapes.ts"
import { AttemptView, DeliveryView } from "./deliveries.ts"

const idCharsMax = 300
export const LogOutcome = Type.Union([
  Type.Literal("ok"),
  Type.Literal("failed"),
  Type.Literal("unknown"),
  Type.Literal("waiting"),
])
export type LogOutcome = Static<typeof LogOutcome>

export const LogEntry = Type.Object({
  id: Type.String({ description: "dlv_… or req_…" }),
  at: Type.Number(),
  direction: Type.Union([Type.Literal("out"), Type.Literal("in")], {
    description: "out: our webhook to the partner; in: the partner's call of our API",
  }),
  what: Type.String({ description: "type of the webhook, or method and resource of the call" }),
  channel_id: nullable(Type.String()),
  outcome: LogOutcome,
  http_status: nullable(Type.Integer()),
  code: nullable(Type.String()),
  reason: nullable(Type.String()),
  took_ms: nullable(Type.Number()),
  attempts: Type.Integer(),
  due_at: nullable(Type.Number()),
  conversation_id: nullable(Type.String()),
  message_id: nullable(Type.String()),
  replay_of: nullable(Type.String()),
  skipped: Type.Integer({ description: "so many calls like it were not kept just before" }),
})
export type LogEntry = Static<typeof LogEntry>

export const ApiCallView = Type.Object({
  id: Type.String(),
  at: Type.Number(),
  channel_id: nullable(Type.String()),
  what: Type.String(),
  method: Type.String(),
  url: Type.String(),
  status: Type.Integer(),
  took_ms: Type.Number(),
  request_headers: Type.Unknown({ description: "without credentials" }),
  request_body: nullable(Type.String({ description: "its first 8 KiB" })),
  response_body: nullable(Type.String({ description: "its first 8 KiB" })),
  external_id: nullable(Type.String()),
  message_uid: nullable(Type.String()),
})
export type ApiCallView = Static<typeof ApiCallView>

const reading = { callers: ["token", "session"] as const, scope: "deliveries:read" }

export const listLog = endpoint({
  method: "GET",
  path: "/causeway/log",
  summary:
    "What passed both ways, newest first. With `etag` it answers when the page has changed, at the latest after `wait_seconds`. A text is looked for in the newest 5,000 entries.",
  ...reading,
  query: Type.Object({
    channel_id: Type.Optional(Type.String({ maxLength: idCharsMax })),
    app_uid: Type.Optional(Type.String({ maxLength: idCharsMax })),
    conversation_id: Type.Optional(Type.String({ maxLength: idCharsMax })),
    direction: Type.Optional(Type.Union([Type.Literal("out"), Type.Literal("in")])),
    what: Type.Optional(Type.String({ maxLength: 100 })),
    outcome: Type.Optional(LogOutcome),
    text: Type.Optional(Type.String({ minLength: 1, maxLength: searchCharsMax })),
    since: Type.Optional(Type.Number({ minimum: 0, maximum: 253_402_300_799 })),
    before: Type.Optional(Type.String({ maxLength: idCharsMax, description: "dlv_… or req_…: older than this one" })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, description: "100 unless given" })),
    etag: Type.Optional(Type.String({ maxLength: 100 })),
    wait_seconds: Type.Optional(Type.Number({ minimum: 0, maximum: 25 })),
  }),
  responses: {
    200: Type.Object({
      entries: Type.Array(LogEntry),
      next: nullable(Type.String({ description: "give it as `before`" })),
      etag: Type.String(),
      kept_days: Type.Integer(),
    }),
  },
})

export const getDelivery = endpoint({
  method: "GET",
  path: "/causeway/deliveries/:delivery_id",
  summary: "One delivery with its attempts.",
  ...reading,
  params: Type.Object({ delivery_id: Type.String() }),
  responses: { 200: DeliveryView },
})

export const getApiCall = endpoint({
  method: "GET",
  path: "/causeway/api_calls/:api_call_id",
  summary: "One call of the API by an integration: request and answer, without credentials.",
  ...reading,
  params: Type.Object({ api_call_id: Type.String() }),
  responses: { 200: ApiCallView },
})

export const tryDelivery = endpoint({
  method: "POST",
  path: "/causeway/deliveries/:delivery_id/try",
  summary:
    "Posts a body, edited or not, to where the delivery went, signed anew. It stands in the log as a delivery of its own and changes nothing of the message.",
  callers: ["token", "session"],
  scope: "deliveries:write",
  params: Type.Object({ delivery_id: Type.String() }),
  body: Type.Object({
    body: Type.String({ minLength: 2, maxLength: jsonBytesMax, description: "JSON text, sent byte for byte" }),
  }),
  responses: { 200: DeliveryView },
})

/** A step on the way of a message; what it means and what to do is the screen's to say, by step and state. */
export const TraceStep = Type.Object({
  step: Type.Union([
    Type.Literal("call"),
    Type.Literal("kept"),
    Type.Literal("threaded"),
    Type.Literal("seen"),
    Type.Literal("delivery"),
  ]),
  state: Type.Union([Type.Literal("ok"), Type.Literal("waiting"), Type.Literal("failed"), Type.Literal("unknown")]),
  at: nullable(Type.Number()),
  id: nullable(Type.String({ description: "of the call, message, conversation or delivery" })),
  what: nullable(Type.String({ description: "type of the delivery, resource of the call, view of the inbox" })),
  status: nullable(Type.String({ description: "its own state, or the status of the answer" })),
  reason: nullable(Type.String()),
  attempt: nullable(AttemptView),
})
export type TraceStep = Static<typeof TraceStep>

export const traceId = endpoint({
  method: "GET",
  path: "/causeway/trace",
  summary:
    "The way of one message: from the call that brought it through its thread to the deliveries and what teammates saw. By message id or uid, external id, or the id of a delivery or call.",
  ...reading,
  query: Type.Object({ id: Type.Optional(Type.String({ maxLength: idCharsMax })) }),
  responses: {
    200: Type.Object({
      message_id: nullable(Type.String()),
      conversation_id: nullable(Type.String()),
      direction: nullable(Type.Union([Type.Literal("inbound"), Type.Literal("outbound")])),
      steps: Type.Array(TraceStep),
    }),
  },
})
