/** Links to what a conversation is about elsewhere. Source: the vendor's Core API document. */
import Type, { type Static } from "typebox"
import { endpoint } from "../endpoint.ts"
import { nameCharsMax, urlCharsMax } from "../limits.ts"
import { Conversation } from "../resources/conversation.ts"
import { Link } from "../resources/link.ts"
import { listOf, pageQuery, sortQuery } from "../shapes.ts"
import { conversationListQuery } from "./conversations.ts"

const callers = ["token", "session"] as const
const LinkParams = Type.Object({ link_id: Type.String() })
const Name = Type.String({ minLength: 1, maxLength: nameCharsMax })

export const NewLink = Type.Object({
  name: Type.Optional(Type.String({ maxLength: nameCharsMax, description: "the URL unless given" })),
  external_url: Type.Optional(Type.String({ minLength: 1, maxLength: urlCharsMax, description: "http or https" })),
  pattern: Type.Optional(
    Type.String({ maxLength: urlCharsMax, description: "names application objects; there are none here" }),
  ),
})
export type NewLink = Static<typeof NewLink>

export const listLinks = endpoint({
  method: "GET",
  path: "/links",
  summary: "The company's links by id; q[types] keeps those of some types.",
  callers,
  scope: "links:read",
  query: Type.Object({ q: Type.Optional(Type.String({ maxLength: 2000 })), ...pageQuery, ...sortQuery }),
  responses: { 200: listOf(Link) },
})

export const createLink = endpoint({
  method: "POST",
  path: "/links",
  summary: "Makes a link, or answers the one that the URL has already.",
  callers,
  scope: "links:write",
  body: NewLink,
  responses: { 201: Link },
})

export const getLink = endpoint({
  method: "GET",
  path: "/links/:link_id",
  summary: "One link.",
  callers,
  scope: "links:read",
  params: LinkParams,
  responses: { 200: Link },
})

export const updateLink = endpoint({
  method: "PATCH",
  path: "/links/:link_id",
  summary: "Renames a link.",
  callers,
  scope: "links:write",
  params: LinkParams,
  body: Type.Object({ name: Type.Optional(Name) }),
  responses: { 204: null },
})

export const listLinkConversations = endpoint({
  method: "GET",
  path: "/links/:link_id/conversations",
  summary: "The conversations that have a link, newest activity first.",
  callers,
  scope: "conversations:read",
  params: LinkParams,
  query: conversationListQuery,
  responses: { 200: listOf(Conversation) },
})
