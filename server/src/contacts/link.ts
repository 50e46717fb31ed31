import type { Tx } from "../database/database.ts"
import type { Ids } from "../ids.ts"
import type { Source } from "./handles.ts"

/**
 * Somebody who wrote or was written to. `handle` is normalised; `contactId` and `email` link a handle that is new to an existing contact: that one, or
 * the one with this address.
 */
export interface Person {
  companyId: number
  source: Source
  handle: string
  name: string | null
  email: string | null
  contactId?: number
}

interface HandleRow {
  company_id: number
  source: string
  handle: string
  contact_id: number
  name: string | null
}

/** Rows of one table are written in the order of this key everywhere, so that no two transactions wait for each other. */
export const handleKey = (companyId: number, source: string, handle: string): string =>
  `${companyId}\n${source}\n${handle}`

/**
 * Holds companies' contacts until the transaction ends: nobody merges or deletes one meanwhile, so an id that was read stays good. Holders do not
 * keep each other waiting. Taken before every other lock: whoever merges waits for nobody who waits for them.
 */
export const holdContacts = (tx: Tx, companyIds: readonly number[]): Promise<unknown> =>
  tx.query({
    name: "contacts.hold",
    text: "select count(pg_advisory_xact_lock_shared(hashtextextended('contacts', held))::text) from unnest($1::bigint[]) held",
    values: [companyIds],
  })

/** The same alone: waits until nobody holds them, and everybody else waits for the end of this transaction. For merging and deleting. */
export const holdContactsAlone = (tx: Tx, companyId: number): Promise<unknown> =>
  tx.query({
    name: "contacts.hold_alone",
    text: "select pg_advisory_xact_lock(hashtextextended('contacts', $1))",
    values: [companyId],
  })

/** `linkHeldContacts` for a transaction that does not hold the contacts yet. */
export async function linkContacts(tx: Tx, ids: Ids, people: readonly Person[]): Promise<Map<string, number>> {
  await holdContacts(tx, [...new Set(people.map(({ companyId }) => companyId))])
  return linkHeldContacts(tx, ids, people)
}

/**
 * The contact of each person, found or made, in the caller's transaction, which holds the contacts of their companies. Order of look-up: the handle
 * itself, then the contact or the e-mail address given beside it (the contact gets the new handle), then a new contact. A name fills an empty one and never replaces another.
 * `found`: what `findHandles` says of them, where it was asked in this transaction. Returns contact ids by `personKey`.
 */
export async function linkHeldContacts(
  tx: Tx,
  ids: Ids,
  people: readonly Person[],
  found?: KnownHandles,
): Promise<Map<string, number>> {
  const known = new Map(found ?? (await findHandles(tx, people)))
  const fresh = planMissing(await withoutGone(tx, people), known, ids)
  if (fresh.length > 0) await insertMissing(tx, fresh, known)
  await fillNames(tx, people, known)
  return new Map([...known].map(([key, row]) => [key, row.contact_id]))
}

/** A contact that was named and is gone meanwhile is named in vain. By the primary key, where anybody named one at all. */
async function withoutGone(tx: Tx, people: readonly Person[]): Promise<readonly Person[]> {
  const named = people.flatMap(({ contactId }) => (contactId === undefined ? [] : [contactId]))
  if (named.length === 0) return people
  const rows = await tx.query<{ company_id: number; id: number }>({
    name: "contacts.still_there",
    text: "select company_id, id from contact where company_id = any($1::bigint[]) and id = any($2::bigint[])",
    values: [people.map(({ companyId }) => companyId), named],
  })
  const there = new Set(rows.map((row) => `${row.company_id}\n${row.id}`))
  return people.map(({ contactId, ...person }) =>
    contactId !== undefined && there.has(`${person.companyId}\n${contactId}`) ? { ...person, contactId } : person,
  )
}

export const personKey = (person: Pick<Person, "companyId" | "source" | "handle">): string =>
  handleKey(person.companyId, person.source, person.handle)

/** Handles that have a contact, by `handleKey`. */
export type KnownHandles = ReadonlyMap<string, HandleRow>

type HandleName = Pick<HandleRow, "company_id" | "source" | "handle">

/** Of people's handles and addresses those that have a contact. Walks the primary key of contact_handle. */
export function findHandles(tx: Tx, people: readonly Person[]): Promise<KnownHandles> {
  const wanted = new Map<string, HandleName>()
  for (const person of people) {
    wanted.set(personKey(person), { company_id: person.companyId, source: person.source, handle: person.handle })
    if (person.email)
      wanted.set(handleKey(person.companyId, "email", person.email), {
        company_id: person.companyId,
        source: "email",
        handle: person.email,
      })
  }
  return findNamed(tx, [...wanted.values()])
}

async function findNamed(tx: Tx, wanted: readonly HandleName[]): Promise<KnownHandles> {
  const rows = await tx.query<HandleRow>({
    name: "contacts.find_handles",
    text: `select handle.company_id, handle.source, handle.handle, handle.contact_id, contact.name
           from json_to_recordset($1::json) as wanted(company_id bigint, source text, handle text)
           cross join lateral (select * from contact_handle known where known.company_id = wanted.company_id and known.source = wanted.source
             and known.handle = wanted.handle collate "C" limit 1) handle
           join contact on contact.company_id = handle.company_id and contact.id = handle.contact_id`,
    values: [JSON.stringify(wanted)],
  })
  return new Map(rows.map((row) => [handleKey(row.company_id, row.source, row.handle), row]))
}

function planMissing(people: readonly Person[], known: ReadonlyMap<string, HandleRow>, ids: Ids): HandleRow[] {
  const planned = new Map<string, HandleRow>()
  for (const person of people) {
    const key = personKey(person)
    const emailKey = person.email ? handleKey(person.companyId, "email", person.email) : null
    const byHandle = known.get(key) ?? planned.get(key)
    const byEmail = emailKey === null ? undefined : (known.get(emailKey) ?? planned.get(emailKey))
    const contactId = byHandle?.contact_id ?? person.contactId ?? byEmail?.contact_id ?? ids.take()
    const row = { company_id: person.companyId, contact_id: contactId, name: person.name }
    if (byHandle === undefined) planned.set(key, { ...row, source: person.source, handle: person.handle })
    if (emailKey !== null && byEmail === undefined && !planned.has(emailKey))
      planned.set(emailKey, { ...row, source: "email", handle: person.email as string })
  }
  return [...planned.values()]
}

/** Writes handles that nobody else wrote meanwhile, and a contact for each number that no contact has yet; `known` is completed. */
async function insertMissing(tx: Tx, fresh: HandleRow[], known: Map<string, HandleRow>): Promise<void> {
  const rows = fresh.toSorted((a, b) => (personRowKey(a) < personRowKey(b) ? -1 : 1))
  const inserted = await tx.query<HandleRow>({
    name: "contacts.insert_handles",
    text: `insert into contact_handle (company_id, source, handle, contact_id)
           select company_id, source, handle, contact_id from json_to_recordset($1::json) as new(company_id bigint, source text, handle text, contact_id bigint)
           on conflict do nothing returning company_id, source, handle, contact_id`,
    values: [JSON.stringify(rows)],
  })
  const names = new Map(fresh.map((row) => [personRowKey(row), row.name]))
  for (const row of inserted) known.set(personRowKey(row), { ...row, name: names.get(personRowKey(row)) ?? null })
  const lost = rows.filter((row) => !known.has(personRowKey(row)))
  if (lost.length > 0) for (const [key, row] of await findNamed(tx, lost)) known.set(key, row)
  await tx.query({
    name: "contacts.insert",
    text: `insert into contact (company_id, id, name)
           select distinct on (company_id, id) company_id, id, name from json_to_recordset($1::json) as new(company_id bigint, id bigint, name text)
           order by company_id, id on conflict do nothing`,
    values: [
      JSON.stringify(
        inserted.map((row) => ({
          company_id: row.company_id,
          id: row.contact_id,
          name: names.get(personRowKey(row)) ?? null,
        })),
      ),
    ],
  })
}

const personRowKey = (row: Pick<HandleRow, "company_id" | "source" | "handle">): string =>
  handleKey(row.company_id, row.source, row.handle)

async function fillNames(tx: Tx, people: readonly Person[], known: ReadonlyMap<string, HandleRow>): Promise<void> {
  const nameless = people.flatMap((person) => {
    const row = known.get(personKey(person))
    return row && row.name === null && person.name
      ? [{ company_id: row.company_id, id: row.contact_id, name: person.name }]
      : []
  })
  if (nameless.length === 0) return
  await tx.query({
    name: "contacts.fill_names",
    text: `update contact set name = new.name, updated_at = now() from json_to_recordset($1::json) as new(company_id bigint, id bigint, name text)
           where contact.company_id = new.company_id and contact.id = new.id and contact.name is null`,
    values: [JSON.stringify(nameless)],
  })
}
