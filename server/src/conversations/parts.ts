import { parseId } from "@causeway/contract/ids"
import type { Tx } from "../database/database.ts"
import type { Member } from "../http/callers.ts"
import { invalid } from "../http/errors.ts"
import { linkFor } from "../links/store.ts"
import { refuseOddUrl } from "../links/url.ts"
import { findTags } from "../tags/store.ts"
import { resolveTeammate, resolveTeammates } from "../teammates/store.ts"
import { type Change, type ChangeDeps, changeLocked } from "./change.ts"
import { reachableBy } from "./reach.ts"

/** Tags, links and followers are rows beside the conversation: a table each, and the event that tells of one more or one less. */
const tables = {
  tag: { table: "conversation_tag", column: "tag_id", added: "tag", removed: "untag" },
  link: { table: "conversation_link", column: "link_id", added: "link_added", removed: "link_removed" },
  follower: {
    table: "conversation_follower",
    column: "teammate_id",
    added: "conversation_changed",
    removed: "conversation_changed",
  },
} as const
type Part = keyof typeof tables

const targetOf = (part: Part, id: number): object =>
  part === "follower" ? { type: "teammate", teammate_id: id } : { type: part, [tables[part].column]: id }

/** By the primary key. What is there already, or gone, is told by no event. */
export async function addParts(
  { tx, before, tell }: Change,
  companyId: number,
  part: Part,
  ids: readonly number[],
): Promise<void> {
  if (ids.length === 0) return
  const { table, column, added } = tables[part]
  const rows = await tx.query<{ id: number }>({
    name: `conversations.add_${part}`,
    text: `insert into ${table} (company_id, conversation_id, ${column}) select $1, $2, unnest($3::bigint[]) on conflict do nothing returning ${column} as id`,
    values: [companyId, before.id, ids],
  })
  for (const { id } of rows) tell(added, targetOf(part, id))
}

/** The same the other way. */
export async function removeParts(
  { tx, before, tell }: Change,
  companyId: number,
  part: Part,
  ids: readonly number[],
): Promise<void> {
  const { table, column, removed } = tables[part]
  const rows = await tx.query<{ id: number }>({
    name: `conversations.remove_${part}`,
    text: `delete from ${table} where company_id = $1 and conversation_id = $2 and ${column} = any($3::bigint[]) returning ${column} as id`,
    values: [companyId, before.id, ids],
  })
  for (const { id } of rows) tell(removed, targetOf(part, id))
}

/** Makes the tags exactly those given, of the tags that the caller can see. */
export async function replaceTags(change: Change, member: Member, tagIds: readonly number[]): Promise<void> {
  const { tx, before } = change
  const rows = await tx.query<{ tag_id: number }>({
    name: "conversations.tags_of",
    text: "select tag_id from conversation_tag where company_id = $1 and conversation_id = $2",
    values: [member.companyId, before.id],
  })
  const present = await visibleTags(
    tx,
    member,
    rows.map((row) => row.tag_id),
  )
  await removeParts(
    change,
    member.companyId,
    "tag",
    [...present].filter((id) => !tagIds.includes(id)),
  )
  await addParts(change, member.companyId, "tag", tagIds)
}

/** A teammate's own tags are theirs to see and to use; a token sees all, a channel's token none of them. */
async function visibleTags(tx: Tx, member: Member, ids: readonly number[]): Promise<Set<number>> {
  const tags = await findTags(tx, member.companyId, ids)
  return new Set(
    tags
      .filter(
        (tag) =>
          tag.owner_kind !== "teammate" ||
          member.kind === "token" ||
          (member.kind === "session" && tag.owner_id === member.teammateId),
      )
      .map((tag) => tag.id),
  )
}

/** The numbers of tags that a body names, each once. Throws 400 for the first that names none; `field` is the list's. */
export async function readTagIds(
  tx: Tx,
  member: Member,
  references: readonly string[],
  field = "body.tag_ids",
): Promise<number[]> {
  const ids = references.map((reference) => parseId("tag", reference))
  const known = await visibleTags(
    tx,
    member,
    ids.filter((id) => id !== null),
  )
  const missing = ids.findIndex((id) => id === null || !known.has(id))
  if (missing !== -1) throw invalid(`${field}[${missing}]`, "names no tag")
  return [...known]
}

async function readLinkIds(tx: Tx, companyId: number, references: readonly string[]): Promise<number[]> {
  const ids = references.map((reference) => parseId("top", reference))
  const rows = await tx.query<{ id: number }>({
    name: "links.known",
    text: "select id from link where company_id = $1 and id = any($2::bigint[])",
    values: [companyId, ids.filter((id) => id !== null)],
  })
  const known = new Set<number | null>(rows.map((row) => row.id))
  const missing = ids.findIndex((id) => !known.has(id))
  if (missing !== -1) throw invalid(`body.link_ids[${missing}]`, "names no link")
  return rows.map((row) => row.id)
}

/** Links by their ids, or by URLs, whose links are made where they are missing. Throws 400 unless it is one of the two. */
export async function addLinks(
  deps: ChangeDeps,
  member: Member,
  conversationId: number,
  body: { link_ids?: string[] | undefined; link_external_urls?: string[] | undefined },
): Promise<void> {
  const { companyId } = member
  const { link_ids: references, link_external_urls: urls } = body
  if ((references === undefined) === (urls === undefined))
    throw invalid("body", "must have either link_ids or link_external_urls")
  for (const [i, url] of (urls ?? []).entries()) refuseOddUrl(url, `body.link_external_urls[${i}]`)
  const known = references === undefined ? [] : await readLinkIds(deps.db, companyId, references)
  await changeLocked(deps, member, conversationId, async (change) => {
    const ids = [...known]
    // In one order, so that two requests with the same URLs do not wait for each other.
    for (const url of [...new Set(urls)].sort())
      ids.push((await linkFor(change.tx, companyId, { id: deps.ids.take(), url })).id)
    await addParts(change, companyId, "link", ids)
  })
}

export async function removeLinks(
  deps: ChangeDeps,
  member: Member,
  conversationId: number,
  references: readonly string[],
): Promise<void> {
  const ids = await readLinkIds(deps.db, member.companyId, references)
  await changeLocked(deps, member, conversationId, (change) => removeParts(change, member.companyId, "link", ids))
}

/** Throws 400 for the first who is no teammate or may not open the conversation; `ignoreErrors` leaves those out. */
export async function addFollowers(
  deps: ChangeDeps,
  member: Member,
  conversationId: number,
  references: readonly string[],
  ignoreErrors: boolean,
): Promise<void> {
  const { companyId } = member
  const ids: number[] = []
  for (const [i, reference] of references.entries()) {
    const teammate = await resolveTeammate(deps.db, companyId, reference)
    const problem =
      teammate === null
        ? "names no teammate"
        : (await mayOpen(deps.db, companyId, teammate.id, conversationId))
          ? null
          : "may not open the inbox of this conversation"
    if (problem === null) ids.push((teammate as { id: number }).id)
    else if (!ignoreErrors) throw invalid(`body.teammate_ids[${i}]`, problem)
  }
  await changeLocked(deps, member, conversationId, (change) => addParts(change, companyId, "follower", ids))
}

export async function removeFollowers(
  deps: ChangeDeps,
  member: Member,
  conversationId: number,
  references: readonly string[],
): Promise<void> {
  const ids = await resolveTeammates(deps.db, member.companyId, references, "body.teammate_ids")
  await changeLocked(deps, member, conversationId, (change) => removeParts(change, member.companyId, "follower", ids))
}

/** Whether a conversation is open to a teammate, whoever asks: what is between teammates only is open to whom it is to be opened. */
export async function mayOpen(tx: Tx, companyId: number, teammateId: number, conversationId: number): Promise<boolean> {
  const rows = await tx.query({
    name: "conversations.may_open",
    text: `select from conversation join teammate on teammate.company_id = conversation.company_id and teammate.id = $3
           where conversation.company_id = $1 and conversation.id = $2 and not teammate.is_blocked
             and (teammate.role = 'admin' or conversation.inbox_id is null or ${reachableBy("$3")})`,
    values: [companyId, conversationId, teammateId],
  })
  return rows.length > 0
}
