import * as endpoints from "@causeway/contract/endpoints/message-templates"
import { formatId } from "@causeway/contract/ids"
import { folderDepthMax } from "@causeway/contract/limits"
import { type ChangeDeps, changeCompany } from "../company/changes.ts"
import type { Tx } from "../database/database.ts"
import type { Principal } from "../http/callers.ts"
import { invalid } from "../http/errors.ts"
import { pagedList } from "../http/lists.ts"
import { type Answer, type Call, type Route, route } from "../http/route.ts"
import { memberOf } from "../teammates/roles.ts"
import { getTeammate } from "../teammates/store.ts"
import { type Owner, type OwnerColumns, ownerOf, requireOwner, viewerOf } from "../teams/owner.ts"
import { defaultOwner, getTeam, holdOwner, lockCompany } from "../teams/store.ts"
import * as store from "./folders.ts"
import { formatTimePlace, readTimePage } from "./place.ts"
import type { PlaceFilter } from "./store.ts"

export const folderRoutes = (deps: ChangeDeps): Route[] => [
  ...listRoutes(deps),
  ...createRoutes(deps),
  ...oneRoutes(deps),
]

const listRoutes = (deps: ChangeDeps): Route[] => [
  route(endpoints.listFolders, (call) => answerFolders(deps, call, null)),

  route(endpoints.listTeamFolders, async (call) => {
    const { id } = await getTeam(deps.db, memberOf(call.principal).companyId, call.params.team_id)
    return answerFolders(deps, call, { owner: { owner_kind: "team", owner_id: id } })
  }),

  route(endpoints.listTeammateFolders, async (call) => {
    const { id } = await getTeammate(deps.db, memberOf(call.principal).companyId, call.params.teammate_id)
    return answerFolders(deps, call, { owner: { owner_kind: "teammate", owner_id: id } })
  }),

  route(endpoints.listChildFolders, async (call) => {
    const folder = await folderOf(deps.db, call)
    return answerFolders(deps, call, { folderId: folder.id })
  }),
]

const createRoutes = (deps: ChangeDeps): Route[] => [
  route(endpoints.createFolder, async (call) =>
    create(deps, call, await defaultOwner(deps.db, memberOf(call.principal).companyId), call.body),
  ),

  route(endpoints.createTeamFolder, async (call) => {
    const { id } = await getTeam(deps.db, memberOf(call.principal).companyId, call.params.team_id)
    return create(deps, call, { kind: "team", id }, call.body)
  }),

  route(endpoints.createTeammateFolder, async (call) => {
    const { id } = await getTeammate(deps.db, memberOf(call.principal).companyId, call.params.teammate_id)
    return create(deps, call, { kind: "teammate", id }, call.body)
  }),

  route(endpoints.createChildFolder, async (call) => {
    const parent = await folderOf(deps.db, call)
    const given = { name: call.body.name, parent_folder_id: formatId("rsf", parent.id) }
    return create(deps, call, ownerOf(parent), given)
  }),
]

const oneRoutes = (deps: ChangeDeps): Route[] => [
  route(endpoints.getFolder, async (call) => {
    return { status: 200, body: store.folderResource(await folderOf(deps.db, call), call.origin) }
  }),

  route(endpoints.updateFolder, async (call) => {
    const { body, principal, origin } = call
    const { companyId } = memberOf(principal)
    const { folder } = await changeCompany(deps, companyId, "message_template_changed", async (tx) => {
      await lockCompany(tx, companyId)
      const before = await folderOf(tx, call)
      requireOwner(principal, ownerOf(before))
      const next = { ...before, name: body.name ?? before.name }
      if (body.parent_folder_id === null) next.parent_id = null
      else if (body.parent_folder_id !== undefined)
        next.parent_id = await parentFor(tx, principal, body.parent_folder_id, before, before.id)
      await store.saveFolder(tx, companyId, next)
      return { id: formatId("rsf", before.id), folder: await folderOf(tx, call) }
    })
    return { status: 200, body: store.folderResource(folder, origin) }
  }),

  route(endpoints.deleteFolder, async (call) => {
    const { companyId } = memberOf(call.principal)
    const { id } = await changeCompany(deps, companyId, "message_template_changed", async (tx) => {
      await lockCompany(tx, companyId)
      const folder = await folderOf(tx, call)
      requireOwner(call.principal, ownerOf(folder))
      await store.removeFolder(tx, companyId, folder.id)
      return { id: formatId("rsf", folder.id) }
    })
    return { status: 202, body: { status: "accepted", message_template_folder_id: id } }
  }),
]

const folderOf = (
  tx: Tx,
  { params, principal }: { params: { message_template_folder_id: string }; principal: Principal },
): Promise<store.FolderRow> =>
  store.getFolder(tx, memberOf(principal).companyId, viewerOf(principal), params.message_template_folder_id)

async function answerFolders(
  { db }: ChangeDeps,
  call: Call<typeof endpoints.listFolders>,
  filter: PlaceFilter,
): Promise<Answer> {
  const { principal, query, origin } = call
  const page = readTimePage(query, ["created_at", "updated_at"])
  const rows = await store.listFolders(db, memberOf(principal).companyId, viewerOf(principal), filter, page)
  const body = pagedList(call, rows, {
    limit: page.limit,
    placeOf: (folder) => formatTimePlace(folder),
    resource: (folder) => store.folderResource(folder, origin),
  })
  return { status: 200, body }
}

async function create(
  deps: ChangeDeps,
  { principal, origin }: { principal: Principal; origin: string },
  owner: Owner,
  given: { name: string; parent_folder_id?: string | null | undefined },
): Promise<Answer> {
  requireOwner(principal, owner)
  const { companyId } = memberOf(principal)
  const columns: OwnerColumns = { owner_kind: owner.kind, owner_id: owner.id }
  await deps.ids.reserve(1)
  const id = deps.ids.take()
  const { folder } = await changeCompany(deps, companyId, "message_template_changed", async (tx) => {
    await lockCompany(tx, companyId)
    await holdOwner(tx, companyId, owner)
    const parent_id = given.parent_folder_id
      ? await parentFor(tx, principal, given.parent_folder_id, columns, null)
      : null
    await store.insertFolder(tx, companyId, { id, name: given.name, parent_id, ...columns })
    const reference = formatId("rsf", id)
    return { id: reference, folder: await store.getFolder(tx, companyId, null, reference) }
  })
  return { status: 201, body: store.folderResource(folder, origin) }
}

/** The folder that another one may be put into; `movedId` is the one that moves, null when it is new. The company is locked. */
async function parentFor(
  tx: Tx,
  principal: Principal,
  reference: string,
  owner: OwnerColumns,
  movedId: number | null,
): Promise<number> {
  const { companyId } = memberOf(principal)
  const parent = await store.findFolder(tx, companyId, viewerOf(principal), reference)
  const field = "body.parent_folder_id"
  if (parent === null) throw invalid(field, "names no folder")
  if (parent.owner_kind !== owner.owner_kind || parent.owner_id !== owner.owner_id)
    throw invalid(field, "names a folder of another owner")
  const chain = await store.folderChain(tx, companyId, parent.id)
  if (movedId !== null && chain.includes(movedId)) throw invalid(field, "names the folder itself or one inside it")
  const height = movedId === null ? 1 : await store.folderHeight(tx, companyId, movedId)
  if (chain.length + height > folderDepthMax)
    throw invalid(field, `lies too deep: at most ${folderDepthMax} folders may lie in each other`)
  return parent.id
}
