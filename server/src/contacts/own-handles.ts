import { formatId } from "@causeway/contract/ids"
import type { ContactHandle } from "@causeway/contract/resources/contact"
import type { Tx } from "../database/database.ts"
import { HttpError, invalid } from "../http/errors.ts"
import type { OwnerColumns } from "../teams/owner.ts"
import { normaliseHandle } from "./handles.ts"
import { handleKey } from "./link.ts"

/** Handles as they are kept, each once, in the order they were given. Throws 400 for one that is nothing but space. */
export function readHandles(given: readonly ContactHandle[], field: string): ContactHandle[] {
  const handles = given.map(({ source, handle }, place) => {
    const normal = normaliseHandle(source, handle)
    if (normal.trim() === "") throw invalid(given.length === 1 ? field : `${field}[${place}]`, "must not be empty")
    return { source, handle: normal }
  })
  return [...new Map(handles.map((handle) => [handleKey(0, handle.source, handle.handle), handle])).values()]
}

/** Where the handles of a contact are: a teammate's own are apart, because whoever writes over a channel is a contact that everybody sees. */
interface Place {
  table: "contact_handle" | "private_handle"
  teammateId: number | null
}

const handlePlace = ({ owner_kind, owner_id }: OwnerColumns): Place =>
  owner_kind === "teammate"
    ? { table: "private_handle", teammateId: owner_id }
    : { table: "contact_handle", teammateId: null }

/**
 * Gives handles to a contact, after those it has. Those it has already stay; 409 when one belongs to somebody else. Of two who bring the same new
 * handle at once the second waits for the first. Source: "Each pair handle/source is unique" (the vendor's reference of contacts).
 */
export async function giveHandles(
  tx: Tx,
  companyId: number,
  contact: { id: number } & OwnerColumns,
  handles: readonly ContactHandle[],
): Promise<void> {
  const { table, teammateId } = handlePlace(contact)
  // One microsecond apart, so that they are told in the order given; written in the order of their keys.
  const rows = handles
    .map((handle, place) => ({ ...handle, place, key: handleKey(companyId, handle.source, handle.handle) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
  const isPrivate = table === "private_handle"
  await tx.query({
    name: `contacts.give_${table}`,
    text: `insert into ${table} (company_id, source, handle, contact_id, created_at${isPrivate ? ", teammate_id" : ""})
           select $1, source, handle, $2, now() + place * interval '1 microsecond'${isPrivate ? ", $4" : ""}
           from json_to_recordset($3::json) as new(source text, handle text, place int) on conflict do nothing`,
    values: [companyId, contact.id, JSON.stringify(rows), ...(isPrivate ? [teammateId] : [])],
  })
  const taken = await tx.query<ContactHandle & { contact_id: number }>({
    name: `contacts.taken_${table}`, // the primary key
    text: `select source, handle, contact_id from ${table} where company_id = $1 ${isPrivate ? "and teammate_id = $4" : ""} and contact_id <> $2
             and (source, handle) in (select source, handle collate "C" from json_to_recordset($3::json) as new(source text, handle text)) limit 1`,
    values: [companyId, contact.id, JSON.stringify(rows), ...(isPrivate ? [teammateId] : [])],
  })
  const other = taken[0]
  if (other !== undefined)
    throw new HttpError(
      409,
      `The handle ${other.handle} (${other.source}) belongs to contact ${formatId("crd", other.contact_id)}: take it away there, or merge the two`,
    )
}

/** False when the contact has no such handle. */
export async function takeHandle(
  tx: Tx,
  companyId: number,
  contact: { id: number } & OwnerColumns,
  handle: ContactHandle,
): Promise<boolean> {
  const { table } = handlePlace(contact)
  const rows = await tx.query({
    name: `contacts.take_${table}`, // the primary key
    text: `delete from ${table} where company_id = $1 and source = $2 and handle = $3 and contact_id = $4 returning source`,
    values: [companyId, handle.source, handle.handle, contact.id],
  })
  return rows.length > 0
}

/** All handles of contacts, taken from them; oldest first, each once. By contact_handle_contact and private_handle_contact. */
export async function takeAllHandles(tx: Tx, companyId: number, ids: readonly number[]): Promise<ContactHandle[]> {
  const rows = await tx.query<ContactHandle>({
    name: "contacts.take_all",
    text: `with shared as (delete from contact_handle where company_id = $1 and contact_id = any($2::bigint[]) returning source, handle, created_at),
             own as (delete from private_handle where company_id = $1 and contact_id = any($2::bigint[]) returning source, handle, created_at)
           select source, handle from (select * from shared union all select * from own) taken group by source, handle order by min(created_at), source, handle`,
    values: [companyId, ids],
  })
  return rows
}
