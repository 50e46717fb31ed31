/** Application webhooks: an app's subscription to the company's events. Ours, because the vendor makes them in its screens. Times are seconds since 1970. */
import Type, { type Static } from "typebox"
import { endpoint } from "../endpoint.ts"
import { urlCharsMax } from "../limits.ts"
import { nullable } from "../shapes.ts"
import { type WebhookEvent, webhookEventNames } from "../webhook-events.ts"

const EventName = Type.Unsafe<WebhookEvent>(Type.Union(webhookEventNames.map((name) => Type.Literal(name))))
const Url = Type.String({ minLength: 1, maxLength: urlCharsMax })
const Payload = Type.Union([Type.Literal("full"), Type.Literal("preview")])
const EventTypes = Type.Array(EventName, {
  maxItems: webhookEventNames.length,
  uniqueItems: true,
  description: "none: every event",
})

export const NewWebhook = Type.Object({
  url: Url,
  event_types: Type.Optional(EventTypes),
  payload: Type.Optional(Payload),
})
export type NewWebhook = Static<typeof NewWebhook>
export const WebhookChange = Type.Object({
  url: Type.Optional(Url),
  event_types: Type.Optional(EventTypes),
  payload: Type.Optional(Payload),
})
export type WebhookChange = Static<typeof WebhookChange>

export const WebhookView = Type.Object({
  id: Type.String(),
  app_uid: Type.String(),
  url: Type.String(),
  event_types: Type.Array(Type.String()),
  payload: Payload,
  state: Type.Union([Type.Literal("active"), Type.Literal("paused")]),
  state_reason: nullable(Type.String({ description: "why it was paused" })),
  state_at: Type.Number(),
  failures: Type.Integer({ description: "events in a row that could not be told" }),
  created_at: Type.Number(),
})
export type WebhookView = Static<typeof WebhookView>

const callers = ["token", "session"] as const
const AppParams = Type.Object({ uid: Type.String() })
const WebhookParams = Type.Object({ webhook_id: Type.String() })

export const createWebhook = endpoint({
  method: "POST",
  path: "/causeway/apps/:uid/webhooks",
  summary:
    "Subscribes an address to the company's events, after it answered a signed challenge. 400 with the reason when it did not.",
  callers,
  scope: "webhooks:write",
  params: AppParams,
  body: NewWebhook,
  responses: { 201: WebhookView },
})

export const listWebhooks = endpoint({
  method: "GET",
  path: "/causeway/apps/:uid/webhooks",
  summary: "An app's subscriptions, oldest first.",
  callers,
  scope: "webhooks:read",
  params: AppParams,
  responses: { 200: Type.Object({ webhooks: Type.Array(WebhookView) }) },
})

export const listCompanyWebhooks = endpoint({
  method: "GET",
  path: "/causeway/webhooks",
  summary: "The subscriptions of all apps, oldest first.",
  callers,
  scope: "webhooks:read",
  query: Type.Object({ state: Type.Optional(WebhookView.properties.state) }),
  responses: { 200: Type.Object({ webhooks: Type.Array(WebhookView) }) },
})

export const getWebhook = endpoint({
  method: "GET",
  path: "/causeway/webhooks/:webhook_id",
  summary: "One subscription and how it fares.",
  callers,
  scope: "webhooks:read",
  params: WebhookParams,
  responses: { 200: WebhookView },
})

export const updateWebhook = endpoint({
  method: "PATCH",
  path: "/causeway/webhooks/:webhook_id",
  summary: "Changes a subscription; a new address has to answer a challenge first.",
  callers,
  scope: "webhooks:write",
  params: WebhookParams,
  body: WebhookChange,
  responses: { 200: WebhookView },
})

export const deleteWebhook = endpoint({
  method: "DELETE",
  path: "/causeway/webhooks/:webhook_id",
  summary: "Ends a subscription; what waits in its queue is cancelled.",
  callers,
  scope: "webhooks:write",
  params: WebhookParams,
  responses: { 204: null },
})

export const testWebhook = endpoint({
  method: "POST",
  path: "/causeway/webhooks/:webhook_id/test",
  summary: "Asks the address to prove itself again, by a signed challenge. 400 with the reason when it does not.",
  callers,
  scope: "webhooks:write",
  params: WebhookParams,
  responses: { 200: Type.Object({ took_ms: Type.Integer({ description: "until its answer was there" }) }) },
})

export const pauseWebhook = endpoint({
  method: "POST",
  path: "/causeway/webhooks/:webhook_id/pause",
  summary: "Stops telling until it is resumed; nothing is lost meanwhile.",
  callers,
  scope: "webhooks:write",
  params: WebhookParams,
  responses: { 200: WebhookView },
})

export const resumeWebhook = endpoint({
  method: "POST",
  path: "/causeway/webhooks/:webhook_id/resume",
  summary: "Goes on with the first event that could not be told, or with what happens from now on.",
  callers,
  scope: "webhooks:write",
  params: WebhookParams,
  body: Type.Object({
    from: Type.Optional(
      Type.Union([Type.Literal("failed"), Type.Literal("now")], { description: "failed unless given" }),
    ),
  }),
  responses: { 200: WebhookView },
})
