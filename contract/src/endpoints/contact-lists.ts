/** Lists of contacts, of a team or of one teammate; `contact_groups` are the same lists under their older name. Source: the vendor's Core API document. */
import Type from "typebox"
import { endpoint } from "../endpoint.ts"
import { idsPerRequestMax, nameCharsMax, referenceCharsMax } from "../limits.ts"
import { Contact, ContactList } from "../resources/contact.ts"
import { listOf, pageQuery } from "../shapes.ts"

const callers = ["token", "session"] as const
const TeamParams = Type.Object({ team_id: Type.String() })
const TeammateParams = Type.Object({ teammate_id: Type.String({ description: "tea_… or alt:email:…" }) })
const NewContactList = Type.Object({ name: Type.String({ minLength: 1, maxLength: nameCharsMax }) })
const contactIds = (maxItems: number) =>
  Type.Object({
    contact_ids: Type.Array(
      Type.String({ maxLength: referenceCharsMax, description: "crd_… or alt:<source>:<handle>" }),
      {
        maxItems,
      },
    ),
  })

/** The operations of one name: "list" or "group". */
function operationsOf<Noun extends "list" | "group">(noun: Noun) {
  const path = `/contact_${noun}s` as const
  const params = Type.Object({ [`contact_${noun}_id`]: Type.String({ description: "grp_…" }) })
  const lists = <P extends string>(at: P, summary: string) => ({
    method: "GET" as const,
    path: at,
    summary,
    callers,
    scope: "contacts:read",
    responses: { 200: listOf(ContactList) },
  })
  const create = <P extends string>(at: P, summary: string) => ({
    method: "POST" as const,
    path: at,
    summary: `${summary} Its address is in Location.`,
    callers,
    scope: "contacts:write",
    body: NewContactList,
    responses: { 204: null },
  })
  return {
    list: endpoint(lists(path, `Every contact ${noun}: the teams' and the teammates'.`)),
    listOfTeam: endpoint({ ...lists(`/teams/:team_id${path}`, `The contact ${noun}s of a team.`), params: TeamParams }),
    listOfTeammate: endpoint({
      ...lists(`/teammates/:teammate_id${path}`, `A teammate's own contact ${noun}s.`),
      params: TeammateParams,
    }),
    create: endpoint(create(path, `Makes a contact ${noun} of the oldest team.`)),
    createOfTeam: endpoint({
      ...create(`/teams/:team_id${path}`, `Makes a contact ${noun} of a team.`),
      params: TeamParams,
    }),
    createOfTeammate: endpoint({
      ...create(
        `/teammates/:teammate_id${path}`,
        `Makes a contact ${noun} of a teammate's own, which nobody else sees.`,
      ),
      params: TeammateParams,
    }),
    remove: endpoint({
      method: "DELETE",
      path: `${path}/:contact_${noun}_id`,
      summary: `Deletes a contact ${noun}; its contacts stay.`,
      callers,
      scope: "contacts:delete",
      params,
      responses: { 204: null },
    }),
    contacts: endpoint({
      method: "GET",
      path: `${path}/:contact_${noun}_id/contacts`,
      summary: `The contacts of a contact ${noun}.`,
      callers,
      scope: "contacts:read",
      params,
      query: Type.Object(pageQuery),
      responses: { 200: listOf(Contact) },
    }),
    addContacts: endpoint({
      method: "POST",
      path: `${path}/:contact_${noun}_id/contacts`,
      summary: `Adds contacts to a contact ${noun}.`,
      callers,
      scope: "contacts:write",
      params,
      body: contactIds(idsPerRequestMax),
      responses: { 204: null },
    }),
    removeContacts: endpoint({
      method: "DELETE",
      path: `${path}/:contact_${noun}_id/contacts`,
      summary: `Takes contacts off a contact ${noun}.`,
      callers,
      scope: "contacts:write",
      params,
      // 50 at once: Core API RemoveContactsFromList.
      body: contactIds(50),
      responses: { 204: null },
    }),
  }
}

/** Both names lead to the same lists; the document speaks of groups as deprecated. */
export const contactLists = operationsOf("list")
export const contactGroups = operationsOf("group")
