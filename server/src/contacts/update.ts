import type { ContactChange } from "@causeway/contract/endpoints/contacts"
import { setLists } from "../contact-lists/membership.ts"
import { renewConversations } from "../conversations/contact.ts"
import { readCustomFields } from "../custom-fields/values.ts"
import type { Principal } from "../http/callers.ts"
import { notFound } from "../http/errors.ts"
import type { UploadedFile } from "../http/multipart.ts"
import { memberOf, refuseObserver } from "../teammates/roles.ts"
import { ownerOf, viewerOf } from "../teams/owner.ts"
import { avatarIn, noAvatar } from "./avatar.ts"
import { type ChangeDeps, changeContacts } from "./change.ts"
import { findContacts, getContactId, lockContact, saveContact } from "./store.ts"

/** The names of lists in a body, under the newer or the older key; null when it says nothing about them. */
export const namesIn = (body: ContactChange): readonly string[] | null => body.list_names ?? body.group_names ?? null

/** Changes what the body names. Links, list names and custom fields that are given are all there are afterwards (Core API, Contact). */
export async function updateContact(
  deps: ChangeDeps,
  principal: Principal,
  reference: string,
  { body, files }: { body: ContactChange; files: readonly UploadedFile[] },
): Promise<void> {
  refuseObserver(principal)
  const { companyId } = memberOf(principal)
  const viewer = viewerOf(principal)
  const names = namesIn(body)
  await deps.ids.reserve(names?.length ?? 0)
  await changeContacts(deps, companyId, "shared", async (tx) => {
    const id = await getContactId(tx, companyId, viewer, reference)
    await lockContact(tx, companyId, id)
    const [before] = await findContacts(tx, companyId, viewer, [id])
    if (before === undefined) throw notFound("contact", reference)
    const name = body.name === undefined ? before.name : body.name || null
    await saveContact(tx, companyId, id, {
      ...before,
      name,
      is_named: body.name === undefined ? before.is_named : name !== null,
      description: body.description === undefined ? before.description : (body.description ?? ""),
      links: body.links ?? before.links,
      custom_fields:
        body.custom_fields === undefined
          ? before.custom_fields
          : await readCustomFields(tx, companyId, "contact", body.custom_fields),
      ...(avatarIn(files) ?? (body.avatar === null ? noAvatar : null)),
    })
    if (names !== null) await setLists(tx, deps.ids, companyId, { id, owner: ownerOf(before) }, names)
    const conversationIds = name === before.name ? [] : await renewConversations(tx, companyId, [id], id)
    return { answer: undefined, changedId: id, conversationIds }
  })
}
