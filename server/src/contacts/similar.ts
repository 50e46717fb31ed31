import type { SimilarPair } from "@causeway/contract/endpoints/contact-book"
import type { SamePerson } from "@causeway/contract/endpoints/contact-context"
import { formatId } from "@causeway/contract/ids"
import type { ContactHandle } from "@causeway/contract/resources/contact"
import type { Tx } from "../database/database.ts"
import { notDifferent } from "./different.ts"
import { normaliseHandle } from "./handles.ts"
import type { ContactRow } from "./store.ts"

const suggestionsMax = 5
const conversationsMax = 1_000
/** Of the whole book: so many contacts that changed last are looked at, and so many pairs shown. */
const lookedMax = 300
const pairsMax = 20

const sources = "'{email,phone,custom,twitter,facebook,intercom,front_chat}'"

/** The forms in which the same address or number may be kept under another source. */
function alikes({ source, handle }: ContactHandle): string[] {
  if (source === "phone") return [handle, handle.replace(/^\+/, "")]
  if (handle.includes("@")) return [handle, normaliseHandle("email", handle)]
  return /^\+?[\d\s().-]{7,}$/.test(handle) ? [normaliseHandle("phone", handle)] : []
}

/** The name as contact_name has it, if it is one that few people share: a first name alone says nothing. */
function tellingName(name: string | null): string | null {
  const trimmed = name?.trim() ?? ""
  const isFull = /\S\s+\S/.test(trimmed) || /[\p{sc=Han}\p{sc=Hangul}\p{sc=Hira}\p{sc=Kana}]{2}/u.test(trimmed)
  return isFull ? [...(name ?? "")].slice(0, 200).join("").toLowerCase() : null
}

interface SameRow {
  id: number
  name: string | null
  handles: ContactHandle[]
  matches: string[]
  has_same_name: boolean
  conversation_count: number
}

/**
 * Shared contacts that may be the same person as a shared one. By the primary key of contact_handle, one look a source, and by contact_name; conversations
 * are counted along conversation_contact.
 */
export async function findSamePerson(tx: Tx, companyId: number, contact: ContactRow): Promise<SamePerson[]> {
  const wanted = [...new Set(contact.handles.flatMap(alikes))]
  const name = tellingName(contact.name)
  if ((wanted.length === 0 && name === null) || contact.owner_kind === "teammate") return []
  const rows = await tx.query<SameRow>({
    name: "contacts.same_person",
    text: `with reached as (
             select contact_id as id, array_agg(distinct handle order by handle) as matches from contact_handle
             where company_id = $1 and source = any(${sources}) and handle = any($2::text[]) group by contact_id),
           named as (
             select id from contact where company_id = $1 and (name is null) = false and coalesce(lower(left(name, 200)), '') = $6
               and owner_kind <> 'teammate' order by id limit ${suggestionsMax + 1}),
           found as (
             select id, coalesce(matches, '{}') as matches, named.id is not null as has_same_name from reached full join named using (id)
             where id <> $3 and ${notDifferent("$1", "id", "$3::bigint")} order by (matches is null), id limit $4)
           select contact.id, contact.name, found.matches, found.has_same_name,
             (select coalesce(json_agg(json_build_object('source', source, 'handle', handle) order by created_at, source, handle), '[]') from contact_handle
              where company_id = $1 and contact_id = contact.id) as handles,
             (select count(*)::int from (select from conversation where company_id = $1 and contact_id = contact.id and merged_into is null limit $5) counted)
               as conversation_count
           from found join contact on contact.company_id = $1 and contact.id = found.id order by (found.matches = '{}'), contact.id`,
    values: [companyId, wanted, contact.id, suggestionsMax, conversationsMax, name],
  })
  return rows.map((row) => ({ ...row, id: formatId("crd", row.id) }))
}

interface Known {
  id: number
  name: string | null
  handles: ContactHandle[]
}

/** Two contacts, the smaller id first, and why. */
interface Pair {
  one: number
  other: number
  matches: Set<string>
  hasSameName: boolean
}

/** The pairs of the whole company, among the contacts that changed last. Walks contact_updated, then as `findSamePerson` does. */
export async function listSimilar(tx: Tx, companyId: number): Promise<SimilarPair[]> {
  const looked = await tx.query<Known>({
    name: "contacts.similar_looked",
    text: `select id, name, (select coalesce(json_agg(json_build_object('source', source, 'handle', handle)), '[]') from contact_handle
             where company_id = $1 and contact_id = contact.id) as handles
           from contact where company_id = $1 and owner_kind <> 'teammate' order by updated_at desc, id desc limit $2`,
    values: [companyId, lookedMax],
  })
  const pairs = new Map<string, Pair>()
  const pair = (a: number, b: number): Pair => {
    const [one, other] = a < b ? [a, b] : [b, a]
    const made = pairs.get(`${one} ${other}`) ?? { one, other, matches: new Set<string>(), hasSameName: false }
    pairs.set(`${one} ${other}`, made)
    return made
  }
  await pairByHandle(tx, companyId, looked, pair)
  await pairByName(tx, companyId, looked, pair)
  return shownPairs(tx, companyId, [...pairs.values()])
}

type MakePair = (a: number, b: number) => Pair

async function pairByHandle(tx: Tx, companyId: number, looked: readonly Known[], pair: MakePair): Promise<void> {
  const owners = new Map<string, number>()
  for (const { id, handles } of looked) for (const form of handles.flatMap(alikes)) owners.set(form, id)
  const rows = await tx.query<{ id: number; handle: string }>({
    name: "contacts.similar_handles",
    text: `select contact_id as id, handle from contact_handle where company_id = $1 and source = any(${sources}) and handle = any($2::text[]) order by handle, contact_id`,
    values: [companyId, [...owners.keys()]],
  })
  for (const { id, handle } of rows) {
    const owner = owners.get(handle)
    if (owner !== undefined && owner !== id) pair(owner, id).matches.add(handle)
  }
}

async function pairByName(tx: Tx, companyId: number, looked: readonly Known[], pair: MakePair): Promise<void> {
  const names = [...new Set(looked.map(({ name }) => tellingName(name)).filter((name) => name !== null))]
  const rows = await tx.query<{ id: number; key: string }>({
    name: "contacts.similar_names",
    text: `select id, coalesce(lower(left(name, 200)), '') as key from contact
           where company_id = $1 and (name is null) = false and coalesce(lower(left(name, 200)), '') = any($2::text[]) and owner_kind <> 'teammate'
           order by key, id limit 2000`,
    values: [companyId, names],
  })
  // Of many who are called the same, neighbours: each merge brings the next two together.
  for (const [at, row] of rows.entries()) {
    const before = rows[at - 1]
    if (before !== undefined && before.key === row.key) pair(before.id, row.id).hasSameName = true
  }
}

/** Those that nobody said are different, addresses before names, the newest first. */
async function shownPairs(tx: Tx, companyId: number, pairs: readonly Pair[]): Promise<SimilarPair[]> {
  const sorted = pairs.toSorted(
    (a, b) => Number(a.matches.size === 0) - Number(b.matches.size === 0) || b.other - a.other || b.one - a.one,
  )
  const open = await tx.query<{ place: number; contact: Known; peer: Known }>({
    name: "contacts.similar_pairs",
    text: `with wanted as (
             select place, one, other from unnest($2::bigint[], $3::bigint[]) with ordinality as wanted (one, other, place)
             where ${notDifferent("$1", "one", "other")} order by place limit $4)
           select place::int, ${knownJson("one")} as contact, ${knownJson("other")} as peer from wanted
           join contact one on one.company_id = $1 and one.id = wanted.one and one.owner_kind <> 'teammate'
           join contact other on other.company_id = $1 and other.id = wanted.other and other.owner_kind <> 'teammate' order by place`,
    values: [companyId, sorted.map(({ one }) => one), sorted.map(({ other }) => other), pairsMax],
  })
  return open.map(({ place, contact, peer }) => {
    const { matches, hasSameName } = sorted[place - 1] as Pair
    return { contact: similarOf(contact), other: similarOf(peer), matches: [...matches], has_same_name: hasSameName }
  })
}

const knownJson = (table: string): string =>
  `json_build_object('id', ${table}.id, 'name', ${table}.name, 'handles', (select coalesce(json_agg(json_build_object('source', source, 'handle', handle)
     order by created_at, source, handle), '[]') from contact_handle where company_id = $1 and contact_id = ${table}.id))`

const similarOf = ({ id, name, handles }: Known): SimilarPair["contact"] => ({ id: formatId("crd", id), name, handles })
