import * as endpoints from "@causeway/contract/endpoints/tags"
import { formatId } from "@causeway/contract/ids"
import { type ChangeDeps, changeCompany } from "../company/changes.ts"
import { conversationList } from "../conversations/list.ts"
import type { Principal } from "../http/callers.ts"
import { invalid } from "../http/errors.ts"
import { pagedList, readIdOrder, readIdPlace, readLimit } from "../http/lists.ts"
import { type Answer, type Call, type Route, route } from "../http/route.ts"
import { memberOf } from "../teammates/roles.ts"
import { getTeammate } from "../teammates/store.ts"
import { type Owner, ownerOf, requireOwner, viewerOf, wholeCompany } from "../teams/owner.ts"
import { defaultOwner, getTeam, holdOwner, lockCompany } from "../teams/store.ts"
import { removeTag } from "./remove.ts"
import {
  findTag,
  getTag,
  insertTag,
  isWithin,
  listTags,
  saveTag,
  type TagFilter,
  type TagRow,
  tagResource,
} from "./store.ts"

export const tagRoutes = (deps: ChangeDeps): Route[] => [...listRoutes(deps), ...createRoutes(deps), ...oneRoutes(deps)]

const listRoutes = (deps: ChangeDeps): Route[] => [
  route(endpoints.listTags, (call) => answerTags(deps, call, null)),

  route(endpoints.listCompanyTags, (call) => answerTags(deps, call, ofOwner(wholeCompany))),

  route(endpoints.listTeamTags, async (call) => {
    const { id } = await getTeam(deps.db, memberOf(call.principal).companyId, call.params.team_id)
    return answerTags(deps, call, ofOwner({ kind: "team", id }))
  }),

  route(endpoints.listTeammateTags, async (call) => {
    const { id } = await getTeammate(deps.db, memberOf(call.principal).companyId, call.params.teammate_id)
    return answerTags(deps, call, ofOwner({ kind: "teammate", id }))
  }),

  route(endpoints.listTagChildren, async (call) => {
    const { principal, params } = call
    const parent = await getTag(deps.db, memberOf(principal).companyId, viewerOf(principal), params.tag_id)
    return answerTags(deps, call, { parentId: parent.id })
  }),

  route(endpoints.listTagConversations, async (call) => {
    const { principal, params } = call
    const { id } = await getTag(deps.db, memberOf(principal).companyId, viewerOf(principal), params.tag_id)
    return { status: 200, body: await conversationList(deps, call, { of: "tag", id }) }
  }),
]

const createRoutes = (deps: ChangeDeps): Route[] => [
  route(endpoints.createTag, async (call) =>
    create(deps, call, await defaultOwner(deps.db, memberOf(call.principal).companyId), null),
  ),

  route(endpoints.createCompanyTag, (call) => create(deps, call, wholeCompany, null)),

  route(endpoints.createTeamTag, async (call) => {
    const { id } = await getTeam(deps.db, memberOf(call.principal).companyId, call.params.team_id)
    return create(deps, call, { kind: "team", id }, null)
  }),

  route(endpoints.createTeammateTag, async (call) => {
    const { id } = await getTeammate(deps.db, memberOf(call.principal).companyId, call.params.teammate_id)
    return create(deps, call, { kind: "teammate", id }, null)
  }),

  route(endpoints.createChildTag, async (call) => {
    const { principal, params } = call
    const parent = await getTag(deps.db, memberOf(principal).companyId, viewerOf(principal), params.tag_id)
    return create(deps, call, ownerOf(parent), parent.id)
  }),
]

const oneRoutes = (deps: ChangeDeps): Route[] => [
  route(endpoints.getTag, async ({ params, principal, origin }) => {
    const tag = await getTag(deps.db, memberOf(principal).companyId, viewerOf(principal), params.tag_id)
    return { status: 200, body: tagResource(tag, origin) }
  }),

  route(endpoints.updateTag, async ({ params, body, principal }) => {
    await change(deps, principal, params.tag_id, body)
    return { status: 204 }
  }),

  route(endpoints.deleteTag, async ({ params, principal }) => {
    const { companyId } = memberOf(principal)
    await changeCompany(deps, companyId, "tag_changed", async (tx) => {
      await lockCompany(tx, companyId)
      const tag = await getTag(tx, companyId, viewerOf(principal), params.tag_id)
      requireOwner(principal, ownerOf(tag))
      await removeTag(tx, companyId, tag)
      return { id: formatId("tag", tag.id) }
    })
    return { status: 204 }
  }),
]

const ofOwner = (owner: Owner): TagFilter => ({ owner: { owner_kind: owner.kind, owner_id: owner.id } })

async function answerTags(
  { db }: ChangeDeps,
  call: Call<typeof endpoints.listTags>,
  filter: TagFilter,
): Promise<Answer> {
  const { principal, query, origin } = call
  const limit = readLimit(query.limit)
  const page = { limit, after: readIdPlace(query.page_token), order: readIdOrder(query) }
  const rows = await listTags(db, memberOf(principal).companyId, viewerOf(principal), filter, page)
  const body = pagedList(call, rows, {
    limit,
    placeOf: (tag) => String(tag.id),
    resource: (tag) => tagResource(tag, origin),
  })
  return { status: 200, body }
}

async function create(
  deps: ChangeDeps,
  { body, principal, origin }: Call<typeof endpoints.createTag>,
  owner: Owner,
  parentId: number | null,
): Promise<Answer> {
  requireOwner(principal, owner)
  const { companyId } = memberOf(principal)
  await deps.ids.reserve(1)
  const id = deps.ids.take()
  const { tag } = await changeCompany(deps, companyId, "tag_changed", async (tx) => {
    if (parentId !== null) {
      await lockCompany(tx, companyId)
      await getTag(tx, companyId, null, formatId("tag", parentId)) // it may have been deleted a moment ago
    }
    await holdOwner(tx, companyId, owner)
    const tag = await insertTag(tx, companyId, {
      id,
      name: body.name,
      description: body.description ?? null,
      highlight: body.highlight ?? null,
      is_private: owner.kind === "teammate",
      is_visible_in_conversation_lists: body.is_visible_in_conversation_lists ?? false,
      parent_id: parentId,
      owner_kind: owner.kind,
      owner_id: owner.id,
    })
    return { id: formatId("tag", id), tag }
  })
  return { status: 201, body: tagResource(tag, origin) }
}

async function change(
  deps: ChangeDeps,
  principal: Principal,
  reference: string,
  body: endpoints.TagChange,
): Promise<void> {
  const { companyId } = memberOf(principal)
  await changeCompany(deps, companyId, "tag_changed", async (tx) => {
    await lockCompany(tx, companyId)
    const tag = await getTag(tx, companyId, viewerOf(principal), reference)
    requireOwner(principal, ownerOf(tag))
    const parentOf = async (parentReference: string): Promise<number> => {
      const parent = await findTag(tx, companyId, viewerOf(principal), parentReference)
      if (parent === null) throw invalid("body.parent_tag_id", "names no tag")
      if (!sameOwner(parent, tag)) throw invalid("body.parent_tag_id", "names a tag of another owner")
      if (await isWithin(tx, companyId, parent.id, tag.id))
        throw invalid("body.parent_tag_id", "names the tag itself or one under it")
      return parent.id
    }
    await saveTag(tx, companyId, {
      ...tag,
      name: body.name ?? tag.name,
      description: body.description === undefined ? tag.description : body.description,
      highlight: body.highlight === undefined ? tag.highlight : body.highlight,
      is_visible_in_conversation_lists: body.is_visible_in_conversation_lists ?? tag.is_visible_in_conversation_lists,
      parent_id: body.parent_tag_id
        ? await parentOf(body.parent_tag_id)
        : body.parent_tag_id === null
          ? null
          : tag.parent_id,
    })
    return { id: formatId("tag", tag.id) }
  })
}

const sameOwner = (a: TagRow, b: TagRow): boolean => a.owner_kind === b.owner_kind && a.owner_id === b.owner_id
