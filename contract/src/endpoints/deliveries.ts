/** The delivery log: what was told to whom, every try with its request and response, and doing it again. Ours. Times are seconds since 1970. */
import Type, { type Static } from "typebox"
import { endpoint } from "../endpoint.ts"
import { pageDefault, pageMax, redriveMax } from "../limits.ts"
import { nullable } from "../shapes.ts"

/** Of an id in a body. */
const idCharsMax = 100
/** The year 9999, in seconds. */
const secondsMax = 253_402_300_799

export const DeliveryStatus = Type.Union([
  Type.Literal("held"),
  Type.Literal("queued"),
  Type.Literal("sending"),
  Type.Literal("waiting"),
  Type.Literal("sent"),
  Type.Literal("failed"),
  Type.Literal("unknown"),
  Type.Literal("cancelled"),
])
export type DeliveryStatus = Static<typeof DeliveryStatus>

export const AttemptView = Type.Object({
  number: Type.Integer(),
  started_at: Type.Number(),
  finished_at: nullable(Type.Number()),
  outcome: nullable(Type.String({ description: "answered, or what kept an answer from coming" })),
  decision: nullable(Type.String({ description: "what was made of it" })),
  warnings: Type.Array(Type.String()),
  timing: Type.Unknown({ description: "milliseconds by phase" }),
  request: Type.Object({
    method: nullable(Type.String()),
    url: nullable(Type.String()),
    headers: Type.Unknown(),
    body: nullable(Type.String({ description: "the signed bytes" })),
  }),
  response: nullable(
    Type.Object({
      status: Type.Integer(),
      headers: Type.Unknown(),
      body: nullable(Type.String({ description: "its first 8 KiB" })),
    }),
  ),
})
export type AttemptView = Static<typeof AttemptView>

export const DeliveryView = Type.Object({
  id: Type.String(),
  channel_id: nullable(Type.String({ description: "whom it was told: a channel" })),
  webhook_id: nullable(Type.String({ description: "or a webhook" })),
  conversation_id: nullable(Type.String()),
  message_id: nullable(Type.String()),
  type: Type.Union([
    Type.Literal("authorization"),
    Type.Literal("list_addresses"),
    Type.Literal("message"),
    Type.Literal("message_autoreply"),
    Type.Literal("message_imported"),
    Type.Literal("delete"),
    Type.Literal("application_webhook"),
    Type.Literal("rule_webhook"),
    Type.Literal("webhook_challenge"),
  ]),
  status: DeliveryStatus,
  due_at: nullable(Type.Number({ description: "on the schedule clock; null when finished, or until somebody acts" })),
  reason: nullable(Type.String({ description: "why it waits, or why it failed" })),
  error_code: nullable(Type.String()),
  replay_of: nullable(Type.String()),
  created_at: Type.Number(),
  finished_at: nullable(Type.Number()),
  attempts: Type.Array(AttemptView),
})
export type DeliveryView = Static<typeof DeliveryView>

export const listDeliveries = endpoint({
  method: "GET",
  path: "/causeway/deliveries",
  summary: "Deliveries with their attempts, newest first.",
  callers: ["token", "session"],
  scope: "deliveries:read",
  query: Type.Object({
    channel_id: Type.Optional(Type.String()),
    webhook_id: Type.Optional(Type.String({ description: "whk_…" })),
    message_id: Type.Optional(Type.String({ description: "msg_…" })),
    status: Type.Optional(DeliveryStatus),
    before: Type.Optional(Type.String({ description: "dlv_…: older than this one" })),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: pageMax, description: `${pageDefault} unless said otherwise` }),
    ),
  }),
  responses: {
    200: Type.Object({
      deliveries: Type.Array(DeliveryView),
      next: nullable(Type.String({ description: "give it as `before`" })),
    }),
  },
})

export const replayDelivery = endpoint({
  method: "POST",
  path: "/causeway/deliveries/:delivery_id/replay",
  summary:
    "Tells the partner again: a new delivery, after all that waits in its conversation. 409 while the first one is on its way.",
  callers: ["token", "session"],
  scope: "deliveries:write",
  params: Type.Object({ delivery_id: Type.String() }),
  responses: { 202: Type.Object({ delivery_id: Type.String() }) },
})

/** What became of deliveries that were told again. */
export const ToldAgain = Type.Object(
  {
    sent: Type.Integer(),
    failed: Type.Integer(),
    unknown: Type.Integer({ description: "they may have arrived" }),
    under_way: Type.Integer({ description: "queued, waiting or being sent" }),
  },
  { description: "what became of those of this span that were told again since `until`; zeros without one" },
)
export type ToldAgain = Static<typeof ToldAgain>

export const redriveDeliveries = endpoint({
  method: "POST",
  path: "/causeway/deliveries/redrive",
  summary:
    "Tells a channel's partner again what failed in a span of time: first how many that are, and with `confirm` it begins. In each conversation's order, 20 a second, 1,000 in one call.",
  callers: ["token", "session"],
  scope: "deliveries:write",
  body: Type.Object({
    channel_id: Type.String({ minLength: 1, maxLength: idCharsMax }),
    since: Type.Number({ minimum: 0, maximum: secondsMax, description: "ended at or after this moment" }),
    until: Type.Optional(
      Type.Number({ minimum: 0, maximum: secondsMax, description: "and before this one; now unless given" }),
    ),
    status: Type.Optional(
      Type.Array(Type.Union([Type.Literal("failed"), Type.Literal("unknown")]), {
        minItems: 1,
        maxItems: 2,
        description: "failed unless given; what is unknown may have arrived, and would arrive twice",
      }),
    ),
    limit: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: redriveMax,
        description: `at most so many in this call; ${redriveMax} unless given`,
      }),
    ),
    confirm: Type.Optional(Type.Boolean({ description: "true: do it" })),
  }),
  responses: {
    200: Type.Object({
      count: Type.Integer({ description: "how many would be told again; counted up to 100,000" }),
      oldest_at: nullable(Type.Number({ description: "when the first of them was made" })),
      counted_at: Type.Number({ description: "by the database's clock: an `until` for the calls that follow" }),
      told: ToldAgain,
    }),
    202: Type.Object({
      count: Type.Integer({ description: "how many are told again" }),
      left: Type.Integer({ description: "how many more there are: call again" }),
    }),
  },
})
