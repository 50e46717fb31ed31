/** What hangs on a conversation: followers, inboxes, links, reminders, tags. Source: the vendor's Core API document. */
import Type from "typebox"
import { endpoint } from "../endpoint.ts"
import { followersMax, linksPerRequestMax, referenceCharsMax, tagsPerConversationMax, urlCharsMax } from "../limits.ts"
import { Inbox } from "../resources/inbox.ts"
import { Teammate } from "../resources/teammate.ts"
import { listOf, nullable } from "../shapes.ts"

const callers = ["channel", "token", "session"] as const
const params = Type.Object({ conversation_id: Type.String({ description: "cnv_…" }) })
const Reference = Type.String({ minLength: 1, maxLength: referenceCharsMax })

const change = <M extends "POST" | "PATCH" | "DELETE", P extends string>(method: M, part: P, summary: string) => ({
  method,
  path: `/conversations/:conversation_id/${part}` as const,
  summary,
  callers,
  scope: "conversations:write",
  params,
  responses: { 204: null },
})

export const listFollowers = endpoint({
  method: "GET",
  path: "/conversations/:conversation_id/followers",
  summary: "The teammates who follow a conversation.",
  callers,
  scope: "teammates:read",
  params,
  responses: { 200: listOf(Teammate) },
})

const Followers = Type.Object({
  teammate_ids: Type.Array(Reference, { maxItems: followersMax, description: "tea_… or alt:email:…" }),
})
export const addFollowers = endpoint({
  ...change("POST", "followers", "Lets teammates follow a conversation."),
  query: Type.Object({
    ignore_errors: Type.Optional(Type.Boolean({ description: "true: those who cannot follow are left out" })),
  }),
  body: Followers,
})
export const removeFollowers = endpoint({
  ...change("DELETE", "followers", "Teammates follow a conversation no more."),
  body: Followers,
})

export const listConversationInboxes = endpoint({
  method: "GET",
  path: "/conversations/:conversation_id/inboxes",
  summary: "The inbox that a conversation is in; none when it is between named teammates.",
  callers,
  scope: "inboxes:read",
  params,
  responses: { 200: listOf(Inbox) },
})

const LinkIds = Type.Array(Type.String(), { maxItems: linksPerRequestMax })
export const addLinks = endpoint({
  ...change("POST", "links", "Adds links: those that are there, or those of URLs, made where they are missing."),
  body: Type.Object({
    link_ids: Type.Optional(LinkIds),
    link_external_urls: Type.Optional(
      Type.Array(Type.String({ maxLength: urlCharsMax }), { maxItems: linksPerRequestMax }),
    ),
  }),
})
export const removeLinks = endpoint({
  ...change("DELETE", "links", "Takes links off a conversation."),
  body: Type.Object({ link_ids: LinkIds }),
})

export const updateReminders = endpoint({
  ...change("PATCH", "reminders", "Snoozes a conversation for a teammate until a time, or ends that (null)."),
  body: Type.Object({
    teammate_id: Reference,
    scheduled_at: nullable(Type.Number({ description: "seconds; ahead, and within 50 years" })),
    status_id: Type.Optional(Type.String({ description: "of a ticket: ticketing is off here" })),
  }),
})

const TagIds = Type.Object({ tag_ids: Type.Array(Type.String(), { maxItems: tagsPerConversationMax }) })
export const addTags = endpoint({ ...change("POST", "tags", "Tags a conversation."), body: TagIds })
export const removeTags = endpoint({ ...change("DELETE", "tags", "Takes tags off a conversation."), body: TagIds })
