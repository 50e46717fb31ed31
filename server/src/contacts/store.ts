import { formatId, parseId } from "@causeway/contract/ids"
import {
  type Contact,
  type ContactHandle,
  type HandleSource,
  handleSources,
} from "@causeway/contract/resources/contact"
import { contactListResource, type ListRow } from "../contact-lists/store.ts"
import type { Tx } from "../database/database.ts"
import { invalid, notFound } from "../http/errors.ts"
import { seconds } from "../messages/resource.ts"
import { type OwnerColumns, ownerLink, visibleTo } from "../teams/owner.ts"
import { normaliseHandle } from "./handles.ts"

export interface ContactRow extends OwnerColumns {
  id: number
  name: string | null
  is_named: boolean
  description: string
  links: string[]
  custom_fields: Record<string, unknown>
  avatar_sha256: Buffer | null
  avatar_content_type: string | null
  avatar_at: Date | null
  created_at: Date
  updated_at: Date
  /** Oldest first. */
  handles: ContactHandle[]
  /** Those that the viewer sees. */
  lists: ListRow[]
}

/** `$2` is the viewer (see `viewerOf`). Walks contact_handle_contact, private_handle_contact and contact_list_member_contact. */
export const contactColumns = `id, name, is_named, description, links, custom_fields, owner_kind, owner_id, avatar_sha256, avatar_content_type, avatar_at,
  created_at, updated_at,
  (select coalesce(json_agg(json_build_object('source', source, 'handle', handle) order by known.created_at, source, handle), '[]') from (
     select source, handle, shared.created_at from contact_handle shared where shared.company_id = contact.company_id and shared.contact_id = contact.id
     union all
     select source, handle, own.created_at from private_handle own where own.company_id = contact.company_id and own.contact_id = contact.id
   ) known) as handles,
  (select coalesce(json_agg(json_build_object('id', list.id, 'name', list.name, 'owner_kind', list.owner_kind, 'owner_id', list.owner_id) order by list.id), '[]')
   from contact_list_member member join contact_list list on list.company_id = member.company_id and list.id = member.list_id
   where member.company_id = contact.company_id and member.contact_id = contact.id
     and (list.owner_kind <> 'teammate' or $2::bigint is null or list.owner_id = $2)) as lists`

/** What `crd_…` or `alt:<source>:<handle>` says; null when it is neither. */
type Reference = { id: number } | { source: HandleSource; handle: string }

function readReference(text: string): Reference | null {
  const alias = /^alt:([a-z_]+):(.+)$/s.exec(text)
  if (alias === null) {
    const id = parseId("crd", text)
    return id === null ? null : { id }
  }
  const source = handleSources.find((known) => known === alias[1])
  return source === undefined ? null : { source, handle: normaliseHandle(source, alias[2] as string) }
}

/**
 * The ids that references lead to, in their order; null where one leads to nobody whom the viewer sees. A handle of a shared contact goes before the
 * same handle of a teammate's own. By the primary keys of contact, contact_handle and private_handle.
 */
async function resolve(
  tx: Tx,
  companyId: number,
  viewer: number | null,
  references: readonly string[],
): Promise<(number | null)[]> {
  const wanted = references.map((text, place) => ({ place, ...readReference(text) }))
  const rows = await tx.query<{ place: number; id: number }>({
    name: "contacts.resolve",
    text: `select wanted.place, found.id from json_to_recordset($3::json) as wanted(place int, id bigint, source text, handle text)
           cross join lateral (
             select wanted.id as contact_id, 1 as rank where wanted.id is not null
             union all
             select contact_id, 2 from contact_handle where company_id = $1 and source = wanted.source and handle = wanted.handle collate "C"
             union all
             select contact_id, 3 from private_handle where company_id = $1 and source = wanted.source and handle = wanted.handle collate "C"
           ) candidate
           join contact found on found.company_id = $1 and found.id = candidate.contact_id and ${visibleTo("$2")}
           order by wanted.place, candidate.rank desc, found.id desc`,
    values: [companyId, viewer, JSON.stringify(wanted)],
  })
  // Of several, the last row stands.
  const byPlace = new Map(rows.map((row) => [row.place, row.id]))
  return references.map((_, place) => byPlace.get(place) ?? null)
}

/** The id of whom `crd_…` or an alias names; null when the viewer sees nobody there. */
export async function findContactId(
  tx: Tx,
  companyId: number,
  viewer: number | null,
  reference: string,
): Promise<number | null> {
  const [id = null] = await resolve(tx, companyId, viewer, [reference])
  return id
}

/** The same; 404 when the viewer sees nobody there. */
export async function getContactId(
  tx: Tx,
  companyId: number,
  viewer: number | null,
  reference: string,
): Promise<number> {
  const id = await findContactId(tx, companyId, viewer, reference)
  if (id === null) throw notFound("contact", reference)
  return id
}

/** By `crd_…` or an alias; 404 when the viewer sees nobody there. */
export async function getContact(
  tx: Tx,
  companyId: number,
  viewer: number | null,
  reference: string,
): Promise<ContactRow> {
  const id = await getContactId(tx, companyId, viewer, reference)
  const [row] = await findContacts(tx, companyId, viewer, [id])
  if (row === undefined) throw notFound("contact", reference)
  return row
}

/** Oldest first, by the primary key. */
export const findContacts = (
  tx: Tx,
  companyId: number,
  viewer: number | null,
  ids: readonly number[],
): Promise<ContactRow[]> =>
  tx.query<ContactRow>({
    name: "contacts.find",
    text: `select ${contactColumns} from contact where company_id = $1 and id = any($3::bigint[]) order by id`,
    values: [companyId, viewer, ids],
  })

/** Ids of those whom a body names, each once. Throws 400 for the first that names nobody; `field` is the list's. */
export async function resolveContacts(
  tx: Tx,
  companyId: number,
  viewer: number | null,
  references: readonly string[],
  field: string,
): Promise<number[]> {
  if (references.length === 0) return []
  const ids = await resolve(tx, companyId, viewer, references)
  const missing = ids.indexOf(null)
  if (missing !== -1) throw invalid(`${field}[${missing}]`, "names no contact")
  return [...new Set(ids as number[])]
}

export type ContactValues = Pick<
  ContactRow,
  | "name"
  | "is_named"
  | "description"
  | "links"
  | "custom_fields"
  | "owner_kind"
  | "owner_id"
  | "avatar_sha256"
  | "avatar_content_type"
  | "avatar_at"
>

const valuesOf = (contact: ContactValues): unknown[] => [
  contact.name,
  contact.is_named,
  contact.description,
  contact.links,
  JSON.stringify(contact.custom_fields),
  contact.owner_kind,
  contact.owner_id,
  contact.avatar_sha256,
  contact.avatar_content_type,
  contact.avatar_at,
]

export async function insertContact(tx: Tx, companyId: number, id: number, contact: ContactValues): Promise<void> {
  await tx.query({
    text: `insert into contact (company_id, id, name, is_named, description, links, custom_fields, owner_kind, owner_id, avatar_sha256,
             avatar_content_type, avatar_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    values: [companyId, id, ...valuesOf(contact)],
  })
}

export async function saveContact(tx: Tx, companyId: number, id: number, contact: ContactValues): Promise<void> {
  await tx.query({
    name: "contacts.save",
    text: `update contact set name = $3, is_named = $4, description = $5, links = $6, custom_fields = $7, owner_kind = $8, owner_id = $9,
             avatar_sha256 = $10, avatar_content_type = $11, avatar_at = $12, updated_at = now() where company_id = $1 and id = $2`,
    values: [companyId, id, ...valuesOf(contact)],
  })
}

/** Locks a contact's row: two changes of it come one after the other. */
export async function lockContact(tx: Tx, companyId: number, id: number): Promise<void> {
  await tx.query({
    name: "contacts.lock",
    text: "select from contact where company_id = $1 and id = $2 for no key update",
    values: [companyId, id],
  })
}

/** Something that is told with a contact changed: handles, lists, notes. */
export async function touchContact(tx: Tx, companyId: number, id: number): Promise<void> {
  await tx.query({
    name: "contacts.touch",
    text: "update contact set updated_at = now() where company_id = $1 and id = $2",
    values: [companyId, id],
  })
}

/** The vendor's Contact. */
export function contactResource(contact: ContactRow, origin: string): Contact {
  const id = formatId("crd", contact.id)
  const self = `${origin}/contacts/${id}`
  const lists = contact.lists.map((list) => contactListResource(list, origin))
  return {
    _links: {
      self,
      related: { notes: `${self}/notes`, conversations: `${self}/conversations`, owner: ownerLink(contact, origin) },
    },
    id,
    name: contact.name,
    description: contact.description,
    avatar_url: contact.avatar_at === null ? null : `${self}/avatar?version=${contact.avatar_at.getTime()}`,
    links: contact.links,
    groups: lists,
    lists,
    handles: contact.handles.map(({ handle, source }) => ({ handle, source })),
    custom_fields: contact.custom_fields,
    is_private: contact.owner_kind === "teammate",
    updated_at: seconds(contact.updated_at),
  }
}
