/** Listeners: a developer's program carries an app's webhooks to a server that nobody outside can reach. Ours. */
import Type, { type Static } from "typebox"
import { endpoint } from "../endpoint.ts"
import { nameCharsMax } from "../limits.ts"
import { nullable } from "../shapes.ts"

const callers = ["token", "session"] as const
const scope = "deliveries:write"
const ListenerParams = Type.Object({ listener_id: Type.String({ description: "lsn_…" }) })
/** Of an answer that a listener hands back; more is cut by whoever carries it. */
const answerCharsMax = 64 * 1024
const keptSecondsMax = 86_400

export const openListener = endpoint({
  method: "POST",
  path: "/causeway/apps/:uid/listener",
  summary:
    "From now on the app's webhooks are handed to the caller instead of its address. 409 while somebody else listens, unless `take_over`.",
  callers,
  scope,
  params: Type.Object({ uid: Type.String() }),
  body: Type.Object({
    name: Type.Optional(Type.String({ minLength: 1, maxLength: nameCharsMax, description: "said to others" })),
    take_over: Type.Optional(Type.Boolean()),
    kept_seconds: Type.Optional(
      Type.Integer({
        minimum: 10,
        maximum: keptSecondsMax,
        description: "how long webhooks wait when the listener is away; 600 unless given",
      }),
    ),
  }),
  responses: {
    201: Type.Object({
      listener_id: Type.String(),
      app: Type.String({ description: "the app's name" }),
      waiting: Type.Integer({ description: "deliveries of this app that have not ended" }),
    }),
  },
})

export const RelayedWebhook = Type.Object({
  id: Type.String({ description: "rly_…" }),
  delivery_id: nullable(Type.String({ description: "null: a question, such as authorization" })),
  type: Type.String(),
  request: Type.Object({
    method: Type.String(),
    url: Type.String({ description: "where it would have gone" }),
    headers: Type.Record(Type.String(), Type.String()),
    body: Type.String({ description: "the signed text: give its UTF-8 bytes on as they are" }),
  }),
  answer_within_ms: Type.Integer({ description: "from when it was handed over" }),
})
export type RelayedWebhook = Static<typeof RelayedWebhook>

export const takeWebhooks = endpoint({
  method: "POST",
  path: "/causeway/listeners/:listener_id/next",
  summary:
    "Hands over what waits, or answers with nothing after a while. `turn` is one more than the last one answered; the same turn again, after a broken connection, gets the same webhooks.",
  callers,
  scope,
  params: ListenerParams,
  body: Type.Object({
    turn: Type.Integer({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }),
    wait_seconds: Type.Optional(Type.Number({ minimum: 0, maximum: 20, description: "10 unless given" })),
  }),
  responses: {
    200: Type.Object({
      turn: Type.Integer({ description: "the last one in which something was handed over" }),
      webhooks: Type.Array(RelayedWebhook),
    }),
  },
})

export const RelayedAnswer = Type.Object({
  relay_id: Type.String({ maxLength: 100 }),
  status: Type.Optional(Type.Integer({ minimum: 100, maximum: 599 })),
  headers: Type.Optional(Type.Record(Type.String({ maxLength: 200 }), Type.String({ maxLength: 8192 }))),
  body: Type.Optional(Type.String({ maxLength: answerCharsMax })),
  fault: Type.Optional(
    Type.Union([Type.Literal("connection_refused"), Type.Literal("connection_reset"), Type.Literal("timeout")], {
      description: "there was no answer; only connection_refused means that nothing was sent",
    }),
  ),
})
export type RelayedAnswer = Static<typeof RelayedAnswer>

export const answerWebhook = endpoint({
  method: "POST",
  path: "/causeway/listeners/:listener_id/answers",
  summary: "What the server said to a webhook. It may be repeated; `kept` false: nobody waits for it any more.",
  callers,
  scope,
  params: ListenerParams,
  body: RelayedAnswer,
  responses: { 200: Type.Object({ kept: Type.Boolean() }) },
})

export const closeListener = endpoint({
  method: "DELETE",
  path: "/causeway/listeners/:listener_id",
  summary: "Webhooks go to the app's address again.",
  callers,
  scope,
  params: ListenerParams,
  responses: { 204: null },
})
