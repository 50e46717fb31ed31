import type { ContactHandle } from "@causeway/contract/resources/contact"
import { renewConversations } from "../conversations/contact.ts"
import type { Tx } from "../database/database.ts"
import type { Principal } from "../http/callers.ts"
import { invalid, notFound } from "../http/errors.ts"
import { memberOf, refuseObserver } from "../teammates/roles.ts"
import { viewerOf } from "../teams/owner.ts"
import { type ChangeDeps, changeContacts } from "./change.ts"
import { forgetDifferent } from "./different.ts"
import { giveHandles, readHandles, takeAllHandles, takeHandle } from "./own-handles.ts"
import { findContacts, getContact, getContactId, lockContact, touchContact } from "./store.ts"

/** Deletes a contact. Its conversations stay without one: whoever writes from its handles afterwards is a new contact. */
export async function deleteContact(deps: ChangeDeps, principal: Principal, reference: string): Promise<void> {
  refuseObserver(principal)
  const { companyId } = memberOf(principal)
  await changeContacts(deps, companyId, "alone", async (tx) => {
    const id = await getContactId(tx, companyId, viewerOf(principal), reference)
    return { answer: undefined, deletedIds: [id], conversationIds: await forget(tx, companyId, id) }
  })
}

/** The contact and what is only about it. Returns the conversations to announce. The caller holds the contacts alone. */
async function forget(tx: Tx, companyId: number, id: number): Promise<number[]> {
  await takeAllHandles(tx, companyId, [id])
  await dropContacts(tx, companyId, [id])
  return renewConversations(tx, companyId, [id], null)
}

/** Rows of contacts whose handles and conversations are elsewhere already, with what is left of their notes and lists. */
export async function dropContacts(tx: Tx, companyId: number, ids: readonly number[]): Promise<void> {
  const values = [companyId, ids]
  await tx.query({ text: "delete from contact_note where company_id = $1 and contact_id = any($2::bigint[])", values })
  await tx.query({
    text: "delete from contact_list_member where company_id = $1 and contact_id = any($2::bigint[])",
    values,
  })
  await forgetDifferent(tx, companyId, ids)
  await tx.query({ text: "delete from contact where company_id = $1 and id = any($2::bigint[])", values })
}

/** Adds a handle; one that the contact has already changes nothing. Throws 409 when it belongs to another. */
export async function addHandle(
  deps: ChangeDeps,
  principal: Principal,
  reference: string,
  given: ContactHandle,
): Promise<void> {
  refuseObserver(principal)
  const { companyId } = memberOf(principal)
  const handles = readHandles([given], "body.handle")
  await changeContacts(deps, companyId, "shared", async (tx) => {
    const contact = await getContact(tx, companyId, viewerOf(principal), reference)
    await giveHandles(tx, companyId, contact, handles)
    await touchContact(tx, companyId, contact.id)
    return { answer: undefined, changedId: contact.id }
  })
}

/** Takes a handle away. The last one goes only with `force`, and the contact goes with it (Core API, DeleteContactHandle). */
export async function removeHandle(
  deps: ChangeDeps,
  principal: Principal,
  reference: string,
  { force = false, ...given }: ContactHandle & { force?: boolean },
): Promise<void> {
  refuseObserver(principal)
  const { companyId } = memberOf(principal)
  const viewer = viewerOf(principal)
  const [handle] = readHandles([given], "body.handle") as [ContactHandle]
  await changeContacts(deps, companyId, force ? "alone" : "shared", async (tx) => {
    const id = await getContactId(tx, companyId, viewer, reference)
    // Two who take away the last two handles come one after the other.
    await lockContact(tx, companyId, id)
    const [contact] = await findContacts(tx, companyId, viewer, [id])
    if (contact === undefined) throw notFound("contact", reference)
    if (!(await takeHandle(tx, companyId, contact, handle))) throw notFound("handle", `${given.source}:${given.handle}`)
    if (contact.handles.length > 1) {
      await touchContact(tx, companyId, id)
      return { answer: undefined, changedId: id }
    }
    if (!force)
      throw invalid("body.force", "must be true: this is the last handle of the contact, which is deleted with it")
    return { answer: undefined, deletedIds: [id], conversationIds: await forget(tx, companyId, id) }
  })
}
