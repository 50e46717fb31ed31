import { getContactContext } from "@causeway/contract/endpoints/contact-context"
import * as endpoints from "@causeway/contract/endpoints/contacts"
import { conversationList } from "../conversations/list.ts"
import { wholeList } from "../http/lists.ts"
import { type Answer, type Call, type Route, route } from "../http/route.ts"
import { opensFor } from "../inboxes/store.ts"
import type { Services } from "../services.ts"
import { memberOf, sessionOf } from "../teammates/roles.ts"
import { getTeammate } from "../teammates/store.ts"
import { type Owner, viewerOf, wholeCompany } from "../teams/owner.ts"
import { getTeam } from "../teams/store.ts"
import { answerAvatar } from "./avatar.ts"
import { contactContext } from "./context.ts"
import { createContact } from "./create.ts"
import { answerContacts } from "./list.ts"
import { mergeContacts } from "./merge.ts"
import { addNote, listNotes, noteResource } from "./notes.ts"
import { addHandle, deleteContact, removeHandle } from "./remove.ts"
import { contactResource, getContact, getContactId } from "./store.ts"
import { updateContact } from "./update.ts"

export const contactRoutes = (deps: Services): Route[] => [
  ...listRoutes(deps),
  ...createRoutes(deps),
  ...oneRoutes(deps),
  ...handleRoutes(deps),
  ...noteRoutes(deps),
]

const listRoutes = (deps: Services): Route[] => [
  route(endpoints.listContacts, (call) => answerContacts(deps, call, null)),

  route(endpoints.listTeamContacts, async (call) => {
    const { id } = await getTeam(deps.db, memberOf(call.principal).companyId, call.params.team_id)
    return answerContacts(deps, call, { owner: { kind: "team", id } })
  }),

  route(endpoints.listTeammateContacts, async (call) => {
    const { id } = await getTeammate(deps.db, memberOf(call.principal).companyId, call.params.teammate_id)
    return answerContacts(deps, call, { owner: { kind: "teammate", id } })
  }),
]

const createRoutes = (deps: Services): Route[] => [
  route(endpoints.createContact, (call) => create(deps, call, wholeCompany)),

  route(endpoints.createTeamContact, async (call) => {
    const { id } = await getTeam(deps.db, memberOf(call.principal).companyId, call.params.team_id)
    return create(deps, call, { kind: "team", id })
  }),

  route(endpoints.createTeammateContact, async (call) => {
    const { id } = await getTeammate(deps.db, memberOf(call.principal).companyId, call.params.teammate_id)
    return create(deps, call, { kind: "teammate", id })
  }),
]

async function create(deps: Services, call: Call<typeof endpoints.createContact>, owner: Owner): Promise<Answer> {
  const contact = await createContact(deps, call.principal, owner, call)
  return { status: 201, body: contactResource(contact, call.origin) }
}

const oneRoutes = (deps: Services): Route[] => [
  route(endpoints.mergeContacts, async ({ body, principal, origin }) => {
    const contact = await mergeContacts(deps, principal, body)
    return { status: 200, body: contactResource(contact, origin) }
  }),

  route(endpoints.getContact, async ({ params, principal, origin }) => {
    const contact = await getContact(deps.db, memberOf(principal).companyId, viewerOf(principal), params.contact_id)
    return { status: 200, body: contactResource(contact, origin) }
  }),

  route(getContactContext, async ({ params, principal }) => {
    const member = sessionOf(principal)
    const contact = await getContact(deps.db, member.companyId, viewerOf(principal), params.contact_id)
    return {
      status: 200,
      body: await contactContext(deps.db, member.companyId, contact, member.teammateId, opensFor(member)),
    }
  }),

  route(endpoints.listContactConversations, async (call) => {
    const { principal, params } = call
    const id = await getContactId(deps.db, memberOf(principal).companyId, viewerOf(principal), params.contact_id)
    return { status: 200, body: await conversationList(deps, call, { of: "contact", id }) }
  }),

  route(endpoints.updateContact, async (call) => {
    await updateContact(deps, call.principal, call.params.contact_id, call)
    return { status: 204 }
  }),

  route(endpoints.deleteContact, async ({ params, principal }) => {
    await deleteContact(deps, principal, params.contact_id)
    return { status: 204 }
  }),

  route(endpoints.getAvatar, ({ params, principal }) => answerAvatar(deps, principal, params.contact_id)),
]

const handleRoutes = (deps: Services): Route[] => [
  route(endpoints.addContactHandle, async ({ params, body, principal }) => {
    await addHandle(deps, principal, params.contact_id, body)
    return { status: 204 }
  }),

  route(endpoints.deleteContactHandle, async ({ params, body, principal }) => {
    await removeHandle(deps, principal, params.contact_id, body)
    return { status: 204 }
  }),
]

const noteRoutes = (deps: Services): Route[] => [
  route(endpoints.listContactNotes, async ({ params, principal, origin, request }) => {
    const { companyId } = memberOf(principal)
    const contact = await getContact(deps.db, companyId, viewerOf(principal), params.contact_id)
    const notes = await listNotes(deps.db, companyId, contact.id)
    const results = notes.map((note) => noteResource(contact, note, origin))
    return { status: 202, body: wholeList(request, origin, results) }
  }),

  route(endpoints.createContactNote, async ({ params, body, principal, origin }) => {
    const { contact, note } = await addNote(deps, principal, params.contact_id, body)
    return { status: 201, body: noteResource(contact, note, origin) }
  }),
]
