import * as endpoints from "@causeway/contract/endpoints/inboxes"
import { formatId } from "@causeway/contract/ids"
import type { Channels } from "../channels/store.ts"
import { channelResource } from "../channels/views.ts"
import { type ChangeDeps, changeCompany } from "../company/changes.ts"
import { conversationList } from "../conversations/list.ts"
import { readCustomFields } from "../custom-fields/values.ts"
import type { Principal } from "../http/callers.ts"
import { invalid } from "../http/errors.ts"
import { wholeList } from "../http/lists.ts"
import { type Call, type Route, route } from "../http/route.ts"
import { memberOf, requireAdmin } from "../teammates/roles.ts"
import { getTeammate, listTeammates, listTeammatesOf, resolveTeammates, teammateResource } from "../teammates/store.ts"
import { type Owner, requireOwner } from "../teams/owner.ts"
import { defaultOwner, getTeam, holdOwner } from "../teams/store.ts"
import * as store from "./store.ts"

interface Deps extends ChangeDeps {
  channels: Channels
}

export const inboxRoutes = (deps: Deps): Route[] => [...listRoutes(deps), ...changeRoutes(deps), ...channelRoutes(deps)]

const listRoutes = ({ db }: Deps): Route[] => [
  route(endpoints.listInboxes, async (call) => {
    const { companyId } = memberOf(call.principal)
    return answerInboxes(call, await store.listInboxes(db, companyId, store.opensFor(call.principal)))
  }),

  route(endpoints.listTeamInboxes, async (call) => {
    const { companyId } = memberOf(call.principal)
    const team = await getTeam(db, companyId, call.params.team_id)
    const inboxes = await store.listInboxesOf(db, companyId, { kind: "team", id: team.id })
    return answerInboxes(call, await keepOpen(db, call.principal, inboxes))
  }),

  route(endpoints.listTeammateInboxes, async (call) => {
    const { companyId } = memberOf(call.principal)
    const teammate = await getTeammate(db, companyId, call.params.teammate_id)
    const inboxes = await store.listInboxes(db, companyId, teammate.role === "admin" ? null : teammate.id)
    return answerInboxes(call, await keepOpen(db, call.principal, inboxes))
  }),

  route(endpoints.listPrivateInboxes, async (call) => {
    const { companyId } = memberOf(call.principal)
    const teammate = await getTeammate(db, companyId, call.params.teammate_id)
    const inboxes = await store.listInboxesOf(db, companyId, { kind: "teammate", id: teammate.id })
    return answerInboxes(call, await keepOpen(db, call.principal, inboxes))
  }),

  route(endpoints.getInbox, async ({ params, principal, origin }) => {
    const inbox = await store.getInboxFor(db, principal, params.inbox_id)
    return { status: 200, body: store.inboxResource(inbox, origin) }
  }),

  route(endpoints.listInboxConversations, async (call) => {
    const { id } = await store.getInboxFor(db, call.principal, call.params.inbox_id)
    return { status: 200, body: await conversationList({ db }, call, { of: "inbox", id }) }
  }),

  route(endpoints.listInboxTeammates, async ({ params, principal, origin, request }) => {
    const { companyId } = memberOf(principal)
    const inbox = await store.getInboxFor(db, principal, params.inbox_id)
    const teammates = inbox.is_public
      ? await listTeammates(db, companyId)
      : await listTeammatesOf(db, companyId, { table: "inbox_teammate", key: "inbox_id" }, inbox.id)
    const results = teammates.map((teammate) => teammateResource(teammate, origin))
    return { status: 200, body: wholeList(request, origin, results) }
  }),
]

const changeRoutes = (deps: Deps): Route[] => [
  route(endpoints.createInbox, async ({ body, principal, origin }) => {
    const owner = await defaultOwner(deps.db, memberOf(principal).companyId)
    return { status: 201, body: store.inboxResource(await create(deps, principal, owner, body), origin) }
  }),

  route(endpoints.createTeamInbox, async ({ params, body, principal, origin }) => {
    const team = await getTeam(deps.db, memberOf(principal).companyId, params.team_id)
    const inbox = await create(deps, principal, { kind: "team", id: team.id }, body)
    return { status: 201, body: store.inboxResource(inbox, origin) }
  }),

  route(endpoints.createPrivateInbox, async ({ params, body, principal, origin }) => {
    const teammate = await getTeammate(deps.db, memberOf(principal).companyId, params.teammate_id)
    const { name, custom_fields } = body
    const inbox = await create(deps, principal, { kind: "teammate", id: teammate.id }, { name, custom_fields })
    return { status: 201, body: store.inboxResource(inbox, origin) }
  }),

  route(endpoints.addInboxTeammates, async ({ params, body, principal }) => {
    requireAdmin(principal)
    const { companyId } = memberOf(principal)
    await changeCompany(deps, companyId, "inbox_changed", async (tx) => {
      const inbox = await store.getInbox(tx, companyId, params.inbox_id)
      const ids = await resolveTeammates(tx, companyId, body.teammate_ids, "body.teammate_ids")
      if (inbox.is_private && ids.some((id) => id !== inbox.teammate_id))
        throw invalid("body.teammate_ids", "names others: a private inbox is one teammate's own")
      await store.openInbox(tx, companyId, inbox.id, ids)
      return { id: formatId("inb", inbox.id) }
    })
    return { status: 204 }
  }),

  route(endpoints.removeInboxTeammates, async ({ params, body, principal }) => {
    requireAdmin(principal)
    const { companyId } = memberOf(principal)
    await changeCompany(deps, companyId, "inbox_changed", async (tx) => {
      const inbox = await store.getInbox(tx, companyId, params.inbox_id)
      const ids = await resolveTeammates(tx, companyId, body.teammate_ids, "body.teammate_ids")
      // Answering "done" would leave the inbox as open to them as before.
      if (inbox.is_public && ids.length > 0)
        throw invalid("body.teammate_ids", "cannot be taken out: the inbox is public, so everybody may open it")
      if (inbox.is_private && ids.some((id) => id === inbox.teammate_id))
        throw invalid("body.teammate_ids", "names the teammate whose own the inbox is")
      await store.closeInbox(tx, companyId, inbox.id, ids)
      return { id: formatId("inb", inbox.id) }
    })
    return { status: 204 }
  }),
]

const channelRoutes = ({ db, channels }: Deps): Route[] => {
  const answer = async (call: Call<unknown>, inboxes: readonly store.Inbox[]) => {
    const { companyId } = memberOf(call.principal)
    const wanted = new Set(inboxes.map(({ id }) => id))
    const all = await channels.list(companyId, inboxes.length === 1 ? inboxes[0]?.id : undefined)
    const results = all
      .filter(({ inboxId }) => wanted.has(inboxId))
      .map((channel) => channelResource(channel, call.origin))
    return { status: 200, body: wholeList(call.request, call.origin, results) }
  }
  return [
    route(endpoints.listInboxChannels, async (call) =>
      answer(call, [await store.getInboxFor(db, call.principal, call.params.inbox_id)]),
    ),
    route(endpoints.listTeamChannels, async (call) => {
      const { companyId } = memberOf(call.principal)
      const { id } = await getTeam(db, companyId, call.params.team_id)
      const inboxes = await store.listInboxesOf(db, companyId, { kind: "team", id })
      return answer(call, await keepOpen(db, call.principal, inboxes))
    }),
    route(endpoints.listTeammateChannels, async (call) => {
      const { companyId } = memberOf(call.principal)
      const { id } = await getTeammate(db, companyId, call.params.teammate_id)
      const inboxes = await store.listInboxesOf(db, companyId, { kind: "teammate", id })
      return answer(call, await keepOpen(db, call.principal, inboxes))
    }),
  ]
}

async function create(deps: Deps, principal: Principal, owner: Owner, body: endpoints.NewInbox): Promise<store.Inbox> {
  requireOwner(principal, owner)
  const { companyId } = memberOf(principal)
  await deps.ids.reserve(2)
  const id = deps.ids.take()
  const { inbox } = await changeCompany(deps, companyId, "inbox_changed", async (tx) => {
    await holdOwner(tx, companyId, owner)
    const teammateIds = await resolveTeammates(tx, companyId, body.teammate_ids ?? [], "body.teammate_ids")
    const customFields = await readCustomFields(tx, companyId, "inbox", body.custom_fields)
    const isPublic = body.is_public ?? true
    const inbox = await store.insertInbox(tx, { companyId, id, name: body.name, isPublic, owner, customFields })
    await store.openInbox(tx, companyId, id, teammateIds)
    return { id: formatId("inb", id), inbox }
  })
  return inbox
}

/** Of `inboxes`, those that the caller may open. */
async function keepOpen(db: Deps["db"], principal: Principal, inboxes: store.Inbox[]): Promise<store.Inbox[]> {
  const viewer = store.opensFor(principal)
  if (viewer === null || inboxes.length === 0) return inboxes
  const open = new Set((await store.listInboxes(db, memberOf(principal).companyId, viewer)).map(({ id }) => id))
  return inboxes.filter(({ id }) => open.has(id))
}

const answerInboxes = (call: Call<unknown>, inboxes: readonly store.Inbox[]) => ({
  status: 200,
  body: wholeList(
    call.request,
    call.origin,
    inboxes.map((inbox) => store.inboxResource(inbox, call.origin)),
  ),
})
