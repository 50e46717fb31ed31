/** How many requests a company may make. Ours: the vendor sets it by plan. */
import Type, { type Static } from "typebox"
import { endpoint } from "../endpoint.ts"
import { nullable } from "../shapes.ts"

const requests = (description: string) => Type.Integer({ minimum: 1, maximum: 10_000_000, description })

const settings = {
  requests_per_minute: requests(
    "of API and channel tokens together; half as many again may come as a burst, refilled over 10 minutes",
  ),
  partner_requests_per_minute: requests("of each OAuth client"),
  requests_per_resource_per_second: requests(
    "to one operation on one channel, conversation, message …, where it writes",
  ),
}

/** null: back to the default. */
export const RateLimitChange = Type.Object({
  requests_per_minute: Type.Optional(nullable(settings.requests_per_minute)),
  partner_requests_per_minute: Type.Optional(nullable(settings.partner_requests_per_minute)),
  requests_per_resource_per_second: Type.Optional(nullable(settings.requests_per_resource_per_second)),
})
export type RateLimitChange = Static<typeof RateLimitChange>

export const RateLimitView = Type.Object({
  ...settings,
  strict: Type.Boolean({ description: "whether the defaults are the vendor's smallest plan (--strict-limits)" }),
})
export type RateLimitView = Static<typeof RateLimitView>

const path = "/causeway/settings/rate_limits"
const callers = ["token", "session"] as const

export const getRateLimits = endpoint({
  method: "GET",
  path,
  summary: "The company's request limits.",
  callers,
  scope: "settings:read",
  responses: { 200: RateLimitView },
})

export const updateRateLimits = endpoint({
  method: "PATCH",
  path,
  summary: "Changes the company's request limits; other processes follow within 10 s.",
  callers,
  scope: "settings:write",
  body: RateLimitChange,
  responses: { 200: RateLimitView },
})
