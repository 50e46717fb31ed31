import type { NewContact } from "@causeway/contract/endpoints/contacts"
import { setLists } from "../contact-lists/membership.ts"
import { readCustomFields } from "../custom-fields/values.ts"
import type { Principal } from "../http/callers.ts"
import type { UploadedFile } from "../http/multipart.ts"
import { memberOf } from "../teammates/roles.ts"
import { type Owner, viewerOf } from "../teams/owner.ts"
import { avatarIn, noAvatar } from "./avatar.ts"
import { type ChangeDeps, changeContacts, requireKeeper } from "./change.ts"
import { giveHandles, readHandles } from "./own-handles.ts"
import { type ContactRow, findContacts, insertContact } from "./store.ts"
import { namesIn } from "./update.ts"

/** A new contact of `owner`. Throws 409 when one of its handles belongs to another, 400 for custom fields that nobody defined. */
export async function createContact(
  deps: ChangeDeps,
  principal: Principal,
  owner: Owner,
  { body, files }: { body: NewContact; files: readonly UploadedFile[] },
): Promise<ContactRow> {
  requireKeeper(principal, owner)
  const { companyId } = memberOf(principal)
  const handles = readHandles(body.handles, "body.handles")
  const names = namesIn(body) ?? []
  await deps.ids.reserve(names.length + 1)
  return changeContacts(deps, companyId, "shared", async (tx) => {
    const id = deps.ids.take()
    const columns = { owner_kind: owner.kind, owner_id: owner.id }
    // The handles first, as inbound messages do it.
    await giveHandles(tx, companyId, { id, ...columns }, handles)
    await insertContact(tx, companyId, id, {
      name: body.name || null,
      is_named: Boolean(body.name),
      description: body.description ?? "",
      links: body.links ?? [],
      custom_fields: await readCustomFields(tx, companyId, "contact", body.custom_fields),
      ...columns,
      ...(avatarIn(files) ?? noAvatar),
    })
    if (names.length > 0) await setLists(tx, deps.ids, companyId, { id, owner }, names)
    const [contact] = await findContacts(tx, companyId, viewerOf(principal), [id])
    return { answer: contact as ContactRow, changedId: id }
  })
}
