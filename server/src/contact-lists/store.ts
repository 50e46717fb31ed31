import { type CountedList, countedMax } from "@causeway/contract/endpoints/contact-book"
import { formatId, parseId } from "@causeway/contract/ids"
import type { ContactList } from "@causeway/contract/resources/contact"
import type { Tx } from "../database/database.ts"
import { notFound } from "../http/errors.ts"
import { type Owner, type OwnerColumns, ownerLink, visibleTo } from "../teams/owner.ts"

export interface ListRow extends OwnerColumns {
  id: number
  name: string
}

const columns = "id, name, owner_kind, owner_id"

/** By `grp_…`; 404 when the company has none, or it is another teammate's own. `viewer`: see `viewerOf`. */
export async function getContactList(
  tx: Tx,
  companyId: number,
  viewer: number | null,
  reference: string,
): Promise<ListRow> {
  const id = parseId("grp", reference)
  const rows =
    id === null
      ? []
      : await tx.query<ListRow>({
          name: "contact_lists.find",
          text: `select ${columns} from contact_list where company_id = $1 and id = $2 and ${visibleTo("$3")}`,
          values: [companyId, id, viewer],
        })
  if (rows[0] === undefined) throw notFound("contact list", reference)
  return rows[0]
}

/** The same, and it stays until the transaction ends. */
export async function holdContactList(
  tx: Tx,
  companyId: number,
  viewer: number | null,
  reference: string,
): Promise<ListRow> {
  const list = await getContactList(tx, companyId, viewer, reference)
  const rows = await tx.query({
    name: "contact_lists.hold",
    text: "select from contact_list where company_id = $1 and id = $2 for key share",
    values: [companyId, list.id],
  })
  if (rows.length === 0) throw notFound("contact list", reference)
  return list
}

/** Oldest first: every list, or one owner's. By the primary key, or contact_list_name. */
export const listContactLists = (
  tx: Tx,
  companyId: number,
  viewer: number | null,
  owner: Owner | null,
): Promise<ListRow[]> =>
  tx.query<ListRow>({
    name: owner === null ? "contact_lists.list" : "contact_lists.list_owner",
    text: `select ${columns} from contact_list where company_id = $1 and ${visibleTo("$2")}
             ${owner === null ? "" : "and owner_kind = $3 and owner_id is not distinct from $4::bigint"} order by id`,
    values: owner === null ? [companyId, viewer] : [companyId, viewer, owner.kind, owner.id],
  })

/** False when the owner has a list of this name already. */
export async function insertContactList(
  tx: Tx,
  companyId: number,
  list: { id: number; name: string; owner: Owner },
): Promise<boolean> {
  const rows = await tx.query({
    name: "contact_lists.insert",
    text: `insert into contact_list (company_id, id, name, owner_kind, owner_id) values ($1, $2, $3, $4, $5)
           on conflict (company_id, owner_kind, owner_id, name) do nothing returning id`,
    values: [companyId, list.id, list.name, list.owner.kind, list.owner.id],
  })
  return rows.length > 0
}

/** By name, with how many contacts are on each. Walks contact_list, and contact_list_member's primary key. */
export async function countLists(tx: Tx, companyId: number, viewer: number | null): Promise<CountedList[]> {
  const rows = await tx.query<ListRow & { contact_count: number }>({
    name: "contact_lists.count",
    text: `select ${columns}, (select count(*)::int from (select from contact_list_member member
               where member.company_id = $1 and member.list_id = contact_list.id limit ${countedMax}) counted) as contact_count
           from contact_list where company_id = $1 and ${visibleTo("$2")} order by lower(name), id`,
    values: [companyId, viewer],
  })
  return rows.map(({ id, name, owner_kind, contact_count }) => ({
    id: formatId("grp", id),
    name,
    is_private: owner_kind === "teammate",
    contact_count,
  }))
}

/** False when another list of the same owner has the name. By contact_list_name; the caller holds the company. */
export async function renameList(tx: Tx, companyId: number, list: ListRow): Promise<boolean> {
  const taken = await tx.query({
    name: "contact_lists.named",
    text: `select from contact_list where company_id = $1 and owner_kind = $3 and owner_id is not distinct from $4::bigint and name = $5 and id <> $2`,
    values: [companyId, list.id, list.owner_kind, list.owner_id, list.name],
  })
  if (taken.length > 0) return false
  await tx.query({
    text: "update contact_list set name = $3 where company_id = $1 and id = $2",
    values: [companyId, list.id, list.name],
  })
  return true
}

/** Its contacts stay. */
export async function removeContactList(tx: Tx, companyId: number, id: number): Promise<void> {
  const values = [companyId, id]
  await tx.query({ text: "delete from contact_list where company_id = $1 and id = $2", values })
  await tx.query({ text: "delete from contact_list_member where company_id = $1 and list_id = $2", values })
}

/** Those who are on it already stay. The caller holds the list and the contacts. */
export async function addToList(
  tx: Tx,
  companyId: number,
  listId: number,
  contactIds: readonly number[],
): Promise<void> {
  await tx.query({
    name: "contact_lists.add",
    text: `insert into contact_list_member (company_id, list_id, contact_id)
           select $1, $2, id from unnest($3::bigint[]) id order by id on conflict do nothing`,
    values: [companyId, listId, contactIds],
  })
}

export async function takeOffList(
  tx: Tx,
  companyId: number,
  listId: number,
  contactIds: readonly number[],
): Promise<void> {
  await tx.query({
    name: "contact_lists.take",
    text: "delete from contact_list_member where company_id = $1 and list_id = $2 and contact_id = any($3::bigint[])",
    values: [companyId, listId, contactIds],
  })
}

/** The vendor's ContactList. */
export function contactListResource(list: ListRow, origin: string): ContactList {
  const id = formatId("grp", list.id)
  const self = `${origin}/contact_lists/${id}`
  return {
    _links: { self, related: { contacts: `${self}/contacts`, owner: ownerLink(list, origin) } },
    id,
    name: list.name,
    is_private: list.owner_kind === "teammate",
  }
}
