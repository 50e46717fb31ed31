import type { Tx } from "../database/database.ts"
import { invalid } from "../http/errors.ts"
import type { Ids } from "../ids.ts"
import type { Owner } from "../teams/owner.ts"
import { defaultOwner } from "../teams/store.ts"
import { insertContactList, type ListRow } from "./store.ts"

/**
 * Puts a contact on the lists of these names and on no others of their kind: a shared contact on shared lists, a teammate's own on their own lists.
 * A name that no list has makes one: of the contact's team, of the oldest team, or of the teammate (Core API, Contact.list_names). `ids` were
 * reserved, one a name. The caller holds the contacts.
 */
export async function setLists(
  tx: Tx,
  ids: Ids,
  companyId: number,
  contact: { id: number; owner: Owner },
  names: readonly string[],
): Promise<void> {
  const wanted = [...new Set(names.map((name) => name.trim()))].toSorted()
  if (wanted.includes("")) throw invalid("body.list_names", "has a name that is nothing but space")
  const known = await findByName(tx, companyId, contact.owner, wanted)
  const missing = wanted.filter((name) => !known.has(name))
  if (missing.length > 0) {
    const owner = contact.owner.kind === "company" ? await defaultOwner(tx, companyId) : contact.owner
    for (const name of missing) await insertContactList(tx, companyId, { id: ids.take(), name, owner })
    // Somebody else may have made one of them a moment before.
    for (const [name, id] of await findByName(tx, companyId, contact.owner, missing)) known.set(name, id)
  }
  await replace(tx, companyId, contact, [...known.values()])
}

/** Lists that a contact of `owner` is put on by name; of several, its owner's before others', the older first. Walks the primary key: lists are few. */
async function findByName(
  tx: Tx,
  companyId: number,
  owner: Owner,
  names: readonly string[],
): Promise<Map<string, number>> {
  const isPrivate = owner.kind === "teammate"
  const rows = await tx.query<ListRow>({
    name: `contact_lists.named_${isPrivate ? "own" : "shared"}`,
    text: `select id, name from contact_list where company_id = $1 and name = any($2::text[])
             and ${isPrivate ? "owner_kind = $3 and owner_id = $4" : "owner_kind <> 'teammate'"}
           order by (owner_kind = $3 and owner_id is not distinct from $4::bigint), id desc for key share`,
    values: [companyId, names, owner.kind, owner.id],
  })
  // Of several, the last row stands.
  return new Map(rows.map((row) => [row.name, row.id]))
}

async function replace(
  tx: Tx,
  companyId: number,
  contact: { id: number; owner: Owner },
  listIds: readonly number[],
): Promise<void> {
  const isPrivate = contact.owner.kind === "teammate"
  await tx.query({
    name: `contact_lists.leave_${isPrivate ? "own" : "shared"}`,
    text: `delete from contact_list_member member using contact_list list
           where member.company_id = $1 and member.contact_id = $2 and list.company_id = $1 and list.id = member.list_id
             and member.list_id <> all($3::bigint[]) and ${isPrivate ? "list.owner_kind = 'teammate' and list.owner_id = $4" : "list.owner_kind <> 'teammate' and $4::bigint is null"}`,
    values: [companyId, contact.id, listIds, isPrivate ? contact.owner.id : null],
  })
  await tx.query({
    name: "contact_lists.enter",
    text: `insert into contact_list_member (company_id, list_id, contact_id)
           select $1, list_id, $2 from unnest($3::bigint[]) list_id order by list_id on conflict do nothing`,
    values: [companyId, contact.id, listIds],
  })
}
