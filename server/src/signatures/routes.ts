import * as endpoints from "@causeway/contract/endpoints/signatures"
import { formatId } from "@causeway/contract/ids"
import { resolveChannel } from "../channels/store.ts"
import { type ChangeDeps, changeCompany } from "../company/changes.ts"
import type { Principal } from "../http/callers.ts"
import { invalid } from "../http/errors.ts"
import { wholeList } from "../http/lists.ts"
import { type Answer, type Call, type Route, route } from "../http/route.ts"
import { readBody } from "../messages/html.ts"
import { memberOf } from "../teammates/roles.ts"
import { getTeammate } from "../teammates/store.ts"
import { ownerOf, requireOwner, viewerOf } from "../teams/owner.ts"
import { getTeam, lockCompany } from "../teams/store.ts"
import * as store from "./store.ts"

type Owner = Pick<store.SignatureRow, "owner_kind" | "owner_id">

export const signatureRoutes = (deps: ChangeDeps): Route[] => [...ownersRoutes(deps), ...oneRoutes(deps)]

const ownersRoutes = (deps: ChangeDeps): Route[] => {
  const team = async (principal: Principal, reference: string): Promise<Owner> => ({
    owner_kind: "team",
    owner_id: (await getTeam(deps.db, memberOf(principal).companyId, reference)).id,
  })
  const teammate = async (principal: Principal, reference: string): Promise<Owner> => ({
    owner_kind: "teammate",
    owner_id: (await getTeammate(deps.db, memberOf(principal).companyId, reference)).id,
  })
  const list = async ({ principal, request, origin }: Call<unknown>, owner: Owner): Promise<Answer> => {
    const rows = await store.listSignatures(deps.db, memberOf(principal).companyId, viewerOf(principal), owner)
    const results = rows.map((row) => store.signatureResource(row, origin))
    return { status: 200, body: wholeList(request, origin, results) }
  }
  return [
    route(endpoints.listTeamSignatures, async (call) => list(call, await team(call.principal, call.params.team_id))),
    route(endpoints.listTeammateSignatures, async (call) =>
      list(call, await teammate(call.principal, call.params.teammate_id)),
    ),
    route(endpoints.createTeamSignature, async (call) =>
      create(deps, call, await team(call.principal, call.params.team_id)),
    ),
    route(endpoints.createTeammateSignature, async (call) =>
      create(deps, call, await teammate(call.principal, call.params.teammate_id)),
    ),
  ]
}

const oneRoutes = (deps: ChangeDeps): Route[] => [
  route(endpoints.getSignature, async ({ params, principal, origin }) => {
    const { companyId } = memberOf(principal)
    const row = await store.getSignature(deps.db, companyId, viewerOf(principal), params.signature_id)
    return { status: 200, body: store.signatureResource(row, origin) }
  }),

  route(endpoints.updateSignature, async ({ params, body, principal, origin }) => {
    const { companyId } = memberOf(principal)
    const channelIds = await channelsOf(deps, companyId, body.channel_ids)
    const { row } = await changeCompany(deps, companyId, "signature_changed", async (tx) => {
      await lockCompany(tx, companyId)
      const before = await store.getSignature(tx, companyId, viewerOf(principal), params.signature_id)
      requireOwner(principal, ownerOf(before))
      if (body.is_visible_for_all_teammate_channels !== undefined && before.owner_kind === "teammate")
        throw invalid("body.is_visible_for_all_teammate_channels", "is for the signatures of a team")
      const row = { ...before, ...change(body, channelIds) }
      await store.saveSignature(tx, companyId, row)
      return { id: formatId("sig", row.id), row }
    })
    return { status: 200, body: store.signatureResource(row, origin) }
  }),

  route(endpoints.deleteSignature, async ({ params, principal }) => {
    const { companyId } = memberOf(principal)
    await changeCompany(deps, companyId, "signature_changed", async (tx) => {
      await lockCompany(tx, companyId)
      const row = await store.getSignature(tx, companyId, viewerOf(principal), params.signature_id)
      requireOwner(principal, ownerOf(row))
      await store.deleteSignature(tx, companyId, row.id)
      return { id: formatId("sig", row.id) }
    })
    return { status: 204 }
  }),
]

/** The company is locked, so that two new defaults of one owner come one after the other. */
async function create(
  deps: ChangeDeps,
  { principal, body, origin }: Pick<Call<typeof endpoints.createTeamSignature>, "principal" | "body" | "origin">,
  owner: Owner,
): Promise<Answer> {
  requireOwner(principal, ownerOf(owner))
  const { companyId } = memberOf(principal)
  const channelIds = await channelsOf(deps, companyId, body.channel_ids)
  await deps.ids.reserve(1)
  const row: store.SignatureRow = {
    id: deps.ids.take(),
    ...owner,
    name: body.name,
    body: "",
    sender_info: null,
    is_default: false,
    is_visible_for_all_teammate_channels: false,
    channel_ids: null,
    ...change(body, channelIds),
  }
  if (owner.owner_kind === "teammate") row.is_visible_for_all_teammate_channels = false
  await changeCompany(deps, companyId, "signature_changed", async (tx) => {
    await lockCompany(tx, companyId)
    await store.insertSignature(tx, companyId, row)
    return { id: formatId("sig", row.id) }
  })
  return { status: 201, body: store.signatureResource(row, origin) }
}

/** The columns that a request names; the rest stays. */
function change(body: endpoints.SignatureChange, channelIds: number[] | null | undefined): Partial<store.SignatureRow> {
  return {
    ...(body.name !== undefined && { name: body.name }),
    ...(body.body !== undefined && { body: readBody(body.body, { format: "html" }).body }),
    ...(body.sender_info !== undefined && { sender_info: body.sender_info }),
    ...(body.is_default !== undefined && { is_default: body.is_default }),
    ...(body.is_visible_for_all_teammate_channels !== undefined && {
      is_visible_for_all_teammate_channels: body.is_visible_for_all_teammate_channels,
    }),
    ...(channelIds !== undefined && { channel_ids: channelIds }),
  }
}

/** Undefined: the request does not say; null: every channel. */
async function channelsOf(
  { db }: ChangeDeps,
  companyId: number,
  references: readonly string[] | null | undefined,
): Promise<number[] | null | undefined> {
  if (!references) return references
  const channels = await Promise.all(references.map((reference) => resolveChannel(db, companyId, reference)))
  const missing = channels.indexOf(null)
  if (missing !== -1) throw invalid(`body.channel_ids[${missing}]`, "names no channel")
  return [...new Set(channels.map((channel) => channel?.id as number))]
}
