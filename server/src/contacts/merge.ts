import type { MergeContacts } from "@causeway/contract/endpoints/contacts"
import { mergedContactsMax } from "@causeway/contract/limits"
import { renewConversations } from "../conversations/contact.ts"
import type { Tx } from "../database/database.ts"
import type { Principal } from "../http/callers.ts"
import { invalid } from "../http/errors.ts"
import { memberOf, refuseObserver } from "../teammates/roles.ts"
import { viewerOf } from "../teams/owner.ts"
import { type ChangeDeps, changeContacts } from "./change.ts"
import { giveHandles, takeAllHandles } from "./own-handles.ts"
import { dropContacts } from "./remove.ts"
import {
  type ContactRow,
  type ContactValues,
  findContactId,
  findContacts,
  resolveContacts,
  saveContact,
} from "./store.ts"

/**
 * Makes one contact of several: the target, or else the oldest, shared before private. It gets all handles, notes, lists, links and conversations; the
 * others are gone (404). Everything moves in one transaction that holds the contacts alone, so no message that comes in meanwhile is left behind.
 */
export async function mergeContacts(deps: ChangeDeps, principal: Principal, body: MergeContacts): Promise<ContactRow> {
  refuseObserver(principal)
  const { companyId } = memberOf(principal)
  const viewer = viewerOf(principal)
  return changeContacts(deps, companyId, "alone", async (tx) => {
    const { target, others, values } = await planMerge(tx, companyId, viewer, body)
    const conversationIds = await join(tx, companyId, target, others, values)
    const [merged] = await findContacts(tx, companyId, viewer, [target.id])
    return {
      answer: merged as ContactRow,
      changedId: target.id,
      deletedIds: others.map(({ id }) => id),
      conversationIds,
    }
  })
}

/** Who stays, who joins them, and what the one contact will be like. Throws 400 for references that make no merge. */
export interface MergePlan {
  target: ContactRow
  others: ContactRow[]
  values: ContactValues
}

export async function planMerge(
  tx: Tx,
  companyId: number,
  viewer: number | null,
  body: MergeContacts,
): Promise<MergePlan> {
  const targetId = await readTarget(tx, companyId, viewer, body.target_contact_id)
  const named = await resolveContacts(tx, companyId, viewer, body.contact_ids, "body.contact_ids")
  const ids = targetId === null ? named : [...new Set([targetId, ...named])]
  if (ids.length < 2) throw invalid("body.contact_ids", "must name two different contacts at least")
  if (ids.length > mergedContactsMax)
    throw invalid("body.contact_ids", `names more than ${mergedContactsMax} contacts with the target`)
  const contacts = await findContacts(tx, companyId, viewer, ids)
  const target = contacts.find(({ id }) => id === targetId) ?? (contacts.toSorted(bySeniority)[0] as ContactRow)
  const others = contacts.filter((contact) => contact !== target)
  return { target, others, values: joined(target, others) }
}

async function readTarget(
  tx: Tx,
  companyId: number,
  viewer: number | null,
  reference: string | undefined,
): Promise<number | null> {
  if (reference === undefined) return null
  const id = await findContactId(tx, companyId, viewer, reference)
  if (id === null) throw invalid("body.target_contact_id", "names no contact")
  return id
}

const isPrivate = (contact: ContactRow): boolean => contact.owner_kind === "teammate"
const bySeniority = (a: ContactRow, b: ContactRow): number =>
  Number(isPrivate(a)) - Number(isPrivate(b)) || a.created_at.getTime() - b.created_at.getTime() || a.id - b.id
const byUpdate = (a: ContactRow, b: ContactRow): number => a.updated_at.getTime() - b.updated_at.getTime()

/** Moves everything of `others` to `target`. Returns the conversations to announce. */
async function join(
  tx: Tx,
  companyId: number,
  target: ContactRow,
  others: readonly ContactRow[],
  values: ContactValues,
): Promise<number[]> {
  const otherIds = others.map(({ id }) => id)
  const ids = [target.id, ...otherIds]
  const handles = await takeAllHandles(tx, companyId, ids)
  await giveHandles(tx, companyId, { id: target.id, ...values }, handles)
  await tx.query({
    text: "update contact_note set contact_id = $2 where company_id = $1 and contact_id = any($3::bigint[])",
    values: [companyId, target.id, otherIds],
  })
  await tx.query({
    text: `insert into contact_list_member (company_id, list_id, contact_id)
           select distinct $1::bigint, list_id, $2::bigint from contact_list_member where company_id = $1 and contact_id = any($3::bigint[])
           on conflict do nothing`,
    values: [companyId, target.id, otherIds],
  })
  await dropContacts(tx, companyId, otherIds)
  await saveContact(tx, companyId, target.id, values)
  return renewConversations(tx, companyId, ids, target.id)
}

/**
 * What the one contact is like (Core API, Merge contacts): the best name; every description, the target's first and then the oldest; all links; of what
 * else differs, the value of whoever was changed last. With anybody shared among them it is shared: conversations lead to it.
 */
function joined(target: ContactRow, others: readonly ContactRow[]): ContactValues {
  const all = [target, ...others]
  const byAge = [target, ...others.toSorted((a, b) => a.created_at.getTime() - b.created_at.getTime() || a.id - b.id)]
  const byRecency = all.toSorted(byUpdate)
  const owner = isPrivate(target) ? (byRecency.findLast((contact) => !isPrivate(contact)) ?? target) : target
  const pictured = byRecency.findLast((contact) => contact.avatar_at !== null) ?? target
  const named = bestNamed(byRecency)
  return {
    name: named.name,
    is_named: named.is_named,
    description: [...new Set(byAge.map(({ description }) => description))].filter(Boolean).join("\n"),
    links: [...new Set(byAge.flatMap(({ links }) => links))],
    custom_fields: Object.assign({}, ...byRecency.map((contact) => contact.custom_fields)),
    owner_kind: owner.owner_kind,
    owner_id: owner.owner_id,
    avatar_sha256: pictured.avatar_sha256,
    avatar_content_type: pictured.avatar_content_type,
    avatar_at: pictured.avatar_at,
  }
}

/** A name that somebody gave goes before one that came with a message, a shared contact's before a private one's, the newer before the older. */
function bestNamed(byRecency: readonly ContactRow[]): ContactRow {
  const score = (contact: ContactRow): number =>
    contact.name === null ? -1 : (contact.is_named ? 2 : 0) + (isPrivate(contact) ? 0 : 1)
  return byRecency.reduce((best, contact) => (score(contact) >= score(best) ? contact : best))
}
