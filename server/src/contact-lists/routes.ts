import { countContactLists, renameContactList } from "@causeway/contract/endpoints/contact-book"
import { contactGroups, contactLists } from "@causeway/contract/endpoints/contact-lists"
import { formatId } from "@causeway/contract/ids"
import { changeCompany } from "../company/changes.ts"
import { requireKeeper } from "../contacts/change.ts"
import { holdContacts } from "../contacts/link.ts"
import { answerContacts } from "../contacts/list.ts"
import { resolveContacts } from "../contacts/store.ts"
import { invalid } from "../http/errors.ts"
import { wholeList } from "../http/lists.ts"
import { type Answer, type Call, type Route, route } from "../http/route.ts"
import type { Services } from "../services.ts"
import { memberOf, refuseObserver } from "../teammates/roles.ts"
import { getTeammate } from "../teammates/store.ts"
import { type Owner, ownerOf, viewerOf } from "../teams/owner.ts"
import { defaultOwner, getTeam, lockCompany } from "../teams/store.ts"
import {
  addToList,
  contactListResource,
  countLists,
  getContactList,
  holdContactList,
  insertContactList,
  listContactLists,
  removeContactList,
  renameList,
  takeOffList,
} from "./store.ts"

/** Lists under both their names: `/contact_lists` and the older `/contact_groups`. */
export const contactListRoutes = (deps: Services): Route[] => [
  ...[contactLists, contactGroups].flatMap((operations) => [
    ...listRoutes(deps, operations),
    ...createRoutes(deps, operations),
    ...memberRoutes(deps, operations),
  ]),
  ...ownRoutes(deps),
]

type Operations = typeof contactLists | typeof contactGroups

const listRoutes = (deps: Services, operations: Operations): Route[] => [
  route(operations.list, (call) => answerLists(deps, call, null)),

  route(operations.listOfTeam, async (call) => {
    const { id } = await getTeam(deps.db, memberOf(call.principal).companyId, call.params.team_id)
    return answerLists(deps, call, { kind: "team", id })
  }),

  route(operations.listOfTeammate, async (call) => {
    const { id } = await getTeammate(deps.db, memberOf(call.principal).companyId, call.params.teammate_id)
    return answerLists(deps, call, { kind: "teammate", id })
  }),

  route(operations.contacts, async (call) => {
    const { principal, params } = call
    const list = await getContactList(deps.db, memberOf(principal).companyId, viewerOf(principal), idIn(params))
    return answerContacts(deps, call, { listId: list.id })
  }),
]

const createRoutes = (deps: Services, operations: Operations): Route[] => [
  route(operations.create, async (call) =>
    create(deps, call, await defaultOwner(deps.db, memberOf(call.principal).companyId)),
  ),

  route(operations.createOfTeam, async (call) => {
    const { id } = await getTeam(deps.db, memberOf(call.principal).companyId, call.params.team_id)
    return create(deps, call, { kind: "team", id })
  }),

  route(operations.createOfTeammate, async (call) => {
    const { id } = await getTeammate(deps.db, memberOf(call.principal).companyId, call.params.teammate_id)
    return create(deps, call, { kind: "teammate", id })
  }),

  route(operations.remove, async ({ params, principal }) => {
    const { companyId } = memberOf(principal)
    await changeCompany(deps, companyId, "contact_list_changed", async (tx) => {
      const list = await getContactList(tx, companyId, viewerOf(principal), idIn(params))
      requireKeeper(principal, ownerOf(list))
      await removeContactList(tx, companyId, list.id)
      return { id: formatId("grp", list.id) }
    })
    return { status: 204 }
  }),
]

const memberRoutes = (deps: Services, operations: Operations): Route[] => [
  route(operations.addContacts, (call) => changeMembers(deps, call, addToList)),
  route(operations.removeContacts, (call) => changeMembers(deps, call, takeOffList)),
]

/** What the vendor's API has not: how many are on each list, and another name. */
const ownRoutes = (deps: Services): Route[] => [
  route(countContactLists, async ({ principal }) => {
    const lists = await countLists(deps.db, memberOf(principal).companyId, viewerOf(principal))
    return { status: 200, body: { lists } }
  }),

  route(renameContactList, async ({ params, body, principal, origin }) => {
    const { companyId } = memberOf(principal)
    const name = nameIn(body)
    const { list } = await changeCompany(deps, companyId, "contact_list_changed", async (tx) => {
      // Of two who take the same name at once the second is told so.
      await lockCompany(tx, companyId)
      const list = await getContactList(tx, companyId, viewerOf(principal), params.contact_list_id)
      requireKeeper(principal, ownerOf(list))
      if (!(await renameList(tx, companyId, { ...list, name }))) throw nameTaken()
      return { id: formatId("grp", list.id), list: { ...list, name } }
    })
    return { status: 200, body: contactListResource(list, origin) }
  }),
]

function nameIn(body: { name: string }): string {
  const name = body.name.trim()
  if (name === "") throw invalid("body.name", "must not be empty")
  return name
}

const nameTaken = (): Error => invalid("body.name", "is the name of another contact list of the same owner")

/** The one parameter of a list's path, whichever name it goes by. */
const idIn = (params: Record<string, string>): string => Object.values(params)[0] as string

async function answerLists(
  { db }: Services,
  { principal, origin, request }: Pick<Call<unknown>, "principal" | "origin" | "request">,
  owner: Owner | null,
): Promise<Answer> {
  const lists = await listContactLists(db, memberOf(principal).companyId, viewerOf(principal), owner)
  const results = lists.map((list) => contactListResource(list, origin))
  return { status: 200, body: wholeList(request, origin, results) }
}

async function create(
  deps: Services,
  { body, principal, origin }: Call<typeof contactLists.create>,
  owner: Owner,
): Promise<Answer> {
  requireKeeper(principal, owner)
  const name = nameIn(body)
  const { companyId } = memberOf(principal)
  await deps.ids.reserve(1)
  const { id } = await changeCompany(deps, companyId, "contact_list_changed", async (tx) => {
    const id = deps.ids.take()
    if (!(await insertContactList(tx, companyId, { id, name, owner }))) throw nameTaken()
    return { id: formatId("grp", id) }
  })
  return { status: 204, headers: { location: `${origin}/contact_lists/${id}` } }
}

/** Whoever is named and not on the list, or on it already, is no reason to refuse: the list is afterwards as it was asked for. */
async function changeMembers(
  deps: Services,
  { params, body, principal }: Call<typeof contactLists.addContacts>,
  change: typeof addToList,
): Promise<Answer> {
  refuseObserver(principal)
  const { companyId } = memberOf(principal)
  const viewer = viewerOf(principal)
  await changeCompany(deps, companyId, "contact_list_changed", async (tx) => {
    await holdContacts(tx, [companyId])
    const list = await holdContactList(tx, companyId, viewer, idIn(params))
    const contactIds = await resolveContacts(tx, companyId, viewer, body.contact_ids, "body.contact_ids")
    await change(tx, companyId, list.id, contactIds)
    return { id: formatId("grp", list.id) }
  })
  return { status: 204 }
}
