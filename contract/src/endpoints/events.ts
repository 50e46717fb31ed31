/** What happened. Source: the vendor's Core API document. */
import Type from "typebox"
import { endpoint } from "../endpoint.ts"
import { Event } from "../resources/event.ts"
import { listOf, pageQuery, sortQuery } from "../shapes.ts"

export const listEvents = endpoint({
  method: "GET",
  path: "/events",
  summary:
    "What happened in the company's inboxes, newest first. q: types, inboxes, before and after (seconds). 15 a page at most.",
  callers: ["token", "session"],
  scope: "events:*:read",
  query: Type.Object({ ...pageQuery, ...sortQuery, q: Type.Optional(Type.String({ maxLength: 10_000 })) }),
  responses: { 200: listOf(Event) },
})

export const listConversationEvents = endpoint({
  method: "GET",
  path: "/conversations/:conversation_id/events",
  summary: "What happened to a conversation, newest first.",
  callers: ["channel", "token", "session"],
  scope: "events:*:read",
  params: Type.Object({ conversation_id: Type.String() }),
  query: Type.Object(pageQuery),
  responses: { 200: listOf(Event) },
})

export const getEvent = endpoint({
  method: "GET",
  path: "/events/:event_id",
  summary: "One event.",
  callers: ["token", "session"],
  scope: "events:*:read",
  params: Type.Object({ event_id: Type.String() }),
  responses: { 200: Event },
})
