/** Tags of the company, of a team, and of one teammate. Source: the vendor's Core API document. */
import Type, { type Static } from "typebox"
import { endpoint } from "../endpoint.ts"
import { descriptionCharsMax, tagNameCharsMax } from "../limits.ts"
import { Conversation } from "../resources/conversation.ts"
import { highlights, Tag } from "../resources/tag.ts"
import { listOf, nullable, pageQuery, sortQuery } from "../shapes.ts"
import { conversationListQuery } from "./conversations.ts"

const callers = ["token", "session"] as const
const TagParams = Type.Object({ tag_id: Type.String() })
const TeamParams = Type.Object({ team_id: Type.String() })
const TeammateParams = Type.Object({ teammate_id: Type.String({ description: "tea_… or alt:email:…" }) })
const ListQuery = Type.Object({ ...pageQuery, ...sortQuery })

const values = {
  name: Type.String({ minLength: 1, maxLength: tagNameCharsMax }),
  description: Type.Optional(nullable(Type.String({ maxLength: descriptionCharsMax }))),
  highlight: Type.Optional(nullable(Type.Union(highlights.map((colour) => Type.Literal(colour))))),
  is_visible_in_conversation_lists: Type.Optional(Type.Boolean({ description: "false unless said" })),
}

export const NewTag = Type.Object(values)
export type NewTag = Static<typeof NewTag>

export const TagChange = Type.Object({
  ...values,
  name: Type.Optional(values.name),
  parent_tag_id: Type.Optional(nullable(Type.String({ description: "null: it stands by itself" }))),
})
export type TagChange = Static<typeof TagChange>

const list = <P extends string>(path: P, summary: string) => ({
  method: "GET" as const,
  path,
  summary,
  callers,
  scope: "tags:read",
  query: ListQuery,
  responses: { 200: listOf(Tag) },
})
const create = <P extends string>(path: P, summary: string) => ({
  method: "POST" as const,
  path,
  summary,
  callers,
  scope: "tags:write",
  body: NewTag,
  responses: { 201: Tag },
})

export const listTags = endpoint(list("/tags", "Every tag: the company's, the teams', the teammates'."))
export const listCompanyTags = endpoint(list("/company/tags", "The tags of the whole company."))
export const listTeamTags = endpoint({ ...list("/teams/:team_id/tags", "The tags of a team."), params: TeamParams })
export const listTeammateTags = endpoint({
  ...list("/teammates/:teammate_id/tags", "A teammate's own tags."),
  params: TeammateParams,
})

export const createTag = endpoint(create("/tags", "Makes a tag of the oldest team."))
export const createCompanyTag = endpoint(create("/company/tags", "Makes a tag of the whole company."))
export const createTeamTag = endpoint({
  ...create("/teams/:team_id/tags", "Makes a tag of a team."),
  params: TeamParams,
})
export const createTeammateTag = endpoint({
  ...create("/teammates/:teammate_id/tags", "Makes a tag of a teammate's own."),
  params: TeammateParams,
})

export const getTag = endpoint({
  method: "GET",
  path: "/tags/:tag_id",
  summary: "One tag.",
  callers,
  scope: "tags:read",
  params: TagParams,
  responses: { 200: Tag },
})

export const updateTag = endpoint({
  method: "PATCH",
  path: "/tags/:tag_id",
  summary: "Changes a tag; parent_tag_id moves it under another one of the same owner.",
  callers,
  scope: "tags:write",
  params: TagParams,
  body: TagChange,
  responses: { 204: null },
})

export const deleteTag = endpoint({
  method: "DELETE",
  path: "/tags/:tag_id",
  summary: "Deletes a tag and takes it off every conversation; its children move up.",
  callers,
  scope: "tags:delete",
  params: TagParams,
  responses: { 204: null },
})

export const listTagChildren = endpoint({
  ...list("/tags/:tag_id/children", "The tags right under a tag."),
  params: TagParams,
})

export const createChildTag = endpoint({
  ...create("/tags/:tag_id/children", "Makes a tag under another, with the same owner."),
  params: TagParams,
})

export const listTagConversations = endpoint({
  method: "GET",
  path: "/tags/:tag_id/conversations",
  summary: "The conversations that have a tag, newest activity first.",
  callers,
  scope: "conversations:read",
  params: TagParams,
  query: conversationListQuery,
  responses: { 200: listOf(Conversation) },
})
